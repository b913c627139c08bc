//! A server on a free port, and a client that writes and reads plain HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tova_server::prelude::*;
use tova_server::{Limits, Stop};

/// A server that runs in this process.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<Stop>,
    done: JoinHandle<Result<(), String>>,
}

/// Deadlines that tests can wait for.
pub(crate) fn short() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        body: Duration::from_millis(300),
        write: Duration::from_millis(300),
        idle_grace: Duration::from_millis(300),
        drain: Duration::from_secs(5),
        max_body: 4096,
        max_message: 4096,
        ..Limits::default()
    }
}

/// Starts a server and waits until it is ready.
pub(crate) async fn start(server: Server) -> Running {
    let running = start_unready(server).await;
    while get(&running, "/ready").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    running
}

/// Starts a server.
pub(crate) async fn start_unready(server: Server) -> Running {
    tova_server::silence_log();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    // A test that ends without stopping its server drops the sender.
    let done = tokio::spawn(server.serve(listener, async { stopped.await.unwrap_or(Stop::AtOnce) }));
    Running { address, stop, done }
}

impl Running {
    /// Tells the server to stop; the handle gives how it ended.
    pub(crate) fn stop(self, how: Stop) -> JoinHandle<Result<(), String>> {
        self.stop.send(how).unwrap();
        self.done
    }

    /// How a server ends that ends by itself.
    pub(crate) async fn ended(self) -> Result<(), String> {
        self.done.await.unwrap()
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.address).await
    }
}

/// A connection of a client.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
    }
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), buffer: Vec::new() }
    }

    pub(crate) async fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Sends a request with a body and reads the reply.
    pub(crate) async fn send(&mut self, line: &str, headers: &str, body: &str) -> Reply {
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        self.write(&format!("{line} HTTP/1.1\r\nHost: localhost:3000\r\n{headers}{length}\r\n{body}")).await;
        self.read(line.starts_with("HEAD")).await.expect("a reply")
    }

    /// Reads one reply; nothing if the server closes instead.
    pub(crate) async fn read(&mut self, is_head: bool) -> Option<Reply> {
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.fill().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        self.buffer.drain(..end + 4);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut reply = Reply { status, head, body: String::new() };
        let length = if is_head { 0 } else { reply.header("content-length").parse().unwrap_or(0) };
        while self.buffer.len() < length {
            self.fill().await?;
        }
        reply.body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
        Some(reply)
    }

    async fn fill(&mut self) -> Option<()> {
        let mut piece = [0; 4096];
        let count = self.stream.read(&mut piece).await.ok().filter(|count| *count > 0)?;
        self.buffer.extend_from_slice(&piece[..count]);
        Some(())
    }

    /// Waits for the server to close; how long it took.
    pub(crate) async fn closed(&mut self) -> Duration {
        let since = std::time::Instant::now();
        while self.fill().await.is_some() {}
        since.elapsed()
    }
}

/// One request on a connection of its own.
pub(crate) async fn send(server: &Running, line: &str, headers: &str, body: &str) -> Reply {
    server.connect().await.send(line, headers, body).await
}

/// A `GET`.
pub(crate) async fn get(server: &Running, path: &str) -> Reply {
    send(server, &format!("GET {path}"), "", "").await
}

/// A `POST` of JSON.
pub(crate) async fn post(server: &Running, path: &str, body: &str) -> Reply {
    send(server, &format!("POST {path}"), "Content-Type: application/json\r\n", body).await
}
