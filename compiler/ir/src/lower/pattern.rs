//! Patterns that always match: bindings, parameters, loop variables.

use tova_check::tables::{Res, VarId};
use tova_source::Span;
use tova_syntax::ast::{FieldPattern, Pattern, PatternElement, PatternKind};

use super::{Body, build};
use crate::{Expr, Prim, Type};

impl<'a> Body<'_, 'a> {
    /// Declarations that bind the names of a pattern to parts of a value.
    pub(crate) fn bind_pattern(&mut self, pattern: &'a Pattern, value: Expr) -> Vec<Expr> {
        let mut exprs = Vec::new();
        match &pattern.kind {
            PatternKind::Name(name) if name == "_" => exprs.push(value),
            PatternKind::Name(_) | PatternKind::Typed { .. } => {
                if let Some(Res::Local(var)) = self.res(pattern.id) {
                    exprs.push(self.declare_with(*var, value));
                }
            }
            PatternKind::Tuple(items) => {
                let value = self.keep("tuple", value, &mut exprs);
                for (item, index) in items.iter().zip(0..) {
                    let part = self.tuple_field(value.clone(), index, value.span);
                    exprs.extend(self.bind_pattern(item, part));
                }
            }
            PatternKind::List(elements) => {
                let value = self.keep("list", value, &mut exprs);
                for (index, element) in elements.iter().enumerate() {
                    let part = self.list_part(&value, elements, index);
                    exprs.extend(self.bind_pattern(&element.pattern, part));
                }
            }
            PatternKind::Record(fields) => {
                let value = self.keep("record", value, &mut exprs);
                for field in fields {
                    let part = self.field_part(&value, field);
                    exprs.extend(self.bind_pattern(&field.pattern, part));
                }
            }
            PatternKind::Wildcard
            | PatternKind::Nil
            | PatternKind::Bool(_)
            | PatternKind::Int(_)
            | PatternKind::Float(_)
            | PatternKind::Str(_)
            | PatternKind::Prefix { .. }
            | PatternKind::Range { .. }
            | PatternKind::Variant { .. }
            | PatternKind::Or(_)
            | PatternKind::Error => exprs.push(value),
        }
        exprs
    }

    /// Declares a variable with its first value.
    pub(crate) fn declare_with(&mut self, var: VarId, value: Expr) -> Expr {
        let ty = self.var_ty(var);
        let value = self.convert(value, &ty);
        let local = self.declare(var, ty);
        build::let_(local, value)
    }

    /// The part of a list (or tuple) that an element of a list pattern takes.
    pub(crate) fn list_part(&mut self, value: &Expr, elements: &[PatternElement], index: usize) -> Expr {
        let span = value.span;
        if let Type::Tuple(_) = value.ty {
            return self.tuple_field(value.clone(), index as u32, span);
        }
        let rest = elements.iter().position(|element| element.rest.is_some());
        let from_end = |index: usize| index as i64 - elements.len() as i64;
        match rest {
            Some(rest) if rest == index => {
                let after = elements.len() - rest - 1;
                let end = (after > 0).then(|| -(after as i64));
                self.slice_part(value, rest as i64, end, span)
            }
            Some(rest) if rest < index => self.element(value.clone(), build::int(from_end(index), span), span),
            _ => self.element(value.clone(), build::int(index as i64, span), span),
        }
    }

    fn slice_part(&mut self, value: &Expr, start: i64, end: Option<i64>, span: Span) -> Expr {
        let ty = Type::option(Type::Int);
        let bound = |n: Option<i64>| match n {
            Some(n) => build::some(build::int(n, span)),
            None => build::nil(ty.clone(), span),
        };
        let args = vec![value.clone(), bound(Some(start)), bound(end), bound(None)];
        build::prim(Prim::Slice, args, value.ty.clone(), span)
    }

    /// The field that a field pattern takes, or its default where it is nil.
    pub(crate) fn field_part(&mut self, value: &Expr, field: &'a FieldPattern) -> Expr {
        let part = self.field(value.clone(), &field.name.name, value.span);
        let Some(default) = &field.default else { return part };
        let ty = build::present(&part.ty);
        self.coalesce(part, &ty, |body| body.expr_to(default, &ty))
    }
}
