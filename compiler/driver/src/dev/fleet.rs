//! The server processes of `tova dev`: started on sockets that we hold, replaced without a refused connection, started again when
//! they crash, all stopped at the end.

#[cfg(test)]
mod tests;

use std::io::{PipeReader, Read as _};
use std::net::TcpListener;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::event::Event;
use crate::ports::Wish;
use crate::process::Guarded;
use crate::{Problem, Report};

/// How long a server that was replaced may finish its requests.
const DRAIN: Duration = Duration::from_secs(10);
/// How long servers have when everything stops.
const FAREWELL: Duration = Duration::from_secs(3);
/// The first delay before a crashed server is started again; it doubles up to the last one.
const FIRST_DELAY: Duration = Duration::from_millis(500);
const LAST_DELAY: Duration = Duration::from_secs(16);
/// A server that ran this long was fine: its next crash counts as the first.
const HEALTHY: Duration = Duration::from_secs(10);

/// One server of the program.
pub(crate) struct Service {
    /// Its name and the port it asks for.
    pub(crate) wish: Wish,
    /// Where it listens.
    pub(crate) port: u16,
    listener: TcpListener,
    binary: Option<PathBuf>,
    current: Option<Process>,
    next: Option<Process>,
    leaving: Vec<(Process, Instant)>,
    crashes: u32,
    restart_at: Option<Instant>,
}

struct Process {
    guard: Guarded,
    number: u64,
    started: Instant,
}

/// All of them.
pub(crate) struct Fleet<'a> {
    services: Vec<Service>,
    events: Sender<Event>,
    report: &'a dyn Report,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    connect: Vec<String>,
    count: u64,
}

impl<'a> Fleet<'a> {
    /// No servers so far. They will run in `folder` with `environment` on top of ours.
    pub(crate) fn new(
        folder: &Path,
        environment: Vec<(String, String)>,
        events: Sender<Event>,
        report: &'a dyn Report,
    ) -> Self {
        Self {
            services: Vec::new(),
            events,
            report,
            folder: folder.to_path_buf(),
            environment,
            connect: Vec::new(),
            count: 0,
        }
    }

    /// The page may talk to these addresses beside those of the servers.
    pub(crate) fn allow(&mut self, connect: impl IntoIterator<Item = String>) {
        self.connect.extend(connect);
    }

    /// The servers in source order.
    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    /// Puts the servers in this order; sockets come from `bind` for those that are new or have moved. Whoever is left over stops.
    pub(crate) fn arrange(
        &mut self,
        wanted: &[(Wish, u16)],
        mut bind: impl FnMut(&Wish, u16) -> Result<TcpListener, Problem>,
    ) -> Result<(), Problem> {
        let mut fresh = Vec::new();
        for (wish, port) in wanted {
            if !self.services.iter().any(|service| service.is(wish, *port)) {
                fresh.push((wish, *port, bind(wish, *port)?));
            }
        }
        let mut old = std::mem::take(&mut self.services);
        for (wish, port) in wanted {
            if let Some(index) = old.iter().position(|service| service.is(wish, *port)) {
                self.services.push(old.remove(index));
            } else if let Some(index) = fresh.iter().position(|(new, ..)| *new == wish) {
                let (wish, port, listener) = fresh.remove(index);
                self.services.push(Service::new(wish.clone(), port, listener));
            }
        }
        for mut gone in old {
            self.report.line(&format!("  Stopping {} on port {}", gone.wish.label(), gone.port));
            gone.stop();
        }
        Ok(())
    }

    /// Starts `binary` for the server with this index; when it is ready it takes the place of the one that runs.
    pub(crate) fn launch(&mut self, index: usize, binary: &Path) {
        if let Some(service) = self.services.get_mut(index) {
            service.binary = Some(binary.to_path_buf());
            service.crashes = 0;
            self.start(index);
        }
    }

