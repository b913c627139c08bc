//! Walking expressions.

use std::collections::BTreeSet;

use tova_ir::{Expr, ExprKind, LocalId, LocalKind, PlaceRoot, Prim, walk as ir_walk};

use crate::emit::Locals;

/// Whether computing the expression updates nothing and calls nothing.
pub(crate) fn is_simple(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Duration(_)
        | ExprKind::Size(_)
        | ExprKind::Nil
        | ExprKind::Local(_)
        | ExprKind::Unit => true,
        ExprKind::Some(inner) => is_simple(inner),
        ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => is_simple(object),
        ExprKind::Prim { op, args } => *op != Prim::ListConcat && args.iter().all(is_simple),
        ExprKind::Intrinsic { name, args } => {
            matches!(name.as_str(), "list.len" | "map.len" | "str.len") && args.iter().all(is_simple)
        }
        _ => false,
    }
}

/// Mutable locals that are updated in part, within closures too.
pub(crate) fn updated_in_part(body: &Expr, locals: &Locals) -> BTreeSet<LocalId> {
    let mut found = BTreeSet::new();
    each(body, &mut |expr| {
        let place = match &expr.kind {
            ExprKind::Update { place, .. } => place,
            ExprKind::Assign { place, .. } if !place.path.is_empty() => place,
            _ => return,
        };
        if let PlaceRoot::Local(id) = place.root
            && let Some(local) = locals.get(id.0 as usize)
            && local.kind == LocalKind::Mut
            && super::place::is_container(&local.ty)
        {
            found.insert(id);
        }
    });
    found
}

/// Calls `f` on the expression and everything inside, closures included.
pub(crate) fn each(expr: &Expr, f: &mut dyn FnMut(&Expr)) {
    f(expr);
    ir_walk::each_child(expr, &mut |child| each(child, f));
}

/// Calls `f` on the expression and everything inside that runs with it: not on the bodies of closures.
pub(crate) fn each_here(expr: &Expr, f: &mut dyn FnMut(&Expr)) {
    f(expr);
    if matches!(expr.kind, ExprKind::Closure(_) | ExprKind::Effect(_)) {
        return;
    }
    ir_walk::each_child(expr, &mut |child| each_here(child, f));
}

/// Whether it has a `try` that runs with it.
pub(crate) fn tries(expr: &Expr) -> bool {
    let mut found = false;
    each_here(expr, &mut |inner| found |= matches!(inner.kind, ExprKind::Try { .. }));
    found
}
