//! Imports: names that another file declares, and paths.

use gen_lsp_types as lsp;

use super::{Entry, Group, List};
use crate::symbol::{Role, Symbol};

/// Names between the braces of an import.
pub(super) fn names(list: &mut List<'_, '_>) -> bool {
    let Some(open) = list.cursor.top().filter(|open| open.bracket == '{' && open.head == "import") else {
        return false;
    };
    // The file that the rest of the line names, else every other file.
    let line = list.at.source.text.get(open.at..).unwrap_or("").lines().next().unwrap_or("");
    let written = line.split_once("from").and_then(|(_, path)| path.split(['"', '\'']).nth(1));
    let here = list.snapshot.files.iter().find(|file| file.id == list.at.file);
    let wanted = here.zip(written).and_then(|(file, path)| crate::project::resolve(&file.path, path));
    let others: Vec<_> = list
        .snapshot
        .files
        .iter()
        .filter(|file| file.id != list.at.file && wanted.as_ref().is_none_or(|wanted| file.path == *wanted))
        .map(|file| file.id)
        .collect();
    let index = list.snapshot.index();
    for file in others {
        for occurrence in index.of_file(file).iter().filter(|occurrence| occurrence.role == Role::Definition) {
            let exported = match &occurrence.symbol {
                Symbol::Fn(id) => {
                    list.snapshot.function(*id).is_some_and(|info| !info.nested && !info.name.contains('.'))
                }
                Symbol::Type(_) | Symbol::Component(_) | Symbol::Global(_) | Symbol::Store(_) => true,
                _ => false,
            };
            if exported {
                list.symbol(list.snapshot.text(occurrence.span), &occurrence.symbol, Group::Place);
            }
        }
    }
    true
}

/// Paths of the program's other files, in the string of an import.
pub(super) fn path(list: &mut List<'_, '_>, start: usize) {
    let before = list.cursor.before.get(..start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("").trim();
    if !(line.starts_with("import") && line.ends_with("from")) {
        return super::server::value_in_string(list, start);
    }
    let Some(here) = list.snapshot.files.iter().find(|file| file.id == list.at.file) else { return };
    let Some(folder) = here.path.parent() else { return };
    let mut paths: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| *path != here.path)
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            let source = name.strip_suffix(".tova").map(|stem| format!("./{stem}"));
            source.or_else(|| (path.is_dir() && !name.starts_with('.')).then(|| format!("./{name}/")))
        })
        .collect();
    paths.sort();
    let written = list.cursor.before.get(start + 1..).unwrap_or("");
    for path in paths.iter().filter(|path| path.starts_with(written)) {
        // The word at the cursor is what follows the last mark of the path.
        let kept = written.len() - list.cursor.word.len();
        let text = path.get(kept..).unwrap_or(path);
        list.add(Entry {
            label: path,
            kind: lsp::CompletionItemKind::File,
            group: Group::Place,
            detail: None,
            docs: None,
            snippet: Some(text.to_owned()),
        });
    }
}
