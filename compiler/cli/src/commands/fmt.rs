//! `tova fmt`

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use tova_driver::{FormattedFile, Problem};

use super::Outcome;
use crate::{diff, render, terminal};

/// Lay out sources the one way
///
/// Changes white space and optional commas and nothing else. Declarations with syntax errors stay as they are; the errors are
/// shown, and the command ends with 1.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// `.tova` files, and folders whose `.tova` files are meant, with those in folders below
    #[arg(value_name = "PATH", default_value = ".", conflicts_with = "stdin")]
    paths: Vec<PathBuf>,
    /// Write nothing; show what would change and end with 1 if something would
    #[arg(long)]
    check: bool,
    /// Read a source from standard input and write it to standard output
    #[arg(long)]
    stdin: bool,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        if self.stdin {
            return self.format_stdin();
        }
        let files = tova_driver::format_files(&self.paths)?;
        let mut changed = 0;
        for file in &files {
            if file.is_changed() {
                changed += 1;
                self.changed(file)?;
            }
        }
        for file in files.iter().filter(|file| !file.diagnostics.is_empty()) {
            render::diagnostics(&file.sources, &file.diagnostics);
        }
        let broken = files.iter().any(|file| !file.diagnostics.is_empty());
        self.summary(changed, files.len());
        Ok(if broken || (self.check && changed > 0) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn changed(&self, file: &FormattedFile) -> Result<(), Problem> {
        let name = file.path.display();
        if self.check {
            terminal::print(&format!("  {name} is not formatted"));
            terminal::print(&diff::short(&file.before, &file.after));
            return Ok(());
        }
        file.write()?;
        terminal::print(&format!("  formatted {name}"));
        Ok(())
    }

    fn summary(&self, changed: usize, total: usize) {
        let files = |count: usize| format!("{count} {}", if count == 1 { "file" } else { "files" });
        let text = match (total, changed) {
            (0, _) => "no `.tova` files here".to_owned(),
            (total, 0) => format!("{}, all formatted", files(total)),
            (total, changed) if self.check => format!("{changed} of {} would change", files(total)),
            (total, changed) => format!("{changed} of {} changed", files(total)),
        };
        terminal::print(&format!("  {text}"));
    }

    fn format_stdin(&self) -> Outcome {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map_err(|error| {
            Problem::new(format!("cannot read standard input: {error}")).help("it has to be UTF-8 text")
        })?;
        let file = tova_driver::format_text("standard input", text)?;
        if !self.check {
            let _ = io::stdout().lock().write_all(file.after.as_bytes());
        } else if file.is_changed() {
            terminal::print(&diff::short(&file.before, &file.after));
        }
        let broken = !file.diagnostics.is_empty();
        if broken {
            render::diagnostics(&file.sources, &file.diagnostics);
        }
        Ok(if broken || (self.check && file.is_changed()) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
