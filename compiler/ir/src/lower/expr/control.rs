//! Expressions that decide, leave or catch.

use tova_check::tables::Res;
use tova_source::Span;
use tova_syntax::ast::{self, Block, Catch, IfExpr};

use super::super::body::Binding;
use super::super::{Body, Return, build, convert};
use crate::{EnumCase, Expr, ExprKind, LocalKind, Prim, Type};

impl<'a> Body<'_, 'a> {
    /// `if c { … } elif d { … } else { … }`
    pub(super) fn if_expr(&mut self, decision: &'a IfExpr, ty: &Type, span: Span) -> Expr {
        self.if_branches(&decision.branches, decision.else_.as_ref(), ty, span)
    }

    fn if_branches(
        &mut self,
        branches: &'a [(ast::Expr, Block)],
        else_: Option<&'a Block>,
        ty: &Type,
        span: Span,
    ) -> Expr {
        let Some(((cond, then), more)) = branches.split_first() else {
            return match else_ {
                Some(block) => self.block_to(block, ty),
                None => {
                    let unit = build::unit(span);
                    self.convert(unit, ty)
                }
            };
        };
        let cond = self.condition(cond);
        let then = self.block_to(then, ty);
        if more.is_empty() && else_.is_none() && *ty == Type::Unit {
            return build::if_then(cond, then);
        }
        let other = self.if_branches(more, else_, ty, span);
        build::if_else(cond, then, other)
    }

    /// `try { … } catch e { … } finally { … }`
    pub(super) fn try_expr(
        &mut self,
        body: &'a Block,
        catch: Option<&'a Catch>,
        finally: Option<&'a Block>,
        ty: &Type,
        span: Span,
    ) -> Expr {
        let body = self.block_to(body, ty);
        let mut error = None;
        let handler = catch.map(|catch| {
            let record = Type::Record(self.lower.error_record());
            if let Some(name) = &catch.name
                && let Some(Res::Local(var)) = self.res(name.id)
            {
                let local = self.local("error", record, LocalKind::Let, name.span);
                if let Some(info) = self.lower.checked.locals.get(var.0 as usize) {
                    self.rename(local, &info.name);
                }
                self.bind(*var, Binding::Local(local));
                error = Some(local);
            }
            Box::new(self.block_to(&catch.body, ty))
        });
        let finally = finally.map(|block| Box::new(self.block_to(block, &Type::Unit)));
        build::expr(ExprKind::Try { body: Box::new(body), error, handler, finally }, ty.clone(), span)
    }

    /// `e?`: the value, or a return of the error or of nil.
    pub(crate) fn propagate(&mut self, value: Expr, span: Span) -> Expr {
        match value.ty.clone() {
            Type::Option(item) => {
                let local = self.local("value", (*item).clone(), LocalKind::Let, span);
                let some = self.read(local, span);
                let none = match self.frame().ret.ty().clone() {
                    ret @ (Type::Option(_) | Type::Any | Type::Unit) => {
                        let nil = build::unit(span);
                        let nil = self.convert(nil, &ret);
                        self.return_value(nil, span)
                    }
                    _ => self.throw(build::str("there is no value", span), None, span),
                };
                build::switch_option(value, Some(local), some, none)
            }
            Type::Enum(enum_) if self.lower.is_result(enum_) => {
                let variants = self.lower.variants(enum_);
                let field = |index: usize| {
                    variants.get(index).and_then(|v| v.fields.first()).map_or(Type::Unit, |f| f.ty.clone())
                };
                let (ok_ty, err_ty) = (field(0), field(1));
                let ok = self.local("value", ok_ty.clone(), LocalKind::Let, span);
                let err = self.local("error", err_ty, LocalKind::Let, span);
                let ok_body = self.read(ok, span);
                let err_read = self.read(err, span);
                let err_body = self.propagate_error(err_read, span);
                let cases = vec![
                    EnumCase { variant: 0, bindings: vec![Some(ok)], body: ok_body },
                    EnumCase { variant: 1, bindings: vec![Some(err)], body: err_body },
                ];
                convert::switch(value, enum_, cases, None, ok_ty)
            }
            _ => value,
        }
    }

    fn propagate_error(&mut self, error: Expr, span: Span) -> Expr {
        let ret = self.frame().ret.ty().clone();
        if let Type::Enum(target) = ret
            && self.lower.is_result(target)
        {
            let ty =
                self.lower.variants(target).get(1).and_then(|v| v.fields.first()).map_or(Type::Unit, |f| f.ty.clone());
            let error = self.convert(error, &ty);
            let value = build::variant(target, 1, vec![error], span);
            return self.return_value(value, span);
        }
        let record = self.lower.error_record();
        if error.ty == Type::Record(record) {
            return build::expr(ExprKind::Throw(Box::new(error)), Type::Never, span);
        }
        let message = self.text(error);
        self.throw(message, None, span)
    }

    /// Leaves the function, closure or substituted function with a value of its type.
    pub(crate) fn return_value(&mut self, value: Expr, span: Span) -> Expr {
        match self.frame().ret.clone() {
            Return::Function(Type::Unit) => {
                let leave = build::expr(ExprKind::Return(None), Type::Never, span);
                if build::is_literal(&value) { leave } else { build::block(vec![value, leave], span) }
            }
            Return::Function(_) => build::expr(ExprKind::Return(Some(Box::new(value))), Type::Never, span),
            Return::Label(label, Type::Unit) => {
                let leave = self.leave(label, None, span);
                if build::is_literal(&value) { leave } else { build::block(vec![value, leave], span) }
            }
            Return::Label(label, _) => self.leave(label, Some(value), span),
        }
    }

    /// Throws an error with a message, and a code and status.
    pub(crate) fn throw(&mut self, message: Expr, known: Option<(&str, i64)>, span: Span) -> Expr {
        let record = self.lower.error_record();
        let fields = self.lower.fields(record);
        let mut message = Some(message);
        let mut values = Vec::new();
        for field in fields {
            let value = match (field.name.as_str(), known) {
                ("message", _) => message.take().unwrap_or_else(|| build::str("", span)),
                ("code", Some((code, _))) => build::str(code, span),
                ("status", Some((_, status))) => build::int(status, span),
                _ => build::unit(span),
            };
            values.push(self.convert(value, &field.ty));
        }
        let error = build::expr(ExprKind::Record { record, fields: values }, Type::Record(record), span);
        build::expr(ExprKind::Throw(Box::new(error)), Type::Never, span)
    }

    /// `e is T`
    pub(super) fn is_expr(&mut self, e: &'a ast::Expr, value: &'a ast::Expr, negated: bool) -> Expr {
        let ast::ExprKind::Is { name, .. } = &e.kind else { return build::unit(e.span) };
        let ty = match &value.kind {
            ast::ExprKind::Name(_) => match self.res(value.id) {
                Some(Res::Local(var)) => Some(self.var_ty(*var)),
                _ => None,
            },
            _ => None,
        };
        let own = self.node_ty(value.id);
        let value = match ty {
            Some(ty) if ty != own => self.name(value, &ty),
            _ => self.expr(value),
        };
        let test = self.is_test(e, value, &name.name);
        if negated { build::not(test) } else { test }
    }

    fn is_test(&mut self, e: &'a ast::Expr, value: Expr, name: &str) -> Expr {
        let span = e.span;
        match (self.res(e.id), value.ty.clone()) {
            (_, Type::Option(item))
                if name != "Nil" && name != "nil" && !matches!(self.res(e.id), Some(Res::SomeOf | Res::NoneOf)) =>
            {
                let local = self.local("value", (*item).clone(), LocalKind::Let, span);
                let read = self.read(local, span);
                let some = self.is_test(e, read, name);
                build::switch_option(value, Some(local), some, build::bool(false, span))
            }
            (Some(Res::Variant(_, index)), Type::Enum(enum_)) if self.lower.union_members(&value.ty).is_none() => {
                build::test_variant(value, enum_, *index, span)
            }
            (Some(Res::SomeOf), _) => {
                let absent = self.is_nil(value, span);
                build::not(absent)
            }
            (Some(Res::NoneOf), _) => self.is_nil(value, span),
            _ if matches!(name, "Nil" | "nil") => self.is_nil(value, span),
            (_, Type::Enum(enum_)) if self.lower.union_members(&value.ty).is_some() => {
                let members = self.lower.union_members(&value.ty).unwrap_or_default();
                let index = members.iter().position(|member| self.is_named(member, name));
                match index {
                    Some(index) => build::test_variant(value, enum_, index as u32, span),
                    None => build::block(vec![value, build::bool(false, span)], span),
                }
            }
            (_, Type::Any) => self.decodes(value, &any_type(name)),
            (_, ty) => {
                let known = self.is_named(&ty, name);
                build::block(vec![value, build::bool(known, span)], span)
            }
        }
    }

    /// Whether a type is what `name` says after `is`.
    pub(crate) fn is_named(&self, ty: &Type, name: &str) -> bool {
        match ty {
            Type::Str => name == "String",
            Type::Int => matches!(name, "Int" | "Number"),
            Type::Float => matches!(name, "Float" | "Number"),
            Type::Bool => name == "Bool",
            Type::List(_) => matches!(name, "List" | "Array"),
            Type::Map(..) => matches!(name, "Map" | "Object"),
            Type::Fn(_) => name == "Function",
            Type::Handle(own) => own == name,
            Type::Duration => name == "Duration",
            Type::Size => name == "Bytes",
            Type::Record(id) => {
                self.lower.program.records.get(id.0 as usize).is_some_and(|r| r.shown.as_deref() == Some(name))
            }
            Type::Enum(_) => self
                .lower
                .origin(ty)
                .and_then(|id| self.lower.checked.type_decls.get(id.0 as usize))
                .is_some_and(|info| info.name == name),
            Type::Unit | Type::Never | Type::Any | Type::Set(_) | Type::Tuple(_) | Type::Option(_) | Type::View => {
                false
            }
        }
    }

    /// Gives a local the name that the user wrote.
    pub(crate) fn rename(&mut self, local: crate::LocalId, name: &str) {
        if let Some(local) = self.locals.get_mut(local.0 as usize) {
            local.name = name.into();
        }
    }
}

