//! `Socket`: a connected WebSocket with identity, callbacks and a bounded queue of what is to be sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderValue};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use crate::app::{App, Counted};
use crate::callback::{Callback, Touches, guarded};
use crate::handler::{Answer, Ctx, Pending};
use crate::id;
use crate::reply::Reply;
use crate::settings::Limits;
use crate::value::{Fault, Str};

/// The code behind a socket route.
#[derive(Clone, Copy)]
pub(crate) struct SocketHandler {
    pub(crate) run: fn(Socket) -> Pending<Result<(), Fault>>,
    pub(crate) touches: Touches,
}

/// A connected WebSocket. Equal only to itself.
#[derive(Clone)]
pub struct Socket(Arc<Inner>);

struct Inner {
    id: Str,
    queue: mpsc::Sender<Message>,
    /// Bytes in the queue.
    queued: AtomicUsize,
    closed: AtomicBool,
    /// Wakes the reader when the queue has overflown.
    overflow: Notify,
    callbacks: Mutex<Callbacks>,
}

/// What `ws.on` has set. A callback is called with its arguments and runs to its end before the next one.
#[derive(Default)]
struct Callbacks {
    message: Vec<Callback<Str>>,
    close: Vec<Callback<(i64, Str)>>,
    error: Vec<Callback<Fault>>,
}

/// Messages that may wait for a slow client.
const QUEUE: usize = 1024;
/// Bytes that may wait for a slow client.
const QUEUE_BYTES: usize = 8 << 20;
/// How long the other end may take to answer a close.
const CLOSE_ANSWER: Duration = Duration::from_secs(2);

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Socket {}

impl Socket {
    /// Identifies the socket.
    #[must_use]
    pub fn id(&self) -> Str {
        self.0.id.clone()
    }

    /// Sends a text. Nothing happens if the socket is closed; a client that does not keep up is disconnected.
    pub fn send(&self, text: &str) {
        if self.0.closed.load(Ordering::Acquire) {
            return;
        }
        let waiting = self.0.queued.fetch_add(text.len(), Ordering::AcqRel);
        let fits = waiting == 0 || waiting + text.len() <= QUEUE_BYTES;
        if !fits || self.0.queue.try_send(Message::text(text)).is_err() {
            self.0.closed.store(true, Ordering::Release);
            self.0.overflow.notify_one();
        }
    }

    /// Closes the connection.
    pub fn close(&self) {
        self.close_with(1000, "");
    }

    /// Closes the connection with a code and a reason.
    pub fn close_with(&self, code: i64, reason: &str) {
        let frame = CloseFrame { code: CloseCode::from(u16::try_from(code).unwrap_or(1000)), reason: reason.into() };
        if !self.0.closed.swap(true, Ordering::AcqRel) && self.0.queue.try_send(Message::Close(Some(frame))).is_err() {
            self.0.overflow.notify_one();
        }
    }

    /// `ws.on("message", f)`
    pub fn on_message(&self, callback: impl Into<Callback<Str>>) {
        self.0.callbacks.lock().message.push(callback.into());
    }

    /// `ws.on("close", f)`: gets the code and the reason.
    pub fn on_close(&self, callback: impl Into<Callback<(i64, Str)>>) {
        self.0.callbacks.lock().close.push(callback.into());
    }

    /// `ws.on("error", f)`
    pub fn on_error(&self, callback: impl Into<Callback<Fault>>) {
        self.0.callbacks.lock().error.push(callback.into());
    }
}

/// Answers an upgrade and starts the conversation.
pub(crate) fn accept(ctx: &Ctx, handler: &SocketHandler) -> Answer {
    let exchange = &ctx.req.0;
    let key = exchange.headers.get(SEC_WEBSOCKET_KEY);
    let version = exchange.headers.get(SEC_WEBSOCKET_VERSION).map(HeaderValue::as_bytes);
    let (Some(key), Some(b"13")) = (key, version) else {
        return Err(Fault::with_status(400, "BAD_REQUEST", "not a WebSocket handshake of version 13"));
    };
    let Some(upgrade) = exchange.upgrade.lock().take() else {
        return Err(Fault::with_status(400, "BAD_REQUEST", "the connection cannot be upgraded"));
    };
    let mut headers = HeaderMap::with_capacity(12);
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    tokio::spawn(converse(exchange.app, upgrade, *handler, Counted::new(exchange.app)));
    Ok(Reply { status: Some(101), headers: Some(Box::new(headers)), ..Reply::empty() })
}

type Stream = WebSocketStream<TokioIo<Upgraded>>;

