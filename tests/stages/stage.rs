//! The calls of the compiler's stages.

use std::fmt::Write as _;

use tova_check::Library;
use tova_diagnostics::Diagnostic;
use tova_source::SourceMap;
use tova_syntax::ast::NodeId;
use tova_tests::case::{Case, Found};

/// The name of the source of a case.
const CASE: &str = "case.tova";

/// A stage whose result a case shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The syntax tree and the problems of parsing.
    Parse,
    /// The problems, announced by the source's own `//~` comments.
    Check,
}

/// What a stage gave.
pub(crate) enum Outcome {
    /// A text for the `.snap` file.
    Text(String),
    /// Problems for the `//~` comments.
    Problems(Vec<Found>),
}

/// The problems of one program and the text they lie in.
pub(crate) struct Problems {
    pub(crate) sources: SourceMap,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Stage {
    /// The stage that a case asks for: its `// stage:` line, else the folder it lies in.
    pub(crate) fn of(case: &Case) -> Result<Self, String> {
        let area = case.name.split('/').next().unwrap_or_default();
        match case.directive("stage").unwrap_or(area) {
            "parse" | "recover" => Ok(Self::Parse),
            "check" => Ok(Self::Check),
            other => Err(format!("no stage `{other}`; say `// stage: parse` or another in the first line")),
        }
    }

    /// Its name in a `// stage:` line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Check => "check",
        }
    }

    /// Runs the stage, and those before it.
    pub(crate) fn run(self, case: &Case) -> Result<Outcome, String> {
        match self {
            Self::Parse => Ok(Outcome::Text(parse(&case.text))),
            Self::Check => Ok(Outcome::Problems(check(&case.text).found())),
        }
    }
}

/// The tree of a source as text, and what was wrong with it.
fn parse(text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add(CASE, text);
    let parsed = tova_syntax::parse(file, text, NodeId(0));
    let problems = Problems { sources, diagnostics: parsed.diagnostics };
    format!("{}{}", tova_syntax::dump(&parsed.module), problems.listed())
}

/// All problems of a source.
pub(crate) fn check(text: &str) -> Problems {
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let file = sources.add(CASE, text);
    let parsed = tova_syntax::parse(file, text, library.end());
    let modules = [parsed.module];
    let mut diagnostics = parsed.diagnostics;
    diagnostics.extend(tova_check::check(&library, &modules, parsed.next).diagnostics);
    diagnostics.sort_by_key(|problem| (problem.span.file, problem.span.start));
    Problems { sources, diagnostics }
}

impl Problems {
    /// The problems as cases compare them.
    pub(crate) fn found(&self) -> Vec<Found> {
        self.diagnostics
            .iter()
            .map(|problem| Found {
                line: self.sources.location(problem.span).start.line as usize,
                code: problem.code.to_string(),
                message: problem.message.clone(),
            })
            .collect()
    }

    /// One line each: place, code, message, and the help below.
    pub(crate) fn listed(&self) -> String {
        let mut text = String::new();
        for problem in &self.diagnostics {
            let place = self.sources.location(problem.span);
            let (start, end) = (place.start, place.end);
            let file = &self.sources.file(problem.span.file).name;
            if file != CASE {
                let _ = write!(text, "{file}:");
            }
            let _ = write!(text, "{}:{}-{}:{} ", start.line, start.column, end.line, end.column);
            let _ = writeln!(text, "{} {}", problem.code, problem.message);
            if let Some(help) = &problem.help {
                let _ = writeln!(text, "  help: {help}");
            }
        }
        text
    }
}
