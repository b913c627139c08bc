//! Settings of a server.

use ecow::EcoString;
use tova_check::tables::{Res, ServerInfo};
use tova_syntax::ast::{self, ConfigDecl, ItemKind, Lambda, ServerDecl};

use super::super::jobs::Head;
use super::super::{Body, Lower, build};
use crate::{Adapter, Cors, Db, ExprKind, FnId, Home, LocalKind, Server, Type};

impl<'a> Lower<'a> {
    /// Reads the declarations that set something.
    pub(super) fn settings(&mut self, index: u32, info: &'a ServerInfo<'a>, server: &mut Server) {
        for item in &info.items {
            let ItemKind::Server(decl) = &item.kind else { continue };
            match decl {
                ServerDecl::Port { value, .. } => server.port = self.port(index, value),
                ServerDecl::MaxBody { value, .. } => server.max_body = self.size(index, value),
                ServerDecl::Health { path, .. } => server.health.push(path.name.clone()),
                ServerDecl::Config(config) => self.config(index, config, server),
                ServerDecl::Hook { word, handler, .. } if word.name == "on_error" => {
                    server.on_error = Some(self.on_error(index, handler));
                }
                ServerDecl::Hook { .. }
                | ServerDecl::Route(_)
                | ServerDecl::Middleware(_)
                | ServerDecl::Model(_)
                | ServerDecl::Env(_) => {}
            }
        }
        if server.db.is_none() && !info.models.is_empty() {
            server.db = Some(Db { adapter: Adapter::Sqlite, target: None });
        }
    }

    fn literal(&mut self, index: u32, value: &'a ast::Expr) -> Option<ExprKind> {
        Body::new(self, Home::Server(index), Type::Unit).setting(value)
    }

    fn port(&mut self, index: u32, value: &'a ast::Expr) -> Option<u16> {
        match self.literal(index, value)? {
            ExprKind::Int(n) => u16::try_from(n).ok(),
            _ => None,
        }
    }

    fn size(&mut self, index: u32, value: &'a ast::Expr) -> Option<i64> {
        match self.literal(index, value)? {
            ExprKind::Int(n) | ExprKind::Size(n) => Some(n),
            _ => None,
        }
    }

    fn config(&mut self, index: u32, config: &'a ConfigDecl, server: &mut Server) {
        match config.word.name.as_str() {
            "db" => server.db = Some(self.db(index, config)),
            "cors" => server.cors = Some(self.cors(index, config)),
            "config" => {
                for entry in &config.entries {
                    if entry.key.name == "port" {
                        server.port = self.port(index, &entry.value);
                    }
                }
            }
            _ => {}
        }
    }

    fn db(&mut self, index: u32, config: &'a ConfigDecl) -> Db {
        let mut db = Db { adapter: Adapter::Sqlite, target: None };
        for entry in &config.entries {
            match entry.key.name.as_str() {
                "adapter" | "driver" => {
                    if let ast::ExprKind::Str(name) = &entry.value.kind
                        && name.starts_with("postgres")
                    {
                        db.adapter = Adapter::Postgres;
                    }
                }
                "database" | "path" | "url" | "file" => db.target = Some(self.text_fn(index, "database", &entry.value)),
                _ => {}
            }
        }
        db
    }

    /// A function without parameters that gives a text.
    fn text_fn(&mut self, index: u32, word: &str, value: &'a ast::Expr) -> FnId {
        let head = Head::made(self.server_word(index, word), value.span, Home::Server(index), Type::Str);
        self.request(head, Box::new(move |body| (Vec::new(), body.expr_to(value, &Type::Str))))
    }

    fn cors(&mut self, index: u32, config: &'a ConfigDecl) -> Cors {
        let mut cors = Cors::default();
        for entry in &config.entries {
            match entry.key.name.as_str() {
                "origins" | "origin" => cors.origins = words(&entry.value),
                "methods" => cors.methods = words(&entry.value),
                "headers" => cors.headers = words(&entry.value),
                "credentials" => cors.credentials = matches!(entry.value.kind, ast::ExprKind::Bool(true)),
                "max_age" => {
                    cors.max_age = match self.literal(index, &entry.value) {
                        Some(ExprKind::Int(n)) => Some(n),
                        Some(ExprKind::Duration(ms)) => Some(ms / 1000),
                        _ => None,
                    };
                }
                _ => {}
            }
        }
        cors
    }

    fn on_error(&mut self, index: u32, handler: &'a Lambda) -> FnId {
        let error = Type::Record(self.error_record());
        let types = [error, Type::Handle("Request".into()), Type::Handle("Response".into())];
        let span = handler.params.first().map_or_else(Default::default, |param| param.pattern.span);
        let body_id = match handler.body.as_ref() {
            ast::LambdaBody::Expr(e) => e.id,
            ast::LambdaBody::Block(block) => block.id,
        };
        let node_ty = self.checked.node_ty(body_id);
        let ret = self.concrete(node_ty, &[]);
        let head = Head::made(self.server_word(index, "on_error"), span, Home::Server(index), ret.clone());
        self.request(
            head,
            Box::new(move |body| {
                let mut locals = Vec::new();
                let mut exprs = Vec::new();
                for (param, ty) in handler.params.iter().zip(types) {
                    let local = body.local("_", ty, LocalKind::Let, param.pattern.span);
                    locals.push(local);
                    if let Some(Res::Local(_)) = body.res(param.pattern.id) {
                        let value = body.read(local, param.pattern.span);
                        exprs.extend(body.bind_param(&param.pattern, value));
                    }
                }
                exprs.push(body.lambda_body(&handler.body, &ret));
                (locals, build::block(exprs, span))
            }),
        )
    }
}

/// A list of words: strings or bare names, or one string.
fn words(value: &ast::Expr) -> Vec<EcoString> {
    match &value.kind {
        ast::ExprKind::Str(text) => vec![text.clone()],
        ast::ExprKind::Name(name) => vec![name.clone()],
        ast::ExprKind::Paren(inner) => words(inner),
        ast::ExprKind::List(elements) => elements.iter().flat_map(|element| words(&element.value)).collect(),
        _ => Vec::new(),
    }
}
