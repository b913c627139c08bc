//! Problems as the overlay shows them.

use serde_json::{Value, json};
use tova_diagnostics::Diagnostic;
use tova_source::SourceMap;

use crate::{Problem, json};

/// The errors of a program, each with its line of text and a mark below it.
pub(crate) fn errors(sources: &SourceMap, diagnostics: &[Diagnostic]) -> Value {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    errors
        .map(|diagnostic| {
            let mut object = json::diagnostic(sources, diagnostic);
            object["frame"] = frame(sources, diagnostic).into();
            object
        })
        .collect()
}

/// A problem of the machine.
pub(crate) fn problem(problem: &Problem) -> Value {
    json!([{ "code": "", "severity": "error", "message": problem.message, "file": "tova dev", "line": 0, "column": 0, "frame": "", "help": problem.help }])
}

fn frame(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let place = sources.location(diagnostic.span);
    let (first, column) = (place.start.line, place.start.column.max(1) as usize);
    let file = sources.file(diagnostic.span.file);
    let Some(text) = file.text.lines().nth(first.saturating_sub(1) as usize) else { return String::new() };
    let until = if place.end.line == first { place.end.column as usize } else { text.chars().count() + 1 };
    let margin = first.to_string();
    // Tabs stay tabs, so that the mark stands where it should.
    let indent: String = text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let mark = "^".repeat(until.saturating_sub(column).max(1));
    let label = if diagnostic.label.is_empty() { String::new() } else { format!(" {}", diagnostic.label) };
    format!("{margin} | {text}\n{} | {indent}{mark}{label}", " ".repeat(margin.len()))
}

#[cfg(test)]
mod tests {
    use super::frame;
    use tova_diagnostics::{Diagnostic, codes};
    use tova_source::{SourceMap, Span};

    #[test]
    fn marks_the_place() {
        let mut sources = SourceMap::default();
        let file = sources.add("app.tova", "a = 1\nb = usres + 1\n");
        let problem = Diagnostic::error(codes::E0201, Span::new(file, 10, 15), "m").label("not found");
        assert_eq!(frame(&sources, &problem), "2 | b = usres + 1\n  |     ^^^^^ not found");
    }
}
