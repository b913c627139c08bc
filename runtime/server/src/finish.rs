//! The response on the wire: what the reply and `res` have, the headers of every response, the log line.

use std::time::Instant;

use http::header::{CONNECTION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::app::App;
use crate::body::ReplyBody;
use crate::callback::Callback;
use crate::exchange::Exchange;
use crate::id::REQUEST_ID;
use crate::log::{self, RequestLine};
use crate::reply::Reply;

/// A response of `hyper`.
pub(crate) type HttpResponse = http::Response<ReplyBody>;

/// `X-Content-Type-Options` of every response.
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// Headers of documents; they mean nothing on data.
const OF_DOCUMENTS: [(HeaderName, HeaderValue); 4] = [
    (http::header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (http::header::X_XSS_PROTECTION, HeaderValue::from_static("0")),
    (http::header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=()"),
    ),
];

/// The response to a request that the program's code has not seen.
pub(crate) fn refuse<B>(
    app: &App,
    reply: Reply,
    request: &http::Request<B>,
    id: &str,
    started: Instant,
) -> HttpResponse {
    let status = status(reply.status);
    let response = assemble(app, status, reply, HeaderMap::new(), id, Vec::new());
    log::request(&RequestLine {
        method: request.method().as_str(),
        path: request.uri().path(),
        status: status.as_u16(),
        started,
        id,
    });
    response
}

/// The response to an exchange.
pub(crate) fn complete(exchange: &Exchange, reply: Reply, started: Instant) -> HttpResponse {
    let (headers, sent, on_finish) = {
        let mut out = exchange.out.lock();
        (std::mem::take(&mut out.headers), out.sent.take(), std::mem::take(&mut out.on_finish))
    };
    let reply = sent.map_or(reply, |sent| *sent);
    let status = {
        let mut out = exchange.out.lock();
        let status = status(reply.status.or(out.status));
        // What runs on finish reads the status that was sent.
        out.status = Some(status.as_u16());
        status
    };
    let id = exchange.id.lock();
    let response = assemble(exchange.app, status, reply, headers, &id, on_finish);
    log::request(&RequestLine {
        method: exchange.method.as_str(),
        path: exchange.uri.path(),
        status: status.as_u16(),
        started,
        id: &id,
    });
    response
}

fn status(code: Option<u16>) -> StatusCode {
    code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK)
}

fn assemble(
    app: &App,
    status: StatusCode,
    reply: Reply,
    mut headers: HeaderMap,
    id: &str,
    on_finish: Vec<Callback<()>>,
) -> HttpResponse {
    headers.reserve(6);
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(NO_SNIFF);
    if let Some(content_type) = reply.content_type {
        if !is_data(&content_type) {
            for (name, value) in OF_DOCUMENTS {
                headers.entry(name).or_insert(value);
            }
        }
        headers.entry(CONTENT_TYPE).or_insert(content_type);
    }
    if let Some(more) = reply.headers {
        headers.extend(*more);
    }
    insert(&mut headers, REQUEST_ID, id);
    if app.is_draining() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let mut response = http::Response::new(ReplyBody::new(reply.body, on_finish));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Whether a browser shows the body as it is at most: nothing in it can be framed, clicked or run.
fn is_data(content_type: &HeaderValue) -> bool {
    let name = content_type.as_bytes();
    name.starts_with(b"application/json") || name.starts_with(b"text/plain")
}

/// Sets a header unless HTTP cannot carry the value.
pub(crate) fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
