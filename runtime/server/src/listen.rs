//! The process around a server: threads, the listening socket, signals.

use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::log;
use crate::settings;

/// How a server is told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Idle connections stay open for a moment: a request may be on its way (SIGTERM).
    Politely,
    /// Only running requests are waited for (SIGINT).
    AtOnce,
}

/// Whether another process serves the listening socket until this one is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TakeOver {
    Yes,
    No,
}

/// As many threads as cores, or as `TOVA_WORKERS` says.
pub(crate) fn runtime() -> Result<Runtime, String> {
    let mut builder = Builder::new_multi_thread();
    if let Some(workers) = settings::positive("TOVA_WORKERS")? {
        builder.worker_threads(workers);
    }
    builder.enable_all().build().map_err(|problem| format!("no threads: {problem}"))
}

/// The listening socket: the one that `tova dev` holds, else a new one.
pub(crate) async fn open(port: u16, name: &str, single: bool) -> Result<(TcpListener, TakeOver), String> {
    if let Some(number) = settings::variable("TOVA_LISTEN_FD") {
        let is_open = std::fs::symlink_metadata(format!("/dev/fd/{number}")).is_ok();
        let number = number.parse().ok().filter(|_| is_open).ok_or("TOVA_LISTEN_FD must be an open file descriptor")?;
        let listener = inherited(number).map_err(|problem| format!("TOVA_LISTEN_FD: {problem}"))?;
        return Ok((listener, TakeOver::Yes));
    }
    let host = settings::host();
    match TcpListener::bind((host.as_str(), port)).await {
        Ok(listener) => Ok((listener, TakeOver::No)),
        Err(problem) if problem.kind() == io::ErrorKind::AddrInUse => {
            let variable =
                if single || name.is_empty() { "PORT".to_owned() } else { format!("PORT_{}", name.to_uppercase()) };
            Err(format!("port {port} is taken; set {variable} to use another one"))
        }
        Err(problem) => Err(format!("cannot listen on {host}:{port}: {problem}")),
    }
}

#[expect(unsafe_code, reason = "the one way to own a descriptor that was inherited by number")]
fn inherited(number: i32) -> io::Result<TcpListener> {
    use std::os::fd::FromRawFd;
    // SAFETY: the parent opened the descriptor for this process alone to use, and this is called once.
    let listener = unsafe { std::net::TcpListener::from_raw_fd(number) };
    // A descriptor that is not a listening socket fails here.
    listener.local_addr()?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// Tells `tova dev` that the server is ready: one byte into the pipe that it holds the other end of. The descriptor itself stays open,
/// so that the pipe ends with the process.
pub(crate) fn tell_ready() -> bool {
    let Some(number) = settings::variable("TOVA_READY_FD") else { return false };
    let told = std::fs::OpenOptions::new().write(true).open(format!("/dev/fd/{number}")).and_then(|mut pipe| {
        use std::io::Write;
        pipe.write_all(b"r")
    });
    if let Err(problem) = told {
        log::event(log::Level::Error, "TOVA_READY_FD is no open pipe", &[("message", &problem.to_string())]);
    }
    true
}

/// Resolves at the first SIGTERM or SIGINT. A second one ends the process.
pub(crate) fn stop_signal() -> Result<impl Future<Output = Stop>, String> {
    let listen = |kind| signal(kind).map_err(|problem| format!("no signals: {problem}"));
    let (mut term, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        let stop = tokio::select! {
            _ = term.recv() => Stop::Politely,
            _ = interrupt.recv() => Stop::AtOnce,
        };
        tokio::spawn(async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = interrupt.recv() => {}
            }
            log::flush();
            std::process::exit(130);
        });
        stop
    })
}

/// `SHUTDOWN_DELAY`: seconds for which a stopping server still accepts, so that load balancers see it is not ready.
pub(crate) fn shutdown_delay() -> Option<Duration> {
    settings::variable("SHUTDOWN_DELAY")?.parse().ok().map(Duration::from_secs)
}

/// Tells whoever started the process why it ends.
pub(crate) fn complain(problem: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = io::Write::write_fmt(&mut io::stderr().lock(), format_args!("error: {problem}\n"));
}
