//! `tova repl`: one input after another, each a small program of its own.
//!
//! An input is checked together with what earlier ones have left: declarations as they were written, and variables with the values
//! that they had, so that nothing is done twice. It runs as WebAssembly under Node, which takes a tenth of a second; without Node
//! natively. A variable whose value cannot be written down, such as a function, is computed again.

mod input;
mod kept;
mod runner;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use tova_check::tables::{Checked, GlobalKind, TypeId, TypeKind};
use tova_check::types::{Ty, TyKind};
use tova_check::{Library, show};
use tova_diagnostics::Diagnostic;
use tova_source::{FileId, SourceMap};
use tova_syntax::ast::Module;

use crate::{Problem, Report, cache, files};
use input::Input;
use kept::{Binding, Kept, Value};
use runner::Runner;

/// What the session's own file is called in messages.
const EARLIER: &str = "earlier";

/// A session.
#[derive(Debug)]
pub struct Repl {
    library: Arc<Library>,
    base: SourceMap,
    kept: Kept,
    runner: Runner,
}

/// The file that keeps the inputs of all sessions, if there is a place for it.
#[must_use]
pub fn history() -> Option<PathBuf> {
    let root = cache::root().ok()?;
    files::make_dir(&root).ok()?;
    Some(root.join("repl-history"))
}

/// The texts of a session and what is wrong in them.
pub type Refused = (Arc<SourceMap>, Vec<Diagnostic>);

/// What became of an input.
#[derive(Debug)]
pub enum Answer {
    /// It has errors and did not run.
    Wrong(Arc<SourceMap>, Vec<Diagnostic>),
    /// It ran to its end: what it bound, and its value, each with its type.
    Done(Vec<Shown>),
    /// An error ended it, which has been written; nothing of it is kept.
    Failed,
}

/// A value to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The variable; none for the value of an expression, which is `it` from then on.
    pub name: Option<String>,
    /// Its type.
    pub ty: String,
    /// The value as text.
    pub value: String,
}

/// A checked input together with everything before and behind it.
struct Attempt {
    map: SourceMap,
    modules: Vec<Module>,
    end: tova_syntax::ast::NodeId,
    input: FileId,
    diagnostics: Vec<Diagnostic>,
}

impl Repl {
    /// An empty session.
    ///
    /// # Errors
    /// If there is neither Node nor a Rust toolchain to run anything.
    pub fn new() -> Result<Self, Problem> {
        let mut base = SourceMap::default();
        let library = Arc::new(Library::load(&mut base));
        Ok(Self { library, base, kept: Kept::default(), runner: Runner::new()? })
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.kept = Kept::default();
    }

    /// Whether the text is a whole input: it goes on in the next line otherwise.
    #[must_use]
    pub fn is_complete(text: &str) -> bool {
        input::is_complete(text)
    }

    /// The type of an expression, without running it.
    #[must_use]
    pub fn type_of(&self, text: &str) -> Option<Result<String, Refused>> {
        let input = Input::read(text, |name| self.kept.is_fixed(name));
        if !input.has_value {
            return None;
        }
        let attempt = self.attempt(&input, input.bound(), "");
        if attempt.has_errors() {
            return Some(Err(attempt.errors(&input)));
        }
        let checked = self.check(&attempt);
        let found = checked.globals.iter().find(|global| global.name == input::VALUE);
        found.map(|global| Ok(show(&checked.types, &checked.type_decls, global.ty)))
    }

    /// Runs an input; what it prints goes to the report, line by line.
    ///
    /// # Errors
    /// If it cannot be built or started.
    pub fn run(&mut self, text: &str, report: &dyn Report) -> Result<Answer, Problem> {
        let input = Input::read(text, |name| self.kept.is_fixed(name));
        let mut attempt = self.attempt(&input, input.bound(), "");
        let mut bound = true;
        if !attempt.has_errors() && input.has_value && self.gives_nothing(&attempt) {
            // The value of a call for its effect is nothing to keep.
            (attempt, bound) = (self.attempt(&input, text.to_owned(), ""), false);
        }
        if attempt.has_errors() {
            let (map, diagnostics) = attempt.errors(&input);
            return Ok(Answer::Wrong(map, diagnostics));
        }
        let source = if bound { input.bound() } else { text.to_owned() };
        let candidates = self.candidates(&attempt);
        let candidates: Vec<Binding> =
            candidates.into_iter().map(|found| self.with_probe(&input, &source, found)).collect();
        let tail = kept::dump(&candidates);
        let whole = self.attempt(&input, source, &tail);
        if whole.has_errors() {
            let (map, diagnostics) = whole.errors(&input);
            return Ok(Answer::Wrong(map, diagnostics));
        }
        let checked = self.check(&whole);
        let lowered = tova_ir::lower(&checked);
        if lowered.diagnostics.iter().any(Diagnostic::is_error) {
            return Ok(Answer::Wrong(Arc::new(whole.map.clone()), lowered.diagnostics));
        }
        let program = lowered.program;
        let Some(values) = self.runner.run(&program, &Arc::new(whole.map.clone()), report)? else {
            return Ok(Answer::Failed);
        };
        drop(checked);
        Ok(Answer::Done(self.kept.take_in(&input, candidates, &values)))
    }

