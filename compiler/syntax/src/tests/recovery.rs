//! What is kept of a program when a part of it is broken.

use std::path::{Path, PathBuf};

use tova_source::FileId;

use crate::Parsed;
use crate::ast::visit::{Visitor, walk_item};
use crate::ast::{ClientDecl, Item, ItemKind, NodeId, ServerDecl};
use crate::lexer::Lexer;
use crate::token::{T, Token};

fn parse(text: &str) -> Parsed {
    crate::parse(FileId(0), text, NodeId(0))
}

/// Every `.tova` file below the folders of programs and of the standard library.
fn programs() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    let mut folders = vec![root.join("examples"), root.join("stdlib")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tova") {
                let text = std::fs::read_to_string(&path).expect("a program can be read");
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(found.len() >= 4, "the programs are not where they were");
    found
}

fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer::new(FileId(0), text);
    std::iter::from_fn(|| Some(lexer.next()).filter(|token| token.kind != T::Eof)).collect()
}

/// A declaration with its place.
struct Declared {
    what: String,
    start: u32,
    end: u32,
}

#[derive(Default)]
struct Declarations(Vec<Declared>);

impl Visitor for Declarations {
    fn item(&mut self, item: &Item) {
        if let Some(what) = what(&item.kind) {
            self.0.push(Declared { what, start: item.span.start, end: item.span.end });
        }
        walk_item(self, item);
    }
}

fn what(kind: &ItemKind) -> Option<String> {
    Some(match kind {
        ItemKind::Fn(decl) => format!("fn {}", decl.name.name),
        ItemKind::Type(decl) => format!("type {}", decl.name.name),
        ItemKind::Impl(decl) => format!("impl {:?}", decl.trait_.as_ref().map(|name| &name.name)),
        ItemKind::Trait(decl) => format!("trait {}", decl.name.name),
        ItemKind::Block(decl) => format!("{:?} {:?}", decl.kind, decl.name.as_ref().map(|name| &name.name)),
        ItemKind::Server(ServerDecl::Route(route)) => format!("route {} {}", route.method.name, route.path),
        ItemKind::Server(ServerDecl::Middleware(decl)) => format!("middleware {}", decl.name.name),
        ItemKind::Server(ServerDecl::Model(decl)) => format!("model {}", decl.name.name),
        ItemKind::Server(ServerDecl::Config(decl)) => format!("config {}", decl.word.name),
        ItemKind::Client(ClientDecl::Component(decl)) => format!("component {}", decl.name.name),
        ItemKind::Client(ClientDecl::State { name, .. }) => format!("state {:?}", name.kind),
        ItemKind::Client(ClientDecl::Computed { name, .. }) => format!("computed {:?}", name.kind),
        ItemKind::Client(ClientDecl::Store { name, .. }) => format!("store {}", name.name),
        _ => return None,
    })
}

fn declarations(parsed: &Parsed) -> Vec<Declared> {
    let mut found = Declarations::default();
    parsed.module.items.iter().for_each(|item| found.item(item));
    found.0
}

/// The declarations that a change at `offset` may take away: the innermost one around it and what that one holds.
fn at_risk(all: &[Declared], offset: u32) -> (u32, u32) {
    all.iter()
        .filter(|declared| declared.start <= offset && offset < declared.end)
        .min_by_key(|declared| declared.end - declared.start)
        .map_or((u32::MAX, u32::MAX), |declared| (declared.start, declared.end))
}

/// What is missing although it stands apart from `offset`.
fn lost(before: &[Declared], after: &Parsed, offset: u32) -> Vec<String> {
    let (start, end) = at_risk(before, offset);
    let kept: Vec<String> = declarations(after).into_iter().map(|declared| declared.what).collect();
    before
        .iter()
        .filter(|declared| !(declared.start >= start && declared.end <= end))
        .filter(|declared| !kept.contains(&declared.what))
        .map(|declared| declared.what.clone())
        .collect()
}

#[test]
fn programs_have_no_syntax_errors() {
    for (path, text) in programs() {
        let parsed = parse(&text);
        assert!(parsed.diagnostics.is_empty(), "{}: {:#?}", path.display(), parsed.diagnostics);
    }
}

#[test]
fn deleting_a_token_keeps_every_other_declaration() {
    let mut failures = Vec::new();
    let mut tried = 0;
    for (path, text) in programs() {
        let before = declarations(&parse(&text));
        // The standard library is large and of one kind; a few tokens of it tell as much.
        let step = if path.components().any(|part| part.as_os_str() == "stdlib") { 7 } else { 1 };
        for token in tokens(&text).into_iter().step_by(step) {
            let mut broken = text.clone();
            broken.replace_range(token.start as usize..token.end as usize, "");
            let lost = lost(&before, &parse(&broken), token.start);
            tried += 1;
            if !lost.is_empty() {
                let line = text[..token.start as usize].matches('\n').count() + 1;
                failures.push(format!(
                    "{}:{line}: without {:?}: {lost:?}",
                    path.display(),
                    &text[token.start as usize..token.end as usize]
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {tried}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_beginning_of_a_program_can_be_parsed() {
    for (path, text) in programs() {
        let step = if path.components().any(|part| part.as_os_str() == "stdlib") { 97 } else { 5 };
        for (at, _) in text.char_indices().step_by(step) {
            let parsed = parse(&text[..at]);
            assert!(parsed.diagnostics.iter().all(|problem| problem.span.end as usize <= at.max(1)));
        }
    }
}
