//! Programs that a test starts and that end with it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::wait;

/// A running program, what it has printed so far, and the promise that it is gone when this value is.
pub struct Program {
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Program {
    /// Starts a program in a process group of its own, with no standard input.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", command.get_program().display())))?;
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take(), &printed);
        collect(child.stderr.take(), &printed);
        Ok(Self { child, printed })
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything on standard output and standard error so far.
    #[must_use]
    pub fn printed(&self) -> String {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until the program has printed `text`.
    ///
    /// # Errors
    /// What it printed instead, if it ends or `limit` is over.
    pub fn wait_for(&mut self, text: &str, limit: Duration) -> Result<(), String> {
        let ended = wait::until(limit, || {
            if self.printed().contains(text) {
                return Some(true);
            }
            self.child.try_wait().ok().flatten().map(|_| false)
        });
        // What it printed last may arrive after the news of its end.
        if ended == Some(false) {
            thread::sleep(Duration::from_millis(50));
        }
        if self.printed().contains(text) {
            return Ok(());
        }
        Err(format!("waited for {text:?}, but the program printed:\n{}", self.printed()))
    }

    /// Waits until the program accepts connections on this port.
    ///
    /// # Errors
    /// What it printed, if it ends or `limit` is over.
    pub fn wait_for_port(&mut self, port: u16, limit: Duration) -> Result<(), String> {
        let open = wait::until(limit, || {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Some(true);
            }
            self.child.try_wait().ok().flatten().map(|_| false)
        });
        if open == Some(true) {
            Ok(())
        } else {
            Err(format!("nothing listens on {port}; printed:\n{}", self.printed()))
        }
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: Signal) {
        if let Some(id) = pid(self.id()) {
            let _ = kill_process(id, signal);
        }
    }

    /// Waits for the end of the program; `None` when `limit` is over.
    pub fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        wait::until(limit, || self.child.try_wait().ok().flatten())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // A polite end first: `tova dev` looks after its own children.
            self.signal(Signal::TERM);
            if self.wait(Duration::from_secs(7)).is_none()
                && let Some(id) = pid(self.id())
            {
                let _ = kill_process_group(id, Signal::KILL);
            }
        }
        let _ = self.child.wait();
    }
}

fn pid(id: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(id).ok()?)
}

/// Whether there is a process with this id that has not ended.
#[must_use]
pub fn is_running(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| stat.rsplit(") ").next().is_some_and(|rest| !rest.starts_with('Z')))
}

/// Sends SIGKILL to one process.
pub fn kill(id: u32) {
    if let Some(id) = pid(id) {
        let _ = kill_process(id, Signal::KILL);
    }
}

/// The processes that this one started, and those that they started.
#[must_use]
pub fn descendants(id: u32) -> BTreeSet<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent = stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()?;
            Some((id, parent))
        })
        .collect();
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(parent) = open.pop() {
        let children = parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id);
        open.extend(children.filter(|child| found.insert(*child)).collect::<Vec<_>>());
    }
    found
}

/// `count` neighbouring ports of this machine that nobody listens on.
///
/// # Panics
/// If the machine has none left.
#[must_use]
pub fn free_ports(count: u16) -> u16 {
    // Below the ports that the system hands out by itself, and another start for each process so that runs side by side do not meet.
    let start = 12_000 + u16::try_from(std::process::id() % 1_500).unwrap_or(0) * 10;
    static NEXT: Mutex<u16> = Mutex::new(0);
    let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
    for offset in *next..1_000 {
        let first = start + offset;
        if (first..first + count).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()) {
            *next = offset + count;
            return first;
        }
    }
    panic!("no free ports above {start}")
}

fn collect(stream: Option<impl Read + Send + 'static>, into: &Arc<Mutex<String>>) {
    let Some(mut stream) = stream else { return };
    let into = Arc::clone(into);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length) = stream.read(&mut buffer) {
            if length == 0 {
                break;
            }
            let text = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned();
            into.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
        }
    });
}
