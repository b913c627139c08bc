//! The stream of events from `tova dev` to the open pages.

use std::convert::Infallible;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt as _;
use http_body_util::channel::Channel;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, ORIGIN};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::serve::{Body, Serving, plain, serve};
use crate::Problem;

/// Where the stream of events is served if the port is free, so that open pages find a new `tova dev` again.
const USUAL_PORT: u16 = 23_000;
/// Time between two signs of life on a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Sends events to the pages.
#[derive(Clone)]
pub(crate) struct Hub {
    shared: Arc<Shared>,
    serving: Arc<Serving>,
}

struct Shared {
    sender: broadcast::Sender<Bytes>,
    /// What a page that connects now has to know: the version of the page and the present problems.
    greeting: Mutex<Greeting>,
}

#[derive(Default)]
struct Greeting {
    version: String,
    problems: Option<Bytes>,
    /// Whether the program runs; a page that waited for it may load it then.
    runs: bool,
}

impl Hub {
    /// Starts to serve, in a thread of its own that ends with the process.
    pub(crate) fn start() -> Result<Self, Problem> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, USUAL_PORT))
            .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .map_err(|error| Problem::new(format!("cannot open a socket for the pages' events: {error}")))?;
        let (sender, _) = broadcast::channel(64);
        let shared = Arc::new(Shared { sender, greeting: Mutex::default() });
        let answering = Arc::clone(&shared);
        let serving = serve(listener, move |request| events(&answering, &request))?;
        Ok(Self { shared, serving: Arc::new(serving) })
    }

    /// The port of the stream.
    pub(crate) fn port(&self) -> u16 {
        self.serving.port()
    }

    /// The addresses under which a page may reach the stream, for its content security policy.
    pub(crate) fn sources(&self) -> [String; 2] {
        ["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{}", self.port()))
    }

    /// The page has this version from now on; open pages get it, unless it is the first one.
    pub(crate) fn update(&self, version: &str, change: &Value) {
        self.greeting().version = version.to_owned();
        if !change.is_null() {
            self.send("update", change);
        }
    }

    /// The program runs for the first time: pages that waited for it may load it.
    pub(crate) fn runs(&self) {
        self.greeting().runs = true;
        self.send("runs", &Value::Null);
    }

    /// The program has these problems; pages show them.
    pub(crate) fn problems(&self, problems: &Value) {
        self.greeting().problems = Some(frame("problems", problems));
        self.send("problems", problems);
    }

    /// The program has no problems any more.
    pub(crate) fn no_problems(&self) {
        if self.greeting().problems.take().is_some() {
            self.send("ok", &Value::Null);
        }
    }

    fn greeting(&self) -> std::sync::MutexGuard<'_, Greeting> {
        self.shared.greeting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, event: &str, data: &Value) {
        // No page is open if it fails.
        let _ = self.shared.sender.send(frame(event, data));
    }
}

/// The stream of events, for pages of this machine alone: problems quote the program.
fn events(shared: &Shared, request: &Request<Incoming>) -> Response<Body> {
    let origin = request.headers().get(ORIGIN).cloned();
    let is_local = origin.as_ref().and_then(|origin| origin.to_str().ok()).is_some_and(is_local_origin);
    if request.uri().path() != "/events" || request.method() != Method::GET {
        return plain(StatusCode::NOT_FOUND, "nothing here");
    }
    let Some(origin) = origin.filter(|_| is_local) else {
        return plain(StatusCode::FORBIDDEN, "only pages of this machine may listen");
    };
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(64);
    let mut receiver = shared.sender.subscribe();
    let first = {
        let greeting = shared.greeting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first = vec![frame("hello", &json!({ "version": greeting.version, "runs": greeting.runs }))];
        first.extend(greeting.problems.clone());
        first
    };
    tokio::spawn(async move {
        for frame in first {
            if sender.send_data(frame).await.is_err() {
                return;
            }
        }
        loop {
            let data = match tokio::time::timeout(HEARTBEAT, receiver.recv()).await {
                Ok(Ok(data)) => data,
                Ok(Err(broadcast::error::RecvError::Lagged(_))) => continue,
                Ok(Err(broadcast::error::RecvError::Closed)) => return,
                Err(_) => Bytes::from_static(b":\n\n"),
            };
            if sender.send_data(data).await.is_err() {
                return;
            }
        }
    });
    let mut response = Response::new(body.boxed());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response
}

/// `http://localhost:3000`, `http://127.0.0.1:3000`
fn is_local_origin(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").unwrap_or(origin);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn frame(event: &str, data: &Value) -> Bytes {
    Bytes::from(format!("event: {event}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::is_local_origin;

    #[test]
    fn other_sites_do_not_listen() {
        assert!(is_local_origin("http://localhost:3000"));
        assert!(is_local_origin("http://127.0.0.1"));
        assert!(!is_local_origin("http://localhost.evil.example:3000"));
        assert!(!is_local_origin("https://evil.example"));
    }
}
