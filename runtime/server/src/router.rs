//! The table from method and path to the code of a route.

use http::Method;

use crate::handler::{Handler, Middleware};
#[cfg(feature = "ws")]
use crate::socket::SocketHandler;
use crate::url;
use crate::value::Str;

/// What one route, RPC function or socket route runs.
pub(crate) struct Endpoint {
    pub(crate) kind: EndpointKind,
    /// Names of the path's parameters, in order.
    params: Vec<String>,
    /// All middleware, outermost first.
    pub(crate) chain: Vec<Middleware>,
    /// Whether any of the code may suspend.
    pub(crate) suspends: bool,
}

/// The end of the chain.
pub(crate) enum EndpointKind {
    Route(Handler),
    Rpc(Handler),
    #[cfg(feature = "ws")]
    Socket(SocketHandler),
    /// A preflight: the reply is made from the headers that the chain has set.
    Preflight,
}

impl Endpoint {
    fn new(kind: EndpointKind, params: Vec<String>, chain: Vec<Middleware>) -> Self {
        let suspends = kind.suspends() || chain.iter().any(Middleware::suspends);
        Self { kind, params, chain, suspends }
    }

    /// What answers preflights: all middleware, whose headers make the reply.
    pub(crate) fn preflight(chain: Vec<Middleware>) -> Self {
        Self::new(EndpointKind::Preflight, Vec::new(), chain)
    }

    /// Whether the end of the chain takes the connection over.
    pub(crate) const fn is_socket(&self) -> bool {
        match self.kind {
            EndpointKind::Route(_) | EndpointKind::Rpc(_) | EndpointKind::Preflight => false,
            #[cfg(feature = "ws")]
            EndpointKind::Socket(_) => true,
        }
    }
}

impl EndpointKind {
    fn suspends(&self) -> bool {
        match self {
            Self::Route(handler) | Self::Rpc(handler) => handler.suspends(),
            Self::Preflight => false,
            #[cfg(feature = "ws")]
            Self::Socket(_) => false,
        }
    }
}

/// All endpoints of one path.
struct PathEntry {
    pattern: String,
    methods: Vec<(Method, &'static Endpoint)>,
    socket: Option<&'static Endpoint>,
}

/// The routes of a server.
#[derive(Default)]
pub(crate) struct Router {
    /// Exact and parameterised paths to an index into `entries`.
    paths: matchit::Router<usize>,
    entries: Vec<PathEntry>,
}

/// What a lookup finds.
pub(crate) enum Lookup {
    Found(&'static Endpoint, Vec<(Str, Str)>),
    /// The path exists, with these methods.
    WrongMethod(String),
    Nothing,
}

/// What a request asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Reply,
    Socket,
}

impl Router {
    /// Adds an endpoint. The endpoint lives as long as the process, as the program's table does.
    pub(crate) fn add(
        &mut self,
        method: &Method,
        path: &str,
        kind: EndpointKind,
        chain: Vec<Middleware>,
    ) -> Result<(), String> {
        let (pattern, params) = pattern(path);
        let index = match self.entries.iter().position(|entry| entry.pattern == pattern) {
            Some(index) => index,
            None => {
                let inserted = self.paths.insert(pattern.clone(), self.entries.len());
                inserted.map_err(|problem| format!("route {path}: {problem}"))?;
                self.entries.push(PathEntry { pattern, methods: Vec::new(), socket: None });
                self.entries.len() - 1
            }
        };
        let endpoint: &'static Endpoint = Box::leak(Box::new(Endpoint::new(kind, params, chain)));
        let entry = &mut self.entries[index];
        if endpoint.is_socket() {
            entry.socket = Some(endpoint);
        } else {
            entry.methods.push((method.clone(), endpoint));
        }
        Ok(())
    }

    /// Finds the endpoint for a request.
    pub(crate) fn find(&self, method: &Method, path: &str, wanted: Wanted) -> Lookup {
        let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
        let Ok(found) = self.paths.at(path) else { return Lookup::Nothing };
        let Some(entry) = self.entries.get(*found.value) else { return Lookup::Nothing };
        let endpoint = match (wanted, entry.socket) {
            (Wanted::Socket, Some(socket)) => Some(socket),
            // A plain `GET` of a path that is only a socket is told so.
            (Wanted::Reply, Some(socket)) if method == Method::GET => entry.by_method(method).or(Some(socket)),
            _ => entry.by_method(method),
        };
        let Some(endpoint) = endpoint else { return Lookup::WrongMethod(entry.allowed()) };
        let values = found.params.iter().map(|(_, value)| url::segment(value));
        let params = endpoint.params.iter().map(|name| Str::from(name.as_str())).zip(values).collect();
        Lookup::Found(endpoint, params)
    }
}

impl PathEntry {
    fn by_method(&self, method: &Method) -> Option<&'static Endpoint> {
        let exact =
            |wanted: &Method| self.methods.iter().find(|(method, _)| method == wanted).map(|(_, endpoint)| *endpoint);
        exact(method).or_else(|| if *method == Method::HEAD { exact(&Method::GET) } else { None })
    }

    /// The value of `Allow`.
    fn allowed(&self) -> String {
        let mut names: Vec<&str> = self.methods.iter().map(|(method, _)| method.as_str()).collect();
        if names.contains(&"GET") && !names.contains(&"HEAD") {
            names.push("HEAD");
        }
        if self.socket.is_some() && names.is_empty() {
            names.push("GET");
        }
        names.push("OPTIONS");
        names.join(", ")
    }
}

/// `/a/:id/*rest` in the form of `matchit`. Parameters are numbered, as routes may give one place different names.
fn pattern(path: &str) -> (String, Vec<String>) {
    let mut pattern = String::with_capacity(path.len() + 8);
    let mut params = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        pattern.push('/');
        if let Some(name) = segment.strip_prefix(':') {
            pattern.push_str(&format!("{{p{}}}", params.len()));
            params.push(name.to_owned());
        } else if let Some(name) = segment.strip_prefix('*') {
            pattern.push_str(&format!("{{*p{}}}", params.len()));
            params.push(if name.is_empty() { "*".to_owned() } else { name.to_owned() });
        } else {
            pattern.push_str(&segment.replace('{', "{{").replace('}', "}}"));
        }
    }
    if pattern.is_empty() {
        pattern.push('/');
    }
    (pattern, params)
}
