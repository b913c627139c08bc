//! Functions as values.

use tova_check::tables::FnIdx;
use tova_source::Span;
use tova_syntax::ast::{self, Lambda, LambdaBody};

use super::super::{Body, Return, build};
use crate::{Closure, Effects, Expr, ExprKind, LocalId, LocalKind, Type};

impl<'a> Body<'_, 'a> {
    /// A lambda as a function value. Where a function of more parameters is expected, it takes them.
    pub(crate) fn lambda(&mut self, e: &'a ast::Expr, lambda: &'a Lambda, want: &Type) -> Expr {
        let own = match self.node_ty(e.id) {
            Type::Fn(own) => own,
            _ => return build::unit(e.span),
        };
        let (mut params, mut ret) = (own.params.clone(), own.ret.clone());
        if let Type::Fn(want) = want
            && want.params.starts_with(&params)
        {
            params = want.params.clone();
            ret = want.ret.clone();
        }
        let locals: Vec<LocalId> =
            params.iter().map(|ty| self.local("_", ty.clone(), LocalKind::Let, e.span)).collect();
        let frame = self.frame;
        let body = self.in_frame(frame, Return::Function(ret.clone()), |body| {
            let mut exprs = body.lambda_params(lambda, &locals);
            exprs.push(body.lambda_body(&lambda.body, &ret));
            build::block(exprs, e.span)
        });
        self.closure(locals, ret, body, params, e.span)
    }

    fn closure(&mut self, params: Vec<LocalId>, ret: Type, body: Expr, types: Vec<Type>, span: Span) -> Expr {
        let ty = Type::function(types, ret.clone());
        let body = build::body(body, &ret);
        let closure = Closure { params, captures: Vec::new(), ret, body, effects: Effects::default() };
        build::expr(ExprKind::Closure(Box::new(closure)), ty, span)
    }

    /// Binds the parameters of a lambda to locals; what takes them apart comes first in the body.
    pub(crate) fn lambda_params(&mut self, lambda: &'a Lambda, locals: &[LocalId]) -> Vec<Expr> {
        let mut exprs = Vec::new();
        for (param, local) in lambda.params.iter().zip(locals) {
            let value = self.read(*local, param.pattern.span);
            exprs.extend(self.bind_param(&param.pattern, value));
        }
        exprs
    }

    /// The body of a lambda or arm where a type is expected.
    pub(crate) fn lambda_body(&mut self, body: &'a LambdaBody, ty: &Type) -> Expr {
        match body {
            LambdaBody::Expr(e) => self.expr_to(e, ty),
            LambdaBody::Block(block) => self.block_to(block, ty),
        }
    }

    /// `.name(…)` as a function value.
    pub(super) fn implicit_fn(&mut self, inner: &'a ast::Expr, ty: &Type, span: Span) -> Expr {
        let Type::Fn(function) = ty else { return build::unit(span) };
        let function = (**function).clone();
        self.closure_of(&function.params, &function.ret, span, |body, args| {
            let ret = function.ret.clone();
            body.with_receiver(args, |body| body.expr_to(inner, &ret))
        })
    }

    /// Runs `work` with the first of `args` as the implicit receiver.
    pub(crate) fn with_receiver(&mut self, args: Vec<Expr>, work: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let span = args.first().map_or_else(Span::default, |arg| arg.span);
        let mut exprs = Vec::new();
        let receiver = args.into_iter().next().unwrap_or_else(|| build::unit(span));
        let receiver = self.keep("it", receiver, &mut exprs);
        self.frame_mut().receivers.push(receiver);
        exprs.push(work(self));
        self.frame_mut().receivers.pop();
        build::block(exprs, span)
    }

    /// A closure whose body is made from its parameters.
    pub(crate) fn closure_of(
        &mut self,
        params: &[Type],
        ret: &Type,
        span: Span,
        make: impl FnOnce(&mut Self, Vec<Expr>) -> Expr,
    ) -> Expr {
        let locals: Vec<LocalId> =
            params.iter().map(|ty| self.local("arg", ty.clone(), LocalKind::Let, span)).collect();
        let args = locals.iter().map(|local| self.read(*local, span)).collect();
        let frame = self.frame;
        let body = self.in_frame(frame, Return::Function(ret.clone()), |body| {
            let value = make(body, args);
            body.convert(value, ret)
        });
        self.closure(locals, ret.clone(), body, params.to_vec(), span)
    }

    /// `object.method` without a call: a function that remembers the object.
    pub(super) fn method_value(&mut self, e: &'a ast::Expr, function: FnIdx, object: &'a ast::Expr, ty: &Type) -> Expr {
        let span = e.span;
        let Type::Fn(signature) = ty else { return build::unit(span) };
        let signature = (**signature).clone();
        let mut exprs = Vec::new();
        let value = self.expr(object);
        let object = self.keep("object", value, &mut exprs);
        let args = self.type_args(e.id);
        let closure = self.closure_of(&signature.params, &signature.ret, span, |body, rest| {
            let all = std::iter::once(object).chain(rest).collect();
            body.call_lowered(function, args, all, span)
        });
        exprs.push(closure);
        build::block(exprs, span)
    }
}
