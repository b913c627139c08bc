//! `Request` and the handles that hang on it.

use std::sync::Arc;

use http::header::COOKIE;

use crate::body_data;
use crate::exchange::Exchange;
use crate::url;
use crate::value::{Any, Fault, Map, Str};

/// A request: a handle, so that what middleware puts on it is seen by the handler.
#[derive(Clone)]
pub struct Request(pub(crate) Arc<Exchange>);

/// The headers of a request.
#[derive(Clone)]
pub struct Headers(Arc<Exchange>);

/// The connection of a request.
#[derive(Clone)]
pub struct Connection(Arc<Exchange>);

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Connection {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Request {
    /// `GET`, `POST`, …
    #[must_use]
    pub fn method(&self) -> Str {
        self.0.method.as_str().into()
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> Str {
        self.0.uri.path().into()
    }

    /// The path with the query.
    #[must_use]
    pub fn url(&self) -> Str {
        self.0.uri.path_and_query().map_or("/", |p| p.as_str()).into()
    }

    /// Identifies the request in logs and replies.
    #[must_use]
    pub fn id(&self) -> Str {
        self.0.id.lock().clone()
    }

    /// Replaces the id in logs and replies.
    pub fn set_id(&self, id: Str) {
        *self.0.id.lock() = id;
    }

    /// The address of the client.
    #[must_use]
    pub fn ip(&self) -> Str {
        ip_text(self.0.peer.ip())
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> Headers {
        Headers(Arc::clone(&self.0))
    }

    /// The connection.
    #[must_use]
    pub fn connection(&self) -> Connection {
        Connection(Arc::clone(&self.0))
    }

    /// The path parameters, decoded.
    #[must_use]
    pub fn params(&self) -> Map<Str, Str> {
        self.0.params.iter().cloned().collect()
    }

    /// The query parameters, decoded; of a repeated one the last.
    #[must_use]
    pub fn query(&self) -> Map<Str, Str> {
        url::pairs(self.0.uri.query().unwrap_or_default()).collect()
    }

    /// The cookies, decoded.
    #[must_use]
    pub fn cookies(&self) -> Map<Str, Str> {
        let lines = self.0.headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(';')).filter_map(url::cookie).collect()
    }

    /// The body as dynamic data; nil if there is none.
    ///
    /// # Errors
    /// The body is not what its content type says.
    pub fn body(&self) -> Result<Any, Fault> {
        self.parsed_body().cloned()
    }

    /// Reads or updates the fields that the program's middleware adds; `F` is the server's generated struct.
    pub fn with_fields<F: Default + Send + 'static, R>(&self, with: impl FnOnce(&mut F) -> R) -> R {
        let mut slot = self.0.fields.lock();
        let fields = slot.get_or_insert_with(|| Box::new(F::default()));
        match fields.downcast_mut::<F>() {
            Some(fields) => with(fields),
            // One process has one server and so one struct of fields.
            None => with(&mut F::default()),
        }
    }

    /// The parsed body, kept for the next one who asks.
    pub(crate) fn parsed_body(&self) -> Result<&Any, Fault> {
        let parsed = self.0.parsed.get_or_init(|| Box::new(body_data::parse(&self.0.headers, &self.0.body)));
        (**parsed).as_ref().map_err(Clone::clone)
    }
}

impl Headers {
    /// The header of this name; several lines of it are joined by commas.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Str> {
        let mut lines = self.0.headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        let mut joined = Str::from(lines.next()?);
        for line in lines {
            joined.push_str(", ");
            joined.push_str(line);
        }
        Some(joined)
    }
}

impl Connection {
    /// The address of the other end.
    #[must_use]
    pub fn remote_address(&self) -> Str {
        ip_text(self.0.peer.ip())
    }
}

/// The address, with IPv4 in its own form when it came over an IPv6 socket.
fn ip_text(ip: std::net::IpAddr) -> Str {
    let mut text = Str::new();
    // Writing to a string cannot fail.
    let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{}", ip.to_canonical()));
    text
}
