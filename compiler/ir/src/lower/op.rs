//! Operators, resolved by the concrete types of their operands.

use tova_source::Span;
use tova_syntax::ast::{self, BinaryOp, UnaryOp};

use super::{Body, build};
use crate::{Expr, ExprKind, LocalKind, Prim, Type};

impl<'a> Body<'_, 'a> {
    /// `a op b` whose result has type `ty`.
    pub(crate) fn binary(
        &mut self,
        op: BinaryOp,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        ty: &Type,
        span: Span,
    ) -> Expr {
        match op {
            BinaryOp::And => self.and(left, right, ty),
            BinaryOp::Or => self.or(left, right, ty),
            BinaryOp::Coalesce => {
                let value = self.expr(left);
                self.coalesce(value, ty, |body| body.expr_to(right, ty))
            }
            _ => {
                let left = self.expr(left);
                let right = self.expr(right);
                self.operate(op, left, right, ty, span)
            }
        }
    }

    /// An operator that evaluates both operands.
    pub(crate) fn operate(&mut self, op: BinaryOp, left: Expr, right: Expr, ty: &Type, span: Span) -> Expr {
        match op {
            BinaryOp::Eq => self.equal(left, right, span),
            BinaryOp::Ne => build::not(self.equal(left, right, span)),
            BinaryOp::Lt => self.compare(Prim::Lt, left, right, span),
            BinaryOp::Le => self.compare(Prim::Le, left, right, span),
            BinaryOp::Gt => self.compare(Prim::Gt, left, right, span),
            BinaryOp::Ge => self.compare(Prim::Ge, left, right, span),
            BinaryOp::Add | BinaryOp::Concat => self.add(left, right, ty, span),
            BinaryOp::Sub => self.arithmetic(Prim::Sub, left, right, span),
            BinaryOp::Mul => self.multiply(left, right, span),
            BinaryOp::Div => self.divide(left, right, span),
            BinaryOp::Rem => self.arithmetic(Prim::Rem, left, right, span),
            BinaryOp::Pow => self.arithmetic(Prim::Pow, left, right, span),
            BinaryOp::BitAnd => self.bits(Prim::BitAnd, left, right, span),
            BinaryOp::BitOr => self.bits(Prim::BitOr, left, right, span),
            BinaryOp::BitXor => self.bits(Prim::BitXor, left, right, span),
            BinaryOp::Shl => self.bits(Prim::Shl, left, right, span),
            BinaryOp::Shr => self.bits(Prim::Shr, left, right, span),
            BinaryOp::UShr => self.bits(Prim::UShr, left, right, span),
            BinaryOp::In => self.contains(left, right, span),
            BinaryOp::NotIn => build::not(self.contains(left, right, span)),
            BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce => {
                self.coalesce(left, ty, |body| body.convert(right, ty))
            }
        }
    }

    fn bits(&mut self, op: Prim, left: Expr, right: Expr, span: Span) -> Expr {
        let left = self.convert(left, &Type::Int);
        let right = self.convert(right, &Type::Int);
        build::prim(op, vec![left, right], Type::Int, span)
    }

    /// Both operands with one type: an int beside a float is widened, a value beside an option is present, dynamic data beside a
    /// known type is compared as dynamic data.
    fn alike(&mut self, left: Expr, right: Expr) -> (Expr, Expr) {
        if left.ty == right.ty {
            return (left, right);
        }
        let ty = match (&left.ty, &right.ty) {
            (Type::Any, _) | (_, Type::Any) => Type::Any,
            (Type::Int | Type::Float, Type::Int | Type::Float) => Type::Float,
            (Type::Option(item), Type::Option(other)) if **item == Type::Float || **other == Type::Float => {
                Type::option(Type::Float)
            }
            (Type::Option(item), Type::Float) if **item == Type::Int => Type::option(Type::Float),
            (Type::Int, Type::Option(item)) if **item == Type::Float => Type::option(Type::Float),
            (Type::Option(_), _) => left.ty.clone(),
            (_, Type::Option(_)) => right.ty.clone(),
            _ if self.lower.union_members(&right.ty).is_some() => right.ty.clone(),
            _ => left.ty.clone(),
        };
        (self.convert(left, &ty), self.convert(right, &ty))
    }

    /// `left == right`
    pub(crate) fn equal(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        if is_nil(&right) {
            return self.is_nil(left, span);
        }
        if is_nil(&left) {
            return self.is_nil(right, span);
        }
        let (left, right) = self.alike(left, right);
        match (&left.kind, &right.kind, &left.ty) {
            (_, ExprKind::Bool(true), Type::Bool) => left,
            (_, ExprKind::Bool(false), Type::Bool) => build::not(left),
            _ => build::test(Prim::Eq, vec![left, right], span),
        }
    }

    /// `value == nil`
    pub(crate) fn is_nil(&mut self, value: Expr, span: Span) -> Expr {
        match value.ty {
            Type::Option(_) => build::not(build::test(Prim::IsSome, vec![value], span)),
            Type::Any => build::test(Prim::Eq, vec![value, build::nil(Type::Any, span)], span),
            _ => {
                let known = build::bool(value.ty == Type::Unit, span);
                if self.is_simple(&value) { known } else { build::block(vec![value, known], span) }
            }
        }
    }

    fn compare(&mut self, op: Prim, left: Expr, right: Expr, span: Span) -> Expr {
        let (left, right) = self.numbers(left, right);
        build::test(op, vec![left, right], span)
    }

    /// Operands of arithmetic and order: known to be present, widened if one is a float, decoded beside a known type.
    fn numbers(&mut self, left: Expr, right: Expr) -> (Expr, Expr) {
        let (a, b) = (build::present(&left.ty), build::present(&right.ty));
        let ty = match (a, b) {
            (Type::Any, Type::Any) => Type::Float,
            (Type::Any, other) | (other, Type::Any) => other,
            (Type::Int | Type::Float, Type::Float) | (Type::Float, Type::Int) => Type::Float,
            (Type::Duration | Type::Size, Type::Int) => {
                let right = as_int(self.convert(right, &Type::Int));
                return (as_int(left), right);
            }
            (Type::Int, Type::Duration | Type::Size) => {
                let left = self.convert(left, &Type::Int);
                return (left, as_int(right));
            }
            (ty, _) => ty,
        };
        (self.convert(left, &ty), self.convert(right, &ty))
    }

    fn arithmetic(&mut self, op: Prim, left: Expr, right: Expr, span: Span) -> Expr {
        let (left, right) = self.numbers(left, right);
        let ty = left.ty.clone();
        build::prim(op, vec![left, right], ty, span)
    }

    fn add(&mut self, left: Expr, right: Expr, ty: &Type, span: Span) -> Expr {
        let list = |ty: &Type| matches!(ty, Type::List(_));
        if left.ty == Type::Str || right.ty == Type::Str || *ty == Type::Str {
            return concat(vec![self.text(left), self.text(right)], span);
        }
        if list(&left.ty) || list(&right.ty) || list(ty) {
            let ty = if list(ty) { ty.clone() } else { left.ty.clone() };
            let args = vec![self.convert(left, &ty), self.convert(right, &ty)];
            return build::prim(Prim::ListConcat, args, ty, span);
        }
        self.arithmetic(Prim::Add, left, right, span)
    }

    fn multiply(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        match (&left.ty, &right.ty) {
            (Type::Str, _) => {
                let times = self.convert(right, &Type::Int);
                build::intrinsic("str.repeat", vec![left, times], Type::Str, span)
            }
            (_, Type::Str) => {
                let mut exprs = Vec::new();
                let times = self.keep("times", left, &mut exprs);
                let times = self.convert(times, &Type::Int);
                exprs.push(build::intrinsic("str.repeat", vec![right, times], Type::Str, span));
                build::block(exprs, span)
            }
            (Type::Duration | Type::Size, _) => {
                let ty = left.ty.clone();
                let right = self.convert(right, &Type::Int);
                build::prim(Prim::Mul, vec![left, right], ty, span)
            }
            (_, Type::Duration | Type::Size) => {
                let ty = right.ty.clone();
                let left = self.convert(left, &Type::Int);
                build::prim(Prim::Mul, vec![right, left], ty, span)
            }
            _ => self.arithmetic(Prim::Mul, left, right, span),
        }
    }

    fn divide(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let left = self.convert(as_int(left), &Type::Float);
        let right = self.convert(as_int(right), &Type::Float);
        build::prim(Prim::Div, vec![left, right], Type::Float, span)
    }

    fn contains(&mut self, item: Expr, whole: Expr, span: Span) -> Expr {
        let whole = match &whole.ty {
            Type::Option(inner) => {
                let inner = (**inner).clone();
                self.convert(whole, &inner)
            }
            Type::Any => self.convert(whole, &Type::list(Type::Any)),
            _ => whole,
        };
        let item = match &whole.ty {
            Type::List(ty) | Type::Set(ty) | Type::Map(ty, _) => {
                let ty = (**ty).clone();
                self.convert(item, &ty)
            }
            Type::Record(id) => {
                let names = self.lower.fields(*id).into_iter().map(|field| build::str(field.name, span)).collect();
                let names = build::expr(ExprKind::List(names), Type::list(Type::Str), span);
                return build::test(Prim::Contains, vec![item, names], span);
            }
            _ => self.convert(item, &Type::Str),
        };
        build::test(Prim::Contains, vec![item, whole], span)
    }

    /// A value as text.
    pub(crate) fn text(&mut self, value: Expr) -> Expr {
        if value.ty == Type::Str || value.ty == Type::Never {
            return value;
        }
        let span = value.span;
        build::expr(ExprKind::Display(Box::new(value)), Type::Str, span)
    }

    /// `value`, or `fallback` where it is nil.
    pub(crate) fn coalesce(&mut self, value: Expr, ty: &Type, fallback: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let span = value.span;
        match value.ty.clone() {
            Type::Option(item) => {
                let local = self.local("value", (*item).clone(), LocalKind::Let, span);
                let some = self.read(local, span);
                let some = self.convert(some, ty);
                let none = fallback(self);
                build::switch_option(value, Some(local), some, none)
            }
            Type::Any => {
                let mut exprs = Vec::new();
                let value = self.keep("value", value, &mut exprs);
                let absent = self.is_nil(value.clone(), span);
                let some = self.convert(value, ty);
                let none = fallback(self);
                exprs.push(build::if_else(absent, none, some));
                build::block(exprs, span)
            }
            Type::Unit => {
                let none = fallback(self);
                build::block(vec![value, none], span)
            }
            _ => self.convert(value, ty),
        }
    }

    fn or(&mut self, left: &'a ast::Expr, right: &'a ast::Expr, ty: &Type) -> Expr {
        let left_ty = self.node_ty(left.id);
        let span = left.span;
        match left_ty {
            Type::Bool if *ty == Type::Bool => {
                let left = self.condition(left);
                let right = self.condition(right);
                build::test(Prim::Or, vec![left, right], span)
            }
            _ if *ty == Type::Bool && left_ty != Type::Any => {
                let left = self.condition(left);
                let right = self.condition(right);
                build::test(Prim::Or, vec![left, right], span)
            }
            Type::Option(item) if *item != Type::Bool => {
                let value = self.expr(left);
                self.coalesce(value, ty, |body| body.expr_to(right, ty))
            }
            _ => {
                let mut exprs = Vec::new();
                let value = self.expr(left);
                let value = self.keep("value", value, &mut exprs);
                let cond = self.truthy(value.clone());
                let then = self.convert(value, ty);
                let other = self.expr_to(right, ty);
                exprs.push(build::if_else(cond, then, other));
                build::block(exprs, span)
            }
        }
    }

    fn and(&mut self, left: &'a ast::Expr, right: &'a ast::Expr, ty: &Type) -> Expr {
        let span = left.span;
        if *ty == Type::Bool {
            let left = self.condition(left);
            let right = self.condition(right);
            return build::test(Prim::And, vec![left, right], span);
        }
        let mut exprs = Vec::new();
        let value = self.expr(left);
        let value = if value.ty == Type::Bool { value } else { self.keep("value", value, &mut exprs) };
        let cond = self.truthy(value.clone());
        let then = self.expr_to(right, ty);
        let falsy = if value.ty == Type::Bool && !matches!(ty, Type::Any) { build::unit(span) } else { value };
        let other = match (&falsy.ty, ty) {
            (Type::Option(_), Type::Option(_)) => build::nil(ty.clone(), span),
            _ => self.convert(falsy, ty),
        };
        exprs.push(build::if_else(cond, then, other));
        build::block(exprs, span)
    }

    /// An expression as a truth value: `nil` and `false` are false, everything else is true.
    pub(crate) fn condition(&mut self, e: &'a ast::Expr) -> Expr {
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.condition(inner),
            ast::ExprKind::Binary { op: BinaryOp::And, left, right, .. } => {
                let left = self.condition(left);
                let right = self.condition(right);
                build::test(Prim::And, vec![left, right], e.span)
            }
            ast::ExprKind::Binary { op: BinaryOp::Or, left, right, .. } => {
                let left = self.condition(left);
                let right = self.condition(right);
                build::test(Prim::Or, vec![left, right], e.span)
            }
            ast::ExprKind::Unary { op: UnaryOp::Not, operand, .. } => build::not(self.condition(operand)),
            _ => {
                let value = self.expr(e);
                self.truthy(value)
            }
        }
    }

    /// Whether a value is neither nil nor false.
    pub(crate) fn truthy(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match value.ty.clone() {
            Type::Bool | Type::Never => value,
            Type::Option(item) if *item == Type::Bool => {
                let local = self.local("value", Type::Bool, LocalKind::Let, span);
                let some = self.read(local, span);
                build::switch_option(value, Some(local), some, build::bool(false, span))
            }
            Type::Option(_) => build::test(Prim::IsSome, vec![value], span),
            Type::Any => build::test(Prim::AnyTruthy, vec![value], span),
            other => {
                let known = build::bool(other != Type::Unit, span);
                if self.is_simple(&value) { known } else { build::block(vec![value, known], span) }
            }
        }
    }

    /// `-e`, `not e`, `~e`
    pub(crate) fn unary(&mut self, op: UnaryOp, operand: &'a ast::Expr, ty: &Type, span: Span) -> Expr {
        match op {
            UnaryOp::Not => build::not(self.condition(operand)),
            UnaryOp::BitNot => {
                let value = self.expr_to(operand, &Type::Int);
                build::prim(Prim::BitNot, vec![value], Type::Int, span)
            }
            UnaryOp::Neg => {
                let value = self.expr(operand);
                let wanted = if value.ty == Type::Any { build::present(ty) } else { build::present(&value.ty) };
                let wanted = if wanted == Type::Any { Type::Float } else { wanted };
                let value = self.convert(value, &wanted);
                match value.kind {
                    ExprKind::Int(n) if n != i64::MIN => build::int(-n, span),
                    ExprKind::Float(x) => build::expr(ExprKind::Float(-x), Type::Float, span),
                    _ => build::prim(Prim::Neg, vec![value], wanted, span),
                }
            }
        }
    }

    /// `a < b <= c`: every operand is evaluated once, and only as far as needed.
    pub(crate) fn chain(&mut self, first: &'a ast::Expr, rest: &'a [(BinaryOp, Span, ast::Expr)]) -> Expr {
        let mut exprs = Vec::new();
        let value = self.expr(first);
        let left = self.keep("left", value, &mut exprs);
        let links = self.chain_links(left, rest);
        exprs.push(links);
        build::block(exprs, first.span)
    }

    fn chain_links(&mut self, left: Expr, rest: &'a [(BinaryOp, Span, ast::Expr)]) -> Expr {
        let Some(((op, span, operand), more)) = rest.split_first() else { return build::bool(true, left.span) };
        let mut exprs = Vec::new();
        let value = self.expr(operand);
        let right = if more.is_empty() { value } else { self.keep("middle", value, &mut exprs) };
        let link = self.operate(*op, left, right.clone(), &Type::Bool, *span);
        exprs.push(if more.is_empty() { link } else { build::and(link, self.chain_links(right, more)) });
        build::block(exprs, *span)
    }
}

