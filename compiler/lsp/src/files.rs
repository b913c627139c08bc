//! The texts of a program and their trees, kept from edit to edit: only what changed is parsed again.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::Uri;
use tova_check::Library;
use tova_diagnostics::Diagnostic;
use tova_source::{FileId, SourceMap};
use tova_syntax::ast::{Module, NodeId};

use crate::project::{self, Root};

/// A text in the editor.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its address as the editor wrote it.
    pub(crate) uri: Uri,
    /// The editor's number of the text.
    pub(crate) version: i32,
    /// The text.
    pub(crate) text: Arc<str>,
}

/// A file of the program.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) uri: Uri,
    pub(crate) id: FileId,
    /// The editor's number of the text, if it is open there.
    pub(crate) version: Option<i32>,
    /// What the parser found.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A parsed file that an edit of another one leaves as it is.
#[derive(Debug)]
struct Kept {
    text: Arc<str>,
    /// The file's nodes are numbered from here on; the next file begins at `end`, which leaves room to grow.
    first: NodeId,
    end: NodeId,
    module: Module,
    diagnostics: Vec<Diagnostic>,
}

/// All files of a program.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) root: Root,
    pub(crate) library: Library,
    pub(crate) sources: SourceMap,
    /// The program's own files, in the order of `modules`.
    pub(crate) list: Vec<File>,
    pub(crate) modules: Vec<Module>,
    /// The first node id that no file uses.
    pub(crate) end: NodeId,
    ids: HashMap<PathBuf, FileId>,
    kept: HashMap<PathBuf, Kept>,
    open: HashMap<PathBuf, Document>,
    /// Texts read from disk, until something says that they changed.
    disk: HashMap<PathBuf, Option<Arc<str>>>,
    /// The folder's files, likewise.
    entries: Option<Vec<PathBuf>>,
}

impl Files {
    pub(crate) fn new(root: Root) -> Self {
        let mut sources = SourceMap::default();
        let library = Library::load(&mut sources);
        let end = library.end();
        Self {
            root,
            library,
            sources,
            list: Vec::new(),
            modules: Vec::new(),
            end,
            ids: HashMap::new(),
            kept: HashMap::new(),
            open: HashMap::new(),
            disk: HashMap::new(),
            entries: None,
        }
    }

    /// A text of the editor takes the place of what is on disk.
    pub(crate) fn open(&mut self, path: PathBuf, document: Document) {
        if self.open.insert(path.clone(), document).is_none() {
            self.changed_on_disk(&path);
        }
    }

    /// What is on disk counts again.
    pub(crate) fn close(&mut self, path: &Path) {
        self.open.remove(path);
        self.changed_on_disk(path);
    }

    /// Forgets what is known of a file on disk.
    pub(crate) fn changed_on_disk(&mut self, path: &Path) {
        self.disk.remove(path);
        self.entries = None;
    }

    /// Whether an edit of this file concerns the program.
    pub(crate) fn concerns(&self, path: &Path) -> bool {
        self.ids.contains_key(path) || self.disk.contains_key(path) || self.root.takes(path)
    }

    /// Brings files and trees up to date.
    pub(crate) fn update(&mut self) {
        for (file, module) in self.list.drain(..).zip(self.modules.drain(..)) {
            if let Some(kept) = self.kept.get_mut(&file.path) {
                kept.module = module;
            }
        }
        let mut entries = self.entries.take().unwrap_or_else(|| self.root.entries());
        self.entries = Some(entries.clone());
        let unsaved = self.open.keys().filter(|path| !entries.contains(path) && self.root.takes(path));
        entries.extend(unsaved.cloned().collect::<Vec<_>>());
        entries.sort();
        let mut kept = std::mem::take(&mut self.kept);
        let mut end = self.library.end();
        let mut order = Vec::new();
        project::closure(entries, |path| {
            let Some(text) = self.text(path) else { return Vec::new() };
            let before = kept.remove(path).filter(|kept| kept.first == end && *kept.text == *text);
            let file = before.unwrap_or_else(|| self.parse(path, text, end));
            end = file.end;
            let imports = project::imported(path, &file.module);
            order.push(path.to_path_buf());
            self.kept.insert(path.to_path_buf(), file);
            imports
        });
        self.end = end;
        order.iter().for_each(|path| self.list_file(path));
    }

    fn parse(&mut self, path: &Path, text: Arc<str>, first: NodeId) -> Kept {
        let id = match self.ids.get(path) {
            Some(id) => {
                self.sources.replace(*id, Arc::clone(&text));
                *id
            }
            None => {
                let id = self.sources.add(path.to_string_lossy(), Arc::clone(&text));
                self.ids.insert(path.to_path_buf(), id);
                id
            }
        };
        let parsed = tova_syntax::parse(id, &text, first);
        let used = parsed.next.0 - first.0;
        // Room for what is typed next, in steps, so that a short edit moves no other file's numbers.
        let room = (used + used / 8).next_multiple_of(512) + 512;
        let end = NodeId(first.0.saturating_add(room));
        Kept { text, first, end, module: parsed.module, diagnostics: parsed.diagnostics }
    }

    fn list_file(&mut self, path: &Path) {
        let (Some(kept), Some(id)) = (self.kept.get_mut(path), self.ids.get(path)) else { return };
        let empty = Module { file: *id, items: Vec::new(), comments: Vec::new() };
        self.modules.push(std::mem::replace(&mut kept.module, empty));
        let document = self.open.get(path);
        self.list.push(File {
            path: path.to_path_buf(),
            uri: document.map_or_else(|| crate::uri::of_path(path), |document| document.uri.clone()),
            id: *id,
            version: document.map(|document| document.version),
            diagnostics: kept.diagnostics.clone(),
        });
    }

    fn text(&mut self, path: &Path) -> Option<Arc<str>> {
        if let Some(document) = self.open.get(path) {
            return Some(Arc::clone(&document.text));
        }
        let read = || fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into());
        self.disk.entry(path.to_path_buf()).or_insert_with(read).clone()
    }
}
