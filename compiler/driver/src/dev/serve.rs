//! What `tova dev` itself serves over HTTP, each on a thread of its own.

use std::convert::Infallible;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::oneshot;

use crate::{Problem, page};

/// Connections that say nothing are closed after this.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The body of an answer.
pub(super) type Body = BoxBody<Bytes, Infallible>;

/// Something that is being served; dropping it frees the port.
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

/// Answers what comes in on `listener`, until the result is dropped.
pub(super) fn serve(
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

/// An answer of one text.
pub(super) fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())).boxed());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(inside(&folder, "/lib.rs").is_some());
        assert!(inside(&folder, "/../Cargo.toml").is_none());
        assert!(inside(&folder, "/dev/../../Cargo.toml").is_none());
        assert!(inside(&folder, "/").is_none());
    }
}
