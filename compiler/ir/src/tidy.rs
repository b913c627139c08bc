//! Leaves out what nothing uses: bindings of patterns, declarations of values that are never read.

use std::collections::HashSet;

use crate::walk::{each_expr, each_expr_mut};
use crate::{Expr, ExprKind, LocalId, LocalKind, PlaceRoot, Program, Type};

/// Tidies all functions.
pub(crate) fn resolve(program: &mut Program) {
    for function in &mut program.functions {
        while tidy(&mut function.body, &function.locals) {}
    }
}

/// One round; whether something was left out, so that more may be unused now.
fn tidy(body: &mut Expr, locals: &[crate::Local]) -> bool {
    let mut used: HashSet<LocalId> = HashSet::new();
    each_expr(body, &mut |e| match &e.kind {
        ExprKind::Local(local) => {
            used.insert(*local);
        }
        ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
            if let PlaceRoot::Local(local) = place.root {
                used.insert(local);
            }
        }
        _ => {}
    });
    let mut changed = false;
    each_expr_mut(body, &mut |e| match &mut e.kind {
        ExprKind::SwitchEnum { cases, .. } => {
            for binding in cases.iter_mut().flat_map(|case| &mut case.bindings) {
                if binding.is_some_and(|local| !used.contains(&local)) {
                    *binding = None;
                }
            }
        }
        ExprKind::SwitchOption { binding, .. } if binding.is_some_and(|local| !used.contains(&local)) => {
            *binding = None
        }
        ExprKind::Block(exprs) => {
            let last = exprs.len().saturating_sub(1);
            for e in exprs.iter_mut().take(last) {
                let idle = unit(e);
                if let ExprKind::Let { local, value } = &mut e.kind
                    && !used.contains(local)
                    && locals
                        .get(local.0 as usize)
                        .is_some_and(|local| matches!(local.kind, LocalKind::Let | LocalKind::Mut))
                {
                    changed = true;
                    let value = std::mem::replace(&mut **value, idle);
                    *e = value;
                }
            }
            let mut index = 0;
            exprs.retain(|e| {
                index += 1;
                index - 1 == last || !is_idle(e, locals)
            });
        }
        _ => {}
    });
    changed
}

fn unit(e: &Expr) -> Expr {
    Expr { kind: ExprKind::Unit, ty: Type::Unit, span: e.span }
}

/// Whether evaluating an expression does nothing. A read of what changes does something: an effect that reads it runs again.
fn is_idle(e: &Expr, locals: &[crate::Local]) -> bool {
    match &e.kind {
        ExprKind::Unit
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Duration(_)
        | ExprKind::Size(_)
        | ExprKind::Nil
        | ExprKind::FnValue(_)
        | ExprKind::Closure(_) => true,
        ExprKind::Local(id) => {
            locals.get(id.0 as usize).is_some_and(|local| matches!(local.kind, LocalKind::Let | LocalKind::Mut))
        }
        ExprKind::Field { object: inner, .. } | ExprKind::TupleField { object: inner, .. } | ExprKind::Some(inner) => {
            is_idle(inner, locals)
        }
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().all(|item| is_idle(item, locals)),
        _ => false,
    }
}
