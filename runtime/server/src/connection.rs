//! The accept loop and the life of a connection.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};

use crate::app::{App, Counted};
use crate::dispatch::Conversation;

/// Accepts connections until `stop`; what has queued up by then is still taken.
pub(crate) async fn accept(app: &'static App, listener: TcpListener, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let http = builder(app);
    loop {
        tokio::select! {
            accepted = listener.accept() => welcome(app, &http, accepted).await,
            () = &mut stop => break,
        }
    }
    while let Some(accepted) = poll_fn(|cx| match listener.poll_accept(cx) {
        Poll::Ready(Ok(accepted)) => Poll::Ready(Some(accepted)),
        Poll::Ready(Err(_)) | Poll::Pending => Poll::Ready(None),
    })
    .await
    {
        welcome(app, &http, Ok(accepted)).await;
    }
}

fn builder(app: &'static App) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(app.limits.head).pipeline_flush(true);
    http
}

async fn welcome(app: &'static App, http: &http1::Builder, accepted: io::Result<(TcpStream, SocketAddr)>) {
    match accepted {
        Ok((stream, peer)) => {
            // Replies are written whole; waiting for more would only delay them.
            let _ = stream.set_nodelay(true);
            tokio::spawn(converse(app, http.clone(), stream, peer, Counted::new(app)));
        }
        // Out of file descriptors, most likely: others may finish meanwhile.
        Err(_) => sleep(Duration::from_millis(20)).await,
    }
}

/// Serves one connection to its end.
async fn converse(app: &'static App, http: http1::Builder, stream: TcpStream, peer: SocketAddr, counted: Counted) {
    let io = TokioIo::new(DeadlineIo { stream, limit: app.limits.write, stalled: None });
    let service = Conversation { app, peer };
    let mut connection = pin!(http.serve_connection(io, service).with_upgrades());
    let mut closing = pin!(app.life.closing.notified());
    let (mut listening, mut told) = (false, false);
    // Errors are the client's: it left, or sent something that is not HTTP, which hyper has answered.
    let _ = poll_fn(|cx| {
        if app.life.is_closing() && !told {
            told = true;
            connection.as_mut().graceful_shutdown();
        }
        let result = connection.as_mut().poll(cx);
        // One registration is enough to be woken; the stage says the rest.
        if result.is_pending() && !listening {
            listening = true;
            if closing.as_mut().poll(cx).is_ready() && !told {
                told = true;
                connection.as_mut().graceful_shutdown();
                return connection.as_mut().poll(cx);
            }
        }
        result
    })
    .await;
    drop(counted);
}

/// A stream whose other end must take something of what is written within the limit.
struct DeadlineIo {
    stream: TcpStream,
    limit: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl DeadlineIo {
    /// Passes the result of a write on; a wait starts or continues the clock.
    fn watch<T>(&mut self, result: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.stalled = None;
            return result;
        }
        let clock = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        match clock.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for DeadlineIo {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for DeadlineIo {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(result, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(result, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
