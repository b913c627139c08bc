//! Stopping without losing anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tova_server::Stop;
use tova_server::prelude::*;

use crate::support::{Client, get, short, start};

fn slow(_ctx: Ctx) -> Pending<Answer> {
    Box::pin(async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(Reply::text("done"))
    })
}

fn hello(_ctx: &Ctx) -> Answer {
    Ok(Reply::text("hello"))
}

fn server() -> Server {
    Server::new("", 0).limits(short()).route("GET", "/slow", Handler::suspending(slow)).route(
        "GET",
        "/hello",
        Handler::sync(hello),
    )
}

#[tokio::test]
async fn running_requests_finish_and_readiness_turns() {
    let server = start(server()).await;
    let mut busy = server.connect().await;
    busy.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut probe = server.connect().await;
    assert_eq!(probe.send("GET /ready", "", "").await.status, 200);
    let done = server.stop(Stop::Politely);
    tokio::time::sleep(Duration::from_millis(30)).await;
    let ready = probe.send("GET /ready", "", "").await;
    assert_eq!((ready.status, ready.header("connection")), (503, "close"));
    let reply = busy.read(false).await.unwrap();
    assert_eq!((reply.body.as_str(), reply.header("connection")), ("done", "close"));
    assert_eq!(done.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn no_request_fails_while_the_server_stops() {
    let server = start(server()).await;
    let address = server.address;
    let stopping = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let stopping = Arc::clone(&stopping);
            tokio::spawn(async move {
                let mut client = Client::connect(address).await;
                let mut count = 0;
                loop {
                    let reply = client.send("GET /hello", "", "").await;
                    assert_eq!(reply.body, "hello");
                    count += 1;
                    if reply.header("connection") == "close" {
                        assert!(stopping.load(Ordering::SeqCst));
                        return count;
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stopping.store(true, Ordering::SeqCst);
    let done = server.stop(Stop::Politely);
    for client in clients {
        assert!(client.await.unwrap() > 1);
    }
    assert_eq!(done.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn idle_connections_do_not_hold_a_server() {
    for (how, at_most) in [(Stop::AtOnce, 150), (Stop::Politely, 500)] {
        let server = start(server()).await;
        assert_eq!(get(&server, "/hello").await.status, 200);
        let mut idle = server.connect().await;
        idle.send("GET /hello", "", "").await;
        let since = Instant::now();
        assert_eq!(server.stop(how).await.unwrap(), Ok(()));
        assert!(since.elapsed() < Duration::from_millis(at_most), "{how:?}: {:?}", since.elapsed());
        assert!(idle.read(false).await.is_none());
    }
}
