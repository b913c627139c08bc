//! `tova check`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use tova_driver::{Check, Project, json};

use super::Outcome;
use crate::{render, terminal};

/// Find the errors of a program without building it
///
/// Ends with 1 if there are errors, with 0 otherwise.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A `.tova` file, or a folder whose `.tova` files are one program
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// How to write what was found: for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    message_format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let check = tova_driver::check(&Project::find(&self.path)?)?;
        match self.message_format {
            Format::Json => print_json(&check),
            Format::Human => print_human(&check),
        }
        Ok(if check.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print_json(check: &Check) {
    for diagnostic in &check.diagnostics {
        terminal::print(&json::diagnostic(&check.sources.map, diagnostic).to_string());
    }
}

fn print_human(check: &Check) {
    render::diagnostics(&check.sources.map, &check.diagnostics);
    if check.is_ok() {
        let files = check.sources.files.len();
        let word = if files == 1 { "file" } else { "files" };
        terminal::print(&format!("  {files} {word}, {} lines: no errors", check.sources.line_count()));
    }
}
