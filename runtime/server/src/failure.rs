//! What is thrown, as a reply: one envelope for every error.

use crate::log;
use crate::reply::Reply;
use crate::settings;
use crate::value::{Fault, ToJson};

/// The reply to something thrown. A client's mistake is told to the client; a fault of the server is logged, and told only in dev.
pub(crate) fn reply(fault: &Fault, request_id: &str) -> Reply {
    let status = fault.status.map_or(500, crate::reply::status_of).max(400);
    if status < 500 {
        return envelope(
            status,
            fault.code.as_deref().unwrap_or_else(|| code(status)),
            &fault.message,
            fault,
            request_id,
        );
    }
    log::fault("error", fault, request_id);
    let message =
        if settings::is_dev() || fault.status.is_some() { fault.message.as_str() } else { "Internal server error" };
    envelope(status, fault.code.as_deref().unwrap_or_else(|| code(status)), message, fault, request_id)
}

/// An error of the runtime itself.
pub(crate) fn plain(status: u16, message: &str, request_id: &str) -> Reply {
    envelope(status, code(status), message, &Fault::with_status(i64::from(status), "", ""), request_id)
}

/// `{"error":{"code","message","details"?,"request_id"}}`
fn envelope(status: u16, code: &str, message: &str, fault: &Fault, request_id: &str) -> Reply {
    let reply = Reply::json_from(|out| {
        out.raw("{\"error\":{\"code\":");
        out.string(code);
        out.raw(",\"message\":");
        out.string(message);
        if let Some(details) = &fault.details {
            out.raw(",\"details\":");
            details.to_json(out);
        }
        out.raw(",\"request_id\":");
        out.string(request_id);
        out.raw("}}");
    });
    reply.with_status(i64::from(status))
}

/// The code of a status that has none of its own.
fn code(status: u16) -> &'static str {
    match status {
        401 => "UNAUTHORIZED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        408 => "REQUEST_TIMEOUT",
        409 => "CONFLICT",
        413 => "PAYLOAD_TOO_LARGE",
        415 => "UNSUPPORTED_MEDIA_TYPE",
        422 => "UNPROCESSABLE",
        426 => "UPGRADE_REQUIRED",
        429 => "RATE_LIMITED",
        503 => "UNAVAILABLE",
        504 => "TIMEOUT",
        500.. => "INTERNAL_ERROR",
        _ => "BAD_REQUEST",
    }
}
