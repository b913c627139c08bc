//! How each operation takes its operands: the one table that the analysis of moves and the emission share.

use tova_ir::{Expr, ExprKind, Prim, Query};

use crate::facts::Mode::{self, Borrowed, Owned};
use crate::intrinsic;

/// The operands of an operation in the order in which generated code evaluates them.
pub(crate) fn of(expr: &Expr) -> Vec<(&Expr, Mode)> {
    match &expr.kind {
        ExprKind::Prim { op, args } => args.iter().zip(modes_of(*op)).collect(),
        ExprKind::Intrinsic { name, args } => args.iter().zip(intrinsic::modes(name)).collect(),
        ExprKind::CallValue { callee, args } => {
            std::iter::once((&**callee, Borrowed)).chain(args.iter().map(|arg| (arg, Owned))).collect()
        }
        ExprKind::RecordUpdate { base, fields, .. } => {
            fields.iter().map(|(_, value)| (value, Owned)).chain(std::iter::once((&**base, Owned))).collect()
        }
        ExprKind::IsVariant { object: inner, .. }
        | ExprKind::Display(inner)
        | ExprKind::ToAny(inner)
        | ExprKind::FromAny(inner)
        | ExprKind::RequestField { request: inner, .. } => vec![(inner, Borrowed)],
        ExprKind::Concat(parts) => parts.iter().map(|part| (text_of(part), Borrowed)).collect(),
        ExprKind::SetRequestField { request, value, .. } => vec![(request, Borrowed), (value, Owned)],
        ExprKind::Query { query, .. } => values_of(query).into_iter().map(|value| (value, Owned)).collect(),
        _ => {
            let mut all = Vec::new();
            tova_ir::walk::each_child(expr, &mut |child| all.push((child, Owned)));
            all
        }
    }
}

/// What a part of a joined text shows: the value itself, without a text of its own in between.
pub(crate) fn text_of(part: &Expr) -> &Expr {
    if let ExprKind::Display(inner) = &part.kind { inner } else { part }
}

/// The modes of an operator's operands.
pub(crate) fn modes_of(op: Prim) -> [Mode; 4] {
    match op {
        Prim::ListConcat => [Owned, Borrowed, Borrowed, Borrowed],
        Prim::Unwrap => [Owned; 4],
        _ => [Borrowed; 4],
    }
}

/// The values of a statement in the order of its parameters.
pub(crate) fn values_of(query: &Query) -> Vec<&Expr> {
    match query {
        Query::All => Vec::new(),
        Query::Create(values) => values.iter().map(|(_, value)| value).collect(),
        Query::Find(id) | Query::Delete(id) => vec![id],
        Query::Where(conditions) | Query::FindBy(conditions) | Query::Count(conditions) => {
            conditions.iter().map(|condition| &condition.value).collect()
        }
        Query::Update { id, values } => std::iter::once(&**id).chain(values.iter().map(|(_, value)| value)).collect(),
    }
}
