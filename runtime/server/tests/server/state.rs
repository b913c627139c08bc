//! The lock around every poll of code that touches `mut` state.

use tova_server::prelude::*;

use crate::support::{get, post, short, start};

static TOTAL: State<i64> = State::new();

fn begin() -> Pending<Result<(), Fault>> {
    Box::pin(async {
        TOTAL.set(0);
        Ok(())
    })
}

/// Reads, dawdles and writes: loses updates unless it runs alone.
fn add_one() {
    let before = TOTAL.read(|total| *total);
    std::thread::yield_now();
    TOTAL.write(|total| *total = before + 1);
}

fn at_once(_ctx: &Ctx) -> Answer {
    (0..50).for_each(|_| add_one());
    Ok(Reply::no_content())
}

fn in_turns(_ctx: Ctx) -> Pending<Answer> {
    Box::pin(async {
        for _ in 0..50 {
            add_one();
            tokio::task::yield_now().await;
        }
        Ok(Reply::no_content())
    })
}

fn total(_ctx: &Ctx) -> Answer {
    Ok(Reply::json(&TOTAL.get()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn code_between_two_suspensions_is_atomic() {
    let server = Server::new("", 0)
        .limits(short())
        .start(begin)
        .route("POST", "/at-once", Handler::sync(at_once).stateful())
        .route("POST", "/in-turns", Handler::suspending(in_turns).stateful())
        .route("GET", "/total", Handler::sync(total).stateful());
    let server = start(server).await;
    let posts = (0..40).map(|n| post(&server, if n % 2 == 0 { "/at-once" } else { "/in-turns" }, "{}"));
    for reply in futures_util::future::join_all(posts).await {
        assert_eq!(reply.status, 204);
    }
    assert_eq!(get(&server, "/total").await.body, "2000");
}
