//! One request and the response to it: the data behind the handles `Request` and `Response`.

use std::any::Any as StdAny;
use std::net::SocketAddr;
use std::sync::OnceLock;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use hyper::upgrade::OnUpgrade;
use parking_lot::Mutex;

use crate::app::App;
use crate::callback::Callback;
use crate::reply::Reply;
use crate::value::{Any, Fault, Str};

/// Everything that belongs to one request.
pub(crate) struct Exchange {
    pub(crate) app: &'static App,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) peer: SocketAddr,
    pub(crate) body: Bytes,
    /// Path parameters, decoded, in the order of the path.
    pub(crate) params: Vec<(Str, Str)>,
    pub(crate) id: Mutex<Str>,
    /// The body as data, once something has asked for it.
    pub(crate) parsed: OnceLock<Box<Result<Any, Fault>>>,
    /// The fields that the program's middleware adds.
    pub(crate) fields: Mutex<Option<Box<dyn StdAny + Send>>>,
    /// The way to the raw connection, for a socket route.
    pub(crate) upgrade: Mutex<Option<OnUpgrade>>,
    pub(crate) out: Mutex<Outgoing>,
}

/// The response in the making.
#[derive(Default)]
pub(crate) struct Outgoing {
    pub(crate) status: Option<u16>,
    pub(crate) headers: HeaderMap,
    /// What `res.json`, `res.send` or `res.redirect` sent; later return values are ignored.
    pub(crate) sent: Option<Box<Reply>>,
    /// What `res.on_finish` runs after the last byte.
    pub(crate) on_finish: Vec<Callback<()>>,
}
