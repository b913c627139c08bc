//! Problems on a terminal: those of a program by `ariadne`, those of the machine by `miette`. Nothing else knows either.

use std::fmt;
use std::io::{self, Write as _};
use std::ops::Range;

use ariadne::{Cache, Color, Config, IndexType, Label, Report, ReportKind, Source};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use tova_diagnostics::{Diagnostic, Severity};
use tova_driver::Problem;
use tova_source::{FileId, SourceMap, Span};

use crate::terminal;

/// Writes the problems of a program to standard error, each with its place, then how many there are.
pub(crate) fn diagnostics(sources: &SourceMap, diagnostics: &[Diagnostic]) {
    let text = to_text(sources, diagnostics, terminal::stderr_is_coloured());
    let _ = io::stderr().lock().write_all(&text);
}

/// Writes a problem of the machine or the project to standard error.
pub(crate) fn problem(problem: &Problem) {
    let theme =
        if terminal::stderr_is_coloured() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    let source = problem.excerpt.as_ref().map(|excerpt| NamedSource::new(&excerpt.name, excerpt.text.clone()));
    let shown = Shown { problem, source };
    let mut text = String::new();
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("{problem}\n");
    }
    let _ = io::stderr().lock().write_all(text.trim_start_matches('\n').as_bytes());
}

/// A [`Problem`] as `miette` wants it.
#[derive(Debug)]
struct Shown<'a> {
    problem: &'a Problem,
    source: Option<NamedSource<String>>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.problem.excerpt.as_ref()?;
        let label = LabeledSpan::new_with_span(Some(excerpt.label.clone()), excerpt.range.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

fn to_text(sources: &SourceMap, diagnostics: &[Diagnostic], coloured: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut texts = Texts { sources, read: Vec::new() };
    for diagnostic in diagnostics {
        // Writing to a vector cannot fail, and a span outside of its file is drawn at the end of the file.
        let _ = report(diagnostic, sources, coloured).write(&mut texts, &mut out);
    }
    if let Some(summary) = summary(diagnostics) {
        out.extend_from_slice(summary.as_bytes());
        out.push(b'\n');
    }
    out
}

/// `2 errors, 1 warning`
pub(crate) fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = diagnostics.len() - errors;
    let count = |number: usize, word: &str| {
        (number > 0).then(|| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
    };
    let parts: Vec<String> = [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

type Place = (FileId, Range<usize>);

fn report<'a>(diagnostic: &'a Diagnostic, sources: &SourceMap, coloured: bool) -> Report<'a, Place> {
    let (kind, colour) = match diagnostic.severity {
        Severity::Error => (ReportKind::Error, Color::Red),
        Severity::Warning => (ReportKind::Warning, Color::Yellow),
    };
    let place = |span: Span| (span.file, clamp(span, sources));
    let config = Config::default().with_index_type(IndexType::Byte).with_color(coloured);
    let label = |span, message: &'a String, colour| {
        // A place without words of its own would not be underlined.
        let message = if message.is_empty() { "here" } else { message.as_str() };
        Label::new(place(span)).with_color(colour).with_message(message)
    };
    let primary = label(diagnostic.span, &diagnostic.label, colour);
    let others = diagnostic.labels.iter().map(|other| label(other.span, &other.message, Color::Cyan));
    let mut builder = Report::build(kind, place(diagnostic.span))
        .with_config(config)
        .with_code(diagnostic.code.as_str())
        .with_message(&diagnostic.message)
        .with_label(primary)
        .with_labels(others);
    if let Some(help) = &diagnostic.help {
        builder = builder.with_help(help);
    } else if let Some(fix) = &diagnostic.fix {
        builder = builder.with_help(&fix.title);
    }
    builder.finish()
}

/// The span within its file.
fn clamp(span: Span, sources: &SourceMap) -> Range<usize> {
    let length = sources.file(span.file).text.len();
    let start = (span.start as usize).min(length);
    start..(span.end as usize).clamp(start, length)
}

/// The texts that `ariadne` has asked for so far.
struct Texts<'a> {
    sources: &'a SourceMap,
    read: Vec<(FileId, Source<&'a str>)>,
}

impl<'a> Cache<FileId> for Texts<'a> {
    type Storage = &'a str;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<&'a str>, impl fmt::Debug> {
        let index = match self.read.iter().position(|(file, _)| file == id) {
            Some(index) => index,
            None => {
                self.read.push((*id, Source::from(&*self.sources.file(*id).text)));
                self.read.len() - 1
            }
        };
        self.read.get(index).map(|(_, source)| source).ok_or("not read")
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl fmt::Display + 'b> {
        Some(self.sources.file(*id).name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::to_text;
    use tova_diagnostics::{Diagnostic, codes};
    use tova_source::{SourceMap, Span};

    #[test]
    fn shows_place_help_and_count() {
        let mut sources = SourceMap::default();
        let file = sources.add("app.tova", "é = usres\n");
        let problem = Diagnostic::error(codes::E0201, Span::new(file, 5, 10), "`usres` is not defined")
            .label("not found here")
            .help("did you mean `users`?");
        let text = String::from_utf8(to_text(&sources, &[problem], false)).expect("text");
        assert!(text.contains("[E0201] Error: `usres` is not defined"), "{text}");
        assert!(text.contains("app.tova:1:5"), "{text}");
        assert!(text.contains("did you mean `users`?"), "{text}");
        assert!(text.ends_with("1 error\n"), "{text}");
    }

    #[test]
    fn a_place_outside_of_the_file_is_no_panic() {
        let mut sources = SourceMap::default();
        let file = sources.add("app.tova", "");
        let problem = Diagnostic::warning(codes::E0201, Span::new(file, 7, 9), "odd");
        assert!(String::from_utf8(to_text(&sources, &[problem], false)).expect("text").contains("1 warning"));
    }
}
