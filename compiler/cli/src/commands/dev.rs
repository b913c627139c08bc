//! `tova dev`

use std::path::PathBuf;
use std::process::ExitCode;

use tova_driver::{DevOptions, Project};

use super::Outcome;
use crate::terminal::Terminal;

/// Run a program while you write it: every change arrives at once
///
/// A change of a client block reaches the open page with its state kept. A change of a server block compiles that server, which takes over
/// without a refused connection. An error is shown here and over the page, and the last good version keeps running. Ctrl-C stops everything.
#[derive(clap::Args)]
#[command(
    after_help = "Ports: the first server takes 3000, the next 3001, … PORT_<NAME>=4000 moves one of them, --port all of them, `port` below [dev] in tova.toml all of a project."
)]
pub(crate) struct Arguments {
    /// A `.tova` file, or a folder whose `.tova` files are one program
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// The port of the first server; the others count on from it
    #[arg(short, long, value_name = "N", value_parser = crate::mistyped::port)]
    port: Option<u16>,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        tova_driver::dev(&Project::find(&self.path)?, &DevOptions { port: self.port }, &Terminal::default())?;
        Ok(ExitCode::SUCCESS)
    }
}
