//! Places that only server blocks have: methods, handlers and guards of routes, settings.

use gen_lsp_types as lsp;
use tova_check::tables::{FnIdx, Place};
use tova_syntax::ast::{ItemKind, ServerDecl};

use super::{Entry, Group, List};
use crate::features::words::{self, METHODS, SETTINGS};
use crate::symbol::Symbol;

pub(super) fn place(list: &mut List<'_, '_>) -> bool {
    let statement = list.cursor.statement();
    if statement.starts_with("route ") {
        return route(list, statement);
    }
    settings(list)
}

fn route(list: &mut List<'_, '_>, statement: &str) -> bool {
    let rest = statement.strip_prefix("route").unwrap_or("").trim();
    if rest.is_empty() {
        for (method, docs) in METHODS {
            list.add(Entry {
                label: method,
                kind: lsp::CompletionItemKind::EnumMember,
                group: Group::Place,
                detail: None,
                docs: Some((*docs).to_owned()),
                snippet: None,
            });
        }
        return true;
    }
    let guards =
        rest.rsplit("with ").next().is_some_and(|after| after.len() < rest.len() && !after.contains(['(', '=', '>']));
    if rest.ends_with("with") || guards && (rest.ends_with(',') || rest.ends_with("with")) {
        middleware(list);
        return true;
    }
    if rest.ends_with("=>") {
        handlers(list);
        list.word("fn", None);
        return true;
    }
    if rest.ends_with(['"', '\'']) {
        for (word, docs) in [("with", "Middleware that this route needs."), ("body", "The type of the body.")] {
            list.word(word, Some(docs));
        }
        return true;
    }
    false
}

fn here(list: &List<'_, '_>) -> Option<u32> {
    match list.snapshot.index().place_at(list.at.file, list.at.offset) {
        Place::Server(number) => Some(number),
        Place::Shared | Place::Client => None,
    }
}

fn middleware(list: &mut List<'_, '_>) {
    let Some(server) = here(list).and_then(|number| list.snapshot.checked.servers.get(number as usize)) else { return };
    for item in &server.items {
        if let ItemKind::Server(ServerDecl::Middleware(decl)) = &item.kind {
            list.symbol(&decl.name.name, &Symbol::Middleware(decl.id), Group::Place);
        }
    }
}

fn handlers(list: &mut List<'_, '_>) {
    let Some(number) = here(list) else { return };
    for (info, id) in list.snapshot.checked.fns.iter().zip(0..) {
        if info.place == Place::Server(number) && !info.nested && !info.name.contains('.') {
            list.symbol(&info.name, &Symbol::Fn(FnIdx(id)), Group::Place);
        }
    }
}

/// Keys of a block of settings, and values that are known.
fn settings(list: &mut List<'_, '_>) -> bool {
    let Some(open) = list.cursor.top().filter(|open| open.bracket == '{') else { return false };
    let block = open.head.split_whitespace().next().unwrap_or("");
    let keys: Vec<_> = SETTINGS.iter().filter(|(of, _, _)| *of == block).collect();
    let statement = list.cursor.statement();
    if keys.is_empty() {
        return false;
    }
    let key = statement.trim_end().strip_suffix(':').map(|key| key.rsplit([' ', ',']).next().unwrap_or(key));
    match key {
        Some("adapter" | "driver") => {
            for value in ["\"sqlite\"", "\"postgres\""] {
                list.word(value, None);
            }
            true
        }
        Some("wal" | "timestamps" | "credentials") => {
            ["true", "false"].iter().for_each(|value| list.word(value, None));
            true
        }
        // A column's type.
        Some(_) => block != "model",
        None if statement.is_empty() || statement.trim_end().ends_with(',') => {
            for (_, key, docs) in keys {
                list.add(Entry {
                    label: key,
                    kind: lsp::CompletionItemKind::Property,
                    group: Group::Place,
                    detail: None,
                    docs: Some((*docs).to_owned()),
                    snippet: Some(format!("{key}: $0")),
                });
            }
            if block == "model" {
                columns(list, open.head);
            }
            true
        }
        None => false,
    }
}

/// A model's columns are the fields of the shared type of its name.
fn columns(list: &mut List<'_, '_>, head: &str) {
    let name = head.split_whitespace().nth(1).unwrap_or("");
    let found = list.snapshot.checked.type_decls.iter().zip(0..).find(|(info, _)| info.name == name);
    let Some((info, id)) = found else { return };
    if let tova_check::tables::TypeKind::Record(fields) = &info.kind {
        for (field, ty) in fields {
            let symbol = Symbol::Field(tova_check::tables::TypeId(id), field.clone());
            list.add(Entry {
                label: field,
                kind: lsp::CompletionItemKind::Field,
                group: Group::Place,
                detail: list.snapshot.signature(&symbol),
                docs: None,
                snippet: Some(format!("{field}: {}", list.snapshot.show(*ty))),
            });
        }
    }
}

/// Values of settings that are strings.
pub(super) fn value_in_string(list: &mut List<'_, '_>, start: usize) {
    let before = list.cursor.before.get(..start).unwrap_or("").trim_end();
    let key = before.strip_suffix(':').map(|key| key.rsplit([' ', ',', '\n', '{']).next().unwrap_or(""));
    let in_db = list.cursor.top().is_some_and(|open| open.head == "db");
    if in_db && matches!(key, Some("adapter" | "driver")) {
        for value in ["sqlite", "postgres"] {
            list.word(value, words::setting("db", "adapter"));
        }
    }
}
