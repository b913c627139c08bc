//! Substitution: functions of the standard library that take functions become their loops at the call, with the given function's
//! body in the place of its calls. No function value is made, and what the given function may do (wait, throw, leave) needs no care.

use tova_check::tables::{FnIdx, FnInfo, Res};
use tova_check::types::TyKind;
use tova_source::Span;
use tova_syntax::ast;

use super::body::Binding;
use super::call::Source;
use super::{Body, Return, build};
use crate::walk::each_expr_mut;
use crate::{Expr, Place, Type};

/// How deep substitutions may stand in each other: more means a function that substitutes itself.
const DEPTH: usize = 64;

impl<'a> Body<'_, 'a> {
    /// Whether calls of a function are replaced by its body.
    pub(crate) fn substitutes(&self, index: FnIdx) -> bool {
        let Some(info) = self.lower.checked.fns.get(index.0 as usize) else { return false };
        if info.decl.body.is_none() || info.intrinsic.is_some() || self.frames.len() > DEPTH {
            return false;
        }
        let takes_function =
            || info.params.iter().any(|ty| matches!(self.lower.checked.types.kind(*ty), TyKind::Fn(..)));
        info.nested || (info.std && (takes_function() || fails_here(info)))
    }

    /// The body of a function in the place of its call.
    pub(crate) fn substitute(
        &mut self,
        index: FnIdx,
        type_args: Vec<Type>,
        sources: Vec<Source<'a>>,
        span: Span,
    ) -> Expr {
        self.substitute_with(index, type_args, None, sources, span)
    }

    /// The same for a function that updates its receiver.
    pub(crate) fn substitute_mutating(
        &mut self,
        index: FnIdx,
        type_args: Vec<Type>,
        receiver: Place,
        sources: Vec<Source<'a>>,
        span: Span,
    ) -> Expr {
        if self.frames.len() > DEPTH {
            return build::panic("a function that updates its receiver may not call itself", span);
        }
        self.substitute_with(index, type_args, Some(receiver), sources, span)
    }

    fn substitute_with(
        &mut self,
        index: FnIdx,
        type_args: Vec<Type>,
        receiver: Option<Place>,
        sources: Vec<Source<'a>>,
        span: Span,
    ) -> Expr {
        let Some(info) = self.lower.checked.fns.get(index.0 as usize) else { return build::unit(span) };
        let Some(block) = &info.decl.body else { return build::unit(span) };
        let params = self.lower.concrete_all(&info.params, &type_args);
        let ret = self.lower.concrete(info.ret, &type_args);
        let label = self.label();
        let mut frame = self.frame_for(info, type_args, Return::Label(label, ret.clone()));
        let mut exprs = Vec::new();
        let mut bound = Vec::new();
        let skipped = usize::from(receiver.is_some());
        if let (Some(place), Some(param)) = (receiver, info.decl.params.first())
            && let Some(Res::Local(var)) = self.res(param.pattern.id)
        {
            frame.vars.insert(*var, Binding::Place(place));
        }
        for ((source, ty), param) in
            sources.into_iter().zip(params.iter().skip(skipped)).zip(info.decl.params.iter().skip(skipped))
        {
            bound.push((param, self.argument(source, ty, &param.pattern, &mut exprs), ty));
        }
        let body = self.in_new_frame(frame, |body| {
            let mut inner = Vec::new();
            for (param, argument, ty) in bound {
                match argument {
                    Some(Argument::Value(value)) => inner.extend(body.bind_param(&param.pattern, value)),
                    Some(Argument::Callable(binding)) => {
                        if let Some(Res::Local(var)) = body.res(param.pattern.id) {
                            body.bind(*var, binding);
                        }
                    }
                    None => {
                        let value = match &param.default {
                            Some(default) => body.expr_to(default, ty),
                            None => body.convert(build::unit(span), ty),
                        };
                        inner.extend(body.bind_param(&param.pattern, value));
                    }
                }
            }
            inner.push(body.block_to(block, &ret));
            build::block(inner, span)
        });
        let mut body = self.labelled(label, body, ret);
        if fails_here(info) {
            let own = info.decl.name.span.file;
            each_expr_mut(&mut body, &mut |e| {
                if e.span.file == own {
                    e.span = span;
                }
            });
        }
        exprs.push(body);
        build::block(exprs, span)
    }

    /// An argument: a function that is substituted in turn, or a value. Nothing for a default.
    fn argument(
        &mut self,
        source: Source<'a>,
        ty: &Type,
        pattern: &'a ast::Pattern,
        before: &mut Vec<Expr>,
    ) -> Option<Argument<'a>> {
        if let Source::Default = source {
            return None;
        }
        if let (Source::Ast(e), Type::Fn(_)) = (&source, ty)
            && let Some(binding) = self.callable(e)
        {
            return Some(Argument::Callable(binding));
        }
        let name = match &pattern.kind {
            ast::PatternKind::Name(name) => name.as_str(),
            _ => "arg",
        };
        let value = self.source(source, ty);
        Some(Argument::Value(self.keep(name, value, before)))
    }

    /// A function that can be substituted where it is called.
    fn callable(&self, e: &'a ast::Expr) -> Option<Binding<'a>> {
        let here = Binding::Callable { expr: e, frame: self.frame };
        match &e.kind {
            ast::ExprKind::Paren(inner) => self.callable(inner),
            ast::ExprKind::Lambda(_) | ast::ExprKind::ImplicitFn(_) => Some(here),
            ast::ExprKind::Name(_) | ast::ExprKind::Field { .. } => match self.res(e.id) {
                Some(Res::Fn(_) | Res::Record(_) | Res::Variant(..) | Res::SomeOf | Res::Component(_)) => Some(here),
                Some(Res::Local(var)) => match self.frame().vars.get(var) {
                    Some(binding @ Binding::Callable { .. }) => Some(binding.clone()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// A call of a function that was given to a substituted function.
    pub(crate) fn call_callable(
        &mut self,
        callable: &'a ast::Expr,
        frame: usize,
        callee: &'a ast::Expr,
        sources: Vec<Source<'a>>,
        span: Span,
    ) -> Expr {
        let (params, ret) = match self.node_ty(callee.id) {
            Type::Fn(function) => (function.params.clone(), function.ret.clone()),
            _ => return build::unit(span),
        };
        let mut before = Vec::new();
        let mut args = Vec::new();
        for (source, ty) in sources.into_iter().zip(&params) {
            let value = self.source(source, ty);
            args.push(self.keep("arg", value, &mut before));
        }
        let value = self.apply(callable, frame, args, &ret, span);
        before.push(self.convert(value, &ret));
        build::block(before, span)
    }

    /// Calls a function expression where it stands: `(fn(x) x + 1)(2)`.
    pub(crate) fn apply_sources(&mut self, callee: &'a ast::Expr, sources: Vec<Source<'a>>, span: Span) -> Expr {
        let (params, ret) = match self.node_ty(callee.id) {
            Type::Fn(function) => (function.params.clone(), function.ret.clone()),
            _ => return build::unit(span),
        };
        let mut before = Vec::new();
        let mut args = Vec::new();
        for (source, ty) in sources.into_iter().zip(&params) {
            let value = self.source(source, ty);
            args.push(self.keep("arg", value, &mut before));
        }
        before.push(self.apply(callee, self.frame, args, &ret, span));
        build::block(before, span)
    }

    /// The body of a function expression of some frame, with its parameters bound to `args`.
    fn apply(&mut self, callable: &'a ast::Expr, frame: usize, args: Vec<Expr>, ret: &Type, span: Span) -> Expr {
        let label = self.label();
        let ret_here = Return::Label(label, ret.clone());
        match &callable.kind {
            ast::ExprKind::Lambda(lambda) => {
                let (body, own) = self.in_frame(frame, ret_here, |body| {
                    let own = match body.node_ty(callable.id) {
                        Type::Fn(function) => function.ret.clone(),
                        _ => Type::Unit,
                    };
                    body.frame_mut().ret = Return::Label(label, own.clone());
                    let mut exprs = Vec::new();
                    for (param, arg) in lambda.params.iter().zip(args) {
                        exprs.extend(body.bind_param(&param.pattern, arg));
                    }
                    exprs.push(body.lambda_body(&lambda.body, &own));
                    (build::block(exprs, span), own)
                });
                self.labelled(label, body, own)
            }
            ast::ExprKind::ImplicitFn(inner) => {
                self.in_frame(frame, ret_here, |body| body.with_receiver(args, |body| body.expr(inner)))
            }
            _ => self.in_frame(frame, ret_here, |body| body.apply_named(callable, args, ret, span)),
        }
    }
}

/// Whether what goes wrong in a function of the library went wrong where it was called.
fn fails_here(info: &FnInfo<'_>) -> bool {
    info.item.attributes.iter().any(|attribute| attribute.name.name == "here")
}

/// An argument of a substituted function.
enum Argument<'a> {
    Value(Expr),
    Callable(Binding<'a>),
}
