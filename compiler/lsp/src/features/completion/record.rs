//! Keys of record literals, columns of a model's statements, names of parameters.

use gen_lsp_types as lsp;
use tova_check::tables::{QueryOp, Res, TypeId, TypeKind};
use tova_check::types::{Ty, TyKind};
use tova_syntax::ast::{ExprKind, RecordEntry};

use super::{Entry, Group, List};
use crate::describe::parameter_name;
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// What the keys of a literal name.
enum Keys {
    Fields(TypeId),
    Columns(TypeId, QueryOp),
}

/// Keys, where a new entry begins.
pub(super) fn fields(list: &mut List<'_, '_>) {
    let Some(open) = list.cursor.top().filter(|open| open.bracket == '{') else { return };
    let begins = list.cursor.left().trim_end();
    if !(begins.ends_with('{') || begins.ends_with(',') || list.cursor.statement().is_empty()) {
        return;
    }
    let Some((keys, given)) = literal(list, open.at) else { return };
    let id = match keys {
        Keys::Fields(id) | Keys::Columns(id, _) => id,
    };
    let Some(TypeKind::Record(fields)) = list.snapshot.type_info(id).map(|info| &info.kind) else { return };
    for (name, ty) in fields.iter().filter(|(name, _)| !given.iter().any(|given| given == *name)) {
        let symbol = Symbol::Field(id, name.clone());
        key(list, name, &symbol);
        if let Keys::Columns(_, QueryOp::Where | QueryOp::FindBy | QueryOp::Count) = keys {
            comparisons(list, name, *ty, &symbol);
        }
    }
}

fn key(list: &mut List<'_, '_>, label: &str, symbol: &Symbol) {
    list.add(Entry {
        label,
        kind: lsp::CompletionItemKind::Field,
        group: Group::Place,
        detail: list.snapshot.signature(symbol),
        docs: list.snapshot.docs(symbol).map(String::from),
        snippet: Some(format!("{label}: $0")),
    });
}

fn comparisons(list: &mut List<'_, '_>, column: &str, ty: Ty, symbol: &Symbol) {
    let text = matches!(list.snapshot.checked.types.kind(ty), TyKind::Str);
    let fits = |ending: &&&str| match **ending {
        "_like" => text,
        "_lt" | "_lte" | "_gt" | "_gte" => !matches!(list.snapshot.checked.types.kind(ty), TyKind::Bool),
        _ => true,
    };
    for ending in tova_check::COMPARISONS.iter().filter(fits).copied().collect::<Vec<_>>() {
        key(list, &format!("{column}{ending}"), symbol);
    }
}

/// What the literal that opens at an offset is for, and the keys that it has.
fn literal(list: &List<'_, '_>, open: usize) -> Option<(Keys, Vec<ecow::EcoString>)> {
    let open = u32::try_from(open).ok()?;
    let (mut found, mut given) = (None, Vec::new());
    tree::around(list.at.module, list.at.offset, &mut |node| {
        let Node::Expr(expr) = node else { return };
        match &expr.kind {
            ExprKind::Call { callee, args } => {
                let Some(Res::Query(model, operation)) = list.snapshot.checked.names.get(&callee.id) else { return };
                let row = list.snapshot.checked.models.get(model.0 as usize).map(|model| model.row);
                if args.iter().any(|arg| arg.value.span.start == open) {
                    found = row.map(|row| Keys::Columns(row, *operation));
                }
            }
            ExprKind::Record(entries) if expr.span.start == open => {
                given = entries.iter().filter_map(|entry| written_key(list, entry)).collect();
                if found.is_none()
                    && let TyKind::Named(id, _) = list.snapshot.checked.types.kind(list.snapshot.checked.expr_ty(expr))
                {
                    found = Some(Keys::Fields(*id));
                }
            }
            _ => {}
        }
    });
    Some((found?, given))
}

/// The key of an entry other than the one that is being written.
fn written_key(list: &List<'_, '_>, entry: &RecordEntry) -> Option<ecow::EcoString> {
    match entry {
        RecordEntry::Field { name, .. } | RecordEntry::Short { name, .. } => {
            (!name.span.touches(list.at.offset)).then(|| name.name.clone())
        }
        RecordEntry::Computed { .. } | RecordEntry::Spread { .. } => None,
    }
}

/// Names of the callee's parameters, where an argument begins.
pub(super) fn arguments(list: &mut List<'_, '_>) {
    let Some(open) = list.cursor.top().filter(|open| open.bracket == '(') else { return };
    let begins = list.cursor.left().trim_end();
    if !(begins.ends_with('(') || begins.ends_with(',')) {
        return;
    }
    let head = list.cursor.before.get(..open.at).unwrap_or("").len();
    let Some(callee) = list.expr_ending_at(head) else { return };
    match list.snapshot.checked.names.get(&callee) {
        Some(Res::Fn(id) | Res::Method(id) | Res::Rpc(id)) => {
            let Some(info) = list.snapshot.function(*id) else { return };
            // The library's own are called by position.
            for param in info.decl.params.iter().filter(|_| !info.std) {
                if let Some(name) = parameter_name(param).filter(|name| *name != "self") {
                    named(list, name, info.name.as_str());
                }
            }
        }
        Some(Res::Record(id)) => {
            if let Some(TypeKind::Record(fields)) = list.snapshot.type_info(*id).map(|info| &info.kind) {
                for name in fields.keys() {
                    key(list, name, &Symbol::Field(*id, name.clone()));
                }
            }
        }
        _ => {}
    }
}

fn named(list: &mut List<'_, '_>, name: &str, of: &str) {
    list.add(Entry {
        label: &format!("{name}:"),
        kind: lsp::CompletionItemKind::Property,
        group: Group::Local,
        detail: Some(format!("parameter of {of}")),
        docs: None,
        snippet: Some(format!("{name}: $0")),
    });
}
