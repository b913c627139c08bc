//! Clients that stop in the middle of something.

use std::time::Duration;

use tova_server::Limits;
use tova_server::prelude::*;

use crate::support::{Client, Running, short, start};

fn hello(_ctx: &Ctx) -> Answer {
    Ok(Reply::text("hello"))
}

fn large(_ctx: &Ctx) -> Answer {
    Ok(Reply::text(&"x".repeat(32 << 20)))
}

fn slow(_ctx: Ctx) -> Pending<Answer> {
    Box::pin(async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        Ok(Reply::text("done"))
    })
}

async fn server() -> Running {
    let server = Server::new("", 0)
        .limits(short())
        .route("GET", "/hello", Handler::sync(hello))
        .route("POST", "/hello", Handler::sync(hello))
        .route("GET", "/large", Handler::sync(large))
        .route("GET", "/slow", Handler::suspending(slow));
    start(server).await
}

async fn closes(mut client: Client, what: &str) {
    let took = client.closed().await;
    assert!(took < Duration::from_millis(900), "{what}: {took:?}");
}

#[tokio::test]
async fn silent_and_half_sent_heads_are_closed() {
    let server = server().await;
    for start in ["", "G", "GET /hello HTTP/1.1\r\nHost", "GET /hello HTTP/1.1\r\nHost: x\r\n", "PRI * HT"] {
        let mut client = server.connect().await;
        client.write(start).await;
        closes(client, start).await;
    }
}

#[tokio::test]
async fn heads_that_trickle_are_closed() {
    let server = server().await;
    let mut client = server.connect().await;
    let since = std::time::Instant::now();
    for letter in "GET /hello HTTP/1.1\r\nHost: a-long-name-that-takes-a-while".chars() {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if tokio::io::AsyncWriteExt::write_all(&mut client.stream, &[letter as u8]).await.is_err() {
            break;
        }
    }
    client.closed().await;
    assert!(since.elapsed() < Duration::from_millis(1900), "{:?}", since.elapsed());
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let server = server().await;
    let mut client = server.connect().await;
    assert_eq!(client.send("GET /hello", "", "").await.body, "hello");
    closes(client, "idle").await;
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed() {
    for (max_connections, max_connections_per_ip) in [(2, 100), (100, 2)] {
        let limits = Limits { max_connections, max_connections_per_ip, ..short() };
        let server = start(Server::new("", 0).limits(limits).route("GET", "/hello", Handler::sync(hello))).await;
        let mut clients = [server.connect().await, server.connect().await];
        for client in &mut clients {
            assert_eq!(client.send("GET /hello", "", "").await.body, "hello");
        }
        assert!(server.connect().await.closed().await < Duration::from_millis(200));
        drop(clients);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(server.connect().await.send("GET /hello", "", "").await.body, "hello");
    }
}

#[tokio::test]
async fn stalled_bodies_are_408() {
    let server = server().await;
    for start in
        ["Content-Length: 10\r\n\r\n", "Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"]
    {
        let mut client = server.connect().await;
        client.write(&format!("POST /hello HTTP/1.1\r\nHost: x\r\n{start}")).await;
        assert_eq!(client.read(false).await.unwrap().status, 408, "{start}");
        closes(client, start).await;
    }
}

#[tokio::test]
async fn clients_that_do_not_read_are_closed() {
    let server = server().await;
    let mut client = server.connect().await;
    client.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    // The rest of what is in flight arrives, then the end, long before the whole.
    assert!(client.read(false).await.is_none());
}

#[tokio::test]
async fn slow_handlers_are_waited_for() {
    let server = server().await;
    let mut client = server.connect().await;
    assert_eq!(client.send("GET /slow", "", "").await.body, "done");
}
