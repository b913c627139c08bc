//! Capture lists of closures, and which variables closures share.
//!
//! Known only when bodies are complete: most lambdas of the source are substituted and capture nothing.

use std::collections::HashSet;

use crate::walk::{each_child, each_child_mut, view_children};
use crate::{Closure, Expr, ExprKind, ForIter, LocalId, LocalKind, PlaceRoot, Program, View};

/// Fills in the capture lists; variables that are updated and captured become shared.
pub(crate) fn resolve(program: &mut Program) {
    for function in &mut program.functions {
        fill(&mut function.body);
        let mut shared = HashSet::new();
        find_shared(&function.body, &mut shared);
        for id in shared {
            if let Some(local) = function.locals.get_mut(id.0 as usize)
                && local.kind == LocalKind::Mut
            {
                local.kind = LocalKind::Shared;
            }
        }
        let memos: Vec<bool> = function.locals.iter().map(|local| local.kind == LocalKind::Memo).collect();
        let mut lazily = HashSet::new();
        find_memo_uses(&function.body, &memos, &mut lazily);
        for id in lazily {
            if let Some(local) = function.locals.get_mut(id.0 as usize)
                && local.kind == LocalKind::Mut
            {
                local.kind = LocalKind::Shared;
            }
        }
    }
}

fn fill(expr: &mut Expr) {
    each_child_mut(expr, &mut fill);
    if let ExprKind::Closure(closure) | ExprKind::Effect(closure) = &mut expr.kind {
        closure.captures = captures(closure);
    }
}

fn captures(closure: &Closure) -> Vec<LocalId> {
    let mut declared: HashSet<LocalId> = closure.params.iter().copied().collect();
    declare_in(&closure.body, &mut declared);
    free(&closure.body, &declared)
}

/// Locals that an expression uses and `declared` does not hold, in order of first use.
fn free(expr: &Expr, declared: &HashSet<LocalId>) -> Vec<LocalId> {
    let mut used = Vec::new();
    let mut seen = HashSet::new();
    uses(expr, &mut |local| {
        if !declared.contains(&local) && seen.insert(local) {
            used.push(local);
        }
    });
    used
}

/// Variables of what is run later: closures, effects, views.
fn find_shared(expr: &Expr, shared: &mut HashSet<LocalId>) {
    match &expr.kind {
        ExprKind::Closure(closure) | ExprKind::Effect(closure) => shared.extend(closure.captures.iter().copied()),
        ExprKind::View(_) => {
            let mut declared = HashSet::new();
            declare_in(expr, &mut declared);
            shared.extend(free(expr, &declared));
        }
        _ => {}
    }
    each_child(expr, &mut |child| find_shared(child, shared));
}

/// Variables that the expressions of memos use.
fn find_memo_uses(expr: &Expr, memos: &[bool], shared: &mut HashSet<LocalId>) {
    if let ExprKind::Let { local, value } = &expr.kind
        && memos.get(local.0 as usize) == Some(&true)
    {
        let mut declared = HashSet::new();
        declare_in(value, &mut declared);
        shared.extend(free(value, &declared));
    }
    each_child(expr, &mut |child| find_memo_uses(child, memos, shared));
}

fn uses(expr: &Expr, f: &mut dyn FnMut(LocalId)) {
    match &expr.kind {
        ExprKind::Local(local) => f(*local),
        ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => {
            if let PlaceRoot::Local(local) = place.root {
                f(local);
            }
        }
        _ => {}
    }
    each_child(expr, &mut |child| uses(child, f));
}

/// Adds all locals that are declared inside an expression.
pub(crate) fn declare_in(expr: &Expr, declared: &mut HashSet<LocalId>) {
    match &expr.kind {
        ExprKind::Let { local, .. } => {
            declared.insert(*local);
        }
        ExprKind::Closure(closure) | ExprKind::Effect(closure) => declared.extend(closure.params.iter().copied()),
        ExprKind::SwitchEnum { cases, .. } => {
            declared.extend(cases.iter().flat_map(|case| case.bindings.iter().flatten().copied()))
        }
        ExprKind::SwitchOption { binding, .. } => declared.extend(*binding),
        ExprKind::Try { error, .. } => declared.extend(*error),
        ExprKind::For { iter, .. } => match iter.as_ref() {
            ForIter::Range { item, .. } => {
                declared.insert(*item);
            }
            ForIter::Items { item, index, .. } => {
                declared.insert(*item);
                declared.extend(*index);
            }
            ForIter::Entries { key, value, .. } => {
                declared.insert(*key);
                declared.insert(*value);
            }
        },
        ExprKind::View(view) => declare_in_view(view, declared),
        _ => {}
    }
    each_child(expr, &mut |child| declare_in(child, declared));
}

fn declare_in_view(view: &View, declared: &mut HashSet<LocalId>) {
    match view {
        View::Text(_) | View::Dynamic(_) | View::Component { .. } => {}
        View::Element(element) => element.children.iter().for_each(|view| declare_in_view(view, declared)),
        View::Fragment(views) => views.iter().for_each(|view| declare_in_view(view, declared)),
        View::Switch(switch) => {
            declared.extend(switch.subject.as_ref().map(|(local, _)| *local));
            for branch in &switch.branches {
                declared.extend(branch.bindings.iter().map(|(local, _)| *local));
                declare_in_view(&branch.view, declared);
            }
        }
        View::For(list) => {
            declared.insert(list.item);
            declared.extend(list.index);
            declared.extend(list.bindings.iter().map(|(local, _)| *local));
            declare_in_view(&list.body, declared);
        }
    }
    view_children(view, &mut |child| declare_in(child, declared));
}
