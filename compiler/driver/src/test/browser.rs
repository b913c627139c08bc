//! A page with tests in it, and the browser that shows it. The page comes from a server of ours on this machine alone, and tells it how the
//! tests end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::runner::Started;
use crate::process::Guarded;
use crate::{Problem, files};

/// The page around the tests: a frame for each, one after another.
const AROUND: &str = include_str!("around.html");
/// The page of one test.
const FRAME: &str = include_str!("frame.html");

/// Names under which browsers of this kind are installed.
const BROWSERS: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell"];

/// What a browser is started with: no window, nothing of its own to do.
const ARGUMENTS: [&str; 13] = [
    "--headless",
    // The page is the user's own program, and in containers there is no sandbox to have.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
];

/// A page with tests.
#[derive(Debug)]
pub(super) struct Page {
    browser: PathBuf,
    /// Where browsers keep what they need while they run.
    profiles: PathBuf,
    server: PageServer,
}

/// The server of the page.
#[derive(Debug)]
struct PageServer {
    address: SocketAddr,
    /// Where the page's words go.
    listener: Listener,
    is_over: Arc<AtomicBool>,
}

/// Who hears what the page tells, while somebody does.
type Listener = Arc<Mutex<Option<(Sender<Vec<u8>>, String)>>>;

impl Page {
    /// A page of these files, paths with their first `/`.
    pub(super) fn new(files: Vec<(String, Vec<u8>)>, profiles: PathBuf) -> Result<Self, Problem> {
        Ok(Self { browser: find_browser()?, profiles, server: PageServer::start(files)? })
    }

    /// Starts a browser that runs the tests of these numbers.
    pub(super) fn start(&self, numbers: &[String], mark: &str) -> Result<Started, Problem> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (sender, lines) = mpsc::channel();
        *self.server.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some((sender, mark.to_owned()));
        files::remove_dir(&self.profiles)?;
        let profile = self.profiles.join(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
        let mut command = Command::new(&self.browser);
        command
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("http://{}/#{}", self.server.address, numbers.join(",")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = Guarded::spawn(&mut command).map_err(|error| Problem::io("start", &self.browser, &error))?;
        Ok(Started { child, lines })
    }
}

/// The browser of this machine.
fn find_browser() -> Result<PathBuf, Problem> {
    if let Some(named) = std::env::var_os("TOVA_BROWSER").filter(|name| !name.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let apps = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let installed = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    installed.chain(apps.map(PathBuf::from)).find(|file| file.is_file()).ok_or_else(|| {
        Problem::new("tests of components run in Chromium, and there is none on this machine").help(
            "install it: `apt install chromium`, `dnf install chromium` or https://www.google.com/chrome; or name one by TOVA_BROWSER=PATH",
        )
    })
}

impl PageServer {
    fn start(files: Vec<(String, Vec<u8>)>) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| Problem::new(format!("cannot listen on this machine: {error}"));
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let (listener, is_over) = (Listener::default(), Arc::new(AtomicBool::new(false)));
        let (told, over) = (Arc::clone(&listener), Arc::clone(&is_over));
        let files = Arc::new(files);
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                if over.load(Ordering::Acquire) {
                    return;
                }
                let (files, told) = (Arc::clone(&files), Arc::clone(&told));
                thread::spawn(move || {
                    // A browser that goes away in the middle is no matter.
                    let _ = answer(&stream, &files, &told);
                });
            }
        });
        Ok(Self { address, listener, is_over })
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        // Wakes the thread that listens.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// The largest thing that a page says at once.
const MOST: u64 = 16 << 20;

/// Answers one request.
fn answer(stream: &TcpStream, files: &[(String, Vec<u8>)], told: &Listener) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.by_ref().take(8192).read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.by_ref().take(65_536).read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    if method == "POST" && path == "/tell" {
        let mut body = Vec::new();
        reader.take(length.min(MOST)).read_to_end(&mut body)?;
        hear(&body, told);
        return reply(stream, "204 No Content", "text/plain", b"");
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    match path {
        "/" => reply(stream, "200 OK", "text/html; charset=utf-8", AROUND.as_bytes()),
        "/frame" => reply(stream, "200 OK", "text/html; charset=utf-8", FRAME.as_bytes()),
        _ if path.starts_with("/rpc/") => {
            let problem = br#"{"error":{"code":"NO_SERVER","message":"tests of components have no server"}}"#;
            reply(stream, "503 Service Unavailable", "application/json", problem)
        }
        _ => match files.iter().find(|(name, _)| name == path) {
            Some((name, content)) => reply(stream, "200 OK", content_type(name), content),
            None => reply(stream, "404 Not Found", "text/plain", b""),
        },
    }
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

/// Passes on what the page says, one object after another, as a harness on standard output would say it.
fn hear(body: &[u8], told: &Listener) {
    let Ok(said) = serde_json::from_slice::<serde_json::Value>(body) else { return };
    let listener = told.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((sender, mark)) = &*listener else { return };
    let line = match said["print"].as_str() {
        Some(text) => format!("{text}\n"),
        None => format!("{mark}{said}\n"),
    };
    let _ = sender.send(line.into_bytes());
}
