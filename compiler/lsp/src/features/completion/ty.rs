//! Types.

use gen_lsp_types as lsp;
use tova_check::tables::TypeId;

use super::{Entry, Group, List};
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// Types that the language brings.
const BUILT_IN: &[(&str, &str)] = &[
    ("Int", "A whole number of 64 bits; more is an error when it happens."),
    ("Float", "A number with a fraction (IEEE double)."),
    ("String", "A text."),
    ("Bool", "`true` or `false`."),
    ("Any", "Dynamic data, as `JSON.parse` gives it."),
    ("Map", "Values by key: `Map<String, Int>`."),
    ("Set", "Different values: `Set<Int>`."),
    ("Duration", "A length of time: `30.seconds`."),
    ("Bytes", "A size: `5.megabytes`."),
    ("View", "A piece of a page."),
    ("Nil", "No value."),
];

pub(super) fn types(list: &mut List<'_, '_>) -> bool {
    if !is_type_place(list) {
        return false;
    }
    let index = list.snapshot.index();
    let params: Vec<_> = index
        .type_params
        .iter()
        .filter(|param| param.span.file == list.at.file && param.span.touches(list.at.offset))
        .map(|param| param.value.clone())
        .collect();
    for name in params {
        list.add(Entry {
            label: &name,
            kind: lsp::CompletionItemKind::TypeParameter,
            group: Group::Place,
            detail: None,
            docs: None,
            snippet: None,
        });
    }
    for (info, id) in list.snapshot.checked.type_decls.iter().zip(0..) {
        let group = if list.snapshot.is_library(info.span.file) { Group::Library } else { Group::Program };
        list.symbol(&info.name, &Symbol::Type(TypeId(id)), group);
    }
    for (name, docs) in BUILT_IN {
        list.add(Entry {
            label: name,
            kind: lsp::CompletionItemKind::Struct,
            group: Group::Library,
            detail: None,
            docs: Some((*docs).to_owned()),
            snippet: None,
        });
    }
    true
}

fn is_type_place(list: &List<'_, '_>) -> bool {
    let mut in_tree = false;
    tree::around(list.at.module, list.at.offset, &mut |node| in_tree = matches!(node, Node::Ty(_)));
    if in_tree && !list.cursor.word.is_empty() {
        return true;
    }
    let left = list.cursor.left().trim_end();
    if left.ends_with("->") {
        return true;
    }
    let Some(open) = list.cursor.top() else { return false };
    let head = open.head;
    let first = head.split_whitespace().find(|word| *word != "pub").unwrap_or("");
    let statement = list.cursor.statement().trim_end();
    match open.bracket {
        // Parameters of a function; `: [` of a list of them.
        '(' => left.ends_with(':') && is_parameters(head),
        '[' => head.ends_with(':') && !head.contains('='),
        '{' => match first {
            "type" | "model" => left.ends_with(':'),
            _ => left.ends_with(':') && is_annotation(statement),
        },
        _ => false,
    }
}

fn is_parameters(head: &str) -> bool {
    let mut words = head.split_whitespace().rev();
    let last = words.next().unwrap_or("");
    let before = words.next().unwrap_or("");
    last == "fn" || last.ends_with("fn") || ["fn", "component", "middleware"].contains(&before)
}

/// `name:`, `mut name:`, `state name:` at the start of a statement.
fn is_annotation(statement: &str) -> bool {
    let name = statement.strip_suffix(':').unwrap_or("").trim_end();
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [word, name] => ["mut", "let", "var", "state", "computed", "env"].contains(word) && is_name(name),
        [name] => is_name(name),
        _ => false,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}
