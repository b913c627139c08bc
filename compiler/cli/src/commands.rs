//! One file for each command: its arguments, its help, and the call of the driver.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod dev;
pub(crate) mod doc;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod lsp;
pub(crate) mod new;
pub(crate) mod repl;
pub(crate) mod run;
pub(crate) mod test;
pub(crate) mod token;

use std::process::ExitCode;

use tova_driver::Problem;

/// What every command gives.
pub(crate) type Outcome = Result<ExitCode, Problem>;
