//! Child processes that end when we end.

use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};

use rustix::io::FdFlags;
use rustix::process::{Pid, Signal, getpid};

/// A child that is killed when this is dropped before it ended.
#[derive(Debug)]
pub(crate) struct Guarded(Child);

impl Guarded {
    /// Starts a tool. It stays in our process group, so that Ctrl-C reaches it too.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<Self> {
        tie(command, Signal::TERM, &[]);
        command.spawn().map(Self)
    }

    /// Starts a server: with a process group of its own, which `tova dev` stops in order, and with some of our open files.
    /// Linux sends the death signal when the *thread* that started it ends: call this from one that stays.
    pub(crate) fn spawn_server(command: &mut Command, inherited: &[RawFd]) -> io::Result<Self> {
        command.process_group(0);
        tie(command, Signal::KILL, inherited);
        command.spawn().map(Self)
    }

    /// The child itself.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        self.0.wait()
    }

    /// How it ended, if it has.
    pub(crate) fn try_wait(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }

    /// Sends a signal to its process group; only for what [`Self::spawn_server`] started.
    pub(crate) fn signal_group(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if self.try_wait().is_none() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// Has the kernel send `signal` to the child when we die, whatever we die of, and leaves `inherited` open in it.
#[expect(unsafe_code, reason = "the only way to run code between fork and exec")]
fn tie(command: &mut Command, signal: Signal, inherited: &[RawFd]) {
    let parent = getpid();
    let inherited = inherited.to_vec();
    // SAFETY: the closure makes plain system calls and allocates nothing, so it may run between fork and exec; the descriptors
    // are open in the parent until `spawn` returns, as every caller holds their owners.
    unsafe {
        command.pre_exec(move || {
            die_with(parent, signal)?;
            for fd in &inherited {
                rustix::io::fcntl_setfd(BorrowedFd::borrow_raw(*fd), FdFlags::empty())?;
            }
            Ok(())
        });
    }
}

#[cfg(target_os = "linux")]
fn die_with(parent: Pid, signal: Signal) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(signal))?;
    if rustix::process::getppid() == Some(parent) {
        Ok(())
    } else {
        // We died before the line above took effect.
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with(_parent: Pid, _signal: Signal) -> io::Result<()> {
    Ok(())
}
