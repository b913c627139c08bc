//! Expressions. Each has the type that the checker found; what its parts need to get there are conversions.

mod access;
mod closure;
mod control;
mod list;

use tova_check::tables::{Res, VarId};
use tova_source::Span;
use tova_syntax::ast::{self, TemplatePart};

use super::body::Binding;
use super::{Body, build, op};
use crate::{Expr, ExprKind, Prim, Type};

impl<'a> Body<'_, 'a> {
    /// An expression with the type that the checker found.
    pub(crate) fn expr(&mut self, e: &'a ast::Expr) -> Expr {
        let ty = self.node_ty(e.id);
        match self.directed(e, &ty) {
            Some(value) => value,
            None => {
                let value = self.raw(e, &ty);
                self.convert(value, &ty)
            }
        }
    }

    /// An expression where a type is expected.
    pub(crate) fn expr_to(&mut self, e: &'a ast::Expr, ty: &Type) -> Expr {
        if let Some(value) = self.directed(e, ty) {
            return value;
        }
        let own = self.node_ty(e.id);
        let value = self.raw(e, &own);
        let value = self.convert(value, &own);
        self.convert(value, ty)
    }

    /// Expressions that hand the expected type on to their parts.
    fn directed(&mut self, e: &'a ast::Expr, ty: &Type) -> Option<Expr> {
        Some(match &e.kind {
            ast::ExprKind::Paren(inner) => self.expr_to(inner, ty),
            ast::ExprKind::If(decision) => self.if_expr(decision, ty, e.span),
            ast::ExprKind::Match { subject, arms } => self.match_expr(subject, arms, ty, e.span),
            ast::ExprKind::Block(block) => self.block_to(block, ty),
            ast::ExprKind::Try { body, catch, finally } => {
                self.try_expr(body, catch.as_deref(), finally.as_ref(), ty, e.span)
            }
            ast::ExprKind::Lambda(lambda) => {
                let value = self.lambda(e, lambda, ty);
                self.convert(value, ty)
            }
            ast::ExprKind::List(elements) if matches!(build::present(ty), Type::List(_) | Type::Set(_)) => {
                let value = self.list(elements, ty, e.span);
                self.convert(value, ty)
            }
            ast::ExprKind::Record(entries) if matches!(build::present(ty), Type::Record(_) | Type::Map(..)) => {
                let value = self.record(entries, ty, e.span);
                self.convert(value, ty)
            }
            ast::ExprKind::Nil => match ty {
                Type::Option(_) | Type::Any => build::nil(ty.clone(), e.span),
                _ => {
                    let nil = build::unit(e.span);
                    self.convert(nil, ty)
                }
            },
            _ => return None,
        })
    }

    /// An expression before the conversion to the type that the checker found for it.
    fn raw(&mut self, e: &'a ast::Expr, ty: &Type) -> Expr {
        let span = e.span;
        match &e.kind {
            ast::ExprKind::Bool(value) => build::bool(*value, span),
            ast::ExprKind::Int(value) => match build::present(ty) {
                Type::Float => build::expr(ExprKind::Float(*value as f64), Type::Float, span),
                _ => build::int(*value, span),
            },
            ast::ExprKind::Float(value) => build::expr(ExprKind::Float(*value), Type::Float, span),
            ast::ExprKind::Str(text) => build::str(text.clone(), span),
            ast::ExprKind::Regex { pattern, .. } => build::str(pattern.clone(), span),
            ast::ExprKind::Template(parts) => self.template(parts, span),
            ast::ExprKind::Name(_) => self.name(e, ty),
            ast::ExprKind::List(elements) => self.list(elements, ty, span),
            ast::ExprKind::ListComp { value, clause } => self.list_comp(value, clause, ty, span),
            ast::ExprKind::Record(entries) => self.record(entries, ty, span),
            ast::ExprKind::RecordComp { key, value, clause } => self.record_comp(key, value, clause, ty, span),
            ast::ExprKind::Tuple(items) => self.tuple(items, ty, span),
            ast::ExprKind::Field { object, name, optional } => self.field_expr(e, object, name, *optional, ty),
            ast::ExprKind::ImplicitFn(body) => self.implicit_fn(body, ty, span),
            ast::ExprKind::ImplicitReceiver => {
                self.frame().receivers.last().cloned().unwrap_or_else(|| build::panic("no receiver", span))
            }
            ast::ExprKind::Placeholder => {
                self.frame().placeholders.last().cloned().unwrap_or_else(|| build::panic("no value for `_`", span))
            }
            ast::ExprKind::TupleField { object, index, .. } => {
                let object = self.expr(object);
                self.tuple_field(object, *index, span)
            }
            ast::ExprKind::Index { object, index } => self.index(object, index, span),
            ast::ExprKind::Slice { object, start, end, step } => {
                self.slice(object, [start.as_deref(), end.as_deref(), step.as_deref()], span)
            }
            ast::ExprKind::Call { callee, args } => self.call_expr(e, callee, args, ty),
            ast::ExprKind::Pipe { value, step } => self.pipe(value, step),
            ast::ExprKind::Unary { op, operand, .. } => self.unary(*op, operand, ty, span),
            ast::ExprKind::Binary { op, left, right, .. } => self.binary(*op, left, right, ty, span),
            ast::ExprKind::Chain { first, rest } => self.chain(first, rest),
            ast::ExprKind::Range { start, end, inclusive } => self.range(start, end, *inclusive, span),
            ast::ExprKind::Is { value, negated, .. } => self.is_expr(e, value, *negated),
            ast::ExprKind::Propagate(inner) => {
                let value = self.expr(inner);
                self.propagate(value, span)
            }
            ast::ExprKind::Await(inner) => self.expr(inner),
            ast::ExprKind::View(element) => self.view_expr(element, span),
            ast::ExprKind::Nil
            | ast::ExprKind::Paren(_)
            | ast::ExprKind::If(_)
            | ast::ExprKind::Match { .. }
            | ast::ExprKind::Block(_)
            | ast::ExprKind::Try { .. }
            | ast::ExprKind::Lambda(_) => self.expr_to(e, ty),
            ast::ExprKind::Error => build::unit(span),
        }
    }

    fn template(&mut self, parts: &'a [TemplatePart], span: Span) -> Expr {
        let mut texts = Vec::new();
        for part in parts {
            texts.push(match part {
                TemplatePart::Text(text, span) => build::str(text.clone(), *span),
                TemplatePart::Expr(e) => {
                    let value = self.expr(e);
                    self.text(value)
                }
            });
        }
        op::concat(texts, span)
    }

    /// A name as a value.
    pub(crate) fn name(&mut self, e: &'a ast::Expr, ty: &Type) -> Expr {
        let span = e.span;
        match self.res(e.id) {
            Some(Res::Local(var)) => self.variable(*var, ty, span),
            Some(Res::Global(global)) => {
                let global = self.lower.global(*global);
                self.read_global(global, span)
            }
            Some(Res::Fn(function) | Res::Method(function)) => {
                let args = self.type_args(e.id);
                self.fn_value(*function, args, span)
            }
            Some(Res::Record(_) | Res::Variant(..) | Res::SomeOf | Res::Component(_)) => self.constructor_value(e, ty),
            Some(Res::NoneOf) => match ty {
                Type::Option(_) | Type::Any => build::nil(ty.clone(), span),
                _ => build::unit(span),
            },
            Some(Res::Next) => match self.next {
                Some((_, next)) => self.read(next, span),
                None => build::unit(span),
            },
            _ => build::unit(span),
        }
    }

    /// The value of a variable.
    pub(crate) fn variable(&mut self, var: VarId, ty: &Type, span: Span) -> Expr {
        match self.frame().vars.get(&var).cloned() {
            Some(Binding::Local(local)) => self.read(local, span),
            Some(Binding::Place(place)) => self.read_place(&place, span),
            Some(Binding::Value(value)) => Expr { span, ..value },
            Some(Binding::Callable { expr, frame }) => {
                let ret = self.frame().ret.clone();
                let ty = ty.clone();
                self.in_frame(frame, ret, |body| body.expr_to(expr, &ty))
            }
            None => build::panic("a variable is used before it has a value", span),
        }
    }

    /// A constructor: a value if it takes nothing, else a function value.
    fn constructor_value(&mut self, e: &'a ast::Expr, ty: &Type) -> Expr {
        let span = e.span;
        let Type::Fn(function) = ty else {
            return match (self.res(e.id), ty) {
                (Some(Res::Variant(_, index)), Type::Enum(enum_)) => build::variant(*enum_, *index, Vec::new(), span),
                (Some(Res::Record(_)), Type::Record(record)) => {
                    build::expr(ExprKind::Record { record: *record, fields: Vec::new() }, ty.clone(), span)
                }
                _ => build::unit(span),
            };
        };
        let function = (**function).clone();
        self.closure_of(&function.params, &function.ret, span, |body, args| {
            let ret = function.ret.clone();
            body.apply_named(e, args, &ret, span)
        })
    }

    fn tuple(&mut self, items: &'a [ast::Expr], ty: &Type, span: Span) -> Expr {
        if items.is_empty() {
            return build::unit(span);
        }
        let types = match ty {
            Type::Tuple(types) => types.to_vec(),
            _ => items.iter().map(|item| self.node_ty(item.id)).collect(),
        };
        let parts = items.iter().zip(&types).map(|(item, ty)| self.expr_to(item, ty)).collect();
        build::expr(ExprKind::Tuple(parts), Type::Tuple(types.into()), span)
    }

    fn range(&mut self, start: &'a ast::Expr, end: &'a ast::Expr, inclusive: bool, span: Span) -> Expr {
        let start = self.expr_to(start, &Type::Int);
        let mut end = self.expr_to(end, &Type::Int);
        if inclusive {
            end = build::prim(Prim::Add, vec![end, build::int(1, span)], Type::Int, span);
        }
        build::prim(Prim::RangeList, vec![start, end], Type::list(Type::Int), span)
    }
}
