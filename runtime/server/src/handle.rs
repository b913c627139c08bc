//! Handles are shown by their type's name, are equal only to themselves, and are nothing to JSON.

use crate::reply::Reply;
use crate::request::{Connection, Headers, Request};
use crate::response::Response;
#[cfg(feature = "ws")]
use crate::socket::Socket;
use crate::value::{Any, FromAny, JsonWriter, Mismatch, Show, Str, ToAny, ToJson, found};

macro_rules! handles {
    ($($(#[$feature:meta])? $handle:ty, $shown:literal;)*) => {$(
        $(#[$feature])?
        impl Show for $handle {
            fn show(&self, out: &mut Str) {
                out.push_str($shown);
            }
        }

        $(#[$feature])?
        impl ToJson for $handle {
            fn to_json(&self, out: &mut JsonWriter) {
                out.raw("null");
            }
        }

        $(#[$feature])?
        impl ToAny for $handle {
            fn to_any(&self) -> Any {
                Any::Nil
            }
        }

        $(#[$feature])?
        impl FromAny for $handle {
            fn from_any(data: &Any) -> Result<Self, Mismatch> {
                Err(found($shown, data))
            }
        }
    )*};
}

handles! {
    Request, "<Request>";
    Headers, "<Headers>";
    Connection, "<Connection>";
    Response, "<Response>";
    Reply, "<Reply>";
    #[cfg(feature = "ws")] Socket, "<Socket>";
}

macro_rules! debug {
    ($($(#[$feature:meta])? $handle:ty, $shown:literal;)*) => {$(
        $(#[$feature])?
        impl std::fmt::Debug for $handle {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str($shown)
            }
        }
    )*};
}

debug! {
    Request, "<Request>";
    Headers, "<Headers>";
    Connection, "<Connection>";
    Response, "<Response>";
    #[cfg(feature = "ws")] Socket, "<Socket>";
}
