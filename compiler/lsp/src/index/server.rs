//! Declarations of server blocks.

use tova_check::tables::{Place, Res, RouteArg};
use tova_source::Span;
use tova_syntax::ast::{
    ConfigDecl, ConfigEntry, EnvDecl, Expr, ExprKind, Item, MiddlewareDecl, ModelDecl, RouteDecl, ServerDecl,
};

use super::{Owner, Walker};
use crate::symbol::{Form, Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn server(&mut self, item: &Item, decl: &ServerDecl) {
        match decl {
            ServerDecl::Route(route) => self.route(item, route),
            ServerDecl::Middleware(middleware) => self.middleware(item, middleware),
            ServerDecl::Model(model) => self.model(model),
            ServerDecl::Config(ConfigDecl { id: _, word: _, entries }) => self.settings(entries),
            ServerDecl::Port { span: _, value } | ServerDecl::MaxBody { span: _, value } => self.expr(value),
            ServerDecl::Health { span: _, path: _, checks: _ } => {}
            ServerDecl::Env(EnvDecl { id, name, ty, default }) => {
                if let Some(global) = self.global_of(*id) {
                    self.define(name, Symbol::Global(global));
                }
                self.ty(ty);
                self.exprs(default);
            }
            ServerDecl::Hook { word, handler, id: _ } => {
                let owner = Owner { name: word.name.clone(), symbol: None, name_span: word.span, span: item.span };
                self.owned(owner, |this| this.lambda_in(handler, item.span));
            }
        }
    }

    fn route(&mut self, item: &Item, route: &RouteDecl) {
        let RouteDecl { id: _, method, path, path_span, body, guards, ret, handler } = route;
        self.tys(body);
        self.tys(ret);
        let name = ecow::eco_format!("{} {path}", method.name);
        let name_span = method.span.to(*path_span);
        let owner = Owner { name, symbol: None, name_span, span: item.span };
        self.owned(owner, |this| {
            guards.iter().for_each(|guard| this.guard(guard));
            this.path_params(route);
            match &handler.kind {
                ExprKind::Name(name) => this.resolved(handler.id, name, handler.span, None, Role::Call),
                _ => this.expr(handler),
            }
        });
    }

    /// `auth`, `role("admin")` after `with`: a middleware or a function.
    fn guard(&mut self, guard: &Expr) {
        let (head, args) = match &guard.kind {
            ExprKind::Call { callee, args } => (&**callee, args.as_slice()),
            _ => (guard, [].as_slice()),
        };
        let ExprKind::Name(name) = &head.kind else { return self.expr(guard) };
        let middleware = self.middleware_named(name);
        match (middleware, self.checked.names.get(&guard.id)) {
            (Some(symbol), _) => self.add(head.span, symbol, Role::Call),
            (None, Some(Res::Fn(function))) => self.add(head.span, Symbol::Fn(*function), Role::Call),
            (None, _) => self.resolved(head.id, name, head.span, None, Role::Call),
        }
        self.exprs(args.iter().map(|arg| &arg.value));
    }

    fn middleware_named(&self, name: &str) -> Option<Symbol> {
        let Place::Server(server) = self.place else { return None };
        let server = self.checked.servers.get(server as usize)?;
        server.items.iter().find_map(|item| match &item.kind {
            tova_syntax::ast::ItemKind::Server(ServerDecl::Middleware(decl)) if decl.name.name == name => {
                Some(Symbol::Middleware(decl.id))
            }
            _ => None,
        })
    }

    /// `:id` in a path names the handler's parameter.
    fn path_params(&mut self, route: &RouteDecl) {
        let Some(params) = self.path_params.get(&route.id) else { return };
        let text = self.sources.text(route.path_span);
        let mut found = Vec::new();
        for (at, _) in text.match_indices(':') {
            let rest = text.get(at + 1..).unwrap_or("");
            let name: &str = rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
            if let Some((_, var)) = params.iter().find(|(param, _)| param == name) {
                let start = route.path_span.start + u32::try_from(at + 1).unwrap_or(0);
                let end = start + u32::try_from(name.len()).unwrap_or(0);
                found.push((Span::new(route.path_span.file, start, end), *var));
            }
        }
        for (span, var) in found {
            self.add(span, Symbol::Local(var), Role::Read);
        }
    }

    /// Which parameters of handlers come from paths.
    pub(super) fn collect_path_params(&mut self) {
        for route in self.checked.servers.iter().flat_map(|server| &server.routes) {
            let handler = route.handler.and_then(|handler| self.checked.fns.get(handler.0 as usize));
            let params = match (handler, &route.decl.handler.kind) {
                (Some(handler), _) => &handler.decl.params,
                (None, ExprKind::Lambda(lambda)) => &lambda.params,
                _ => continue,
            };
            let vars = params.iter().zip(&route.args).filter_map(|(param, arg)| {
                let (RouteArg::Path(name), Some(Res::Local(var))) = (arg, self.checked.names.get(&param.pattern.id))
                else {
                    return None;
                };
                Some((name.clone(), *var))
            });
            self.path_params.insert(route.decl.id, vars.collect());
        }
    }

    fn middleware(&mut self, item: &Item, decl: &MiddlewareDecl) {
        let MiddlewareDecl { id, name, params, body } = decl;
        let symbol = Symbol::Middleware(*id);
        self.define(name, symbol.clone());
        let owner = Owner { name: name.name.clone(), symbol: Some(symbol), name_span: name.span, span: item.span };
        self.owned(owner, |this| {
            this.extent(item.span, |this| {
                this.params(params);
                this.block(body);
            });
        });
    }

    fn model(&mut self, decl: &ModelDecl) {
        let ModelDecl { id, name, columns, settings } = decl;
        let row = self.models.get(id).copied().and_then(|model| self.row_of(model));
        if let Some(row) = row {
            self.define(name, Symbol::Type(row));
        }
        for column in columns {
            self.docs.clone_from(&column.docs);
            if let Some(row) = row {
                self.add_as(
                    column.name.span,
                    Symbol::Field(row, column.name.name.clone()),
                    Role::Definition,
                    Form::Plain,
                );
            }
            self.field(column);
        }
        self.settings(settings);
    }

    fn settings(&mut self, entries: &[ConfigEntry]) {
        for ConfigEntry { key: _, value } in entries {
            self.expr(value);
        }
    }
}
