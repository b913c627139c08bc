//! Services: middleware, routes, settings.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_syntax::ast::{
    ConfigDecl, Expr, ExprKind, Item, ItemKind, MiddlewareDecl, Param, PatternKind, RouteDecl, ServerDecl,
};

use crate::ctx::{Checker, Frame, FrameKind, Sym};
use crate::infer::Want;
use crate::tables::{MiddlewareInfo, MiddlewareStyle, Place, Res, RouteArg, RouteInfo};
use crate::types::{Ty, TyKind};

/// Settings by block.
pub const CONFIGS: &[(&str, &[&str])] = &[
    ("db", &["adapter", "driver", "database", "path", "url", "pool", "wal"]),
    ("cors", &["origins", "methods", "headers", "credentials", "max_age"]),
    ("config", &["port", "host"]),
];

impl<'a> Checker<'a> {
    /// Checks everything in the server blocks. Handlers first: they have one type.
    pub(crate) fn check_servers(&mut self) {
        for index in 0..self.out.servers.len() {
            let items = self.out.servers.get(index).map(|server| server.items.clone()).unwrap_or_default();
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let outer = self.enter(Place::Server(index));
            self.mark_handlers(&items);
            self.scopes.push(std::collections::HashMap::new());
            self.top_frame();
            for item in &items {
                self.check_server_item(index, item);
            }
            self.check_duplicate_routes(index);
            self.frames.pop();
            self.leave(outer);
        }
    }

