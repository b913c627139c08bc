//! Middleware and guards.

use tova_check::tables::{self, MiddlewareInfo, Res, ServerInfo};
use tova_source::Span;
use tova_syntax::ast::{self, ItemKind, MiddlewareDecl, ServerDecl};

use super::super::jobs::Head;
use super::super::{Body, Lower, build};
use crate::{Expr, FnId, Home, LocalId, LocalKind, Middleware, MiddlewareStyle, Type};

impl<'a> Lower<'a> {
    /// The middleware around everything: all but what routes name as their guards.
    pub(super) fn all_middleware(&mut self, index: u32, info: &'a ServerInfo<'a>) -> Vec<Middleware> {
        let guards: Vec<_> = info.routes.iter().flat_map(|route| &route.decl.guards).filter_map(guard_name).collect();
        let decls = info.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Server(ServerDecl::Middleware(decl)) if !guards.contains(&decl.name.name.as_str()) => Some(decl),
            _ => None,
        });
        decls.filter_map(|decl| self.middleware_of(index, info, decl)).collect()
    }

    fn middleware_of(&mut self, index: u32, info: &'a ServerInfo<'a>, decl: &'a MiddlewareDecl) -> Option<Middleware> {
        let middleware = info.middleware.get(&decl.id)?;
        let style = match middleware.style {
            tables::MiddlewareStyle::Request => MiddlewareStyle::Request,
            tables::MiddlewareStyle::RequestResponse => MiddlewareStyle::RequestResponse,
            tables::MiddlewareStyle::Around => MiddlewareStyle::Around,
        };
        let ret = self.concrete(middleware.ret, &[]);
        let ret = match style {
            MiddlewareStyle::Around => ret,
            MiddlewareStyle::Request | MiddlewareStyle::RequestResponse => Type::option(ret),
        };
        if let Some(function) = self.middleware.get(&decl.id) {
            return Some(Middleware { name: decl.name.name.clone(), function: *function, style });
        }
        let name = self.server_word(index, &decl.name.name);
        let head = Head::made(name, decl.name.span, Home::Server(index), ret.clone());
        let function = self.request(head, Box::new(move |body| body.middleware(decl, middleware, style, &ret)));
        self.middleware.insert(decl.id, function);
        Some(Middleware { name: decl.name.name.clone(), function, style })
    }

    /// The guards of a route: middleware by name, or functions of a request.
    pub(super) fn guards(&mut self, index: u32, info: &'a ServerInfo<'a>, guards: &'a [ast::Expr]) -> Vec<Middleware> {
        guards.iter().filter_map(|guard| self.guard(index, info, guard)).collect()
    }

    fn guard(&mut self, index: u32, info: &'a ServerInfo<'a>, guard: &'a ast::Expr) -> Option<Middleware> {
        let name = guard_name(guard)?;
        let decl = info.items.iter().find_map(|item| match &item.kind {
            ItemKind::Server(ServerDecl::Middleware(decl)) if decl.name.name == name => Some(decl),
            _ => None,
        });
        if let Some(decl) = decl {
            return self.middleware_of(index, info, decl);
        }
        let Some(Res::Fn(function)) = self.checked.names.get(&guard.id) else { return None };
        let declared = self.checked.fns.get(function.0 as usize)?;
        let ret = self.concrete(declared.ret, &[]);
        let style = match declared.params.len() {
            0 | 1 => MiddlewareStyle::Request,
            _ => MiddlewareStyle::RequestResponse,
        };
        let ret = Type::option(ret);
        let (function, span) = (*function, guard.span);
        let head = Head::made(format!("{name}_guard"), span, Home::Server(index), ret.clone());
        let made = self.request(
            head,
            Box::new(move |body| {
                let params = body
                    .handles(&["Request", "Response"][..if style == MiddlewareStyle::Request { 1 } else { 2 }], span);
                let args = params.iter().map(|local| body.read(*local, span)).collect();
                let value = body.call_lowered(function, Vec::new(), args, span);
                (params, body.convert(value, &ret))
            }),
        );
        Some(Middleware { name: name.into(), function: made, style })
    }

    /// A function made of a lambda that stands in a declaration.
    pub(super) fn lambda_fn(
        &mut self,
        head: Head,
        e: &'a ast::Expr,
        lambda: &'a ast::Lambda,
        params: Vec<Type>,
    ) -> FnId {
        let ret = head.ret.clone();
        let span = e.span;
        self.request(
            head,
            Box::new(move |body| {
                let (locals, mut exprs) = body.params(&lambda.params, &params);
                exprs.push(body.lambda_body(&lambda.body, &ret));
                (locals, build::block(exprs, span))
            }),
        )
    }
}

/// The name of a guard: `auth`, or of its call `role("admin")`.
fn guard_name(guard: &ast::Expr) -> Option<&str> {
    match &guard.kind {
        ast::ExprKind::Name(name) => Some(name),
        ast::ExprKind::Call { callee, .. } => guard_name(callee),
        ast::ExprKind::Paren(inner) => guard_name(inner),
        _ => None,
    }
}

impl<'a> Body<'_, 'a> {
    fn middleware(
        &mut self,
        decl: &'a MiddlewareDecl,
        info: &MiddlewareInfo,
        style: MiddlewareStyle,
        ret: &Type,
    ) -> (Vec<LocalId>, Expr) {
        let span = decl.name.span;
        let request = Type::Handle("Request".into());
        let mut types: Vec<Type> = info.params.iter().map(|ty| self.ty(*ty)).collect();
        if style == MiddlewareStyle::Around {
            types.truncate(1);
            types.push(Type::function(vec![request], Type::Handle("Reply".into())));
        }
        let (params, mut exprs) = self.params(&decl.params, &types);
        if let (MiddlewareStyle::Around, [request, next, ..]) = (style, params.as_slice()) {
            self.next = Some((*request, *next));
            self.rename(*next, "next");
        }
        match style {
            MiddlewareStyle::Around => exprs.push(self.block_to(&decl.body, ret)),
            MiddlewareStyle::Request | MiddlewareStyle::RequestResponse => {
                exprs.push(self.block_to(&decl.body, &Type::Unit));
                let nil = self.convert(build::unit(span), ret);
                exprs.push(nil);
            }
        }
        (params, build::block(exprs, span))
    }

    /// Locals for handles that the host gives.
    fn handles(&mut self, names: &[&str], span: Span) -> Vec<LocalId> {
        names
            .iter()
            .map(|name| self.local(&name.to_lowercase(), Type::Handle((*name).into()), LocalKind::Let, span))
            .collect()
    }
}
