//! Bodies: requests' with a size limit and a deadline on progress, replies' from one buffer.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use crate::callback::{Callback, Touches};
use crate::settings::Limits;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyProblem {
    TooLarge,
    Stalled,
    /// The connection broke, or the chunks are malformed.
    Broken,
}

/// Reads a whole body.
pub(crate) async fn read(body: Incoming, limits: &Limits) -> Result<Bytes, BodyProblem> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = body.size_hint().lower();
    let mut reader = Reader { body, window_end: Instant::now() + limits.body, in_window: 0, limits };
    if announced > limits.max_body as u64 {
        reader.discard().await;
        return Err(BodyProblem::TooLarge);
    }
    let Some(first) = reader.next().await? else { return Ok(Bytes::new()) };
    // Most bodies come in one piece, which is then not copied.
    if reader.body.is_end_stream() {
        return within(first, limits);
    }
    let mut whole = BytesMut::from(within(first, limits)?.as_ref());
    while let Some(piece) = reader.next().await? {
        if whole.len() + piece.len() > limits.max_body {
            reader.discard().await;
            return Err(BodyProblem::TooLarge);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

fn within(piece: Bytes, limits: &Limits) -> Result<Bytes, BodyProblem> {
    if piece.len() > limits.max_body { Err(BodyProblem::TooLarge) } else { Ok(piece) }
}

struct Reader<'a> {
    body: Incoming,
    window_end: Instant,
    in_window: usize,
    limits: &'a Limits,
}

impl Reader<'_> {
    /// The next piece of data; nothing at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, BodyProblem> {
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx));
            match timeout_at(self.window_end, frame).await {
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(BodyProblem::Broken),
                Ok(Some(Ok(frame))) => {
                    // Trailers are not data.
                    if let Ok(data) = frame.into_data() {
                        self.in_window += data.len();
                        return Ok(Some(data));
                    }
                }
                Err(_) if self.in_window < self.limits.body_progress => return Err(BodyProblem::Stalled),
                Err(_) => {
                    self.in_window = 0;
                    self.window_end = Instant::now() + self.limits.body;
                }
            }
        }
    }

    /// Throws away some of a body that is too large, so that a client which writes before it reads gets the reply.
    async fn discard(&mut self) {
        let mut left = self.limits.max_body.saturating_mul(16);
        self.window_end = Instant::now() + self.limits.body / 2;
        self.in_window = 0;
        while let Ok(Some(piece)) = self.next().await {
            left = left.saturating_sub(piece.len());
            if left == 0 || Instant::now() >= self.window_end {
                break;
            }
        }
    }
}

/// The body of a reply.
pub(crate) struct ReplyBody {
    data: Option<Bytes>,
    /// Run when the connection has taken the last byte and drops the body.
    on_finish: Vec<Callback<()>>,
}

impl ReplyBody {
    pub(crate) fn new(data: Bytes, on_finish: Vec<Callback<()>>) -> Self {
        Self { data: Some(data).filter(|data| !data.is_empty()), on_finish }
    }

    /// All that is in it, as if a connection had taken it.
    pub(crate) fn into_data(mut self) -> Bytes {
        self.data.take().unwrap_or_default()
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}

impl Drop for ReplyBody {
    fn drop(&mut self) {
        let callbacks = std::mem::take(&mut self.on_finish);
        if !callbacks.is_empty() {
            tokio::spawn(async move {
                for callback in callbacks {
                    callback.run("on_finish failed", Touches::State, ()).await;
                }
            });
        }
    }
}