    fn mark_handlers(&mut self, items: &[&'a Item]) {
        for item in items {
            if let ItemKind::Server(ServerDecl::Route(route)) = &item.kind
                && let ExprKind::Name(name) = &route.handler.kind
                && let Some(Sym::Fn(id)) = self.lookup(name)
            {
                self.mark_monomorphic(id);
                let params = &self.fn_decl(id).params;
                let types =
                    params.iter().map(|param| role(route, param).map(|_| self.handler_param(route, param))).collect();
                self.handler_params.insert(id, types);
            }
        }
    }

    fn check_server_item(&mut self, server: u32, item: &'a Item) {
        match &item.kind {
            ItemKind::Fn(decl) => {
                if let Some(Sym::Fn(id)) = self.lookup(&decl.name.name) {
                    self.ensure_fn(id);
                }
            }
            ItemKind::Server(decl) => self.check_server_decl(server, decl),
            ItemKind::Stmt(stmt) => {
                self.statements(std::slice::from_ref(stmt), Want::Nothing);
            }
            _ => {}
        }
    }

    fn check_server_decl(&mut self, server: u32, decl: &'a ServerDecl) {
        match decl {
            ServerDecl::Route(route) => self.check_route(server, route),
            ServerDecl::Middleware(middleware) => self.check_middleware(server, middleware),
            ServerDecl::Model(_) => {}
            ServerDecl::Config(config) => self.check_config(config),
            ServerDecl::Port { value, .. } => {
                let int = self.well_known.int;
                self.check(value, int);
            }
            ServerDecl::MaxBody { value, .. } => {
                let given = self.infer(value, Want::Value);
                if !matches!(self.kind(given), TyKind::Size) {
                    let int = self.well_known.int;
                    self.coerce(given, int, value.span);
                }
            }
            ServerDecl::Health { checks, .. } => {
                if let Some(check) = checks.first() {
                    self.report(
                        Diagnostic::error(
                            codes::E0109,
                            check.span,
                            "checks of `health` are not part of the language yet",
                        )
                        .help("write a route that answers what is to be known"),
                    );
                }
            }
            ServerDecl::Env(env) => {
                let ty = self.annotate(&env.ty);
                if let Some(default) = &env.default {
                    self.check(default, ty);
                }
                if let Some(id) = self.global_nodes.get(&env.id).copied() {
                    let declared = self.global(id).ty;
                    let _ = self.unify(declared, ty);
                    self.set_node(env.id, ty);
                    self.finish_global(id);
                }
            }
            ServerDecl::Hook { word, handler, id } => {
                if word.name == "on_stop" {
                    self.report(
                        Diagnostic::error(codes::E0109, word.span, "`on_stop` is not part of the language yet")
                            .help("running requests finish before a server ends; what must not be lost is kept in the database"),
                    );
                }
                let params = match word.name.as_str() {
                    "on_error" => vec![self.error_type(), self.handle("Request"), self.handle("Response")],
                    _ => Vec::new(),
                };
                let ret = self.fresh();
                let (ty, _) = self.lambda_of(handler, Some((params, ret)), FrameKind::Lambda);
                self.set_node(*id, ty);
            }
        }
    }

    fn check_middleware(&mut self, server: u32, decl: &'a MiddlewareDecl) {
        let request = self.handle("Request");
        let response = self.handle("Response");
        let style = middleware_style(&decl.params);
        let reply = self.handle("Reply");
        let (kind, ret) = match style {
            MiddlewareStyle::Around => (FrameKind::Function, None),
            MiddlewareStyle::Request | MiddlewareStyle::RequestResponse => (FrameKind::Middleware, None),
        };
        self.scopes.push(std::collections::HashMap::new());
        self.frames.push(Frame { ret, returns: Vec::new(), kind, loops: Vec::new(), scope_base: self.scopes.len() });
        let mut params = Vec::new();
        for (index, param) in decl.params.iter().enumerate() {
            let ty = match (index, style) {
                (0, _) => request,
                (1, MiddlewareStyle::RequestResponse) => response,
                _ => {
                    if let (PatternKind::Name(name), Some(scope)) = (&param.pattern.kind, self.scopes.last_mut()) {
                        scope.insert(name.clone(), Sym::Next);
                        self.set_name(param.pattern.id, Res::Next);
                    }
                    continue;
                }
            };
            self.bind_pattern(&param.pattern, ty, false, crate::tables::VarKind::Param);
            params.push(ty);
        }
        let want = if style == MiddlewareStyle::Around { Want::Value } else { Want::Nothing };
        let tail = self.block(&decl.body, want);
        let returns = self.frames.pop().map(|frame| frame.returns).unwrap_or_default();
        self.scopes.pop();
        let ret = if style == MiddlewareStyle::Around {
            let joined = self.join_returns(tail, crate::decl::fns::tail_span(&decl.body), returns);
            // A plain value is the body of a reply.
            if self.unify(joined, reply).is_ok() { reply } else { joined }
        } else {
            let never = self.well_known.never;
            let joined = self.join_returns(never, decl.body.span, returns);
            if matches!(self.kind(joined), TyKind::Never) { self.well_known.unit } else { joined }
        };
        if let Some(info) = self.out.servers.get_mut(server as usize) {
            info.middleware.insert(decl.id, MiddlewareInfo { params, style, ret });
        }
    }

    fn check_route(&mut self, server: u32, route: &'a RouteDecl) {
        if let Some(body) = &route.body {
            self.annotate(body);
        }
        if let Some(ret) = &route.ret {
            self.annotate(ret);
        }
        for guard in &route.guards {
            self.check_guard(server, guard);
        }
        let named = match &route.handler.kind {
            ExprKind::Name(name) => match self.lookup(name) {
                Some(Sym::Fn(id)) => Some(id),
                _ => {
                    self.unknown_handler(&route.handler, name);
                    return;
                }
            },
            _ => None,
        };
        let (params, types) = match (named, &route.handler.kind) {
            (Some(id), _) => {
                self.set_name(route.handler.id, Res::Fn(id));
                self.ensure_fn(id);
                (self.fn_decl(id).params.as_slice(), self.fn_info(id).params.clone())
            }
            (None, ExprKind::Lambda(lambda)) => {
                let expected = lambda.params.iter().map(|param| self.handler_param(route, param)).collect();
                let ret = self.fresh();
                let (ty, _) = self.lambda_of(lambda, Some((expected, ret)), FrameKind::Lambda);
                self.set_node(route.handler.id, ty);
                let types = match self.kind(ty) {
                    TyKind::Fn(params, _) => params,
                    _ => Vec::new(),
                };
                (lambda.params.as_slice(), types)
            }
            _ => {
                self.infer(&route.handler, Want::Value);
                self.report(
                    Diagnostic::error(codes::E0802, route.handler.span, "a route needs a function as its handler")
                        .help("name one, or write it in place: `=> fn() { … }`"),
                );
                return;
            }
        };
        let args = self.route_args(route, params, &types);
        if let Some(info) = self.out.servers.get_mut(server as usize) {
            info.routes.push(RouteInfo { decl: route, handler: named, args });
        }
    }

    fn handler_param(&mut self, route: &RouteDecl, param: &Param) -> Ty {
        match role(route, param) {
            Some(RouteArg::Request) => self.handle("Request"),
            Some(RouteArg::Response) => self.handle("Response"),
            Some(RouteArg::Socket) => self.handle("Socket"),
            _ => self.fresh(),
        }
    }

    /// Where each parameter's value comes from; decides the types that nothing else has.
    fn route_args(&mut self, route: &'a RouteDecl, params: &'a [Param], types: &[Ty]) -> Vec<RouteArg> {
        let path: Vec<&str> = path_params(&route.path);
        let mut args = Vec::new();
        for (param, ty) in params.iter().zip(types) {
            let name = match &param.pattern.kind {
                PatternKind::Name(name) => name.clone(),
                _ => EcoString::new(),
            };
            let arg = match role(route, param) {
                Some(arg) => {
                    let handle = self.handler_param(route, param);
                    if !matches!(self.kind(*ty), TyKind::Error) && self.unify(*ty, handle).is_err() {
                        self.coerce(handle, *ty, param.pattern.span);
                    }
                    arg
                }
                None if path.contains(&name.as_str()) => RouteArg::Path(name),
                None if route.body.is_some() && !matches!(route.method.name.as_str(), "GET" | "HEAD") => {
                    if let Some(body) = &route.body
                        && let Some(body) = self.out.node_types.get(body.id.0 as usize).copied()
                    {
                        self.coerce(body, *ty, param.pattern.span);
                    }
                    RouteArg::Body
                }
                None => RouteArg::Named(name),
            };
            args.push(arg);
        }
        args
    }

    fn unknown_handler(&mut self, handler: &Expr, name: &EcoString) {
        let names: Vec<EcoString> = match self.place {
            Place::Server(index) => self.servers.get(index as usize).map(|names| {
                names
                    .symbols
                    .iter()
                    .filter(|(_, (sym, _))| matches!(sym, Sym::Fn(_)))
                    .map(|(name, _)| name.clone())
                    .collect()
            }),
            _ => None,
        }
        .unwrap_or_default();
        let mut diagnostic = Diagnostic::error(
            codes::E0802,
            handler.span,
            format!("there is no function `{name}` to handle this route"),
        );
        match closest(name, names.iter().map(EcoString::as_str)) {
            Some(similar) => {
                diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                    format!("write `{similar}`"),
                    handler.span,
                    similar,
                );
            }
            None => diagnostic = diagnostic.help(format!("declare it in this server: `fn {name}() {{ … }}`")),
        }
        self.report(diagnostic);
    }

