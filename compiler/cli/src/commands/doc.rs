//! `tova doc`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use tova_driver::{DocFormat, Documented, Project};

use super::Outcome;
use crate::terminal;

/// Write the documentation of a program, or of the standard library
///
/// From its declarations, with the types and effects that were found out, and the `///` text before them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A `.tova` file, or a folder whose `.tova` files are one program
    #[arg(value_name = "PATH", default_value = ".", conflicts_with = "std")]
    path: PathBuf,
    /// Document the standard library
    #[arg(long)]
    std: bool,
    /// A page in a folder, or one text on standard output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Html)]
    format: Format,
    /// The folder of the page
    #[arg(short, long, value_name = "DIR", default_value = "docs")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Html,
    Markdown,
    Json,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let format = match self.format {
            Format::Html => DocFormat::Html,
            Format::Markdown => DocFormat::Markdown,
            Format::Json => DocFormat::Json,
        };
        let documented = if self.std {
            tova_driver::doc_std(format, &self.output)?
        } else {
            tova_driver::doc(&Project::find(&self.path)?, format, &self.output)?
        };
        match documented {
            Documented::Text(text) => terminal::print(text.trim_end()),
            Documented::File(path) => terminal::print(&format!("  Wrote {}", path.display())),
        }
        Ok(ExitCode::SUCCESS)
    }
}
