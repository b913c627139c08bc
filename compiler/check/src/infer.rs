//! Expressions: each gets a type.

mod args;
mod assign;
mod call;
mod control;
mod lambda;
mod literal;
mod member;
mod method;
mod name;
mod ops;
mod pattern;
mod pipe;
mod query;
pub use query::{COMPARISONS, split_comparison};
mod stmt;
mod view;

use tova_diagnostics::{Diagnostic, codes};
use tova_syntax::ast::{Expr, ExprKind, LambdaBody};

use crate::ctx::Checker;
use crate::types::{Ty, TyKind};

/// What the surroundings do with a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Want {
    /// Use it, whatever it is.
    Value,
    /// Use it as this type.
    Type(Ty),
    /// Drop it: the expression is a statement.
    Nothing,
}

impl Want {
    pub(crate) fn ty(self) -> Option<Ty> {
        match self {
            Self::Type(ty) => Some(ty),
            Self::Value | Self::Nothing => None,
        }
    }
}

impl<'a> Checker<'a> {
    /// The type of an expression, noted under its id. The wanted type guides literals and functions; the caller checks that it fits.
    pub(crate) fn infer(&mut self, expr: &'a Expr, want: Want) -> Ty {
        let ty = self.infer_kind(expr, want);
        self.set_node(expr.id, ty)
    }

    /// Checks an expression against a type.
    pub(crate) fn check(&mut self, expr: &'a Expr, ty: Ty) -> Ty {
        let given = self.infer(expr, Want::Type(ty));
        self.coerce(given, ty, expr.span);
        given
    }

    fn infer_kind(&mut self, expr: &'a Expr, want: Want) -> Ty {
        match &expr.kind {
            ExprKind::Nil
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Template(_)
            | ExprKind::Regex { .. }
            | ExprKind::List(_)
            | ExprKind::ListComp { .. }
            | ExprKind::Record(_)
            | ExprKind::RecordComp { .. }
            | ExprKind::Tuple(_) => self.literal(expr, want),
            ExprKind::Name(name) => self.name(expr, name),
            ExprKind::Paren(inner) | ExprKind::Await(inner) => self.infer(inner, want),
            ExprKind::Field { object, name, optional } => self.field(expr, object, name, *optional),
            ExprKind::ImplicitFn(body) => self.implicit_fn(body, want),
            ExprKind::ImplicitReceiver => self.receivers.last().copied().unwrap_or(self.well_known.error),
            ExprKind::TupleField { object, index, index_span } => self.tuple_field(object, *index, *index_span),
            ExprKind::Index { object, index } => self.index(expr, object, index),
            ExprKind::Slice { object, start, end, step } => {
                let ty = self.infer(object, Want::Value);
                let int = self.well_known.int;
                for part in [start, end, step].into_iter().flatten() {
                    self.check(part, int);
                }
                ty
            }
            ExprKind::Call { callee, args } => self.call(expr, callee, args, None, want),
            ExprKind::Unary { op, operand, .. } => self.unary(expr, *op, operand),
            ExprKind::Binary { op, op_span, left, right } => self.binary(expr, *op, *op_span, left, right, want),
            ExprKind::Chain { first, rest } => self.chain(first, rest),
            ExprKind::Range { start, end, .. } => {
                let int = self.well_known.int;
                self.check(start, int);
                self.check(end, int);
                self.list(int)
            }
            ExprKind::Is { value, name, .. } => self.is(expr, value, name),
            ExprKind::Pipe { value, step } => self.pipe(value, step, want),
            ExprKind::Placeholder => match self.piped.last() {
                Some(ty) => *ty,
                None => {
                    self.report(
                        Diagnostic::error(codes::E0205, expr.span, "`_` stands for a piped value, there is none here")
                            .help("pipe a value into the call: `value |> f(_)`"),
                    );
                    self.well_known.error
                }
            },
            ExprKind::Propagate(inner) => self.propagate(expr, inner),
            ExprKind::Lambda(lambda) => self.lambda(lambda, want),
            ExprKind::If(if_) => self.if_(if_, want),
            ExprKind::Match { subject, arms } => self.match_(expr, subject, arms, want),
            ExprKind::Try { body, catch, finally } => self.try_(body, catch.as_deref(), finally.as_ref(), want),
            ExprKind::Block(block) => self.block(block, want),
            ExprKind::View(element) => {
                self.element(element);
                self.well_known.view
            }
            ExprKind::Error => self.well_known.error,
        }
    }

    /// The body of a lambda or of an arm.
    pub(crate) fn body(&mut self, body: &'a LambdaBody, want: Want) -> Ty {
        match body {
            LambdaBody::Expr(expr) => self.infer(expr, want),
            LambdaBody::Block(block) => self.block(block, want),
        }
    }

    fn tuple_field(&mut self, object: &'a Expr, index: u32, span: tova_source::Span) -> Ty {
        let ty = self.infer(object, Want::Value);
        match self.kind(ty) {
            TyKind::Tuple(items) => match items.get(index as usize) {
                Some(item) => *item,
                None => {
                    let shown = self.show(ty);
                    self.report(Diagnostic::error(
                        codes::E0104,
                        span,
                        format!("`{shown}` has {} elements, there is no element {index}", items.len()),
                    ));
                    self.well_known.error
                }
            },
            TyKind::Error => ty,
            _ => {
                let shown = self.show(ty);
                self.report(
                    Diagnostic::error(codes::E0104, span, format!("expected a tuple, found `{shown}`"))
                        .help("an element of a list is `xs[0]`"),
                );
                self.well_known.error
            }
        }
    }
}
