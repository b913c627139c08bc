//! Arms of a `match`.

use gen_lsp_types as lsp;
use tova_check::tables::TypeKind;
use tova_check::types::TyKind;
use tova_syntax::ast::ExprKind;

use super::{Entry, Group, List};
use crate::symbol::Symbol;
use crate::tree::{self, Node};

pub(super) fn arms(list: &mut List<'_, '_>) -> bool {
    let Some(open) = list.cursor.top().filter(|open| open.bracket == '{') else { return false };
    let is_match = open.head.starts_with("match ") || open.head.contains(" match ") || open.head.contains("(match ");
    let begins = list.cursor.statement().trim_end();
    if !is_match || !(begins.is_empty() || begins.ends_with('|') || begins.ends_with(',')) {
        return false;
    }
    let (start, end) =
        (open.at - open.head.len().min(open.at), list.cursor.before.get(..open.at).unwrap_or("").trim_end().len());
    let Some(ty) = subject(list, start, end) else { return false };
    let arrow =
        if list.at.source.text.get(list.at.offset as usize..).is_some_and(|rest| rest.trim_start().starts_with("=>")) {
            ""
        } else {
            " => $0"
        };
    match list.snapshot.checked.types.kind(ty).clone() {
        TyKind::Named(id, _) => variants(list, id, arrow),
        TyKind::Bool => ["true", "false"].iter().for_each(|value| arm(list, value, arrow, None)),
        TyKind::Option(_) => {
            arm(list, "Some", &format!("(${{1:value}}){arrow}"), Some("The value is there."));
            arm(list, "None", arrow, Some("The value is absent."));
        }
        _ => {}
    }
    arm(list, "_", arrow, Some("Everything else."));
    true
}

/// The type of what is matched: the largest expression between the word and the brace.
fn subject(list: &List<'_, '_>, start: usize, end: usize) -> Option<tova_check::types::Ty> {
    let mut found = None;
    tree::around(list.at.module, u32::try_from(end).ok()?, &mut |node| {
        if let Node::Expr(expr) = node {
            let inside = expr.span.start as usize >= start && expr.span.end as usize == end;
            if let ExprKind::Match { subject, .. } = &expr.kind
                && subject.span.end as usize == end
            {
                found = Some(list.snapshot.checked.expr_ty(subject));
            } else if inside && found.is_none() {
                found = Some(list.snapshot.checked.expr_ty(expr));
            }
        }
    });
    found
}

fn variants(list: &mut List<'_, '_>, id: tova_check::tables::TypeId, arrow: &str) {
    let Some(TypeKind::Enum(variants)) = list.snapshot.type_info(id).map(|info| &info.kind) else { return };
    for ((name, fields), at) in variants.iter().zip(0..) {
        let places: Vec<String> = fields
            .iter()
            .zip(1..)
            .map(|((field, _), at)| {
                let named = !field.is_empty() && !field.starts_with(|c: char| c.is_ascii_digit() || c == '_');
                format!("${{{at}:{}}}", if named { field.as_str() } else { "value" })
            })
            .collect();
        let taken = if places.is_empty() { String::new() } else { format!("({})", places.join(", ")) };
        let symbol = Symbol::Variant(id, at);
        list.add(Entry {
            label: name,
            kind: lsp::CompletionItemKind::EnumMember,
            group: Group::Place,
            detail: list.snapshot.signature(&symbol),
            docs: list.snapshot.docs(&symbol).map(String::from),
            snippet: Some(format!("{name}{taken}{arrow}")),
        });
    }
}

fn arm(list: &mut List<'_, '_>, label: &str, after: &str, docs: Option<&str>) {
    list.add(Entry {
        label,
        kind: lsp::CompletionItemKind::EnumMember,
        group: Group::Place,
        detail: None,
        docs: docs.map(str::to_owned),
        snippet: Some(format!("{label}{after}")),
    });
}
