//! `Response`: the reply in the making, shared by middleware and handler.

use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use crate::callback::Callback;
use crate::exchange::{Exchange, Outgoing};
use crate::reply::{self, Reply};
use crate::value::{Str, ToJson};

/// A response: a handle, so that headers which middleware sets are on the final reply.
#[derive(Clone)]
pub struct Response(pub(crate) Arc<Exchange>);

impl PartialEq for Response {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Response {
    /// Sets the status; a number that is no HTTP status is taken as 500.
    pub fn status(&self, code: i64) -> Self {
        self.0.out.lock().status = Some(reply::status_of(code));
        self.clone()
    }

    /// The status so far.
    #[must_use]
    pub fn get_status(&self) -> i64 {
        i64::from(self.0.out.lock().status.unwrap_or(200))
    }

    /// Sets a header; one that HTTP cannot carry is left out.
    pub fn set_header(&self, name: &str, value: &str) -> Self {
        if let Some((name, value)) = header(name, value) {
            self.0.out.lock().headers.insert(name, value);
        }
        self.clone()
    }

    /// A header that was set.
    #[must_use]
    pub fn get_header(&self, name: &str) -> Option<Str> {
        let out = self.0.out.lock();
        out.headers.get(name).and_then(|value| value.to_str().ok()).map(Str::from)
    }

    /// Adds a cookie, `HttpOnly; Secure; SameSite=Lax` for the whole site.
    pub fn set_cookie(&self, name: &str, value: &str) -> Self {
        let line = crate::url::set_cookie(name, value);
        if let Ok(value) = HeaderValue::from_str(&line) {
            self.0.out.lock().headers.append(http::header::SET_COOKIE, value);
        }
        self.clone()
    }

    /// Sends a value as JSON.
    pub fn json<T: ToJson + ?Sized>(&self, value: &T) {
        self.send_reply(Reply::json(value));
    }

    /// Sends a text.
    pub fn send(&self, text: &str) {
        self.send_reply(Reply::text(text));
    }

    /// Sends HTML.
    pub fn html(&self, text: &str) {
        self.send_reply(Reply::html(text));
    }

    /// Sends the client elsewhere.
    pub fn redirect(&self, url: &str, code: i64) {
        self.send_reply(reply::redirect(url, code));
    }

    /// Sends an empty body with the status so far.
    pub fn end(&self) {
        self.send_reply(Reply::empty());
    }

    /// Runs `callback` after the last byte has been handed to the connection.
    pub fn on_finish(&self, callback: impl Into<Callback<()>>) {
        self.0.out.lock().on_finish.push(callback.into());
    }

    /// Whether something has been sent.
    pub(crate) fn is_sent(&self) -> bool {
        self.0.out.lock().sent.is_some()
    }

    fn send_reply(&self, reply: Reply) {
        let mut out = self.0.out.lock();
        let Outgoing { sent, .. } = &mut *out;
        // The first one is on its way already.
        if sent.is_none() {
            *sent = Some(Box::new(reply));
        }
    }
}

/// A header in the form of the `http` crate.
pub(crate) fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
}
