//! Short ways to make expressions.

use ecow::EcoString;
use tova_source::Span;

use crate::{EnumCase, EnumId, Expr, ExprKind, LocalId, Prim, Type};

/// An expression.
pub(crate) fn expr(kind: ExprKind, ty: Type, span: Span) -> Expr {
    Expr { kind, ty, span }
}

/// The value of unit.
pub(crate) fn unit(span: Span) -> Expr {
    expr(ExprKind::Unit, Type::Unit, span)
}

/// A truth value.
pub(crate) fn bool(value: bool, span: Span) -> Expr {
    expr(ExprKind::Bool(value), Type::Bool, span)
}

/// An integer.
pub(crate) fn int(value: i64, span: Span) -> Expr {
    expr(ExprKind::Int(value), Type::Int, span)
}

/// A text.
pub(crate) fn str(value: impl Into<EcoString>, span: Span) -> Expr {
    expr(ExprKind::Str(value.into()), Type::Str, span)
}

/// The absent value of an option type or `Any`.
pub(crate) fn nil(ty: Type, span: Span) -> Expr {
    expr(ExprKind::Nil, ty, span)
}

/// A present value.
pub(crate) fn some(value: Expr) -> Expr {
    let (ty, span) = (Type::option(value.ty.clone()), value.span);
    expr(ExprKind::Some(Box::new(value)), ty, span)
}

/// An operator.
pub(crate) fn prim(op: Prim, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
    expr(ExprKind::Prim { op, args }, ty, span)
}

/// An operator that gives a truth value.
pub(crate) fn test(op: Prim, args: Vec<Expr>, span: Span) -> Expr {
    prim(op, args, Type::Bool, span)
}

/// Negation of a truth value.
pub(crate) fn not(value: Expr) -> Expr {
    let span = value.span;
    match value.kind {
        ExprKind::Bool(known) => bool(!known, span),
        ExprKind::Prim { op: Prim::Eq, args } => test(Prim::Ne, args, span),
        ExprKind::Prim { op: Prim::Ne, args } => test(Prim::Eq, args, span),
        ExprKind::Prim { op: Prim::Not, mut args } if args.len() == 1 => args.pop().unwrap_or_else(|| bool(true, span)),
        kind => test(Prim::Not, vec![expr(kind, Type::Bool, span)], span),
    }
}

/// A function that the backends provide.
pub(crate) fn intrinsic(name: impl Into<EcoString>, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
    expr(ExprKind::Intrinsic { name: name.into(), args }, ty, span)
}

/// Stops with a run-time error.
pub(crate) fn panic(message: &str, span: Span) -> Expr {
    intrinsic("panic", vec![str(message, span)], Type::Never, span)
}

/// Expressions one after another; blocks directly inside are merged into it, units that nothing needs are left out.
pub(crate) fn block(exprs: Vec<Expr>, span: Span) -> Expr {
    let mut flat: Vec<Expr> = Vec::with_capacity(exprs.len());
    for e in exprs {
        if matches!(flat.last(), Some(Expr { kind: ExprKind::Unit, .. })) {
            flat.pop();
        }
        match e.kind {
            ExprKind::Block(inner) => flat.extend(inner),
            _ => flat.push(e),
        }
    }
    if let [.., before, Expr { kind: ExprKind::Unit, .. }] = flat.as_slice()
        && before.ty == Type::Unit
    {
        flat.pop();
    }
    if flat.len() > 1 {
        let ty = flat.last().map_or(Type::Unit, |e| e.ty.clone());
        return expr(ExprKind::Block(flat), ty, span);
    }
    flat.pop().unwrap_or_else(|| unit(span))
}

