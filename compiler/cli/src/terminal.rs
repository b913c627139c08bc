//! Standard output and the progress of long work.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tova_diagnostics::Diagnostic;
use tova_driver::{Level, Problem, Report, ServerLine};
use tova_source::SourceMap;

use crate::render;

/// Writes one line to standard output. A reader that has gone away (`tova … | head`) is no error.
pub(crate) fn print(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Writes one line to standard error: progress is not part of what a command gives.
fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether colours reach somebody who sees them.
pub(crate) fn stdout_is_coloured() -> bool {
    is_coloured(io::stdout().is_terminal())
}

/// The same for standard error.
pub(crate) fn stderr_is_coloured() -> bool {
    is_coloured(io::stderr().is_terminal())
}

fn is_coloured(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Reports to the user's terminal: a bar for long work where it can be drawn, plain lines elsewhere.
#[derive(Default)]
pub(crate) struct Terminal {
    work: Mutex<Option<Work>>,
}

enum Work {
    Bar(ProgressBar),
    Lines { what: String, total: Option<u64>, last: Instant },
}

/// Time between two plain lines of progress.
const PACE: Duration = Duration::from_secs(5);

impl Terminal {
    fn with_work(&self, change: impl FnOnce(&mut Option<Work>)) {
        change(&mut self.work.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Writes while no bar is drawn.
    fn aside(&self, write: impl FnOnce()) {
        let work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        match &*work {
            Some(Work::Bar(bar)) => bar.suspend(write),
            _ => write(),
        }
    }
}

impl Report for Terminal {
    fn line(&self, text: &str) {
        self.aside(|| print(text));
    }

    fn reads_along(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn server(&self, line: &ServerLine) {
        self.aside(|| print(&server_line(line, stdout_is_coloured())));
    }

    fn problem(&self, problem: &Problem) {
        self.aside(|| render::problem(problem));
    }

    fn diagnostics(&self, sources: &SourceMap, diagnostics: &[Diagnostic]) {
        self.aside(|| render::diagnostics(sources, diagnostics));
    }

    fn begin(&self, what: &str, total: Option<u64>) {
        self.with_work(|work| {
            if let Some(Work::Bar(bar)) = work.take() {
                bar.finish_and_clear();
            } else if !io::stderr().is_terminal() && total.is_none() {
                note(&format!("  {what}"));
            }
            *work = Some(if io::stderr().is_terminal() {
                Work::Bar(bar(what, total))
            } else {
                Work::Lines { what: what.to_owned(), total, last: Instant::now() }
            });
        });
    }

    fn advance(&self, done: u64, step: &str) {
        self.with_work(|work| match work {
            Some(Work::Bar(bar)) => {
                bar.set_position(done);
                bar.set_message(step.to_owned());
            }
            Some(Work::Lines { what, total, last }) if last.elapsed() >= PACE => {
                *last = Instant::now();
                let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
                note(&format!("  {what}: {done}{of} ({step})"));
            }
            _ => {}
        });
    }

    fn end(&self, summary: &str) {
        self.with_work(|work| {
            if let Some(Work::Bar(bar)) = work.take() {
                bar.finish_and_clear();
            }
        });
        if !summary.is_empty() {
            note(summary);
        }
    }
}

/// `  api  GET /api/users 200 1.4 ms`; what the program itself prints stands as it is.
fn server_line(line: &ServerLine, coloured: bool) -> String {
    const RESET: &str = "\u{1b}[0m";
    let colour = match line.level {
        Level::Plain => return line.text.clone(),
        Level::Info => "\u{1b}[2m",
        Level::Warning => "\u{1b}[33m",
        Level::Error => "\u{1b}[31m",
    };
    let server = line.server.as_ref().map(|server| format!("{server}  ")).unwrap_or_default();
    if coloured { format!("  {server}{colour}{}{RESET}", line.text) } else { format!("  {server}{}", line.text) }
}

fn bar(what: &str, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "  {prefix} {bar:24.cyan/dim} {pos}/{len} {msg:.dim} ({elapsed})"),
        None => (ProgressBar::new_spinner(), "  {spinner} {prefix} {msg:.dim} ({elapsed})"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
