//! What is served while the program is not: a page that shows what is wrong with it, or that it is being built.
//!
//! The sockets are the servers' own. They are handed on when the program runs, so that no connection is refused in between.

use std::net::TcpListener;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Request, Response, StatusCode};

use super::hub::Hub;
use super::page::{SCRIPT_NAME, script};
use super::serve::{Body, Serving, plain, serve};
use crate::Problem;

const PAGE: &str = include_str!("waiting.html");

/// The sockets of a program that does not run yet.
#[derive(Default)]
pub(crate) struct Waiting {
    sockets: Vec<Socket>,
}

struct Socket {
    port: u16,
    listener: TcpListener,
    /// Dropped when somebody else is to accept connections.
    serving: Option<Serving>,
}

impl Waiting {
    /// Waits on these ports and no others; sockets come from `bind` for those that are new.
    pub(crate) fn set(
        &mut self,
        ports: &[u16],
        hub: &Hub,
        mut bind: impl FnMut(usize, u16) -> Result<TcpListener, Problem>,
    ) -> Result<(), Problem> {
        self.sockets.retain(|socket| ports.contains(&socket.port));
        for (index, port) in ports.iter().enumerate() {
            if *port == 0 || self.sockets.iter().any(|socket| socket.port == *port) {
                continue;
            }
            let listener = bind(index, *port)?;
            let serving = copy(&listener).and_then(|copy| serve_page(copy, hub))?;
            self.sockets.push(Socket { port: *port, listener, serving: Some(serving) });
        }
        Ok(())
    }

    /// The socket of a port, for who will serve there; the page stays until [`Self::close`].
    pub(crate) fn socket(&self, port: u16) -> Option<Result<TcpListener, Problem>> {
        self.sockets.iter().find(|socket| socket.port == port).map(|socket| copy(&socket.listener))
    }

    /// Serves the page on this port no more: connections wait for who does.
    pub(crate) fn close(&mut self, port: u16) {
        for socket in self.sockets.iter_mut().filter(|socket| socket.port == port) {
            socket.serving = None;
        }
    }

    /// The program runs: nothing waits any more.
    pub(crate) fn clear(&mut self) {
        self.sockets.clear();
    }
}

fn copy(listener: &TcpListener) -> Result<TcpListener, Problem> {
    listener.try_clone().map_err(|error| Problem::new(format!("cannot share a socket: {error}")))
}

fn serve_page(listener: TcpListener, hub: &Hub) -> Result<Serving, Problem> {
    let script: Arc<str> = script(hub.port(), "").into();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src {}; base-uri 'none'; frame-ancestors 'none'",
        hub.sources().join(" ")
    );
    let policy =
        HeaderValue::from_str(&policy).map_err(|_| Problem::new("the events' address cannot stand in a header"))?;
    serve(listener, move |request| answer(&request, &script, &policy))
}

fn answer(request: &Request<Incoming>, script: &Arc<str>, policy: &HeaderValue) -> Response<Body> {
    let accepts = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let (status, content_type, text) = if request.uri().path().strip_prefix('/') == Some(SCRIPT_NAME) {
        (StatusCode::OK, "text/javascript; charset=utf-8", Bytes::from(script.as_bytes().to_vec()))
    } else if accepts.contains("text/html") {
        (StatusCode::SERVICE_UNAVAILABLE, "text/html; charset=utf-8", Bytes::from_static(PAGE.as_bytes()))
    } else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "tova dev: the program is not running yet\n");
    };
    let mut response = Response::new(Full::new(text).boxed());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    response
}
