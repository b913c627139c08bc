//! Real processes on real sockets, from a small server that needs nothing but the standard library.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tova_diagnostics::Diagnostic;
use tova_source::SourceMap;

use super::Fleet;
use crate::dev::event::Event;
use crate::ports::Wish;
use crate::{Problem, Report};

/// Answers each connection with its version and closes it; drains on SIGTERM.
const SERVER: &str = r#"
use std::{env, fs, io::{Read, Write}, net::TcpListener, os::fd::FromRawFd, process, sync::atomic::{AtomicBool, Ordering}, thread, time::Duration};
unsafe extern "C" { fn signal(number: i32, handler: extern "C" fn(i32)) -> usize; }
static STOP: AtomicBool = AtomicBool::new(false);
extern "C" fn stop(_: i32) { STOP.store(true, Ordering::SeqCst); }
fn main() {
    if VERSION == "broken" { process::exit(3) }
    unsafe { signal(15, stop) };
    let number: i32 = env::var("TOVA_LISTEN_FD").unwrap().parse().unwrap();
    let listener = unsafe { TcpListener::from_raw_fd(number) };
    listener.set_nonblocking(true).unwrap();
    fs::File::options().write(true).open(format!("/dev/fd/{}", env::var("TOVA_READY_FD").unwrap())).unwrap().write_all(b"1").unwrap();
    while !STOP.load(Ordering::SeqCst) {
        let Ok((mut stream, _)) = listener.accept() else { thread::sleep(Duration::from_micros(200)); continue };
        stream.set_nonblocking(false).unwrap();
        let mut buffer = [0; 4];
        let _ = stream.read(&mut buffer);
        if &buffer == b"die!" { process::abort() }
        let _ = stream.write_all(VERSION.as_bytes());
    }
}
"#;

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Lines {
    fn contain(&self, text: &str) -> bool {
        self.0.lock().expect("lines").iter().any(|line| line.contains(text))
    }
}

impl Report for Lines {
    fn line(&self, text: &str) {
        self.0.lock().expect("lines").push(text.to_owned());
    }
    fn problem(&self, problem: &Problem) {
        self.line(&problem.message);
    }
    fn diagnostics(&self, _: &SourceMap, _: &[Diagnostic]) {}
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64, _: &str) {}
    fn end(&self, _: &str) {}
}

/// A folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tova-fleet-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn compile(&self, version: &str) -> PathBuf {
        let source = self.0.join(format!("{version}.rs"));
        std::fs::write(&source, format!("const VERSION: &str = \"{version}\";\n{SERVER}")).expect("written");
        let binary = self.0.join(version);
        let status =
            Command::new("rustc").arg("--edition=2024").arg(&source).arg("-o").arg(&binary).status().expect("rustc");
        assert!(status.success());
        binary
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A fleet of one server, and the port that it listens on.
fn fleet<'a>(folder: &Path, report: &'a Lines) -> (Fleet<'a>, Receiver<Event>, u16) {
    let (events, inbox) = mpsc::channel();
    let mut fleet = Fleet::new(folder, Vec::new(), events, report);
    let wish = Wish { name: Some("api".into()), port: None };
    let mut port = 0;
    let bind = |_: &Wish, _: u16| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        port = listener.local_addr().expect("bound").port();
        Ok(listener)
    };
    fleet.arrange(&[(wish, 1)], bind).expect("arranged");
    (fleet, inbox, port)
}

/// Runs the main loop until something is so.
fn turn(fleet: &mut Fleet<'_>, inbox: &Receiver<Event>, mut until: impl FnMut(&Fleet<'_>) -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !until(fleet) {
        assert!(Instant::now() < end, "it did not happen");
        if let Ok(Event::Ready(number)) = inbox.recv_timeout(Duration::from_millis(5)) {
            fleet.ready(number);
        }
        fleet.tend();
    }
}

fn ask(port: u16, question: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(question.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn is_alive(process: u32) -> bool {
    // A process that nobody has waited for yet is dead too.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

#[test]
fn a_new_version_takes_over_without_a_failed_connection() {
    let (folder, report) = (Folder::new("takeover"), Lines::default());
    let versions = ["one", "two", "three"].map(|version| folder.compile(version));
    let (mut fleet, inbox, port) = fleet(&folder.0, &report);
    fleet.launch(0, &versions[0]);
    turn(&mut fleet, &inbox, |fleet| fleet.all_ready());
    let (stop, good, bad) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (stop, good, bad) = (Arc::clone(&stop), Arc::clone(&good), Arc::clone(&bad));
            thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let count = if ask(port, "hey!").is_ok_and(|answer| !answer.is_empty()) { &good } else { &bad };
                    count.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for (binary, version) in versions.iter().zip(["one", "two", "three"]).skip(1) {
        fleet.launch(0, binary);
        turn(&mut fleet, &inbox, |fleet| !fleet.is_starting());
        // The old one may still answer what it had accepted, the new one answers soon.
        turn(&mut fleet, &inbox, |_| ask(port, "hey!").is_ok_and(|answer| answer == version));
    }
    // On a busy machine the exchange may be over before the clients have asked often.
    turn(&mut fleet, &inbox, |_| good.load(Ordering::SeqCst) > 20);
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        client.join().expect("a client");
    }
    assert_eq!(bad.load(Ordering::SeqCst), 0, "of {}", good.load(Ordering::SeqCst));
}

#[test]
fn a_version_that_does_not_start_leaves_the_old_one_serving() {
    let (folder, report) = (Folder::new("broken"), Lines::default());
    let (good, broken) = (folder.compile("good"), folder.compile("broken"));
    let (mut fleet, inbox, port) = fleet(&folder.0, &report);
    fleet.launch(0, &good);
    turn(&mut fleet, &inbox, |fleet| fleet.all_ready());
    fleet.launch(0, &broken);
    turn(&mut fleet, &inbox, |_| report.contain("server:api: the new version ended with status 3 before it was ready"));
    assert_eq!(ask(port, "hey!").expect("an answer"), "good");
}

#[test]
fn a_crashed_server_is_started_again_and_stopping_leaves_nobody() {
    let (folder, report) = (Folder::new("crash"), Lines::default());
    let binary = folder.compile("good");
    let (mut fleet, inbox, port) = fleet(&folder.0, &report);
    fleet.launch(0, &binary);
    turn(&mut fleet, &inbox, |fleet| fleet.all_ready());
    let _ = ask(port, "die!");
    turn(&mut fleet, &inbox, |_| report.contain("server:api was killed by signal 6; starting it again in 0.5 s"));
    assert!(!fleet.all_ready());
    // The socket is ours, so this one only waits.
    let waiting = thread::spawn(move || ask(port, "hey!"));
    turn(&mut fleet, &inbox, |fleet| fleet.all_ready());
    assert_eq!(waiting.join().expect("a client").expect("an answer"), "good");
    let process = fleet.services[0].current.as_mut().expect("a process").guard.child().id();
    assert!(is_alive(process));
    fleet.stop();
    assert!(!is_alive(process));
}
