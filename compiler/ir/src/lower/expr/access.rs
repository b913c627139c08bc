//! Members, elements, slices.

use tova_check::tables::Res;
use tova_source::Span;
use tova_syntax::ast::{self, Ident};

use super::super::{Body, build};
use crate::{Expr, ExprKind, LocalKind, Prim, Type};

impl<'a> Body<'_, 'a> {
    /// `e.name`, `e?.name`
    pub(super) fn field_expr(
        &mut self,
        e: &'a ast::Expr,
        object: &'a ast::Expr,
        name: &Ident,
        optional: bool,
        ty: &Type,
    ) -> Expr {
        let span = e.span;
        match self.res(e.id) {
            Some(
                Res::Local(_)
                | Res::Global(_)
                | Res::Fn(_)
                | Res::Record(_)
                | Res::Variant(..)
                | Res::SomeOf
                | Res::NoneOf
                | Res::Component(_),
            ) => {
                return self.name(e, ty);
            }
            Some(Res::DurationUnit(unit)) => return self.unit(object, *unit, Type::Duration, span),
            Some(Res::SizeUnit(unit)) => return self.unit(object, *unit, Type::Size, span),
            Some(Res::Method(function)) => return self.method_value(e, *function, object, ty),
            _ => {}
        }
        let value = self.expr(object);
        // In a hole of JSX the member of an absent value is absent too, without `?.`.
        if optional || matches!(value.ty, Type::Option(_)) {
            return self.optional(value, ty, |body, object| body.member(e, object, name));
        }
        self.member(e, value, name)
    }

    /// `30.seconds`
    fn unit(&mut self, object: &'a ast::Expr, unit: i64, ty: Type, span: Span) -> Expr {
        let amount = self.expr_to(object, &Type::Int);
        let make = |n| if ty == Type::Duration { ExprKind::Duration(n) } else { ExprKind::Size(n) };
        match amount.kind {
            ExprKind::Int(n) => build::expr(make(n.saturating_mul(unit)), ty, span),
            _ => build::prim(Prim::Mul, vec![build::expr(make(unit), ty.clone(), span), amount], ty, span),
        }
    }

    /// What `read` gives for a present value, nil for an absent one.
    pub(crate) fn optional(&mut self, value: Expr, ty: &Type, read: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
        let span = value.span;
        match value.ty.clone() {
            Type::Option(item) => {
                let local = self.local("value", (*item).clone(), LocalKind::Let, span);
                let present = self.read(local, span);
                let some = read(self, present);
                let some = self.convert(some, ty);
                let none = build::unit(span);
                let none = self.convert(none, ty);
                build::switch_option(value, Some(local), some, none)
            }
            _ => {
                let result = read(self, value);
                self.convert(result, ty)
            }
        }
    }

    /// `object.name`, by what the checker found and the concrete type of the object.
    fn member(&mut self, e: &'a ast::Expr, object: Expr, name: &Ident) -> Expr {
        let span = e.span;
        match self.res(e.id) {
            Some(Res::RequestField(index)) => {
                let ty = self.request_field_ty(*index);
                build::expr(ExprKind::RequestField { request: Box::new(object), index: *index }, Type::option(ty), span)
            }
            Some(Res::Property { ty, name }) => {
                let getter = format!("{}.get_{name}", ty.to_lowercase());
                let ty = self.node_ty(e.id);
                build::intrinsic(getter, vec![object], ty, span)
            }
            Some(Res::Length) => self.length(object, span),
            _ => self.field(object, &name.name, span),
        }
    }

    /// A field by name, of a record, map, tuple or dynamic data.
    pub(crate) fn field(&mut self, object: Expr, name: &str, span: Span) -> Expr {
        match object.ty.clone() {
            Type::Record(id) => match self.lower.field(id, name) {
                Some((index, ty)) => build::expr(ExprKind::Field { object: Box::new(object), index }, ty, span),
                None => build::unit(span),
            },
            Type::Map(_, value) => {
                build::prim(Prim::MapGet, vec![object, build::str(name, span)], Type::option((*value).clone()), span)
            }
            Type::Any => {
                let key = build::str(name, span);
                let key = self.convert(key, &Type::Any);
                build::prim(Prim::AnyGet, vec![object, key], Type::Any, span)
            }
            Type::Option(item) => {
                let object = self.convert(object, &item);
                self.field(object, name, span)
            }
            _ if name == "length" => self.length(object, span),
            _ => build::block(vec![object, build::unit(span)], span),
        }
    }

    /// `.length`
    pub(crate) fn length(&mut self, object: Expr, span: Span) -> Expr {
        if object.ty == Type::Any {
            let list = self.convert(object, &Type::list(Type::Any));
            return self.length(list, span);
        }
        let name = match &object.ty {
            Type::Str => "str.len",
            Type::Map(..) => "map.len",
            Type::Set(_) => "set.len",
            _ => "list.len",
        };
        build::intrinsic(name, vec![object], Type::Int, span)
    }

    /// `t.0`
    pub(crate) fn tuple_field(&mut self, object: Expr, index: u32, span: Span) -> Expr {
        match object.ty.clone() {
            Type::Tuple(items) => {
                let ty = items.get(index as usize).cloned().unwrap_or(Type::Unit);
                build::expr(ExprKind::TupleField { object: Box::new(object), index }, ty, span)
            }
            Type::Option(item) => {
                let object = self.convert(object, &item);
                self.tuple_field(object, index, span)
            }
            _ => self.element(object, build::int(i64::from(index), span), span),
        }
    }

    /// `e[i]`
    pub(super) fn index(&mut self, object: &'a ast::Expr, index: &'a ast::Expr, span: Span) -> Expr {
        let object = self.expr(object);
        let index = self.expr(index);
        self.element(object, index, span)
    }

    /// An element by index or key.
    pub(crate) fn element(&mut self, object: Expr, index: Expr, span: Span) -> Expr {
        match object.ty.clone() {
            Type::List(item) => {
                let index = self.convert(index, &Type::Int);
                build::prim(Prim::ListGet, vec![object, index], (*item).clone(), span)
            }
            Type::Str => {
                let index = self.convert(index, &Type::Int);
                build::prim(Prim::StrGet, vec![object, index], Type::Str, span)
            }
            Type::Map(key, value) => {
                let index = self.convert(index, &key);
                build::prim(Prim::MapGet, vec![object, index], Type::option((*value).clone()), span)
            }
            Type::Any => {
                let index = self.convert(index, &Type::Any);
                build::prim(Prim::AnyGet, vec![object, index], Type::Any, span)
            }
            Type::Tuple(items) => match index.kind {
                ExprKind::Int(n) => {
                    let n = if n < 0 { n + items.len() as i64 } else { n };
                    self.tuple_field(object, u32::try_from(n).unwrap_or(0), span)
                }
                _ => build::unit(span),
            },
            Type::Record(_) => match index.kind {
                ExprKind::Str(name) => self.field(object, &name, span),
                _ => build::unit(span),
            },
            Type::Handle(name) => {
                let index = self.convert(index, &Type::Str);
                build::intrinsic(
                    format!("{}.get", name.to_lowercase()),
                    vec![object, index],
                    Type::option(Type::Str),
                    span,
                )
            }
            Type::Option(item) => {
                let object = self.convert(object, &item);
                self.element(object, index, span)
            }
            _ => build::unit(span),
        }
    }

    /// `e[a:b:s]`
    pub(super) fn slice(&mut self, object: &'a ast::Expr, bounds: [Option<&'a ast::Expr>; 3], span: Span) -> Expr {
        let object = self.expr(object);
        let ty = build::present(&object.ty);
        let mut args = vec![self.convert(object, &ty)];
        let bound_ty = Type::option(Type::Int);
        for bound in bounds {
            args.push(match bound {
                Some(e) => self.expr_to(e, &bound_ty),
                None => build::nil(bound_ty.clone(), span),
            });
        }
        build::prim(Prim::Slice, args, ty, span)
    }
}
