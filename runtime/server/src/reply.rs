//! `Reply`: a complete reply as a value, and the functions that make one.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue};

use crate::handler::{Answer, Flow};
use crate::response::header;
use crate::value::{Any, Fault, JsonWriter, Map, Str, ToJson, json};

/// A complete reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Absent: what `res.status` says, else 200.
    pub(crate) status: Option<u16>,
    /// Most replies have none.
    pub(crate) headers: Option<Box<HeaderMap>>,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

impl Reply {
    /// The value as JSON.
    #[must_use]
    pub fn json<T: ToJson + ?Sized>(value: &T) -> Self {
        Self::json_from(|out| value.to_json(out))
    }

    /// JSON that `write` puts straight into the body.
    #[must_use]
    pub fn json_from(write: impl FnOnce(&mut JsonWriter)) -> Self {
        let mut out = JsonWriter::default();
        write(&mut out);
        Self::of(JSON, out.buf)
    }

    /// JSON that `write` puts straight into the body, unless it throws.
    ///
    /// # Errors
    /// What `write` throws.
    pub fn try_json(write: impl FnOnce(&mut JsonWriter) -> Result<(), Fault>) -> Answer {
        let mut out = JsonWriter::default();
        write(&mut out)?;
        Ok(Self::of(JSON, out.buf))
    }

    /// The value as JSON; 404 if it is absent.
    ///
    /// # Errors
    /// `NotFound` if the value is absent.
    pub fn found<T: ToJson>(value: Option<&T>) -> Answer {
        value.map(Self::json).ok_or_else(|| Fault::with_status(404, "NOT_FOUND", "not found"))
    }

    /// `{"result": value}`, the reply to an RPC call.
    #[must_use]
    pub fn result<T: ToJson + ?Sized>(value: &T) -> Self {
        Self::json_from(|out| {
            out.raw("{\"result\":");
            value.to_json(out);
            out.raw("}");
        })
    }

    /// `{"result": …}` around JSON that `write` puts straight into the body, unless it throws.
    ///
    /// # Errors
    /// What `write` throws.
    pub fn try_result(write: impl FnOnce(&mut JsonWriter) -> Result<(), Fault>) -> Answer {
        Self::try_json(|out| {
            out.raw("{\"result\":");
            write(out)?;
            out.raw("}");
            Ok(())
        })
    }

    /// `{"result": value}`; 404 if it is absent.
    ///
    /// # Errors
    /// `NotFound` if the value is absent.
    pub fn found_result<T: ToJson>(value: Option<&T>) -> Answer {
        value.map(Self::result).ok_or_else(|| Fault::with_status(404, "NOT_FOUND", "not found"))
    }

    /// The value of an `Ok` as JSON. An `Err` is the error envelope: 400, or the status that the error names.
    ///
    /// # Errors
    /// The error.
    pub fn outcome<T: ToJson, E: ToJson>(outcome: &Result<T, E>) -> Answer {
        match outcome {
            Ok(value) => Ok(Self::json(value)),
            Err(error) => Err(refusal(json::read(&json::stringify(error)).unwrap_or_default())),
        }
    }

    /// Nothing to say: 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self { status: Some(204), ..Self::empty() }
    }

    /// An empty body with the status that `res` has.
    #[must_use]
    pub fn empty() -> Self {
        Self { status: None, headers: None, content_type: None, body: Bytes::new() }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::of(TEXT, text.as_bytes().to_vec())
    }

    /// HTML.
    #[must_use]
    pub fn html(text: &str) -> Self {
        Self::of(HTML, text.as_bytes().to_vec())
    }

    /// The reply with another status; 204 and 304 have no body.
    #[must_use]
    pub fn with_status(mut self, code: i64) -> Self {
        let status = status_of(code);
        self.status = Some(status);
        if status == 204 || status == 304 {
            self.body = Bytes::new();
            self.content_type = None;
        }
        self
    }

    /// The headers, to add some.
    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers.get_or_insert_default()
    }

    fn of(content_type: HeaderValue, body: Vec<u8>) -> Self {
        Self { status: None, headers: None, content_type: Some(content_type), body: body.into() }
    }
}

impl Flow {
    /// The chain ends with the value as JSON, if there is one.
    pub fn ended_by<T: ToJson>(value: Option<&T>) -> Self {
        value.map_or(Self::Continue, |value| Self::Reply(Reply::json(value)))
    }
}

/// `respond(status, body)`
#[must_use]
pub fn respond<T: ToJson + ?Sized>(status: i64, body: &T) -> Reply {
    Reply::json(body).with_status(status)
}

/// `redirect(url, code)`
#[must_use]
pub fn redirect(url: &str, code: i64) -> Reply {
    let mut reply = Reply::empty().with_status(code);
    if let Ok(url) = HeaderValue::from_str(url) {
        reply.headers_mut().insert(LOCATION, url);
    }
    reply
}

/// `text(body, status)`
#[must_use]
pub fn text(body: &str, status: i64) -> Reply {
    Reply::text(body).with_status(status)
}

/// `html(body, status)`
#[must_use]
pub fn html(body: &str, status: i64) -> Reply {
    Reply::html(body).with_status(status)
}

/// `with_headers(reply, headers)`: a copy with more headers.
#[must_use]
pub fn with_headers(mut reply: Reply, headers: &Map<Str, Str>) -> Reply {
    for (name, value) in headers.iter() {
        match header(name, value) {
            Some((name, value)) if name == CONTENT_TYPE => reply.content_type = Some(value),
            Some((name, value)) => drop(reply.headers_mut().insert(name, value)),
            None => {}
        }
    }
    reply
}

/// A program's own error as a fault. A text is the message; of a record the `message`, `code` and `status` count, and the rest is told as
/// details.
fn refusal(error: Any) -> Fault {
    let fields = match &error {
        Any::Str(message) => return Fault::with_status(400, "BAD_REQUEST", message.clone()),
        Any::Map(fields) => fields.clone(),
        _ => Map::new(),
    };
    let status = [fields.get("status"), fields.get("code")].into_iter().flatten().find_map(|value| match value {
        Any::Int(status @ 400..=599) => Some(*status),
        _ => None,
    });
    let text = |name| match fields.get(name) {
        Some(Any::Str(text)) => Some(text.clone()),
        _ => None,
    };
    let message = text("message").unwrap_or_else(|| "the request was refused".into());
    let mut fault = Fault::new(message, text("code"), Some(status.unwrap_or(400)));
    fault.details = Some(Box::new(error));
    fault
}

/// A program's number as an HTTP status; one that cannot be a status is a server error.
pub(crate) fn status_of(code: i64) -> u16 {
    u16::try_from(code).ok().filter(|code| (200..=599).contains(code)).unwrap_or(500)
}