    fn start(&mut self, index: usize) {
        self.count += 1;
        let number = self.count;
        let addresses = self.addresses();
        let Some(service) = self.services.get_mut(index) else { return };
        service.restart_at = None;
        service.next = None;
        let Some(binary) = &service.binary else { return };
        let mut command = Command::new(binary);
        command.current_dir(&self.folder).envs(self.environment.iter().cloned()).envs(addresses).stdin(Stdio::null());
        if self.report.reads_along() {
            command.stdout(Stdio::piped());
        }
        match spawn(&mut command, &service.listener) {
            Ok((mut guard, life)) => {
                if let Some(output) = guard.child().stdout.take() {
                    listen(output, service.wish.name.clone(), self.events.clone());
                }
                service.next = Some(Process { guard, number, started: Instant::now() });
                follow(life, number, self.events.clone());
            }
            Err(error) => self.report.problem(&Problem::io("start", binary, &error)),
        }
    }

    /// What each server has to know of where the others are: their ports, and that the page may talk to them.
    fn addresses(&self) -> Vec<(String, String)> {
        let single = self.services.len() == 1;
        let port = |service: &Service| Some((service.wish.variable(single)?, service.port.to_string()));
        let mut addresses: Vec<(String, String)> = self.services.iter().filter_map(port).collect();
        let all = self.services.iter().flat_map(|service| {
            ["localhost", "127.0.0.1"]
                .into_iter()
                .flat_map(|host| ["http", "ws"].map(|scheme| format!("{scheme}://{host}:{}", service.port)))
        });
        addresses.push((
            "TOVA_CSP_CONNECT".to_owned(),
            self.connect.iter().cloned().chain(all).collect::<Vec<_>>().join(","),
        ));
        addresses
    }

    /// The process with this number accepts connections: it replaces the old one. Gives the index of its server.
    pub(crate) fn ready(&mut self, number: u64) -> Option<usize> {
        let found = |service: &Service| service.next.as_ref().is_some_and(|next| next.number == number);
        let index = self.services.iter().position(found)?;
        let service = self.services.get_mut(index)?;
        let old = std::mem::replace(&mut service.current, service.next.take());
        if let Some(old) = old {
            old.guard.signal_group(Signal::TERM);
            service.leaving.push((old, Instant::now() + DRAIN));
        }
        Some(index)
    }

    /// Whether every server has a process that accepts connections.
    pub(crate) fn all_ready(&self) -> bool {
        self.services.iter().all(|service| service.current.is_some())
    }

    /// Whether a process is on its way.
    pub(crate) fn is_starting(&self) -> bool {
        self.services.iter().any(|service| service.next.is_some())
    }

    /// Looks after those that ended, those that should be started again and those that should have ended by now.
    /// To be called often: it is what notices crashes.
    pub(crate) fn tend(&mut self) {
        let now = Instant::now();
        for index in 0..self.services.len() {
            let Some(service) = self.services.get_mut(index) else { continue };
            service.leaving.retain_mut(|(process, deadline)| process.guard.try_wait().is_none() && now < *deadline);
            if let Some((words, delay)) = service.notice_end(now) {
                let label = service.wish.label();
                match delay {
                    Some(delay) => {
                        self.report.line(&format!("  {label} {words}; starting it again in {}", seconds(delay)))
                    }
                    None => self.report.line(&format!(
                        "  {label}: the new version {words} before it was ready; the old one keeps serving"
                    )),
                }
            }
            if service.restart_at.is_some_and(|at| at <= now) {
                self.start(index);
            }
        }
    }