    fn check_guard(&mut self, server: u32, guard: &'a Expr) {
        let (name, span) = match &guard.kind {
            ExprKind::Name(name) => (name.clone(), guard.span),
            ExprKind::Call { callee, args } => {
                for arg in args {
                    self.infer(&arg.value, Want::Value);
                }
                self.report(
                    Diagnostic::error(codes::E0801, guard.span, "a guard takes no arguments")
                        .help("declare one middleware for each case and name it: `with admin`"),
                );
                match &callee.kind {
                    ExprKind::Name(name) => (name.clone(), callee.span),
                    _ => (EcoString::new(), callee.span),
                }
            }
            _ => (EcoString::new(), guard.span),
        };
        let middleware: Vec<EcoString> = self
            .out
            .servers
            .get(server as usize)
            .map(|info| info.items.iter().filter_map(|item| middleware_name(item)).collect())
            .unwrap_or_default();
        if middleware.contains(&name) || matches!(self.lookup(&name), Some(Sym::Fn(_))) {
            if let Some(Sym::Fn(id)) = self.lookup(&name) {
                self.set_name(guard.id, Res::Fn(id));
                self.ensure_fn(id);
            }
            return;
        }
        let mut diagnostic = Diagnostic::error(codes::E0801, span, format!("there is no guard `{name}`"));
        match closest(&name, middleware.iter().map(EcoString::as_str)) {
            Some(similar) => {
                diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                    format!("write `{similar}`"),
                    span,
                    similar,
                );
            }
            None => diagnostic = diagnostic.help(format!("declare it: `middleware {name}(req, res) {{ … }}`")),
        }
        self.report(diagnostic);
    }

    fn check_config(&mut self, config: &'a ConfigDecl) {
        let Some((_, keys)) = CONFIGS.iter().find(|(word, _)| *word == config.word.name) else {
            let words = CONFIGS.iter().map(|(word, _)| *word);
            let mut diagnostic = Diagnostic::error(
                codes::E0805,
                config.word.span,
                format!("a server has no settings `{}`", config.word.name),
            );
            if let Some(similar) = closest(&config.word.name, words) {
                diagnostic = diagnostic.help(format!("did you mean `{similar}`?"));
            }
            return self.report(diagnostic);
        };
        for entry in &config.entries {
            if !keys.contains(&entry.key.name.as_str()) {
                let message = format!("`{}` has no setting `{}`", config.word.name, entry.key.name);
                let mut diagnostic = Diagnostic::error(codes::E0804, entry.key.span, message);
                match closest(&entry.key.name, keys.iter().copied()) {
                    Some(similar) => {
                        diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                            format!("write `{similar}`"),
                            entry.key.span,
                            similar,
                        );
                    }
                    None => diagnostic = diagnostic.help(format!("it has {}", keys.join(", "))),
                }
                self.report(diagnostic);
            }
            self.config_value(&config.word.name, entry);
        }
    }

    fn config_value(&mut self, word: &str, entry: &'a tova_syntax::ast::ConfigEntry) {
        let str_ = self.well_known.str_;
        let wanted = match (word, entry.key.name.as_str()) {
            ("db", "adapter" | "driver") => {
                if let ExprKind::Str(adapter) = &entry.value.kind
                    && !matches!(adapter.as_str(), "sqlite" | "postgres")
                {
                    let message = format!("there is no database adapter `{adapter}`");
                    self.report(
                        Diagnostic::error(codes::E0804, entry.value.span, message)
                            .help("there are `sqlite` and `postgres`"),
                    );
                }
                Some(str_)
            }
            ("db", "database" | "path" | "url") | ("config", "host") => Some(self.option(str_)),
            ("db", "pool") | ("config", "port") => Some(self.well_known.int),
            ("db", "wal") | ("cors", "credentials") => Some(self.well_known.bool_),
            ("cors", "origins" | "methods" | "headers") => Some(self.list(str_)),
            _ => None,
        };
        match wanted {
            Some(wanted) => {
                self.check(&entry.value, wanted);
            }
            None => {
                self.infer(&entry.value, Want::Value);
            }
        }
    }

    fn check_duplicate_routes(&mut self, server: u32) {
        let routes: Vec<(EcoString, EcoString, tova_source::Span)> = self
            .out
            .servers
            .get(server as usize)
            .map(|info| {
                info.routes
                    .iter()
                    .map(|route| (route.decl.method.name.clone(), pattern_of(&route.decl.path), route.decl.path_span))
                    .collect()
            })
            .unwrap_or_default();
        for (index, (method, path, span)) in routes.iter().enumerate() {
            if let Some((_, _, first)) =
                routes.iter().take(index).find(|(other, other_path, _)| other == method && other_path == path)
            {
                self.report(
                    Diagnostic::error(codes::E0807, *span, format!("`{method} {path}` is routed twice"))
                        .also(*first, "first routed here")
                        .help("remove one of them"),
                );
            }
        }
    }

    /// Reads of request fields that no middleware sets.
    pub(crate) fn check_request_fields(&mut self) {
        let reads = std::mem::take(&mut self.reads_of_request_fields);
        for (server, name, span) in reads {
            if self.assigned_request_fields.contains(&(server, name.clone())) {
                continue;
            }
            let request = self.handle("Request");
            self.no_field(request, &name, span);
        }
    }
}

