//! The calls of the compiler's stages.

use std::fmt::Write as _;

use tova_check::{Checked, Library};
use tova_diagnostics::Diagnostic;
use tova_ir::Program;
use tova_source::{FileId, SourceMap};
use tova_syntax::ast::Module;
use tova_tests::case::{Case, Found};

/// The name of the source of a case.
const CASE: &str = "case.tova";

/// A stage whose result a case shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The syntax tree and the problems of parsing.
    Parse,
    /// The layout, of lines as wide as the `// width:` line says.
    Format,
    /// The problems, announced by the source's own `//~` comments.
    Check,
    /// The intermediate program.
    Ir,
    /// The generated Rust.
    Rust,
    /// The functions of the module that come from the source, as text.
    Wasm,
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
    sources: SourceMap,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Stage {
    /// The stage that a case asks for: its `// stage:` line, else the folder it lies in.
    pub(crate) fn of(case: &Case) -> Result<Self, String> {
        let area = case.name.split('/').next().unwrap_or_default();
        match case.directive("stage").unwrap_or(area) {
            "parse" | "recover" => Ok(Self::Parse),
            "format" => Ok(Self::Format),
            "check" => Ok(Self::Check),
            "ir" => Ok(Self::Ir),
            "rust" => Ok(Self::Rust),
            "wasm" => Ok(Self::Wasm),
            other => Err(format!("no stage `{other}`; say `// stage: parse` or another in the first line")),
        }
    }

    /// Its name in a `// stage:` line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Format => "format",
            Self::Check => "check",
            Self::Ir => "ir",
            Self::Rust => "rust",
            Self::Wasm => "wasm",
        }
    }

    /// Runs the stage, and those before it.
    pub(crate) fn run(self, case: &Case) -> Result<Outcome, String> {
        let front = FrontEnd::new(&case.text);
        Ok(match self {
            Self::Parse => Outcome::Text(front.parsed()),
            Self::Format => Outcome::Text(formatted(case)),
            Self::Check => Outcome::Problems(front.problems().found()),
            Self::Ir => Outcome::Text(tova_ir::print(&front.lower()?)),
            Self::Rust => Outcome::Text(rust(&front.lower()?, &front.sources)),
            Self::Wasm => Outcome::Text(wasm(&front.lower()?, front.file)?),
        })
    }
}

/// The layout of a source.
fn formatted(case: &Case) -> String {
    let width = case.directive("width").and_then(|width| width.parse().ok()).unwrap_or(tova_format::DEFAULT_WIDTH);
    tova_format::format(&case.text, width).text
}

/// All problems of a source.
pub(crate) fn check(text: &str) -> Problems {
    FrontEnd::new(text).problems()
}

/// A parsed source, beside the library.
struct FrontEnd {
    sources: SourceMap,
    library: Library,
    modules: [Module; 1],
    file: FileId,
    end: tova_syntax::ast::NodeId,
    diagnostics: Vec<Diagnostic>,
}

impl FrontEnd {
    fn new(text: &str) -> Self {
        let mut sources = SourceMap::default();
        let library = Library::load(&mut sources);
        let file = sources.add(CASE, text);
        let parsed = tova_syntax::parse(file, text, library.end());
        Self { sources, library, file, modules: [parsed.module], end: parsed.next, diagnostics: parsed.diagnostics }
    }

    /// The tree as text, and what was wrong with the source.
    fn parsed(self) -> String {
        let tree = tova_syntax::dump(&self.modules[0]);
        let problems = Problems { sources: self.sources, diagnostics: self.diagnostics };
        format!("{tree}{}", problems.listed())
    }