/// The type of dynamic data that a name after `is` asks for.
fn any_type(name: &str) -> Type {
    match name {
        "String" => Type::Str,
        "Int" => Type::Int,
        "Float" | "Number" => Type::Float,
        "Bool" => Type::Bool,
        "List" | "Array" => Type::list(Type::Any),
        _ => Type::map(Type::Str, Type::Any),
    }
}

impl Body<'_, '_> {
    /// The value of an option that was declared as present: nil throws `NotFound`.
    pub(crate) fn found(&mut self, value: Expr) -> Expr {
        let span = value.span;
        let Type::Option(item) = value.ty.clone() else { return value };
        let local = self.local("found", (*item).clone(), LocalKind::Let, span);
        let some = self.read(local, span);
        let none = self.throw(build::str("not found", span), Some(("NOT_FOUND", 404)), span);
        build::switch_option(value, Some(local), some, none)
    }

    /// Whether dynamic data can be decoded as a type.
    pub(crate) fn decodes(&mut self, value: Expr, ty: &Type) -> Expr {
        let span = value.span;
        let decoded = self.convert(value, ty);
        let body = Box::new(build::block(vec![decoded, build::bool(true, span)], span));
        let handler = Some(Box::new(build::bool(false, span)));
        build::expr(ExprKind::Try { body, error: None, handler, finally: None }, Type::Bool, span)
    }

    /// Whether dynamic data or an option has this value, which is nil for nothing.
    pub(crate) fn unwrap(&mut self, value: Expr, span: Span) -> Expr {
        match value.ty.clone() {
            Type::Option(item) => build::prim(Prim::Unwrap, vec![value], (*item).clone(), span),
            _ => value,
        }
    }
}
