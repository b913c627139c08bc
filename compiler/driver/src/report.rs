//! How the driver says what it does. The command line decides what that looks like.

use tova_diagnostics::Diagnostic;
use tova_source::SourceMap;

use crate::Problem;

/// A line of a running server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerLine {
    /// Which server, in a program with several.
    pub server: Option<String>,
    /// How much it matters.
    pub level: Level,
    /// What it says, in short.
    pub text: String,
}

/// How much a line of a server matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The program's own output.
    Plain,
    /// As it should be.
    Info,
    /// Of no harm so far: also requests that were refused.
    Warning,
    /// Something failed.
    Error,
}

/// Receives what a user should see while something runs.
pub trait Report: Send + Sync {
    /// One line of ordinary output, already complete.
    fn line(&self, text: &str);

    /// Whether somebody reads along: the lines of servers come through [`Report::server`] then, and go to standard output as they are otherwise.
    fn reads_along(&self) -> bool {
        false
    }

    /// What a server said.
    fn server(&self, line: &ServerLine) {
        self.line(&line.text);
    }

    /// A problem that does not end the work.
    fn problem(&self, problem: &Problem);

    /// Problems of the program.
    fn diagnostics(&self, sources: &SourceMap, diagnostics: &[Diagnostic]);

    /// Long work begins: `total` steps, if they can be counted.
    fn begin(&self, what: &str, total: Option<u64>);

    /// The long work has done `done` steps; `step` is what it does now.
    fn advance(&self, done: u64, step: &str);

    /// The long work is over.
    fn end(&self, summary: &str);
}