    fn check(&self) -> Checked<'_> {
        let mut checked = tova_check::check(&self.library, &self.modules, self.end);
        checked.diagnostics.extend(self.diagnostics.iter().cloned());
        checked
    }

    /// What parsing, checking and, if there is no error, lowering have found.
    fn problems(self) -> Problems {
        let mut checked = self.check();
        if !checked.diagnostics.iter().any(Diagnostic::is_error) {
            let late = tova_ir::lower(&checked).diagnostics;
            checked.diagnostics.extend(late);
        }
        let mut diagnostics = checked.diagnostics;
        diagnostics.sort_by_key(|problem| (problem.span.file, problem.span.start));
        Problems { sources: self.sources, diagnostics }
    }

    /// The intermediate program with its tests, which must be well formed.
    fn lower(&self) -> Result<Program, String> {
        let checked = self.check();
        let lowered = tova_ir::lower_tests(&checked);
        let diagnostics: Vec<Diagnostic> = checked
            .diagnostics
            .iter()
            .chain(&lowered.diagnostics)
            .filter(|problem| problem.is_error())
            .cloned()
            .collect();
        if !diagnostics.is_empty() {
            return Err(Problems { sources: self.sources.clone(), diagnostics }.listed());
        }
        if lowered.problems.is_empty() { Ok(lowered.program) } else { Err(lowered.problems.join("\n")) }
    }
}

/// The generated sources of all crates.
fn rust(program: &Program, sources: &SourceMap) -> String {
    let options = tova_backend_rust::Options { sources, runtime: "../runtime", page: &[] };
    let services = tova_backend_rust::emit(program, &options).into_iter().map(|made| (made.name, made.files));
    let tests = tova_backend_rust::emit_tests(program, &options).into_iter().map(|made| (made.name, made.files));
    let mut text = String::new();
    for (name, files) in services.chain(tests) {
        for file in files.iter().filter(|file| file.path.ends_with(".rs") && !file.path.ends_with("/places.rs")) {
            let _ = write!(text, "// {name}/{}\n{}", file.path, without_lints(&file.text));
        }
    }
    text
}

/// A file without the list of lints that every `main.rs` opens with.
fn without_lints(text: &str) -> String {
    let mut kept = String::new();
    let mut in_attribute = false;
    for line in text.lines() {
        in_attribute |= line.starts_with("#![");
        if !in_attribute {
            kept.push_str(line);
            kept.push('\n');
        }
        in_attribute &= !line.ends_with(")]");
    }
    kept
}

/// The functions of the module that come from the source; those of the library are left out.
fn wasm(program: &Program, file: FileId) -> Result<String, String> {
    let target =
        if program.script.is_some() { tova_backend_wasm::Target::Script } else { tova_backend_wasm::Target::Page };
    let options = tova_backend_wasm::Options::new(target, tova_backend_wasm::Mode::Dev);
    let module = tova_backend_wasm::emit(program, &options).wasm;
    wasmparser::Validator::new().validate_all(&module).map_err(|error| error.to_string())?;
    let text = wasmprinter::print_bytes(&module).map_err(|error| error.to_string())?;
    let own: Vec<&str> = program
        .functions
        .iter()
        .filter(|function| function.span.file == file)
        .map(|function| function.name.as_str())
        .collect();
    Ok(functions(&text)
        .filter(|(name, _)| own.contains(name))
        .map(|(_, text)| format!("func {}\n", without_numbers(text)))
        .collect())
}

/// The text of a function without the numbers of functions and types, which change with everything around it.
fn without_numbers(text: &str) -> String {
    let mut kept = text.to_owned();
    for (start, end) in [(" (;", ";)"), (" (type ", ")")] {
        // Only its head has them; comments further down show numbers.
        if let Some(from) = kept.find(start)
            && let Some(length) = kept.get(from..).and_then(|rest| rest.find(end))
        {
            kept.replace_range(from..from + length + end.len(), "");
        }
    }
    kept
}

/// The functions of a module's text with their names.
fn functions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("\n  (func ").skip(1).filter_map(|function| {
        let (text, _) = function.split_once("\n  )")?;
        let name = match text.split_once("(@name \"") {
            Some((head, rest)) if !head.contains('\n') => rest.split('"').next()?,
            _ => text.strip_prefix('$')?.split(' ').next()?,
        };
        Some((name, text))
    })
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
