//! Calls.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{Arg, Expr, ExprKind, Ident, PatternKind};

use super::Want;
use super::args::Signature;
use crate::constraint::ConstraintKind;
use crate::ctx::{Checker, Sym};
use crate::tables::{FnIdx, Res, TypeKind};
use crate::types::{Ty, TyKind};

/// The first argument of a call that does not stand among its arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receiver {
    pub(crate) ty: Ty,
    pub(crate) span: Span,
}

impl<'a> Checker<'a> {
    /// A call; `piped` is the value of a pipe, which goes before the arguments.
    pub(super) fn call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        match &callee.kind {
            ExprKind::Field { object, name, optional } => {
                let ty = self.field_call(expr, callee, object, name, *optional, args, piped, want);
                if !matches!(
                    self.out.names.get(&callee.id),
                    Some(Res::Field(_) | Res::Property { .. } | Res::RequestField(_))
                ) {
                    self.set_node(callee.id, ty);
                }
                ty
            }
            ExprKind::Name(name) => self.name_call(expr, callee, name, args, piped, want),
            ExprKind::Paren(inner) if matches!(inner.kind, ExprKind::Name(_) | ExprKind::Field { .. }) => {
                let ty = self.call(expr, inner, args, piped, want);
                self.set_node(callee.id, self.out.expr_ty(inner));
                ty
            }
            _ => {
                let ty = self.infer(callee, Want::Value);
                self.call_value(expr, callee.span, ty, args, piped, want)
            }
        }
    }

    fn name_call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        name: &EcoString,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        let signature = match self.lookup(name) {
            Some(Sym::Fn(id)) => {
                self.set_name(callee.id, Res::Fn(id));
                self.fn_signature(id, callee.id)
            }
            Some(Sym::Variant(ty, index)) => {
                self.set_name(callee.id, Res::Variant(ty, index));
                self.variant_signature(ty, index, callee)
            }
            Some(Sym::Type(ty)) => {
                self.set_name(callee.id, Res::Record(ty));
                match self.record_signature(ty, callee) {
                    Some(signature) => signature,
                    None => return self.not_callable(callee.span, name, args),
                }
            }
            Some(Sym::Model(model)) => {
                let row =
                    self.out.models.get(model.0 as usize).map(|model| model.row).unwrap_or(crate::tables::TypeId(0));
                self.set_name(callee.id, Res::Record(row));
                match self.record_signature(row, callee) {
                    Some(signature) => signature,
                    None => return self.not_callable(callee.span, name, args),
                }
            }
            Some(Sym::Component(component)) => {
                self.set_name(callee.id, Res::Component(component));
                self.ensure_component(component);
                self.component_signature(component)
            }
            Some(_) => {
                let ty = self.infer(callee, Want::Value);
                return self.call_value(expr, callee.span, ty, args, piped, want);
            }
            None => return self.library_call(expr, callee, name, args, piped, want),
        };
        let ret = self.apply(expr.id, callee.span, &signature, piped, args, want);
        self.set_node(callee.id, ret);
        ret
    }

    fn not_callable(&mut self, span: Span, name: &EcoString, args: &'a [Arg]) -> Ty {
        for arg in args {
            self.infer(&arg.value, Want::Value);
        }
        self.report(Diagnostic::error(codes::E0105, span, format!("`{name}` cannot be called")));
        self.well_known.error
    }

    /// A function of the library, chosen by the type of its first argument.
    fn library_call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        name: &EcoString,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        if matches!(name.as_str(), "Some" | "None") || !self.is_library_name(name) {
            let ty = self.infer(callee, Want::Value);
            return self.call_value(expr, callee.span, ty, args, piped, want);
        }
        let candidates = self.free_library_fns(name);
        if let [only] = candidates.as_slice()
            && let Some(ty) = self.render_call(*only, args)
        {
            self.set_name(callee.id, Res::Fn(*only));
            return self.set_node(callee.id, ty);
        }
        let chosen = if let [only] = candidates.as_slice() {
            *only
        } else {
            let first = match piped {
                Some(receiver) => receiver.ty,
                None => match args.first() {
                    Some(arg) => self.infer(&arg.value, Want::Value),
                    None => self.well_known.error,
                },
            };
            match self.find_method(first, name) {
                Some(id) => id,
                None if matches!(self.kind(first), TyKind::Var(_)) => {
                    return self.deferred_call(expr, callee, name, first, args, piped);
                }
                None => {
                    for arg in args.iter().skip(1) {
                        self.infer(&arg.value, Want::Value);
                    }
                    self.no_method(first, name, callee.span);
                    return self.well_known.error;
                }
            }
        };
        self.set_name(callee.id, Res::Fn(chosen));
        let signature = self.fn_signature(chosen, callee.id);
        let ret = self.apply(expr.id, callee.span, &signature, piped, args, want);
        self.set_node(callee.id, ret);
        ret
    }

    /// `name(object, …)` while the object's type is not known.
    fn deferred_call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        name: &EcoString,
        first: Ty,
        args: &'a [Arg],
        piped: Option<Receiver>,
    ) -> Ty {
        let skip = usize::from(piped.is_none());
        let rest: Vec<Ty> = args.iter().skip(skip).map(|arg| self.infer(&arg.value, Want::Value)).collect();
        let result = self.fresh();
        self.postpone(
            expr.span,
            ConstraintKind::Method {
                object: first,
                name: name.clone(),
                name_id: callee.id,
                call_id: expr.id,
                args: rest,
                result,
                receiver: piped.is_some(),
            },
        );
        result
    }

    #[expect(clippy::too_many_arguments, reason = "they are the parts of one syntax node")]
    fn field_call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        object: &'a Expr,
        name: &'a Ident,
        optional: bool,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        if let ExprKind::Name(head) = &object.kind {
            if let Some(function) = self.function_of_server_under_test(head, &name.name) {
                self.set_name(object.id, Res::Path);
                self.set_name(callee.id, Res::Fn(function));
                let signature = self.fn_signature(function, callee.id);
                return self.apply(expr.id, callee.span, &signature, piped, args, want);
            }
            match self.lookup(head) {
                Some(Sym::Model(model)) => {
                    self.set_name(object.id, Res::Path);
                    return self.query(model, callee, name, args, piped);
                }
                Some(Sym::Servers(server)) => {
                    self.set_name(object.id, Res::Path);
                    return self.rpc_call(expr, callee, server, name, args, piped, want);
                }
                Some(Sym::Store(_)) => {
                    let ty = self.infer(callee, Want::Value);
                    if let Some(Res::Fn(id)) = self.out.names.get(&callee.id).cloned() {
                        let signature = self.fn_signature(id, callee.id);
                        return self.apply(expr.id, callee.span, &signature, piped, args, want);
                    }
                    return self.call_value(expr, callee.span, ty, args, piped, want);
                }
                Some(Sym::Type(_)) | None => {
                    if let Some(id) = self.static_method(head, &name.name) {
                        self.set_name(object.id, Res::Path);
                        self.set_name(callee.id, Res::Fn(id));
                        let signature = self.fn_signature(id, callee.id);
                        return self.apply(expr.id, callee.span, &signature, piped, args, want);
                    }
                    if let Some(Sym::Type(ty)) = self.lookup(head)
                        && let TypeKind::Enum(variants) = &self.type_info(ty).kind
                        && let Some(index) = variants.get_index_of(&name.name)
                    {
                        self.set_name(object.id, Res::Path);
                        let index = u32::try_from(index).unwrap_or(0);
                        self.set_name(callee.id, Res::Variant(ty, index));
                        let signature = self.variant_signature(ty, index, callee);
                        return self.apply(expr.id, callee.span, &signature, piped, args, want);
                    }
                }
                Some(_) => {}
            }
        }
        let object_ty = self.infer(object, Want::Value);
        self.method_call(expr, callee, object, object_ty, name, optional, args, piped, want)
    }

    #[expect(clippy::too_many_arguments, reason = "they are the parts of one syntax node")]
    pub(super) fn method_call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        object: &'a Expr,
        object_ty: Ty,
        name: &'a Ident,
        optional: bool,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        if let TyKind::Option(inner) = self.kind(object_ty)
            && (optional || self.in_view)
            && self.find_method(object_ty, &name.name).is_none()
        {
            let ty = self.method_call(expr, callee, object, inner, name, false, args, piped, Want::Value);
            return self.option(ty);
        }
        if self.has_function_field(object_ty, &name.name) {
            let field = self.fresh();
            self.solve_member(object_ty, name, optional, callee.id, field);
            self.set_node(callee.id, field);
            return self.call_value(expr, callee.span, field, args, piped, want);
        }
        let event = self.event_method(object_ty, name, args);
        let method = match event.or_else(|| self.find_method(object_ty, &name.name)) {
            Some(id) => id,
            None if self.is_free(object_ty) => match self.only_candidate(&name.name) {
                Some(only) => only,
                None => return self.deferred_method(expr, callee, object_ty, name, args),
            },
            None if matches!(self.kind(object_ty), TyKind::Any) => {
                // A function inside dynamic data does not exist: JSON has none.
                self.infer_args(args);
                self.no_method(object_ty, &name.name, name.span);
                return self.well_known.error;
            }
            None => {
                self.infer_args(args);
                self.no_method(object_ty, &name.name, name.span);
                return self.well_known.error;
            }
        };
        self.set_name(callee.id, Res::Method(method));
        let mut signature = self.fn_signature(method, callee.id);
        let mutates = self.fn_info(method).mutates;
        let receiver = Receiver { ty: object_ty, span: object.span };
        if mutates {
            self.check_place(object);
        }
        signature.skip_first_arg = event.is_some();
        let args = if signature.skip_first_arg { args.get(1..).unwrap_or_default() } else { args };
        self.apply(expr.id, callee.span, &signature, Some(receiver), args, want)
    }

    fn infer_args(&mut self, args: &'a [Arg]) {
        for arg in args {
            self.infer(&arg.value, Want::Value);
        }
    }

    fn has_function_field(&mut self, object: Ty, name: &EcoString) -> bool {
        let fields = match self.kind(object) {
            TyKind::Named(id, _) => match self.type_info(id).kind.clone() {
                TypeKind::Handle(properties) => {
                    return properties.get(name).is_some_and(|(ty, _)| matches!(self.kind(*ty), TyKind::Fn(..)));
                }
                _ => self.record_fields(object),
            },
            _ => self.record_fields(object),
        };
        fields.is_some_and(|fields| fields.iter().any(|(field, _)| field == name))
    }

    /// `x.on("message", f)` is `x.on_message(f)`.
    fn event_method(&mut self, object: Ty, name: &'a Ident, args: &'a [Arg]) -> Option<FnIdx> {
        if name.name != "on" {
            return None;
        }
        let ExprKind::Str(event) = &args.first()?.value.kind else { return None };
        let str_ = self.well_known.str_;
        let method = ecow::eco_format!("on_{event}");
        let found = if self.is_free(object) { self.only_candidate(&method) } else { self.find_method(object, &method) };
        if let Some(arg) = args.first() {
            self.set_node(arg.value.id, str_);
        }
        if found.is_none()
            && let TyKind::Named(..) = self.kind(object)
        {
            let shown = self.show(object);
            self.report(
                Diagnostic::error(codes::E0104, args.first()?.value.span, format!("`{shown}` has no event `{event}`"))
                    .help("there are `message`, `close` and `error`"),
            );
        }
        found
    }

    fn deferred_method(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        object: Ty,
        name: &'a Ident,
        args: &'a [Arg],
    ) -> Ty {
        let args = args.iter().map(|arg| self.infer(&arg.value, Want::Value)).collect();
        let result = self.fresh();
        let kind = ConstraintKind::Method {
            object,
            name: name.name.clone(),
            name_id: callee.id,
            call_id: expr.id,
            args,
            result,
            receiver: true,
        };
        self.postpone(name.span, kind);
        result
    }

    /// A call of a function value.
    pub(super) fn call_value(
        &mut self,
        expr: &'a Expr,
        span: Span,
        ty: Ty,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        match self.kind(ty) {
            TyKind::Fn(params, ret) => {
                let signature = Signature::of_value(params, ret);
                self.apply(expr.id, span, &signature, piped, args, want)
            }
            TyKind::Var(var) if self.shape(var) == crate::ctx::VarShape::Free => {
                let mut params: Vec<Ty> = piped.iter().map(|receiver| receiver.ty).collect();
                params.extend(args.iter().map(|arg| self.infer(&arg.value, Want::Value)));
                let ret = self.fresh();
                let function = self.ty(TyKind::Fn(params, ret));
                if self.unify(ty, function).is_err() {
                    self.coerce(ty, function, span);
                }
                ret
            }
            TyKind::Error => {
                self.infer_args(args);
                self.well_known.error
            }
            _ => {
                self.infer_args(args);
                let shown = self.show(ty);
                self.report(Diagnostic::error(
                    codes::E0105,
                    span,
                    format!("`{shown}` is not a function and cannot be called"),
                ));
                self.well_known.error
            }
        }
    }

    /// `server.f(…)`, `api.f(…)` from the client.
    #[expect(clippy::too_many_arguments, reason = "they are the parts of one syntax node")]
    fn rpc_call(
        &mut self,
        expr: &'a Expr,
        callee: &'a Expr,
        server: Option<u32>,
        name: &'a Ident,
        args: &'a [Arg],
        piped: Option<Receiver>,
        want: Want,
    ) -> Ty {
        let Some(id) = self.find_remote(server, name) else {
            self.infer_args(args);
            return self.well_known.error;
        };
        self.set_name(callee.id, Res::Rpc(id));
        let signature = self.fn_signature(id, callee.id);
        self.apply(expr.id, callee.span, &signature, piped, args, want)
    }

    /// The signature of a declared function for one use.
    pub(crate) fn fn_signature(&mut self, id: FnIdx, node: tova_syntax::ast::NodeId) -> Signature {
        let (params, ret) = self.instantiate(id, node);
        let decl = self.fn_decl(id);
        let item = self.fn_info(id).item;
        let names = decl
            .params
            .iter()
            .map(|param| match &param.pattern.kind {
                PatternKind::Name(name) => name.clone(),
                _ => EcoString::new(),
            })
            .collect();
        let optional = decl.params.iter().zip(&params).map(|(param, _)| param.default.is_some()).collect();
        let variadic = item.attributes.iter().any(|attribute| attribute.name.name == "variadic");
        let rest = variadic || decl.params.last().is_some_and(|param| param.rest.is_some());
        Signature {
            params,
            ret,
            names,
            optional,
            rest,
            variadic,
            what: format!("`{}`", decl.name.name),
            skip_first_arg: false,
        }
    }
}
