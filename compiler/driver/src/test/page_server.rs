//! The server of a page with tests, on this machine alone: it gives the page its files, hears how the tests end, and passes on what the page
//! asks of the program's servers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::servers::{self, Keeper, Ports, Servers};
use crate::Problem;

/// The page around the tests: a frame for each, one after another.
const AROUND: &str = include_str!("around.html");
/// The page of one test.
const FRAME: &str = include_str!("frame.html");
/// The largest thing that a page says at once.
const MOST: u64 = 16 << 20;

/// A running server.
#[derive(Debug)]
pub(super) struct PageServer {
    address: SocketAddr,
    state: Arc<State>,
}

/// What all requests see.
#[derive(Debug)]
struct State {
    files: Vec<(String, Vec<u8>)>,
    /// Where the page's words go, and the mark that they get, while somebody listens.
    listener: Mutex<Option<(Sender<Vec<u8>>, String)>>,
    keeper: Mutex<Keeper>,
    /// Where the servers of the test are that runs.
    ports: Mutex<Ports>,
    is_over: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl PageServer {
    /// Serves these files, paths with their first `/`.
    pub(super) fn start(files: Vec<(String, Vec<u8>)>, servers: Servers) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| Problem::new(format!("cannot listen on this machine: {error}"));
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let state = Arc::new(State {
            files,
            listener: Mutex::default(),
            keeper: Mutex::new(servers.keep()),
            ports: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                if shared.is_over.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    // A browser that goes away in the middle is no matter.
                    let _ = shared.answer(&stream);
                });
            }
        });
        Ok(Self { address, state })
    }

    /// Where it is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, what the page tells goes there, marked as a harness on standard output would mark it.
    pub(super) fn tell(&self, listener: Sender<Vec<u8>>, mark: &str) {
        *lock(&self.state.listener) = Some((listener, mark.to_owned()));
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::Release);
        // Wakes the thread that listens.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// A request, as far as it matters here.
#[derive(Debug, Default)]
struct Request {
    method: String,
    /// With its query.
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> std::io::Result<Self> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.by_ref().take(65_536).read_line(&mut line)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut request = Self { method, path, ..Self::default() };
        loop {
            let mut header = String::new();
            if reader.by_ref().take(65_536).read_line(&mut header)? == 0 || header.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':') {
                request.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        reader.take(MOST.min(length)).read_to_end(&mut request.body)?;
        Ok(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl State {
    fn answer(&self, stream: &TcpStream) -> std::io::Result<()> {
        let request = Request::read(stream)?;
        let path = request.path.split(['?', '#']).next().unwrap_or_default();
        if let Some((server, rest)) = of_server(&request.path) {
            return self.pass_on(stream, &request, server, rest);
        }
        match (request.method.as_str(), path) {
            ("POST", "/tell") => {
                self.hear(&request.body);
                reply(stream, "204 No Content", "text/plain", b"")
            }
            (_, "/") => reply(stream, "200 OK", "text/html; charset=utf-8", AROUND.as_bytes()),
            (_, "/frame") => {
                self.renew_servers();
                reply(stream, "200 OK", "text/html; charset=utf-8", FRAME.as_bytes())
            }
            _ => match self.files.iter().find(|(name, _)| name == path) {
                Some((name, content)) => reply(stream, "200 OK", content_type(name), content),
                None => reply(stream, "404 Not Found", "text/plain", b""),
            },
        }
    }

    /// Each test finds servers in which nothing has happened yet.
    fn renew_servers(&self) {
        let listener = lock(&self.listener).clone();
        if let Some((printed, mark)) = listener {
            let ports = lock(&self.keeper).renew(&printed, &mark);
            *lock(&self.ports) = ports;
        }
    }

    /// Passes on what the page says, one object after another.
    fn hear(&self, body: &[u8]) {
        let Ok(said) = serde_json::from_slice::<serde_json::Value>(body) else { return };
        let listener = lock(&self.listener);
        let Some((sender, mark)) = &*listener else { return };
        let line = match said["print"].as_str() {
            Some(text) => format!("{text}\n"),
            None => format!("{mark}{said}\n"),
        };
        let _ = sender.send(line.into_bytes());
    }

    /// Asks a server of the program what the page asks it.
    fn pass_on(&self, mut stream: &TcpStream, request: &Request, server: u32, path: &str) -> std::io::Result<()> {
        let port = lock(&self.ports).get(&server).cloned();
        let answer = match port {
            Some(Ok(port)) => servers::ask(port, &passed(request, path)).map_err(|error| error.to_string()),
            Some(Err(problem)) => Err(problem),
            None => Err("the server does not run".to_owned()),
        };
        match answer {
            Ok(answer) => stream.write_all(&answer),
            Err(problem) => {
                let problem = serde_json::json!({ "error": { "code": "NO_SERVER", "message": problem } }).to_string();
                reply(stream, "503 Service Unavailable", "application/json", problem.as_bytes())
            }
        }
    }
}

/// The number of the server that a path means, and the rest of the path.
fn of_server(path: &str) -> Option<(u32, &str)> {
    let rest = path.strip_prefix("/server-")?;
    let end = rest.find('/')?;
    let (number, rest) = rest.split_at(end);
    Some((number.parse().ok()?, rest))
}

/// The request as the server gets it: it comes from a page of its own, so no origin is foreign.
fn passed(request: &Request, path: &str) -> Vec<u8> {
    let mut head = format!("{} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n", request.method);
    for name in ["content-type", "authorization", "accept"] {
        if let Some(value) = request.header(name) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", request.body.len()));
    let mut all = head.into_bytes();
    all.extend_from_slice(&request.body);
    all
}

fn content_type(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn reply(mut stream: &TcpStream, status: &str, content_type: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}