    /// Parses what was before, the input, and what comes behind it, and checks them as one program.
    fn attempt(&self, input: &Input, source: String, tail: &str) -> Attempt {
        let mut map = self.base.clone();
        let mut end = self.library.end();
        let mut modules = Vec::new();
        let mut diagnostics = Vec::new();
        let earlier = self.kept.text(&input.definitions);
        let texts = [(EARLIER, earlier), ("input", source), ("behind", tail.to_owned())];
        let files: Vec<FileId> = texts
            .into_iter()
            .map(|(name, text)| {
                let file = map.add(name, text.as_str());
                let parsed = tova_syntax::parse(file, &text, end);
                end = parsed.next;
                diagnostics.extend(parsed.diagnostics);
                modules.push(parsed.module);
                file
            })
            .collect();
        let input = files.get(1).copied().unwrap_or(FileId(0));
        let mut attempt = Attempt { map, modules, end, input, diagnostics: Vec::new() };
        diagnostics.extend(self.check(&attempt).diagnostics);
        attempt.diagnostics = diagnostics;
        attempt
    }

    fn check<'a>(&'a self, attempt: &'a Attempt) -> Checked<'a> {
        tova_check::check(&self.library, &attempt.modules, attempt.end)
    }

    fn gives_nothing(&self, attempt: &Attempt) -> bool {
        let checked = self.check(attempt);
        let value = checked.globals.iter().find(|global| global.name == input::VALUE);
        value.is_some_and(|value| {
            let ty = show(&checked.types, &checked.type_decls, value.ty);
            ty == "nil" || ty == "Never"
        })
    }

    /// The variables whose values are to be kept: those of the input, and earlier ones that it may have updated.
    fn candidates(&self, attempt: &Attempt) -> Vec<Binding> {
        let checked = self.check(attempt);
        let of_script = checked.globals.iter().filter(|global| global.script);
        of_script
            .filter(|global| global.span.file == attempt.input || global.kind == GlobalKind::Mut)
            .map(|global| Binding {
                name: global.name.to_string(),
                mutable: global.kind == GlobalKind::Mut,
                ty: show(&checked.types, &checked.type_decls, global.ty),
                is_new: global.span.file == attempt.input,
                is_data: is_data(&checked, global.ty, &mut HashSet::new()),
                value: Value::Source(statement_around(attempt, global.span.start)),
            })
            .collect()
    }

    /// Finds out whether the value can be written down and read again.
    fn with_probe(&self, input: &Input, source: &str, binding: Binding) -> Binding {
        if !binding.is_data {
            return binding;
        }
        let probe = self.attempt(input, source.to_owned(), &kept::probe(&binding));
        let value = if probe.has_errors() { binding.value } else { Value::Json(String::new()) };
        Binding { value, ..binding }
    }
}

/// Whether values of the type hold nothing that only a running program has, such as functions.
fn is_data(checked: &Checked<'_>, ty: Ty, seen: &mut HashSet<TypeId>) -> bool {
    let mut all = |types: &[Ty]| types.iter().all(|ty| is_data(checked, *ty, seen));
    match checked.types.kind(ty) {
        TyKind::Fn(..) | TyKind::View | TyKind::Set(_) | TyKind::Error => false,
        TyKind::List(item) | TyKind::Option(item) => all(&[*item]),
        TyKind::Map(key, value) => all(&[*key, *value]),
        TyKind::Tuple(items) | TyKind::Union(items) => all(items),
        TyKind::Record(fields) => all(&fields.iter().map(|(_, ty)| *ty).collect::<Vec<_>>()),
        TyKind::Named(id, args) => {
            let declared = checked.type_decls.get(id.0 as usize).map(|info| &info.kind);
            let parts: Vec<Ty> = match declared {
                _ if !seen.insert(*id) => return true,
                Some(TypeKind::Record(fields)) => fields.values().copied().collect(),
                Some(TypeKind::Enum(variants)) => variants.values().flatten().map(|(_, ty)| *ty).collect(),
                Some(TypeKind::Alias(ty)) => vec![*ty],
                Some(TypeKind::Handle(_)) | None => return false,
            };
            parts.iter().chain(args).all(|ty| is_data(checked, *ty, seen))
        }
        _ => true,
    }
}

/// The statement of the input that holds this place.
fn statement_around(attempt: &Attempt, at: u32) -> String {
    let items = attempt.modules.get(1).map(|module| module.items.as_slice()).unwrap_or_default();
    let item = items.iter().find(|item| (item.span.start..item.span.end).contains(&at));
    item.map(|item| attempt.map.text(item.span).to_owned()).unwrap_or_default()
}

impl Attempt {
    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The problems as they look in the text that the user wrote.
    fn errors(&self, input: &Input) -> Refused {
        let mut map = SourceMap::default();
        for (id, file) in self.map.files() {
            let is_input = id == self.input;
            let (name, text) = if is_input {
                ("input", Arc::from(input.text.as_str()))
            } else {
                (file.name.as_str(), Arc::clone(&file.text))
            };
            map.add(name, text);
        }
        let mut diagnostics: Vec<Diagnostic> =
            self.diagnostics.iter().filter(|found| found.is_error()).cloned().collect();
        for diagnostic in &mut diagnostics {
            let labels = diagnostic.labels.iter_mut().map(|label| &mut label.span);
            for span in std::iter::once(&mut diagnostic.span).chain(labels).filter(|span| span.file == self.input) {
                *span = input.original(*span);
            }
        }
        (Arc::new(map), diagnostics)
    }
}
