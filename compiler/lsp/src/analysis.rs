//! A program checked, and what is wrong with it as the editor shows it.

use gen_lsp_types as lsp;
use tova_check::Checked;
use tova_diagnostics::{Diagnostic, Severity, codes};
use tova_source::FileId;

use crate::files::{File, Files};
use crate::position::Encoding;
use crate::snapshot::Snapshot;

/// Checks a program; problems that the parser found come with those of the checker, in order of place.
pub(crate) fn check(files: &Files) -> Checked<'_> {
    let mut checked = tova_check::check(&files.library, &files.modules, files.end);
    checked.diagnostics.extend(files.list.iter().flat_map(|file| file.diagnostics.iter().cloned()));
    checked.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start));
    checked
}

/// The problems of one file.
pub(crate) fn problems(snapshot: &Snapshot<'_>, file: FileId) -> Vec<lsp::Diagnostic> {
    let of_file = snapshot.checked.diagnostics.iter().filter(|diagnostic| diagnostic.span.file == file);
    of_file.map(|diagnostic| problem(snapshot, diagnostic)).collect()
}

/// A problem as the editor shows it: message and help in one text, the other places as links.
pub(crate) fn problem(snapshot: &Snapshot<'_>, diagnostic: &Diagnostic) -> lsp::Diagnostic {
    let mut message = diagnostic.message.clone();
    if !diagnostic.label.is_empty() {
        message.push_str(&format!(": {}", diagnostic.label));
    }
    if let Some(help) = &diagnostic.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    let related: Vec<_> = diagnostic
        .labels
        .iter()
        .filter_map(|label| {
            let location = snapshot.location(label.span)?;
            Some(lsp::DiagnosticRelatedInformation { location, message: label.message.clone() })
        })
        .collect();
    let unused = [codes::W0201, codes::W0501, codes::W0101].contains(&diagnostic.code);
    lsp::Diagnostic {
        range: snapshot.range(diagnostic.span),
        severity: Some(match diagnostic.severity {
            Severity::Error => lsp::DiagnosticSeverity::Error,
            Severity::Warning => lsp::DiagnosticSeverity::Warning,
        }),
        code: Some(diagnostic.code.as_str().to_owned().into()),
        source: Some("tova".to_owned()),
        message: message.into(),
        tags: unused.then(|| vec![lsp::DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        ..lsp::Diagnostic::default()
    }
}

/// What is shown if the checker itself fails: the fault is ours.
pub(crate) fn fault(files: &Files, file: &File, encoding: Encoding) -> lsp::Diagnostic {
    let source = files.sources.file(file.id);
    let line = source.text.lines().next().unwrap_or("");
    lsp::Diagnostic {
        range: lsp::Range {
            start: lsp::Position { line: 0, character: 0 },
            end: lsp::Position { line: 0, character: encoding.len(line) },
        },
        severity: Some(lsp::DiagnosticSeverity::Error),
        source: Some("tova".to_owned()),
        message: "compiler bug: this program could not be checked; please report it with its text".to_owned().into(),
        ..lsp::Diagnostic::default()
    }
}
