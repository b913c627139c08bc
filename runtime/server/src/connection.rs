//! The accept loop and the life of a connection.
//!
//! A connection has one timer, which is moved only when it runs out: most requests of a busy connection do not touch it.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep, sleep_until};

use crate::app::{App, Seat};
use crate::dispatch::Conversation;

/// Accepts connections until `stop`; what has queued up by then is still taken.
pub(crate) async fn accept(app: &'static App, listener: TcpListener, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let http = builder();
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

/// Without a timer of its own: that one would be set and removed at every request.
fn builder() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.pipeline_flush(true);
    http
}

async fn welcome(app: &'static App, http: &http1::Builder, accepted: io::Result<(TcpStream, SocketAddr)>) {
    match accepted {
        Ok((stream, peer)) => {
            // Closing is all that does not cost more than it saves.
            let Some(seat) = Seat::take(app, peer.ip()) else { return };
            // Replies are written whole; waiting for more would only delay them.
            let _ = stream.set_nodelay(true);
            tokio::spawn(converse(app, http.clone(), stream, peer, seat));
        }
        // Out of file descriptors, most likely: others may finish meanwhile.
        Err(_) => sleep(Duration::from_millis(20)).await,
    }
}

/// Serves one connection to its end.
async fn converse(app: &'static App, http: http1::Builder, stream: TcpStream, peer: SocketAddr, seat: Seat) {
    let turn = Arc::new(Turn::new(Instant::now()));
    let io = TokioIo::new(DeadlineIo { stream, limit: app.limits.write, stalled: None, turn: Arc::clone(&turn) });
    let service = Conversation { app, peer, turn: Arc::clone(&turn) };
    let mut connection = pin!(http.serve_connection(io, service).with_upgrades());
    let mut closing = pin!(app.life.closing.notified());
    let mut patience = pin!(sleep_until(turn.end(app.limits.head).into()));
    let (mut listening, mut told) = (false, false);
    // Errors are the client's: it left, or sent something that is not HTTP, which hyper has answered.
    let _ = poll_fn(|cx| {
        if app.life.is_closing() && !told {
            told = true;
            connection.as_mut().graceful_shutdown();
        }
        let result = connection.as_mut().poll(cx);
        if result.is_pending()
            && (!listening || patience.is_elapsed())
            && is_over(&turn, patience.as_mut(), app.limits.head, cx)
        {
            return Poll::Ready(Ok(()));
        }
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
    drop(seat);
}

/// Whether the client has let its time for a request go by. Otherwise the timer is set to the end of that time.
fn is_over(turn: &Turn, mut timer: Pin<&mut Sleep>, limit: Duration, cx: &mut Context<'_>) -> bool {
    while timer.as_mut().poll(cx).is_ready() {
        let end = turn.end(limit);
        if end <= Instant::now() {
            return true;
        }
        timer.as_mut().reset(end.into());
    }
    false
}

/// Whose turn it is on a connection, and since when it is the client's.
pub(crate) struct Turn {
    opened: Instant,
    /// Nanoseconds after `opened`.
    since: AtomicU64,
    /// The server works on a request.
    is_ours: AtomicBool,
}

impl Turn {
    fn new(opened: Instant) -> Self {
        Self { opened, since: AtomicU64::new(0), is_ours: AtomicBool::new(false) }
    }

    /// A request is there, and its answer is on its way.
    pub(crate) fn take(&self) {
        self.is_ours.store(true, Ordering::Relaxed);
    }

    /// From now on the next request is waited for.
    pub(crate) fn give(&self, now: Instant) {
        let since = now.saturating_duration_since(self.opened).as_nanos();
        self.since.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.is_ours.store(false, Ordering::Relaxed);
    }

    /// The client has taken more of a reply.
    fn progress(&self, now: Instant) {
        if !self.is_ours.load(Ordering::Relaxed) {
            self.give(now);
        }
    }

    /// When the client's time ends, as far as can be said now.
    fn end(&self, limit: Duration) -> Instant {
        if self.is_ours.load(Ordering::Relaxed) {
            return Instant::now() + limit;
        }
        self.opened + Duration::from_nanos(self.since.load(Ordering::Relaxed)) + limit
    }
}

/// A stream whose other end must take something of what is written within the limit.
struct DeadlineIo {
    stream: TcpStream,
    limit: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    turn: Arc<Turn>,
}

impl DeadlineIo {
    /// Passes the result of a write on; a wait starts or continues the clock.
    fn watch<T>(&mut self, result: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            if self.stalled.take().is_some() {
                // A long reply takes its time: the next request cannot be expected before.
                self.turn.progress(Instant::now());
            }
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
