//! The servers that a page under test calls: new ones for each test, each with an empty database in memory.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::runner::{self, Started};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(10);

/// Under which path of the page's own server a server is reached.
pub(super) fn base(server: usize) -> String {
    format!("/server-{server}")
}

/// Servers that are not started yet.
#[derive(Debug)]
pub(super) struct Servers {
    binaries: Vec<(u32, PathBuf)>,
    folder: PathBuf,
}

/// Where a server is, or why it is nowhere.
pub(super) type Ports = BTreeMap<u32, Result<u16, String>>;

/// A wish for new servers: who hears what they print, the mark of what they tell, and where the answer goes.
type Wish = (Sender<Vec<u8>>, String, Sender<Ports>);

/// The thread that keeps servers. They end with it, and it ends with this.
#[derive(Debug)]
pub(super) struct Keeper(Sender<Wish>);

impl Servers {
    /// Servers with these numbers and binaries, in the folder of the program.
    pub(super) fn new(binaries: Vec<(u32, PathBuf)>, folder: &Path) -> Self {
        Self { binaries, folder: folder.to_path_buf() }
    }

    /// Starts the thread that keeps them.
    pub(super) fn keep(self) -> Keeper {
        let (wishes, received) = mpsc::channel::<Wish>();
        thread::spawn(move || {
            let mut running: Vec<Started> = Vec::new();
            while let Ok((printed, mark, answer)) = received.recv() {
                running.clear();
                let mut ports = Ports::new();
                for (server, binary) in &self.binaries {
                    let port = start(binary, &self.folder, (&printed, &mark), &mut running);
                    ports.insert(*server, port);
                }
                let _ = answer.send(ports);
            }
        });
        Keeper(wishes)
    }
}

impl Keeper {
    /// Ends the servers that run and starts new ones.
    pub(super) fn renew(&self, printed: &Sender<Vec<u8>>, mark: &str) -> Ports {
        let (answer, ports) = mpsc::channel();
        let wish = (printed.clone(), mark.to_owned(), answer);
        if self.0.send(wish).is_err() {
            return Ports::new();
        }
        ports.recv().unwrap_or_default()
    }
}

/// Starts a server and waits until it takes requests.
fn start(
    binary: &Path,
    folder: &Path,
    (printed, mark): (&Sender<Vec<u8>>, &str),
    running: &mut Vec<Started>,
) -> Result<u16, String> {
    let mut started = runner::start_in(Command::new(binary).arg("serve").env("TOVA_WORKERS", "1"), folder, mark)
        .map_err(|problem| problem.to_string())?;
    let lines = std::mem::replace(&mut started.lines, mpsc::channel().1);
    running.push(started);
    let end = Instant::now() + PATIENCE;
    let mut said = Vec::new();
    let port = loop {
        let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) else {
            let said = String::from_utf8_lossy(&said).trim().to_owned();
            return Err(format!("the server did not start: {said}"));
        };
        match port_of(&line, mark) {
            Some(port) => break port,
            None => said.extend(line),
        }
    };
    pass_on(lines, printed.clone());
    while !is_ready(port) {
        if Instant::now() > end {
            return Err("the server did not come to take requests".to_owned());
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(port)
}

/// The port that a line tells.
fn port_of(line: &[u8], mark: &str) -> Option<u16> {
    let text = String::from_utf8_lossy(line);
    let (_, said) = text.split_once(mark)?;
    let said: Value = serde_json::from_str(said).ok()?;
    u16::try_from(said["port"].as_u64()?).ok()
}

/// What a server prints belongs to the test that runs.
fn pass_on(lines: Receiver<Vec<u8>>, printed: Sender<Vec<u8>>) {
    thread::spawn(move || {
        while let Ok(line) = lines.recv() {
            if printed.send(line).is_err() {
                return;
            }
        }
    });
}

fn is_ready(port: u16) -> bool {
    let answer = ask(port, b"GET /ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    answer.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
}

/// Sends a request to a server and reads its whole answer.
pub(super) fn ask(port: u16, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
