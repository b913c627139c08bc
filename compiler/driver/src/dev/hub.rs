//! What `tova dev` itself serves: the stream of events to the pages, and the page of a program without servers.

use std::convert::Infallible;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use http_body_util::channel::Channel;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, ORIGIN,
};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::sync::{broadcast, oneshot};

use crate::{Problem, page};

/// Where the stream of events is served if the port is free, so that open pages find a new `tova dev` again.
const USUAL_PORT: u16 = 23_000;
/// Connections that say nothing are closed after this.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Time between two signs of life on a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

type Body = BoxBody<Bytes, Infallible>;

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

    /// The page has this version from now on; open pages get it.
    pub(crate) fn update(&self, version: &str, change: &Value) {
        self.greeting().version = version.to_owned();
        self.send("update", change);
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

/// A page that is being served; dropping it frees the port.
pub(crate) struct Serving {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    stopped: Option<thread::JoinHandle<()>>,
}

impl Serving {
    /// Where.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.stopped.take() {
            let _ = thread.join();
        }
    }
}

/// Serves the files of a folder on `listener`, any other path being the page's own; `connect` is what the page may talk to.
pub(crate) fn serve_page(listener: TcpListener, folder: &Path, connect: &[String]) -> Result<Serving, Problem> {
    let folder = folder.to_path_buf();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         connect-src 'self' {}; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
        connect.join(" ")
    );
    let policy = HeaderValue::from_str(&policy)
        .map_err(|_| Problem::new("an address in the program cannot stand in a header"))?;
    serve(listener, move |request| file(&folder, &policy, &request))
}

fn serve(
    listener: TcpListener,
    answer: impl Fn(Request<Incoming>) -> Response<Body> + Send + Sync + 'static,
) -> Result<Serving, Problem> {
    let failed = |error: std::io::Error| Problem::new(format!("cannot serve: {error}"));
    listener.set_nonblocking(true).map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let port = listener.local_addr().map_or(0, |address| address.port());
    let (stop, mut stopping) = oneshot::channel::<()>();
    let stopped = thread::spawn(move || {
        runtime.block_on(async move {
            tokio::select! {
                () = accept(listener, Arc::new(answer)) => {}
                _ = &mut stopping => {}
            }
        });
    });
    Ok(Serving { port, stop: Some(stop), stopped: Some(stopped) })
}

async fn accept(
    listener: TcpListener,
    answer: Arc<impl Fn(Request<Incoming>) -> Response<Body> + Send + Sync + 'static>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let answer = Arc::clone(&answer);
        tokio::spawn(async move {
            let service = service_fn(move |request| std::future::ready(Ok::<_, Infallible>(answer(request))));
            let mut http = hyper::server::conn::http1::Builder::new();
            // A page that goes away in the middle of something is nobody's concern.
            let _ = http
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
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
        let mut first = vec![frame("hello", &serde_json::json!({ "version": greeting.version }))];
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

fn file(folder: &Path, policy: &HeaderValue, request: &Request<Incoming>) -> Response<Body> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "only GET");
    }
    let path = request.uri().path();
    let found = inside(folder, path).and_then(|path| std::fs::read(&path).ok().map(|bytes| (path, bytes)));
    let is_navigation = path.rsplit('/').next().is_none_or(|name| !name.contains('.'));
    let index = folder.join("index.html");
    let found =
        found.or_else(|| is_navigation.then(|| std::fs::read(&index).ok().map(|bytes| (index, bytes))).flatten());
    let Some((path, bytes)) = found else { return plain(StatusCode::NOT_FOUND, "no such file") };
    let mut response = Response::new(Full::new(Bytes::from(bytes)).boxed());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(page::content_type(&path.to_string_lossy())));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}

/// The file of that path, if it names one inside of the folder. The files of a page have plain names, so nothing is unescaped.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut file = folder.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') || part.contains(['\\', '%', '\0']) {
            return None;
        }
        file.push(part);
    }
    file.is_file().then_some(file)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())).boxed());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::{inside, is_local_origin};

    #[test]
    fn other_sites_do_not_listen() {
        assert!(is_local_origin("http://localhost:3000"));
        assert!(is_local_origin("http://127.0.0.1"));
        assert!(!is_local_origin("http://localhost.evil.example:3000"));
        assert!(!is_local_origin("https://evil.example"));
    }

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(inside(&folder, "/lib.rs").is_some());
        assert!(inside(&folder, "/../Cargo.toml").is_none());
        assert!(inside(&folder, "/dev/../../Cargo.toml").is_none());
        assert!(inside(&folder, "/").is_none());
    }
}
