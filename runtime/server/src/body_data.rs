//! A request's body as dynamic data.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::url;
use crate::value::{Any, Fault, Map, Str, json};

/// What the content type says that a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Json,
    Form,
    Text,
    Other,
}

/// The kind of the body of a request with these headers.
pub(crate) fn kind(headers: &HeaderMap) -> BodyKind {
    let Some(value) = headers.get(CONTENT_TYPE) else { return BodyKind::Json };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is = |name: &str| essence.eq_ignore_ascii_case(name);
    if is("application/json") || essence.to_ascii_lowercase().ends_with("+json") {
        BodyKind::Json
    } else if is("application/x-www-form-urlencoded") {
        BodyKind::Form
    } else if essence.to_ascii_lowercase().starts_with("text/") {
        BodyKind::Text
    } else {
        BodyKind::Other
    }
}

/// Parses a body; no bytes are nil.
pub(crate) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Any, Fault> {
    if body.is_empty() {
        return Ok(Any::Nil);
    }
    match kind(headers) {
        BodyKind::Json => json::read(text(body)?).map_err(|problem| Fault::with_status(400, "INVALID_JSON", problem)),
        BodyKind::Form => {
            let fields: Map<_, _> = url::pairs(text(body)?).map(|(name, value)| (name, Any::Str(value))).collect();
            Ok(Any::Map(fields))
        }
        BodyKind::Text => Ok(Any::Str(text(body)?.into())),
        BodyKind::Other => {
            Err(Fault::with_status(415, "UNSUPPORTED_MEDIA_TYPE", "the content type of the body is not supported"))
        }
    }
}

/// The text of a field if the body is a form, where all fields are texts to convert.
pub(crate) fn form_text(headers: &HeaderMap, data: &Any) -> Option<Str> {
    match data {
        Any::Str(text) if kind(headers) == BodyKind::Form => Some(text.clone()),
        _ => None,
    }
}

fn text(body: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(body).map_err(|_| Fault::with_status(400, "INVALID_JSON", "the body is not UTF-8 text"))
}
