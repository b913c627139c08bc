//! Writes what is known into the program: effects, awaits, how function values are called.

use std::sync::Arc;

use super::Facts;
use crate::walk::{each_child_mut, each_expr_mut};
use crate::{Effects, Expr, ExprKind, FnType, Home, Program, Type};

/// Marks everything.
pub(super) fn apply(program: &mut Program, facts: &Facts) {
    for index in 0..program.functions.len() {
        let Some(function) = program.functions.get_mut(index) else { continue };
        let home = function.home;
        let mut body =
            std::mem::replace(&mut function.body, Expr { kind: ExprKind::Unit, ty: Type::Unit, span: function.span });
        mark(program, facts, &mut body, home);
        each_expr_mut(&mut body, &mut |e| {
            set(facts, &mut e.ty, home);
            if let ExprKind::Closure(closure) | ExprKind::Effect(closure) = &mut e.kind {
                set(facts, &mut closure.ret, home);
            }
        });
        if let Some(function) = program.functions.get_mut(index) {
            function.body = body;
            function.effects = facts.function(crate::FnId(index as u32));
            set(facts, &mut function.ret, home);
            for local in &mut function.locals {
                set(facts, &mut local.ty, home);
            }
        }
    }
    for global in &mut program.globals {
        set(facts, &mut global.ty, global.home);
    }
    for record in &mut program.records {
        for field in &mut record.fields {
            set(facts, &mut field.ty, Home::Shared);
        }
    }
    for variant in program.enums.iter_mut().flat_map(|enum_| &mut enum_.variants) {
        for field in &mut variant.fields {
            set(facts, &mut field.ty, Home::Shared);
        }
    }
}

/// Puts an await around each call that suspends, and sets the effects of closures, which it returns for the expression itself.
fn mark(program: &Program, facts: &Facts, expr: &mut Expr, home: Home) -> Effects {
    let own = facts.own(program, expr, home);
    let suspends = facts.suspends(program, expr, home);
    let mut all = own;
    if let ExprKind::Closure(closure) | ExprKind::Effect(closure) = &mut expr.kind {
        closure.effects = mark(program, facts, &mut closure.body, home);
        return Effects::default();
    }
    if let ExprKind::Try { body, handler: Some(handler), finally, .. } = &mut expr.kind {
        all = mark(program, facts, body, home);
        all.throws = false;
        all = super::join(all, mark(program, facts, handler, home));
        if let Some(finally) = finally {
            all = super::join(all, mark(program, facts, finally, home));
        }
        return all;
    }
    each_child_mut(expr, &mut |child| all = super::join(all, mark(program, facts, child, home)));
    if suspends {
        let inner = std::mem::replace(expr, Expr { kind: ExprKind::Unit, ty: expr.ty.clone(), span: expr.span });
        expr.kind = ExprKind::Await(Box::new(inner));
    }
    all
}

fn set(facts: &Facts, ty: &mut Type, home: Home) {
    if has_fn(ty) {
        *ty = marked(facts, ty, home);
    }
}

/// Whether there is a function type in a type.
fn has_fn(ty: &Type) -> bool {
    match ty {
        Type::Fn(_) => true,
        Type::List(item) | Type::Set(item) | Type::Option(item) => has_fn(item),
        Type::Map(key, value) => has_fn(key) || has_fn(value),
        Type::Tuple(items) => items.iter().any(has_fn),
        Type::Unit
        | Type::Never
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Str
        | Type::Any
        | Type::Duration
        | Type::Size
        | Type::Record(_)
        | Type::Enum(_)
        | Type::Handle(_)
        | Type::View => false,
    }
}

/// A type whose function types say how they are called.
fn marked(facts: &Facts, ty: &Type, home: Home) -> Type {
    let of = |ty: &Arc<Type>| Arc::new(marked(facts, ty, home));
    match ty {
        Type::Fn(signature) => Type::Fn(Arc::new(FnType {
            params: signature.params.iter().map(|ty| marked(facts, ty, home)).collect(),
            ret: marked(facts, &signature.ret, home),
            is_async: facts.signature(&plain(signature), home).is_async,
        })),
        Type::List(item) => Type::List(of(item)),
        Type::Set(item) => Type::Set(of(item)),
        Type::Option(item) => Type::Option(of(item)),
        Type::Map(key, value) => Type::Map(of(key), of(value)),
        Type::Tuple(items) => Type::Tuple(items.iter().map(|ty| marked(facts, ty, home)).collect()),
        Type::Unit
        | Type::Never
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Str
        | Type::Any
        | Type::Duration
        | Type::Size
        | Type::Record(_)
        | Type::Enum(_)
        | Type::Handle(_)
        | Type::View => ty.clone(),
    }
}

fn plain(signature: &FnType) -> FnType {
    FnType { is_async: false, ..signature.clone() }
}
