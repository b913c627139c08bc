//! Imports a name from a file beside this one that declares it.

use std::fs;
use std::path::Path;

use gen_lsp_types as lsp;
use tova_diagnostics::codes;
use tova_source::{FileId, Span};
use tova_syntax::ast::{BlockKind, ClientDecl, Item, ItemKind, Module, NodeId};

use super::{Action, Selected};
use crate::snapshot::Snapshot;

/// Codes of names that nothing declares.
const UNKNOWN: [tova_diagnostics::Code; 3] = [codes::E0201, codes::E0204, codes::E0901];

pub(super) fn missing(snapshot: &Snapshot<'_>, selected: Selected<'_>) -> Option<Action> {
    let at = selected.at;
    let problem = snapshot.checked.diagnostics.iter().find(|diagnostic| {
        UNKNOWN.contains(&diagnostic.code) && diagnostic.span.file == at.file && diagnostic.span.touches(at.offset)
    })?;
    let name = snapshot.text(problem.span);
    let here = &snapshot.files.iter().find(|file| file.id == at.file)?.path;
    let mut paths: Vec<_> = fs::read_dir(here.parent()?).ok()?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let stem = paths.iter().filter(|path| *path != here).find_map(|path| declaring(path, name))?;
    let edit = (place(at.module), format!("import {{ {name} }} from \"./{stem}\"\n"));
    let title = format!("import `{name}` from `./{stem}`");
    Some(Action { title, kind: lsp::CodeActionKind::QuickFix, edits: vec![edit] })
}

/// The name of a source that declares `name`, without its ending.
fn declaring(path: &Path, name: &str) -> Option<String> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".tova")?.to_owned();
    let text = fs::read_to_string(path).ok().filter(|text| text.contains(name))?;
    let parsed = tova_syntax::parse(FileId(0), &text, NodeId(0));
    declares(&parsed.module.items, name).then_some(stem)
}

fn declares(items: &[Item], name: &str) -> bool {
    items.iter().any(|item| match &item.kind {
        ItemKind::Fn(decl) => decl.name.name == name,
        ItemKind::Type(decl) => decl.name.name == name,
        ItemKind::Client(ClientDecl::Component(decl)) => decl.name.name == name,
        ItemKind::Client(ClientDecl::Store { name: store, .. }) => store.name == name,
        ItemKind::Block(block) => block.kind != BlockKind::Server && declares(&block.items, name),
        _ => false,
    })
}

/// Before the first declaration, after what is imported already.
fn place(module: &Module) -> Span {
    let mut at = module.items.first().map_or(Span::new(module.file, 0, 0), |item| item.span.at_start());
    for pair in module.items.windows(2) {
        if let [first, second] = pair
            && let ItemKind::Import(_) = first.kind
        {
            at = second.span.at_start();
        }
    }
    at
}
