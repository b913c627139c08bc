//! `tova check`: the front end alone.

use tova_diagnostics::Diagnostic;

use crate::frontend::Sources;
use crate::{Problem, Project};

/// What a check found.
#[derive(Debug)]
pub struct Check {
    /// The files.
    pub sources: Sources,
    /// All problems, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Check {
    /// Whether the program can be built.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads, parses and checks a program.
///
/// # Errors
/// If a file cannot be read.
pub fn check(project: &Project) -> Result<Check, Problem> {
    let sources = Sources::load(project)?;
    let checked = sources.check();
    let is_ok = !checked.diagnostics.iter().any(Diagnostic::is_error);
    // Some rules follow from who calls whom, which only lowering knows.
    let late = if is_ok { tova_ir::lower(&checked).diagnostics } else { Vec::new() };
    let mut diagnostics = checked.diagnostics;
    diagnostics.extend(late);
    Ok(Check { sources, diagnostics })
}
