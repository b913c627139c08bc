//! Walks over expressions: one function that knows all places where an expression can stand, for reading and for changing.

use crate::{Expr, ExprKind, ForIter, Place, PlaceStep, Query, View};

macro_rules! walkers {
    ($child:ident, $place:ident, $iter:ident, $query:ident, $view:ident, $element:ident $(, $mutable:tt)?) => {
        /// Calls `f` with each expression directly inside `expr`, in the order of evaluation.
        pub fn $child<'e>(expr: &'e $($mutable)? Expr, f: &mut dyn FnMut(&'e $($mutable)? Expr)) {
            match &$($mutable)? expr.kind {
                ExprKind::Unit | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Str(_)
                | ExprKind::Duration(_) | ExprKind::Size(_) | ExprKind::Nil | ExprKind::Local(_) | ExprKind::Global(_)
                | ExprKind::FnValue(_) | ExprKind::Init(_) | ExprKind::Continue(_) => {}
                ExprKind::Some(e) | ExprKind::Await(e) | ExprKind::Display(e) | ExprKind::ToAny(e) | ExprKind::FromAny(e)
                | ExprKind::Throw(e) | ExprKind::Let { value: e, .. } | ExprKind::Labelled { body: e, .. }
                | ExprKind::Loop { body: e, .. } => f(e),
                ExprKind::Field { object: e, .. } | ExprKind::TupleField { object: e, .. } | ExprKind::IsVariant { object: e, .. }
                | ExprKind::RequestField { request: e, .. } => f(e),
                ExprKind::List(es) | ExprKind::Tuple(es) | ExprKind::Concat(es) | ExprKind::Block(es)
                | ExprKind::Record { fields: es, .. } | ExprKind::Variant { args: es, .. } | ExprKind::Prim { args: es, .. }
                | ExprKind::Intrinsic { args: es, .. } | ExprKind::Call { args: es, .. } | ExprKind::Rpc { args: es, .. } => {
                    for e in es {
                        f(e);
                    }
                }
                ExprKind::Map(entries) => {
                    for (key, value) in entries {
                        f(key);
                        f(value);
                    }
                }
                ExprKind::RecordUpdate { base, fields, .. } => {
                    f(base);
                    for (_, value) in fields {
                        f(value);
                    }
                }
                ExprKind::Update { place, args, .. } => {
                    $place(place, f);
                    for e in args {
                        f(e);
                    }
                }
                ExprKind::CallValue { callee, args } => {
                    f(callee);
                    for e in args {
                        f(e);
                    }
                }
                ExprKind::Closure(closure) | ExprKind::Effect(closure) => f(&$($mutable)? closure.body),
                ExprKind::Assign { place, value } => {
                    $place(place, f);
                    f(value);
                }
                ExprKind::If { cond, then, else_ } => {
                    f(cond);
                    f(then);
                    if let Some(e) = else_ {
                        f(e);
                    }
                }
                ExprKind::SwitchEnum { subject, cases, default, .. } => {
                    f(subject);
                    for case in cases {
                        f(&$($mutable)? case.body);
                    }
                    if let Some(e) = default {
                        f(e);
                    }
                }
                ExprKind::SwitchOption { subject, some, none, .. } => {
                    f(subject);
                    f(some);
                    f(none);
                }
                ExprKind::SwitchLiteral { subject, cases, default } => {
                    f(subject);
                    for (_, body) in cases {
                        f(body);
                    }
                    f(default);
                }
                ExprKind::While { cond, body, .. } => {
                    f(cond);
                    f(body);
                }
                ExprKind::For { iter, body, .. } => {
                    $iter(iter, f);
                    f(body);
                }
                ExprKind::Break { value, .. } | ExprKind::Return(value) => {
                    if let Some(e) = value {
                        f(e);
                    }
                }
                ExprKind::Try { body, handler, finally, .. } => {
                    f(body);
                    if let Some(e) = handler {
                        f(e);
                    }
                    if let Some(e) = finally {
                        f(e);
                    }
                }
                ExprKind::Query { query, .. } => $query(query, f),
                ExprKind::SetRequestField { request, value, .. } => {
                    f(request);
                    f(value);
                }
                ExprKind::View(view) => $view(view, f),
            }
        }

        fn $place<'e>(place: &'e $($mutable)? Place, f: &mut dyn FnMut(&'e $($mutable)? Expr)) {
            for step in &$($mutable)? place.path {
                match step {
                    PlaceStep::Index(e) | PlaceStep::Key(e) | PlaceStep::Dynamic(e) => f(e),
                    PlaceStep::Field { .. } | PlaceStep::Tuple(_) | PlaceStep::Some => {}
                }
            }
        }

        fn $iter<'e>(iter: &'e $($mutable)? ForIter, f: &mut dyn FnMut(&'e $($mutable)? Expr)) {
            match iter {
                ForIter::Range { start, end, .. } => {
                    f(start);
                    f(end);
                }
                ForIter::Items { list, .. } => f(list),
                ForIter::Entries { map, .. } => f(map),
            }
        }

        fn $query<'e>(query: &'e $($mutable)? Query, f: &mut dyn FnMut(&'e $($mutable)? Expr)) {
            match query {
                Query::All => {}
                Query::Create(values) => {
                    for (_, e) in values {
                        f(e);
                    }
                }
                Query::Find(id) | Query::Delete(id) => f(id),
                Query::Where(conditions) | Query::FindBy(conditions) | Query::Count(conditions) => {
                    for condition in conditions {
                        f(&$($mutable)? condition.value);
                    }
                }
                Query::Update { id, values } => {
                    f(id);
                    for (_, e) in values {
                        f(e);
                    }
                }
            }
        }

        /// Calls `f` with each expression of a view that stands in no other expression.
        pub(crate) fn $view<'e>(view: &'e $($mutable)? View, f: &mut dyn FnMut(&'e $($mutable)? Expr)) {
            match view {
                View::Text(_) => {}
                View::Dynamic(e) => f(e),
                View::Element(element) => $element(element, f),
                View::Fragment(views) => {
                    for view in views {
                        $view(view, f);
                    }
                }
                View::Switch(switch) => {
                    if let Some((_, e)) = &$($mutable)? switch.subject {
                        f(e);
                    }
                    f(&$($mutable)? switch.select);
                    for branch in &$($mutable)? switch.branches {
                        for (_, e) in &$($mutable)? branch.bindings {
                            f(e);
                        }
                        $view(&$($mutable)? branch.view, f);
                    }
                }
                View::For(list) => {
                    f(&$($mutable)? list.list);
                    if let Some(e) = &$($mutable)? list.key {
                        f(e);
                    }
                    for (_, e) in &$($mutable)? list.bindings {
                        f(e);
                    }
                    $view(&$($mutable)? list.body, f);
                }
                View::Component { props, .. } => {
                    for e in props.into_iter().flatten() {
                        f(e);
                    }
                }
            }
        }

        fn $element<'e>(element: &'e $($mutable)? crate::Element, f: &mut dyn FnMut(&'e $($mutable)? Expr)) {
            for binding in &$($mutable)? element.bindings {
                f(&$($mutable)? binding.value);
            }
            for event in &$($mutable)? element.events {
                f(&$($mutable)? event.handler);
            }
            for view in &$($mutable)? element.children {
                $view(view, f);
            }
        }
    };
}

walkers!(each_child, place_children, iter_children, query_children, view_children, element_children);
walkers!(
    each_child_mut,
    place_children_mut,
    iter_children_mut,
    query_children_mut,
    view_children_mut,
    element_children_mut,
    mut
);

/// Calls `f` with `expr` and everything inside it, outer ones first.
pub fn each_expr<'e>(expr: &'e Expr, f: &mut dyn FnMut(&'e Expr)) {
    f(expr);
    each_child(expr, &mut |child| each_expr(child, f));
}

/// Calls `f` with everything inside `expr` and then with `expr` itself.
pub(crate) fn each_expr_mut(expr: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    each_child_mut(expr, &mut |child| each_expr_mut(child, f));
    f(expr);
}
