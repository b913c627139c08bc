//! `tova build`

use std::path::PathBuf;
use std::process::ExitCode;

use tova_driver::{BuildOptions, Project};

use super::Outcome;
use crate::terminal::Terminal;

/// Build a program for production: one native binary for each server, and the page
///
/// The output folder holds the binaries (the one that serves the page has it inside), `client/` with the page's files for a CDN, and `src/` with the
/// generated Rust crates, which `cargo build` compiles without tova. It is replaced as a whole when everything has been built.
#[derive(clap::Args)]
#[command(after_help = "Example: tova build app.tova && AUTH_SECRET=… ./dist/api")]
pub(crate) struct Arguments {
    /// A `.tova` file, or a folder whose `.tova` files are one program
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// The folder to make
    #[arg(short, long, value_name = "DIR", default_value = "dist")]
    output: PathBuf,
    /// Build faster: optimised, but not as a whole (no link-time optimisation)
    #[arg(long)]
    quick: bool,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let options = BuildOptions { output: self.output, quick: self.quick };
        let built = tova_driver::build(&Project::find(&self.path)?, &options, &Terminal::default())?;
        Ok(if built { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
