//! How the driver says what it does. The command line decides what that looks like.

use tova_diagnostics::Diagnostic;
use tova_source::SourceMap;

use crate::Problem;

/// Receives what a user should see while something runs.
pub trait Report: Send + Sync {
    /// One line of ordinary output, already complete.
    fn line(&self, text: &str);

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