/// The body of a function or closure, whose last `return` is its value.
pub(crate) fn body(e: Expr, ret: &Type) -> Expr {
    let span = e.span;
    let inner = |e: Box<Expr>| Box::new(body(*e, ret));
    let kind = match e.kind {
        ExprKind::Return(Some(value)) => return body(*value, ret),
        ExprKind::Return(None) => return unit(span),
        ExprKind::Block(mut exprs) => {
            if let Some(last) = exprs.pop() {
                exprs.push(body(last, ret));
            }
            return block(exprs, span);
        }
        ExprKind::If { cond, then, else_: Some(other) } => {
            ExprKind::If { cond, then: inner(then), else_: Some(inner(other)) }
        }
        ExprKind::SwitchOption { subject, binding, some, none } => {
            ExprKind::SwitchOption { subject, binding, some: inner(some), none: inner(none) }
        }
        ExprKind::SwitchEnum { subject, enum_, cases, default } => {
            let cases = cases.into_iter().map(|case| EnumCase { body: body(case.body, ret), ..case }).collect();
            ExprKind::SwitchEnum { subject, enum_, cases, default: default.map(inner) }
        }
        ExprKind::SwitchLiteral { subject, cases, default } => {
            let cases = cases.into_iter().map(|(literal, case)| (literal, body(case, ret))).collect();
            ExprKind::SwitchLiteral { subject, cases, default: inner(default) }
        }
        kind => return expr(kind, e.ty, span),
    };
    let ty = if e.ty == Type::Never && !always_leaves(&kind) { ret.clone() } else { e.ty };
    expr(kind, ty, span)
}

/// Whether no side of a decision gives a value.
fn always_leaves(kind: &ExprKind) -> bool {
    let never = |e: &Expr| e.ty == Type::Never;
    match kind {
        ExprKind::If { then, else_, .. } => never(then) && else_.as_deref().is_some_and(never),
        ExprKind::SwitchOption { some, none, .. } => never(some) && never(none),
        ExprKind::SwitchEnum { cases, default, .. } => {
            cases.iter().all(|case| never(&case.body)) && default.as_deref().is_none_or(never)
        }
        ExprKind::SwitchLiteral { cases, default, .. } => cases.iter().all(|(_, body)| never(body)) && never(default),
        _ => true,
    }
}

/// Declares a local.
pub(crate) fn let_(local: LocalId, value: Expr) -> Expr {
    let span = value.span;
    expr(ExprKind::Let { local, value: Box::new(value) }, Type::Unit, span)
}

/// A decision with both sides; its type is that of the side that ends.
pub(crate) fn if_else(cond: Expr, then: Expr, else_: Expr) -> Expr {
    let span = cond.span;
    let ty = if then.ty == Type::Never { else_.ty.clone() } else { then.ty.clone() };
    expr(ExprKind::If { cond: Box::new(cond), then: Box::new(then), else_: Some(Box::new(else_)) }, ty, span)
}

/// A decision whose value is not used.
pub(crate) fn if_then(cond: Expr, then: Expr) -> Expr {
    let span = cond.span;
    expr(ExprKind::If { cond: Box::new(cond), then: Box::new(then), else_: None }, Type::Unit, span)
}

/// A decision by presence.
pub(crate) fn switch_option(subject: Expr, binding: Option<LocalId>, some: Expr, none: Expr) -> Expr {
    let span = subject.span;
    let ty = if some.ty == Type::Never { none.ty.clone() } else { some.ty.clone() };
    expr(
        ExprKind::SwitchOption { subject: Box::new(subject), binding, some: Box::new(some), none: Box::new(none) },
        ty,
        span,
    )
}

/// A variant's value.
pub(crate) fn variant(enum_: EnumId, variant: u32, args: Vec<Expr>, span: Span) -> Expr {
    expr(ExprKind::Variant { enum_, variant, args }, Type::Enum(enum_), span)
}

/// `left and right`, without operands that are known.
pub(crate) fn and(left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    match (&left.kind, &right.kind) {
        (ExprKind::Bool(true), _) => right,
        (_, ExprKind::Bool(true)) => left,
        _ => test(Prim::And, vec![left, right], span),
    }
}

/// The type of an option's value; other types are themselves.
pub(crate) fn present(ty: &Type) -> Type {
    match ty {
        Type::Option(item) => (**item).clone(),
        other => other.clone(),
    }
}

/// A literal, or the value of a local that never changes: may be repeated or moved freely.
pub(crate) fn is_literal(e: &Expr) -> bool {
    matches!(
        e.kind,
        ExprKind::Unit
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Duration(_)
            | ExprKind::Size(_)
            | ExprKind::Nil
            | ExprKind::FnValue(_)
    )
}

/// Whether an enum's value is of a variant.
pub(crate) fn test_variant(object: Expr, enum_: EnumId, variant: u32, span: Span) -> Expr {
    expr(ExprKind::IsVariant { object: Box::new(object), enum_, variant }, Type::Bool, span)
}