fn middleware_name(item: &Item) -> Option<EcoString> {
    match &item.kind {
        ItemKind::Server(ServerDecl::Middleware(middleware)) => Some(middleware.name.name.clone()),
        _ => None,
    }
}

/// The style follows from the second parameter: `next` by name is called, anything else is the response.
fn middleware_style(params: &[Param]) -> MiddlewareStyle {
    match params.get(1).map(|param| &param.pattern.kind) {
        None => MiddlewareStyle::Request,
        Some(PatternKind::Name(name)) if name == "next" => MiddlewareStyle::Around,
        Some(_) => MiddlewareStyle::RequestResponse,
    }
}

/// Parameters that are known by their names and places.
fn role(route: &RouteDecl, param: &Param) -> Option<RouteArg> {
    let PatternKind::Name(name) = &param.pattern.kind else { return None };
    if route.method.name == "WS" {
        return Some(RouteArg::Socket);
    }
    match name.as_str() {
        "req" | "request" | "ctx" => Some(RouteArg::Request),
        "res" | "response" => Some(RouteArg::Response),
        _ => None,
    }
}

/// The parameters of a path: `id` of `/users/:id`, `rest` of `/files/*rest`.
fn path_params(path: &str) -> Vec<&str> {
    path.split('/').filter_map(|part| part.strip_prefix(':').or_else(|| part.strip_prefix('*'))).collect()
}

/// A path with its parameters' names left out: two such paths that are equal match the same requests.
fn pattern_of(path: &str) -> EcoString {
    let parts: Vec<String> =
        path.split('/').map(|part| if part.starts_with(':') { ":".to_owned() } else { part.to_owned() }).collect();
    parts.join("/").into()
}
