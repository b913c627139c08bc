//! `tova dev`: builds, runs, watches.
//!
//! One loop on the main thread ([`session`]) owns everything and is woken by [`event`]s. Beside it: a thread that watches the sources, one
//! that serves the pages' events, one for each compilation, one for each server process's sign of life.

mod event;
mod fleet;
mod frame;
mod hub;
mod log;
mod page;
mod serve;
mod session;
mod signals;
mod units;
mod waiting;
mod watch;

use std::cell::RefCell;

use crate::artifacts::{Loaded, Memory};
use crate::{Problem, Project, Report};

/// What the user asks for.
#[derive(Clone, Debug, Default)]
pub struct DevOptions {
    /// The first port.
    pub port: Option<u16>,
}

/// Runs the program until a signal ends it, taking in every change of its sources.
///
/// # Errors
/// If it cannot be started for a reason that no change of its sources can cure.
pub fn dev(project: &Project, options: &DevOptions, report: &dyn Report) -> Result<(), Problem> {
    // Who runs the command says it last.
    let options = &DevOptions { port: options.port.or(project.config.port) };
    let memory = RefCell::new(Memory::default());
    let load = |project: &Project| Loaded::for_dev(project, options.port, &mut memory.borrow_mut());
    session::Session::start(project, options, report, &load)?.run()
}
