//! From files to a checked program.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tova_check::{Checked, Library};
use tova_diagnostics::Diagnostic;
use tova_source::{FileId, SourceMap};
use tova_syntax::ast::{BlockDecl, Item, ItemKind, Module, NodeId};

use crate::files::read;
use crate::{Problem, Project};

/// The parsed files of a program.
#[derive(Debug)]
pub struct Sources {
    /// Their texts, and those of the standard library.
    pub map: Arc<SourceMap>,
    /// Where the program's own files lie.
    pub files: Vec<(PathBuf, FileId)>,
    library: Arc<Library>,
    modules: Vec<Module>,
    /// Beside the modules.
    parsed: Vec<Parsed>,
    end: NodeId,
}

/// What is known of a parsed file apart from its tree.
#[derive(Debug)]
struct Parsed {
    text: Arc<str>,
    first: NodeId,
    next: NodeId,
    diagnostics: Vec<Diagnostic>,
}

/// What one reading of a program leaves for the next one: the library, and the trees of files that may not have changed.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    library: Option<(SourceMap, Arc<Library>)>,
    files: Vec<Option<(Module, Parsed)>>,
}

impl Memory {
    fn library(&mut self) -> (SourceMap, Arc<Library>) {
        let (map, library) = self.library.get_or_insert_with(|| {
            let mut map = SourceMap::default();
            let library = Arc::new(Library::load(&mut map));
            (map, library)
        });
        (map.clone(), Arc::clone(library))
    }

    /// The tree of the file at this place among the program's files, if it is the one that parsing would give.
    fn take(&mut self, index: usize, text: &Arc<str>, first: NodeId) -> Option<(Module, Parsed)> {
        self.files.get_mut(index)?.take_if(|(_, parsed)| parsed.first == first && parsed.text == *text)
    }
}

impl Sources {
    /// Reads and parses the program and everything that it imports from its own folders.
    ///
    /// # Errors
    /// If a file cannot be read. What is wrong inside of the files are diagnostics.
    pub fn load(project: &Project) -> Result<Self, Problem> {
        Self::load_with(project, &mut Memory::default())
    }

    /// The same, with what an earlier reading has left.
    pub(crate) fn load_with(project: &Project, memory: &mut Memory) -> Result<Self, Problem> {
        let (mut map, library) = memory.library();
        let mut end = library.end();
        let (mut files, mut modules, mut all) = (Vec::new(), Vec::new(), Vec::new());
        let mut queue: VecDeque<PathBuf> = project.entries()?.into();
        let mut seen: HashMap<PathBuf, ()> = queue.iter().map(|path| (identity(path), ())).collect();
        while let Some(path) = queue.pop_front() {
            let text: Arc<str> = read(&path)?.into();
            let file = map.add(path.to_string_lossy(), Arc::clone(&text));
            let (module, parsed) = memory.take(files.len(), &text, end).unwrap_or_else(|| {
                let parsed = tova_syntax::parse(file, &text, end);
                (parsed.module, Parsed { text, first: end, next: parsed.next, diagnostics: parsed.diagnostics })
            });
            end = parsed.next;
            for import in imports(&module) {
                if let Some(found) = resolve(&path, &import)
                    && seen.insert(identity(&found), ()).is_none()
                {
                    queue.push_back(found);
                }
            }
            modules.push(module);
            all.push(parsed);
            files.push((path, file));
        }
        Ok(Self { map: Arc::new(map), files, library, modules, parsed: all, end })
    }

    /// Leaves the trees for the next reading; what is left of this one are its texts.
    pub(crate) fn leave(&mut self, memory: &mut Memory) {
        let modules = std::mem::take(&mut self.modules).into_iter();
        memory.files = modules.zip(std::mem::take(&mut self.parsed)).map(Some).collect();
    }

    /// Checks the program. Problems that the parser found come with those of the checker, in order of place.
    #[must_use]
    pub fn check(&self) -> Checked<'_> {
        let mut checked = tova_check::check(&self.library, &self.modules, self.end);
        checked.diagnostics.extend(self.parsed.iter().flat_map(|parsed| parsed.diagnostics.iter().cloned()));
        checked.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start));
        checked
    }

    /// The trees of the program's files.
    pub(crate) fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Number of lines of the program.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.files.iter().map(|(_, file)| self.map.file(*file).text.lines().count()).sum()
    }
}

/// One name for a file however it is reached.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The paths that a module imports, blocks included.
fn imports(module: &Module) -> Vec<String> {
    let mut paths = Vec::new();
    collect_imports(&module.items, &mut paths);
    paths
}

fn collect_imports(items: &[Item], paths: &mut Vec<String>) {
    for item in items {
        match &item.kind {
            ItemKind::Import(import) => paths.push(import.path.to_string()),
            ItemKind::Block(BlockDecl { items, .. }) => collect_imports(items, paths),
            _ => {}
        }
    }
}

/// The file that `import … from "./path"` in `from` means, if it is one of the program's own and there is one.
fn resolve(from: &Path, import: &str) -> Option<PathBuf> {
    if !import.starts_with("./") && !import.starts_with("../") {
        return None;
    }
    let mut path = from.parent().unwrap_or(Path::new("")).to_path_buf();
    for part in Path::new(import).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if path.file_name().is_some() => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    let with_extension = PathBuf::from(format!("{}.tova", path.display()));
    [path, with_extension]
        .into_iter()
        .find(|candidate| candidate.is_file() && candidate.extension().is_some_and(|e| e == "tova"))
}
