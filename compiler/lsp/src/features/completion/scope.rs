//! Names in scope, and which words may begin something.

use tova_check::tables::{FnIdx, GlobalIdx, ModelIdx, Place, TypeId, TypeKind};

use tova_source::Span;

use super::{Group, List};
use crate::features::words::{Level, OPERATORS};
use crate::snapshot::At;
use crate::symbol::Symbol;

/// What may begin at the cursor.
pub(super) fn levels(list: &List<'_, '_>) -> Vec<Level> {
    let begins = list.cursor.statement();
    let Some(open) = list.cursor.top() else { return Vec::new() };
    if open.bracket != '{' || !(begins.is_empty() || begins.trim_end() == "pub") {
        return Vec::new();
    }
    if list.cursor.open.len() == 1 {
        return vec![Level::File, Level::Any, Level::Statement];
    }
    let first = open.head.split_whitespace().find(|word| *word != "pub").unwrap_or("");
    match first {
        "server" => vec![Level::Server, Level::Any],
        "client" | "browser" => vec![Level::Client, Level::Any],
        "store" => vec![Level::Client, Level::Any],
        "shared" => vec![Level::Any],
        "component" => vec![Level::Component],
        "type" | "model" | "impl" | "trait" | "import" => vec![Level::Any],
        _ => vec![Level::Statement],
    }
}

/// Everything that a name can mean here.
pub(super) fn names(list: &mut List<'_, '_>) {
    locals(list);
    let place = list.snapshot.index().place_at(list.at.file, list.at.offset);
    store_members(list);
    globals(list, place);
    sides(list, place);
    functions(list, place, Group::Program);
    types(list, Group::Program);
    functions(list, place, Group::Library);
    types(list, Group::Library);
    if !list.cursor.statement().is_empty() || list.cursor.top().is_some_and(|open| open.bracket != '{') {
        OPERATORS.iter().for_each(|word| list.word(word, None));
    }
}

fn locals(list: &mut List<'_, '_>) {
    let index = list.snapshot.index();
    let mut found: Vec<_> = index
        .locals
        .iter()
        .filter(|local| local.span.file == list.at.file)
        .filter(|local| local.span.start < list.at.offset && reaches(&list.at, local.span))
        .filter(|local| list.cursor.word_start() != local.span.start as usize)
        .collect();
    // The nearest of one name hides the others.
    found.sort_by_key(|local| std::cmp::Reverse(local.span.start));
    for local in found {
        if let Some(info) = list.snapshot.var(local.value) {
            list.symbol(&info.name, &Symbol::Local(local.value), Group::Local);
        }
    }
    for function in &index.local_fns {
        if function.span.file == list.at.file
            && function.span.touches(list.at.offset)
            && let Some(info) = list.snapshot.function(function.value)
        {
            list.symbol(&info.name, &Symbol::Fn(function.value), Group::Local);
        }
    }
}

/// Whether a part of the text holds the cursor, or ends just before it because its brace is missing.
fn reaches(at: &At<'_>, part: Span) -> bool {
    let text = |start: u32, end: u32| at.source.text.get(start as usize..end as usize);
    let open = || !text(part.start, part.end).is_some_and(|text| text.trim_end().ends_with('}'));
    let only_space = || text(part.end, at.offset).is_some_and(|text| text.trim().is_empty());
    at.offset <= part.end || open() && only_space()
}

/// Inside a store its members have short names.
fn store_members(list: &mut List<'_, '_>) {
    let Some(store) = list.snapshot.index().store_at(list.at.file, list.at.offset).cloned() else { return };
    let short =
        |name: &'_ str| name.strip_prefix(store.as_str()).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned);
    for (info, id) in list.snapshot.checked.globals.iter().zip(0..) {
        if let Some(name) = short(&info.name) {
            list.symbol(&name, &Symbol::Global(GlobalIdx(id)), Group::Local);
        }
    }
    for (info, id) in list.snapshot.checked.fns.iter().zip(0..) {
        if let Some(name) = short(&info.name) {
            list.symbol(&name, &Symbol::Fn(FnIdx(id)), Group::Local);
        }
    }
}

fn globals(list: &mut List<'_, '_>, place: Place) {
    for (info, id) in list.snapshot.checked.globals.iter().zip(0..) {
        let seen = info.place == Place::Shared || info.place == place;
        if seen && !info.name.contains('.') {
            list.symbol(&info.name, &Symbol::Global(GlobalIdx(id)), Group::Program);
        }
    }
    if place == Place::Client {
        let stores: Vec<_> = list.snapshot.index().stores.iter().map(|store| store.value.clone()).collect();
        for store in stores {
            list.symbol(&store, &Symbol::Store(store.clone()), Group::Program);
        }
    }
}

fn functions(list: &mut List<'_, '_>, place: Place, group: Group) {
    let tests = in_test(list);
    for (info, id) in list.snapshot.checked.fns.iter().zip(0..) {
        let seen = info.place == Place::Shared || info.place == place;
        let for_tests = info.item.attributes.iter().any(|attribute| attribute.name.name == "test");
        if !seen || info.nested || info.name.contains('.') || for_tests && !tests {
            continue;
        }
        let of_group = info.std == matches!(group, Group::Library);
        if !of_group {
            continue;
        }
        list.symbol(&info.name, &Symbol::Fn(FnIdx(id)), group);
    }
}

fn in_test(list: &List<'_, '_>) -> bool {
    list.cursor.open.iter().any(|open| {
        let first = open.head.split_whitespace().next().unwrap_or("");
        ["test", "before_each", "after_each", "bench"].contains(&first)
    })
}

/// Constructors.
fn types(list: &mut List<'_, '_>, group: Group) {
    for (info, id) in list.snapshot.checked.type_decls.iter().zip(0..) {
        let own = !list.snapshot.is_library(info.span.file);
        if own == matches!(group, Group::Library) {
            continue;
        }
        match &info.kind {
            TypeKind::Record(_) if own => list.symbol(&info.name, &Symbol::Type(TypeId(id)), group),
            TypeKind::Enum(variants) => {
                for (variant, at) in variants.keys().zip(0..) {
                    list.symbol(variant, &Symbol::Variant(TypeId(id), at), group);
                }
            }
            TypeKind::Record(_) | TypeKind::Handle(_) | TypeKind::Alias(_) => {}
        }
    }
}

/// Models in a server, servers in a client.
fn sides(list: &mut List<'_, '_>, place: Place) {
    match place {
        Place::Server(number) => {
            let models = list.snapshot.checked.servers.get(number as usize).map_or(&[][..], |server| &server.models);
            for ModelIdx(model) in models {
                if let Some(info) = list.snapshot.checked.models.get(*model as usize) {
                    list.symbol(&info.decl.name.name, &Symbol::Type(info.row), Group::Program);
                }
            }
        }
        Place::Client => {
            for server in &list.snapshot.checked.servers {
                list.symbol("server", &Symbol::Server(None), Group::Program);
                if let Some(name) = &server.name {
                    list.symbol(name, &Symbol::Server(Some(name.clone())), Group::Program);
                }
            }
        }
        Place::Shared => {}
    }
}
