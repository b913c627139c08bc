//! Which foreign pages may talk to a server: the `Origin` rules of RPC and sockets, and the `cors { … }` block.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue};

/// `cors { … }`
#[derive(Clone, Copy, Debug, Default)]
pub struct Cors {
    /// Allowed origins; `*` for all.
    pub origins: &'static [&'static str],
    /// Allowed methods; empty for the usual ones.
    pub methods: &'static [&'static str],
    /// Allowed request headers; empty for `Content-Type` and `Authorization`.
    pub headers: &'static [&'static str],
    /// Whether cookies are allowed.
    pub credentials: bool,
    /// Seconds for which a browser keeps the answer to a preflight.
    pub max_age: Option<i64>,
}

/// The origins that a server trusts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origins {
    pub(crate) cors: Option<Cors>,
    /// The port of the server that serves the program's page, if it is another one.
    pub(crate) page_port: Option<u16>,
}

/// The origin of a request, if it names one.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("null"))
}

impl Origins {
    /// Whether a call of an RPC function may come from where this request comes from: no origin, the server's own, the
    /// program's page, or one that the `cors` block names.
    pub(crate) fn allows_rpc(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = of(headers) else { return true };
        self.names(origin) || own(origin, headers) || self.is_page(origin, headers)
    }

    /// Whether a socket may be opened: as for RPC, or from any page of the same host.
    pub(crate) fn allows_socket(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = of(headers) else { return true };
        self.names(origin) || same_host(origin, headers)
    }

    /// Adds what lets a page of an allowed foreign origin read a reply. Headers that the program has set stay.
    pub(crate) fn expose(&self, request: &HeaderMap, reply: &mut HeaderMap, is_rpc: bool) {
        let Some(origin) = of(request) else { return };
        let named = self.names(origin);
        let allowed = named || (is_rpc && self.is_page(origin, request));
        if !allowed {
            return;
        }
        let credentials = self.cors.is_some_and(|cors| cors.credentials);
        let open = named && !credentials && self.cors.is_some_and(|cors| cors.origins.contains(&"*"));
        let value = if open { Ok(HeaderValue::from_static("*")) } else { HeaderValue::from_str(origin) };
        let Ok(value) = value else { return };
        reply.entry(ACCESS_CONTROL_ALLOW_ORIGIN).or_insert(value);
        reply.entry(VARY).or_insert(HeaderValue::from_static("Origin"));
        if credentials {
            reply.entry(ACCESS_CONTROL_ALLOW_CREDENTIALS).or_insert(HeaderValue::from_static("true"));
        }
    }

    /// Adds what a preflight asks for.
    pub(crate) fn preflight(&self, request: &HeaderMap, reply: &mut HeaderMap, is_rpc: bool) {
        self.expose(request, reply, is_rpc);
        if !reply.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
            return;
        }
        let cors = self.cors.unwrap_or_default();
        let mut set = |name, values: &[&str], usual: &'static str| {
            let value = if values.is_empty() { Ok(HeaderValue::from_static(usual)) } else { values.join(", ").parse() };
            if let Ok(value) = value {
                reply.entry(name).or_insert(value);
            }
        };
        set(ACCESS_CONTROL_ALLOW_METHODS, cors.methods, "GET, POST, PUT, PATCH, DELETE");
        set(ACCESS_CONTROL_ALLOW_HEADERS, cors.headers, "Content-Type, Authorization");
        if let Some(seconds) = cors.max_age {
            reply.entry(ACCESS_CONTROL_MAX_AGE).or_insert(seconds.into());
        }
    }

    fn names(&self, origin: &str) -> bool {
        self.cors.is_some_and(|cors| {
            cors.origins.iter().any(|allowed| *allowed == "*" || allowed.eq_ignore_ascii_case(origin))
        })
    }

    fn is_page(&self, origin: &str, headers: &HeaderMap) -> bool {
        self.page_port.is_some_and(|port| same_host(origin, headers) && port_of(origin) == Some(port))
    }
}

/// Whether an origin is the server itself, as the client addresses it.
fn own(origin: &str, headers: &HeaderMap) -> bool {
    authority(origin).is_some_and(|authority| host(headers).is_some_and(|host| host.eq_ignore_ascii_case(authority)))
}

/// Whether an origin has the host name that the client addresses, on any port.
fn same_host(origin: &str, headers: &HeaderMap) -> bool {
    let name = |authority| split_port(authority).0;
    match (authority(origin), host(headers)) {
        (Some(origin), Some(host)) => {
            let (origin, host) = (name(origin), name(host));
            origin.eq_ignore_ascii_case(host) || (is_loopback(origin) && is_loopback(host))
        }
        _ => false,
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

fn authority(origin: &str) -> Option<&str> {
    origin.split_once("://").map(|(_, authority)| authority)
}

fn port_of(origin: &str) -> Option<u16> {
    let (scheme, authority) = origin.split_once("://")?;
    split_port(authority).1.or(if scheme == "https" { Some(443) } else { Some(80) })
}

fn split_port(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':').map(|(name, port)| (name, port.parse())) {
        Some((name, Ok(port))) => (name, Some(port)),
        _ => (authority, None),
    }
}

fn is_loopback(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