/// Runs a socket from the upgrade to its end.
async fn converse(app: &'static App, upgrade: OnUpgrade, handler: SocketHandler, counted: Counted) {
    let Ok(upgraded) = upgrade.await else { return };
    let limits = &app.limits;
    let config =
        WebSocketConfig::default().max_message_size(Some(limits.max_message)).max_frame_size(Some(limits.max_message));
    let stream = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let (sink, stream) = stream.split();
    let (queue, outgoing) = mpsc::channel(QUEUE);
    let socket = Socket(Arc::new(Inner {
        id: id::new(),
        queue,
        queued: AtomicUsize::new(0),
        closed: AtomicBool::new(false),
        overflow: Notify::new(),
        callbacks: Mutex::default(),
    }));
    let writer = tokio::spawn(write(sink, outgoing, socket.clone()));
    if !guarded("socket handler failed", handler.touches, (handler.run)(socket.clone())).await {
        socket.close_with(1011, "internal error");
    }
    let (code, reason) = read(app, stream, &socket, handler.touches).await;
    socket.0.closed.store(true, Ordering::Release);
    let callbacks = socket.0.callbacks.lock().close.clone();
    for callback in callbacks {
        callback.run("socket callback failed", handler.touches, (code, reason.clone())).await;
    }
    // Callbacks hold the socket that they are set on: let go of both.
    *socket.0.callbacks.lock() = Callbacks::default();
    finish_writer(writer, limits).await;
    drop(counted);
}

/// Gives the writer a moment for what is queued, such as the answer to a close.
async fn finish_writer(writer: tokio::task::JoinHandle<()>, limits: &Limits) {
    let abort = writer.abort_handle();
    if tokio::time::timeout(limits.write.min(CLOSE_ANSWER), writer).await.is_err() {
        abort.abort();
    }
}

/// Writes what is queued, many messages with one flush.
async fn write(mut sink: SplitSink<Stream, Message>, mut outgoing: mpsc::Receiver<Message>, socket: Socket) {
    let inner = Arc::downgrade(&socket.0);
    // The writer must not keep the queue open that it waits for.
    drop(socket);
    while let Some(first) = outgoing.recv().await {
        let mut next = Some(first);
        let mut last = false;
        while let Some(message) = next {
            last |= message.is_close();
            if let (Message::Text(text), Some(inner)) = (&message, inner.upgrade()) {
                inner.queued.fetch_sub(text.len(), Ordering::AcqRel);
            }
            if sink.feed(message).await.is_err() {
                return;
            }
            next = if last { None } else { outgoing.try_recv().ok() };
        }
        if sink.flush().await.is_err() || last {
            return;
        }
    }
}

/// Reads until the end; gives the close code and reason.
async fn read(app: &'static App, mut stream: SplitStream<Stream>, socket: &Socket, touches: Touches) -> (i64, Str) {
    let mut ping = interval_at(Instant::now() + app.limits.ping, app.limits.ping);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let going_away = app.life.going_away.notified();
    tokio::pin!(going_away);
    let mut leaving = app.life.is_draining();
    if leaving {
        socket.close_with(1001, "the server is stopping");
    }
    let mut heard = true;
    loop {
        let answer_due = socket.0.closed.load(Ordering::Acquire);
        tokio::select! {
            message = stream.next() => {
                heard = true;
                if let Some(end) = take(message, socket, touches).await {
                    return end;
                }
            }
            _ = ping.tick() => {
                // Pings were answered by anyone who is still there.
                if !std::mem::take(&mut heard) {
                    return (1006, "no answer".into());
                }
                let _ = socket.0.queue.try_send(Message::Ping(Default::default()));
            }
            () = &mut going_away, if !leaving => {
                leaving = true;
                socket.close_with(1001, "the server is stopping");
            }
            () = socket.0.overflow.notified() => return (1013, "the client does not keep up".into()),
            () = sleep(CLOSE_ANSWER), if answer_due => return (1006, "no answer".into()),
        }
    }
}

/// Handles what came in; gives code and reason if it is the end.
async fn take(message: Option<Result<Message, WsError>>, socket: &Socket, touches: Touches) -> Option<(i64, Str)> {
    match message {
        Some(Ok(Message::Text(text))) => {
            tell(socket, touches, |callbacks| &callbacks.message, text.as_str().into()).await;
            None
        }
        Some(Ok(Message::Binary(bytes))) => {
            match std::str::from_utf8(&bytes) {
                Ok(text) => tell(socket, touches, |callbacks| &callbacks.message, text.into()).await,
                Err(_) => {
                    let fault = Fault::with_status(400, "BAD_MESSAGE", "a binary message that is not text");
                    tell(socket, touches, |callbacks| &callbacks.error, fault).await;
                }
            }
            None
        }
        Some(Ok(Message::Close(frame))) => Some(
            frame.map_or((1005, Str::new()), |frame| (i64::from(u16::from(frame.code)), frame.reason.as_str().into())),
        ),
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => None,
        Some(Err(WsError::ConnectionClosed)) | None => Some((1006, Str::new())),
        Some(Err(problem)) => {
            let code = if matches!(problem, WsError::Capacity(_)) { 1009 } else { 1006 };
            let text: Str = problem.to_string().into();
            tell(socket, touches, |callbacks| &callbacks.error, Fault::with_status(400, "BAD_MESSAGE", text.clone()))
                .await;
            if code == 1009 {
                socket.close_with(1009, "the message is too large");
            }
            Some((code, text))
        }
    }
}

/// Calls the callbacks of one event.
async fn tell<A: Clone>(socket: &Socket, touches: Touches, of: impl Fn(&Callbacks) -> &Vec<Callback<A>>, argument: A) {
    let callbacks = of(&socket.0.callbacks.lock()).clone();
    for callback in callbacks {
        callback.run("socket callback failed", touches, argument.clone()).await;
    }
}
