//! Fills in the fields that a record lacks.

use gen_lsp_types as lsp;
use tova_check::tables::{Res, TypeId, TypeKind};
use tova_check::types::TyKind;
use tova_source::Span;
use tova_syntax::ast::{ExprKind, RecordEntry, TypeBody};

use super::{Action, Selected, first_value};
use crate::snapshot::Snapshot;
use crate::tree::{self, Node};

pub(super) fn missing(snapshot: &Snapshot<'_>, selected: Selected<'_>) -> Option<Action> {
    let at = selected.at;
    let mut found: Option<(Span, TypeId, Vec<ecow::EcoString>)> = None;
    tree::around(at.module, at.offset, &mut |node| {
        let Node::Expr(expr) = node else { return };
        match &expr.kind {
            ExprKind::Record(entries) => {
                let ty = snapshot.checked.expr_ty(expr);
                let spread = entries.iter().any(|entry| matches!(entry, RecordEntry::Spread { .. }));
                if let (TyKind::Named(id, _), false) = (snapshot.checked.types.kind(ty), spread) {
                    found = Some((expr.span, *id, entries.iter().filter_map(key).collect()));
                }
            }
            ExprKind::Call { callee, args } => {
                let named = args.iter().all(|arg| arg.name.is_some());
                if let (Some(Res::Record(id)), true) = (snapshot.checked.names.get(&callee.id), named) {
                    let given = args.iter().filter_map(|arg| Some(arg.name.as_ref()?.name.clone())).collect();
                    found = Some((expr.span, *id, given));
                }
            }
            _ => {}
        }
    });
    let (span, id, given) = found?;
    let lacking: Vec<String> = lacking(snapshot, id, &given);
    if lacking.is_empty() {
        return None;
    }
    let whole = snapshot.text(span);
    let close =
        whole.len().checked_sub(1).filter(|close| whole.get(*close..).is_some_and(|end| matches!(end, "}" | ")")))?;
    let inside = whole.get(..close)?.trim_end();
    let start = span.start + u32::try_from(inside.len()).ok()?;
    let separator = if inside.ends_with(['{', '(', ',']) { "" } else { "," };
    let call = whole.ends_with(')');
    let space = if call && separator.is_empty() && inside.ends_with('(') { "" } else { " " };
    let end = if call { "" } else { " " };
    let text = format!("{separator}{space}{}{end}", lacking.join(", "));
    let edits = vec![(Span::new(span.file, start, span.end - 1), text)];
    Some(Action { title: "fill in the missing fields".to_owned(), kind: lsp::CodeActionKind::QuickFix, edits })
}

fn key(entry: &RecordEntry) -> Option<ecow::EcoString> {
    match entry {
        RecordEntry::Field { name, .. } | RecordEntry::Short { name, .. } => Some(name.name.clone()),
        RecordEntry::Computed { .. } | RecordEntry::Spread { .. } => None,
    }
}

/// Fields that must be given: not optional, and without a default.
fn lacking(snapshot: &Snapshot<'_>, id: TypeId, given: &[ecow::EcoString]) -> Vec<String> {
    let Some(info) = snapshot.type_info(id) else { return Vec::new() };
    let TypeKind::Record(fields) = &info.kind else { return Vec::new() };
    let has_default = |name: &str| match info.decl.map(|decl| &decl.body) {
        Some(TypeBody::Record(fields)) => fields.iter().any(|field| field.name.name == name && field.default.is_some()),
        _ => false,
    };
    fields
        .iter()
        .filter(|(name, ty)| {
            let optional = matches!(snapshot.checked.types.kind(**ty), TyKind::Option(_));
            !given.contains(name) && !optional && !has_default(name)
        })
        .map(|(name, ty)| format!("{name}: {}", first_value(snapshot, *ty)))
        .collect()
}
