//! Routes.

use ecow::EcoString;
use tova_check::tables::{FnIdx, RouteArg, RouteInfo, ServerInfo};
use tova_syntax::ast::{self, Param};

use super::super::Lower;
use super::super::jobs::Head;
use crate::{ArgSource, FnId, Home, ReplyKind, Route, SocketRoute, Type};

impl<'a> Lower<'a> {
    /// HTTP and WebSocket routes in source order.
    pub(super) fn routes(&mut self, index: u32, info: &'a ServerInfo<'a>) -> (Vec<Route>, Vec<SocketRoute>) {
        let (mut routes, mut sockets) = (Vec::new(), Vec::new());
        for route in &info.routes {
            let Some((handler, reply)) = self.handler(index, route) else { continue };
            let decl = route.decl;
            let span = decl.method.span.to(decl.handler.span);
            let guards = self.guards(index, info, &decl.guards);
            if decl.method.name == "WS" {
                sockets.push(SocketRoute { path: decl.path.clone(), handler, guards, span });
                continue;
            }
            let args = self.route_args(index, route);
            routes.push(Route {
                method: decl.method.name.clone(),
                path: decl.path.clone(),
                span,
                handler,
                args,
                guards,
                reply,
            });
        }
        (routes, sockets)
    }

    fn handler(&mut self, index: u32, route: &'a RouteInfo<'a>) -> Option<(FnId, ReplyKind)> {
        if let Some(function) = route.handler {
            let id = self.instance(function, Vec::new())?;
            return Some((id, self.reply_kind(function)));
        }
        let mut handler = &route.decl.handler;
        while let ast::ExprKind::Paren(inner) = &handler.kind {
            handler = inner;
        }
        let ast::ExprKind::Lambda(lambda) = &handler.kind else { return None };
        let node_ty = self.checked.node_ty(handler.id);
        let Type::Fn(signature) = self.concrete(node_ty, &[]) else { return None };
        let name = route_name(&route.decl.method.name, &route.decl.path);
        let head = Head::made(name, handler.span, Home::Server(index), signature.ret.clone());
        let reply = self.reply_of(&signature.ret);
        Some((self.lambda_fn(head, handler, lambda, signature.params.clone()), reply))
    }

    /// What the result of a handler means on the wire.
    pub(super) fn reply_kind(&mut self, function: FnIdx) -> ReplyKind {
        let Some(info) = self.checked.fns.get(function.0 as usize) else { return ReplyKind::Value };
        if info.found {
            return ReplyKind::Found;
        }
        let ret = self.concrete(info.ret, &[]);
        self.reply_of(&ret)
    }

    fn reply_of(&self, ret: &Type) -> ReplyKind {
        match ret {
            Type::Enum(id) if self.is_result(*id) => ReplyKind::Result,
            Type::Handle(name) if name == "Reply" => ReplyKind::Reply,
            _ => ReplyKind::Value,
        }
    }

    fn route_args(&mut self, index: u32, route: &'a RouteInfo<'a>) -> Vec<ArgSource> {
        let params: &'a [Param] =
            match (route.handler.and_then(|f| self.checked.fns.get(f.0 as usize)), &route.decl.handler.kind) {
                (Some(info), _) => &info.decl.params,
                (None, ast::ExprKind::Lambda(lambda)) => &lambda.params,
                (None, _) => &[],
            };
        let mut args = Vec::new();
        for (position, arg) in route.args.iter().enumerate() {
            args.push(match arg {
                RouteArg::Request | RouteArg::Socket => ArgSource::Request,
                RouteArg::Response => ArgSource::Response,
                RouteArg::Path(name) => ArgSource::Path(name.clone()),
                RouteArg::Body => ArgSource::Body,
                RouteArg::Named(name) => {
                    let default = params.get(position).and_then(|param| param.default.as_ref());
                    let default = default.map(|default| self.default_fn(index, route, position, default));
                    ArgSource::Named { name: name.clone(), default }
                }
            });
        }
        args
    }

    /// A function without parameters that gives the default of a handler's parameter.
    fn default_fn(&mut self, index: u32, route: &RouteInfo<'a>, position: usize, default: &'a ast::Expr) -> FnId {
        let ty = match route.handler.and_then(|f| self.checked.fns.get(f.0 as usize)) {
            Some(info) => info.params.get(position).copied(),
            None => match self.checked.types.kind(self.checked.node_ty(route.decl.handler.id)) {
                tova_check::types::TyKind::Fn(params, _) => params.get(position).copied(),
                _ => None,
            },
        };
        let ty = ty.map_or(Type::Any, |ty| self.concrete(ty, &[]));
        let head = Head::made(self.server_word(index, "default"), default.span, Home::Server(index), ty.clone());
        self.request(head, Box::new(move |body| (Vec::new(), body.expr_to(default, &ty))))
    }
}

/// `get_api_users_id` for `GET /api/users/:id`.
fn route_name(method: &str, path: &str) -> EcoString {
    let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = std::iter::once(method).chain(words).map(str::to_lowercase).collect();
    words.join("_").into()
}
