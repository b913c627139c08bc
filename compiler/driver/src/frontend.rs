//! From files to a checked program.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use tova_diagnostics::Diagnostic;
use tova_source::SourceMap;
use tova_syntax::ast::{BlockDecl, Item, ItemKind, Module, NodeId};

use crate::{Problem, Project, files};

/// The parsed files of a program.
#[derive(Debug, Default)]
pub struct Sources {
    /// Their texts.
    pub map: SourceMap,
    /// Their trees, in the order of the map.
    pub modules: Vec<Module>,
    /// What the parser found.
    pub diagnostics: Vec<Diagnostic>,
    /// Where they lie, in the order of the map.
    pub paths: Vec<PathBuf>,
}

impl Sources {
    /// Reads and parses the program and everything that it imports from its own folders.
    ///
    /// # Errors
    /// If a file cannot be read. What is wrong inside of the files are diagnostics.
    pub fn load(project: &Project) -> Result<Self, Problem> {
        let mut sources = Self::default();
        let mut queue: VecDeque<PathBuf> = project.entries()?.into();
        let mut seen: HashMap<PathBuf, ()> = queue.iter().map(|path| (identity(path), ())).collect();
        let mut next = NodeId(0);
        while let Some(path) = queue.pop_front() {
            let text: Arc<str> = files::read(&path)?.into();
            let file = sources.map.add(path.to_string_lossy(), Arc::clone(&text));
            let parsed = tova_syntax::parse(file, &text, next);
            next = parsed.next;
            for import in imports(&parsed.module) {
                if let Some(found) = resolve(&path, &import)
                    && seen.insert(identity(&found), ()).is_none()
                {
                    queue.push_back(found);
                }
            }
            sources.modules.push(parsed.module);
            sources.diagnostics.extend(parsed.diagnostics);
            sources.paths.push(path);
        }
        Ok(sources)
    }

    /// Number of lines of all files.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.map.files().map(|(_, file)| file.text.lines().count()).sum()
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
    [path, with_extension].into_iter().find(|candidate| candidate.is_file() && candidate.extension().is_some_and(|e| e == "tova"))
}
