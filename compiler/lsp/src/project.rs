//! Which program a file belongs to.

use std::collections::HashSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use tova_syntax::ast::{Item, ItemKind, Module};

/// Files that make their folder one program.
const MARKS: [&str; 3] = ["tova.toml", "app.tova", "main.tova"];

/// A program: a folder, or one file with what it imports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Root {
    /// All sources of one folder.
    Folder(PathBuf),
    /// A file that stands for itself.
    File(PathBuf),
}

impl Root {
    /// The program of a file: that of its folder or, if that is none, one above that imports it; else the file alone.
    pub(crate) fn of(path: &Path) -> Self {
        let Some(folder) = path.parent().filter(|folder| folder.is_dir()) else {
            return Self::File(path.to_path_buf());
        };
        if is_marked(folder) {
            return Self::Folder(folder.to_path_buf());
        }
        let above = folder.ancestors().skip(1).filter(|above| is_marked(above)).find(|above| imports(above, path));
        if let Some(above) = above {
            return Self::Folder(above.to_path_buf());
        }
        let blocks = sources(folder).iter().any(|file| fs::read_to_string(file).is_ok_and(|text| has_block(&text)));
        if blocks { Self::Folder(folder.to_path_buf()) } else { Self::File(path.to_path_buf()) }
    }

    /// The files that the program starts from; imports add to them. Test files belong to the folder that they stand in.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        match self {
            Self::Folder(folder) => sources(folder),
            Self::File(file) => vec![file.clone()],
        }
    }

    /// Whether a new file at `path` is part of the program without being imported.
    pub(crate) fn takes(&self, path: &Path) -> bool {
        match self {
            Self::Folder(folder) => path.parent() == Some(folder) && is_source(path),
            Self::File(file) => file == path,
        }
    }
}

fn is_marked(folder: &Path) -> bool {
    MARKS.iter().any(|mark| folder.join(mark).is_file())
}

fn is_source(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| extension == "tova")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| is_source(path) && path.is_file()).collect();
    files.sort();
    files
}

/// Whether a line opens a block of a program.
fn has_block(text: &str) -> bool {
    text.lines().any(|line| {
        let word = line.split([' ', '{']).next().unwrap_or("");
        matches!(word, "server" | "client" | "browser" | "shared") && line.contains('{')
    })
}

/// Whether the program of a folder imports a file.
fn imports(folder: &Path, wanted: &Path) -> bool {
    let mut found = false;
    closure(sources(folder), |path| {
        found |= path == wanted;
        let text = fs::read_to_string(path).unwrap_or_default();
        let parsed = tova_syntax::parse(tova_source::FileId(0), &text, tova_syntax::ast::NodeId(0));
        imported(path, &parsed.module)
    });
    found
}

/// Looks at all files of a program: the entries, then what they import, each once. `visit` gives the imports of a file.
pub(crate) fn closure(entries: Vec<PathBuf>, mut visit: impl FnMut(&Path) -> Vec<PathBuf>) {
    let mut seen: HashSet<PathBuf> = entries.iter().cloned().collect();
    let mut queue = std::collections::VecDeque::from(entries);
    while let Some(path) = queue.pop_front() {
        for import in visit(&path) {
            if seen.insert(import.clone()) {
                queue.push_back(import);
            }
        }
    }
}

/// The files of the program's own that a module imports.
pub(crate) fn imported(from: &Path, module: &Module) -> Vec<PathBuf> {
    let mut out = Vec::new();
    collect(from, &module.items, &mut out);
    out
}

fn collect(from: &Path, items: &[Item], out: &mut Vec<PathBuf>) {
    for item in items {
        match &item.kind {
            ItemKind::Import(import) => out.extend(resolve(from, &import.path)),
            ItemKind::Block(block) => collect(from, &block.items, out),
            _ => {}
        }
    }
}

/// The file that `import … from "./path"` means, with or without its ending.
pub(crate) fn resolve(from: &Path, import: &str) -> Option<PathBuf> {
    if !import.starts_with("./") && !import.starts_with("../") {
        return None;
    }
    let mut path = from.parent()?.to_path_buf();
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
    [path, with_extension].into_iter().find(|candidate| is_source(candidate))
}