    /// Stops all of them: those that are asked by SIGINT finish what they are at and leave idle connections alone.
    pub(crate) fn stop(&mut self) {
        let mut processes: Vec<Process> = self.services.iter_mut().flat_map(Service::take_processes).collect();
        for process in &processes {
            process.guard.signal_group(Signal::INT);
        }
        let deadline = Instant::now() + FAREWELL;
        while Instant::now() < deadline {
            processes.retain_mut(|process| process.guard.try_wait().is_none());
            if processes.is_empty() {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        for process in &processes {
            process.guard.signal_group(Signal::KILL);
        }
    }
}

impl Drop for Fleet<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Service {
    fn new(wish: Wish, port: u16, listener: TcpListener) -> Self {
        Self {
            wish,
            port,
            listener,
            binary: None,
            current: None,
            next: None,
            leaving: Vec::new(),
            crashes: 0,
            restart_at: None,
        }
    }

    fn is(&self, wish: &Wish, port: u16) -> bool {
        self.wish.name == wish.name && self.port == port
    }

    fn take_processes(&mut self) -> Vec<Process> {
        let leaving = self.leaving.drain(..).map(|(process, _)| process);
        self.current.take().into_iter().chain(self.next.take()).chain(leaving).collect()
    }

    /// Stops it without waiting for long.
    fn stop(&mut self) {
        for process in self.take_processes() {
            process.guard.signal_group(Signal::TERM);
            thread::spawn(move || {
                let mut process = process;
                let deadline = Instant::now() + FAREWELL;
                while process.guard.try_wait().is_none() && Instant::now() < deadline {
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
    }

    /// If a process ended by itself: how, and after what delay it is started again; no delay if another one serves.
    fn notice_end(&mut self, now: Instant) -> Option<(String, Option<Duration>)> {
        let ended = |process: &mut Option<Process>| -> Option<(ExitStatus, Instant)> {
            let status = process.as_mut()?.guard.try_wait()?;
            process.take().map(|process| (status, process.started))
        };
        let (status, started) = match ended(&mut self.next) {
            Some((status, _)) if self.current.is_some() => return Some((words(status), None)),
            Some(end) => end,
            None => ended(&mut self.current)?,
        };
        if self.next.is_some() {
            // A new version is on its way: it takes over as if nothing had happened.
            return None;
        }
        if started.elapsed() >= HEALTHY {
            self.crashes = 0;
        }
        let delay = FIRST_DELAY.saturating_mul(1 << self.crashes.min(8)).min(LAST_DELAY);
        self.crashes += 1;
        self.restart_at = Some(now + delay);
        Some((words(status), Some(delay)))
    }
}

/// Starts a server on a socket of ours. It writes to the pipe when it is ready, and the pipe ends when it ends.
fn spawn(command: &mut Command, listener: &TcpListener) -> std::io::Result<(Guarded, PipeReader)> {
    let (life, end) = std::io::pipe()?;
    command
        .env("TOVA_DEV", "1")
        .env("TOVA_LISTEN_FD", listener.as_raw_fd().to_string())
        .env("TOVA_READY_FD", end.as_raw_fd().to_string());
    let guard = Guarded::spawn_server(command, &[listener.as_raw_fd(), end.as_raw_fd()])?;
    Ok((guard, life))
}

/// Passes on what a server writes, a few lines at a time.
fn listen(mut output: ChildStdout, name: Option<String>, events: Sender<Event>) {
    thread::spawn(move || {
        let tell = |lines: &[u8]| {
            let (told, wait) = mpsc::channel();
            let lines = String::from_utf8_lossy(lines).into_owned();
            let is_open = events.send(Event::Said { name: name.clone(), lines, told }).is_ok();
            // Fails when the lines are told.
            let _ = wait.recv();
            is_open
        };
        let (mut chunk, mut rest) = (vec![0; 1 << 16], Vec::new());
        while let Ok(read @ 1..) = output.read(&mut chunk) {
            rest.extend_from_slice(chunk.get(..read).unwrap_or_default());
            let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else { continue };
            if !tell(rest.get(..end).unwrap_or_default()) {
                return;
            }
            rest.drain(..=end);
        }
        if !rest.is_empty() {
            tell(&rest);
        }
    });
}

/// Reports what the pipe says.
fn follow(mut life: PipeReader, number: u64, events: Sender<Event>) {
    thread::spawn(move || {
        let mut byte = [0];
        while life.read(&mut byte).is_ok_and(|read| read > 0) {
            if events.send(Event::Ready(number)).is_err() {
                return;
            }
        }
        let _ = events.send(Event::Ended);
    });
}

/// `ended with status 1`, `was killed by signal 9`
fn words(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}

/// `0.5 s`, `4 s`
fn seconds(delay: Duration) -> String {
    format!("{} s", delay.as_secs_f64())
}
