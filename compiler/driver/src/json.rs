//! Diagnostics as JSON, for other tools and for the page's overlay.

use serde_json::{Value, json};
use tova_diagnostics::{Diagnostic, Severity};
use tova_source::{SourceMap, Span};

/// One diagnostic as an object with the fields `code, severity, message, file, line, column, end_line, end_column, labels, help, fix`.
/// Lines and columns start at 1; columns count Unicode scalar values; the end is the position after the last character.
#[must_use]
pub fn diagnostic(sources: &SourceMap, diagnostic: &Diagnostic) -> Value {
    let mut object = json!({
        "code": diagnostic.code.as_str(),
        "severity": match diagnostic.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "message": diagnostic.message,
    });
    let labels: Vec<Value> = std::iter::once((diagnostic.span, &diagnostic.label))
        .filter(|(_, message)| !message.is_empty())
        .chain(diagnostic.labels.iter().map(|label| (label.span, &label.message)))
        .map(|(span, message)| with_place(json!({ "message": message }), sources, span))
        .collect();
    object = with_place(object, sources, diagnostic.span);
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|edit| with_place(json!({ "text": edit.text }), sources, edit.span));
        json!({ "title": fix.title, "edits": edits.collect::<Vec<_>>() })
    });
    object["labels"] = labels.into();
    object["help"] = diagnostic.help.clone().into();
    object["fix"] = fix.into();
    object
}

fn with_place(mut object: Value, sources: &SourceMap, span: Span) -> Value {
    let place = sources.location(span);
    object["file"] = sources.file(span.file).name.clone().into();
    object["line"] = place.start.line.into();
    object["column"] = place.start.column.into();
    object["end_line"] = place.end.line.into();
    object["end_column"] = place.end.column.into();
    object
}

#[cfg(test)]
mod tests {
    use super::diagnostic;
    use tova_diagnostics::{Diagnostic, codes};
    use tova_source::{SourceMap, Span};

    #[test]
    fn all_fields_are_there() {
        let mut sources = SourceMap::default();
        let file = sources.add("app.tova", "a = 1\nb = usres\n");
        let span = Span::new(file, 10, 15);
        let problem = Diagnostic::error(codes::E0201, span, "`usres` is not defined").label("here").fix(
            "write `users`",
            span,
            "users",
        );
        assert_eq!(
            diagnostic(&sources, &problem).to_string(),
            r#"{"code":"E0201","severity":"error","message":"`usres` is not defined","file":"app.tova","line":2,"column":5,"end_line":2,"end_column":10,"labels":[{"message":"here","file":"app.tova","line":2,"column":5,"end_line":2,"end_column":10}],"help":null,"fix":{"title":"write `users`","edits":[{"text":"users","file":"app.tova","line":2,"column":5,"end_line":2,"end_column":10}]}}"#
        );
    }
}