/// Whether it is the literal `nil`.
fn is_nil(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Nil) || (e.ty == Type::Unit && matches!(e.kind, ExprKind::Unit))
}

/// A span of time as its milliseconds, a size as its bytes; other values are themselves.
fn as_int(value: Expr) -> Expr {
    let span = value.span;
    match (&value.ty, &value.kind) {
        (_, ExprKind::Duration(n) | ExprKind::Size(n)) => build::int(*n, span),
        (Type::Duration, _) => build::intrinsic("duration.ms", vec![value], Type::Int, span),
        (Type::Size, _) => build::intrinsic("size.bytes", vec![value], Type::Int, span),
        _ => value,
    }
}

/// Texts joined, those known at compile time merged.
pub(crate) fn concat(parts: Vec<Expr>, span: Span) -> Expr {
    let mut flat: Vec<Expr> = Vec::new();
    for part in parts {
        match part.kind {
            ExprKind::Concat(inner) => flat.extend(inner),
            ExprKind::Str(text) => match flat.last_mut() {
                Some(Expr { kind: ExprKind::Str(before), .. }) => before.push_str(&text),
                _ if text.is_empty() => {}
                _ => flat.push(build::str(text, part.span)),
            },
            kind => flat.push(Expr { kind, ty: part.ty, span: part.span }),
        }
    }
    match flat.len() {
        0 => build::str("", span),
        1 => flat.pop().unwrap_or_else(|| build::str("", span)),
        _ => build::expr(ExprKind::Concat(flat), Type::Str, span),
    }
}
