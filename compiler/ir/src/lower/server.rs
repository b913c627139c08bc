//! Services.

mod config;
mod middleware;
mod model;
mod route;
mod rpc;

use ecow::{EcoString, eco_format};
use tova_check::tables::{Res, ServerInfo};
use tova_syntax::ast::{self, Item, ItemKind, ServerDecl};

use super::jobs::Head;
use super::stmt::names_of;
use super::{Body, Lower, build};
use crate::{Expr, ExprKind, Field, FnId, Home, Server, Type};

impl<'a> Lower<'a> {
    /// All services in source order.
    pub(crate) fn servers(&mut self) {
        let checked = self.checked;
        for (index, info) in checked.servers.iter().enumerate() {
            let server = self.server(index as u32, info);
            self.program.servers.push(server);
        }
    }

    fn server(&mut self, index: u32, info: &'a ServerInfo<'a>) -> Server {
        let globals = info.globals.iter().flat_map(|global| self.global_and_source(*global)).collect();
        let (routes, sockets) = self.routes(index, info);
        let mut server = Server {
            name: info.name.clone(),
            span: info.span,
            port: None,
            globals,
            start: self.server_start(index, info),
            middleware: self.all_middleware(index, info),
            routes,
            sockets,
            rpcs: info.rpcs.iter().map(|function| self.rpc(*function)).collect(),
            models: info.models.iter().map(|model| self.model(*model)).collect(),
            db: None,
            request_fields: self.request_fields(info),
            max_body: None,
            cors: None,
            health: Vec::new(),
            on_error: None,
            serves_page: self.serves_page(index),
        };
        self.settings(index, info, &mut server);
        self.guard_rpcs(&server);
        server
    }

    /// A function that routes protect by guards is protected in the same way when the client calls it.
    pub(crate) fn guard_rpcs(&mut self, server: &Server) {
        for id in &server.rpcs {
            let Some(rpc) = self.program.rpcs.get_mut(id.0 as usize) else { continue };
            for guard in
                server.routes.iter().filter(|route| route.handler == rpc.function).flat_map(|route| &route.guards)
            {
                if !rpc.guards.contains(guard) {
                    rpc.guards.push(guard.clone());
                }
            }
        }
    }

    fn request_fields(&mut self, info: &ServerInfo<'a>) -> Vec<Field> {
        let fields = info.request_fields.iter();
        fields.map(|(name, ty)| Field { name: name.clone(), ty: build::present(&self.concrete(*ty, &[])) }).collect()
    }

    /// The page comes from the server without a name, else from the first one.
    fn serves_page(&self, index: u32) -> bool {
        let servers = &self.checked.servers;
        let page_server = servers.iter().position(|server| server.name.is_none()).unwrap_or(0);
        self.checked.client.is_some() && page_server == index as usize
    }

    /// Statements of the blocks and `on_start` hooks.
    fn server_start(&mut self, index: u32, info: &'a ServerInfo<'a>) -> Option<FnId> {
        let runs = info.items.iter().any(|item| self.starts(item));
        if !runs {
            return None;
        }
        let name = self.server_word(index, "start");
        let head = Head::made(name, info.span, Home::Server(index), Type::Unit);
        Some(self.request(
            head,
            Box::new(move |body| {
                let mut exprs = Vec::new();
                for item in &info.items {
                    exprs.extend(body.start_item(item));
                }
                exprs.push(build::unit(info.span));
                (Vec::new(), build::block(exprs, info.span))
            }),
        ))
    }

    /// Whether an item of a block does something at the start, other than to declare variables.
    pub(crate) fn starts(&self, item: &Item) -> bool {
        match &item.kind {
            ItemKind::Stmt(stmt) => !self.only_declares(stmt),
            ItemKind::Server(ServerDecl::Hook { word, .. }) => word.name == "on_start",
            ItemKind::Client(decl) => matches!(decl, ast::ClientDecl::Effect { .. } | ast::ClientDecl::Hook { .. }),
            _ => false,
        }
    }

    /// Whether a statement only declares variables outside of functions.
    fn only_declares(&self, stmt: &ast::Stmt) -> bool {
        let mut ids = Vec::new();
        match &stmt.kind {
            ast::StmtKind::Let(declaration) => declaration.targets.iter().for_each(|target| names_of(target, &mut ids)),
            ast::StmtKind::Assign(assign) => {
                for target in &assign.targets {
                    match target {
                        ast::AssignTarget::Place(e) => ids.push(e.id),
                        ast::AssignTarget::Pattern(pattern) => names_of(pattern, &mut ids),
                    }
                }
            }
            _ => return false,
        }
        ids.iter().all(|id| match self.checked.names.get(id) {
            Some(Res::Global(global)) => {
                self.checked.globals.get(global.0 as usize).is_some_and(|info| info.decl == *id)
            }
            _ => false,
        })
    }

    /// A name for something that the compiler makes for a server.
    pub(crate) fn server_word(&self, index: u32, word: &str) -> EcoString {
        match self.checked.servers.get(index as usize).and_then(|server| server.name.as_ref()) {
            Some(name) => eco_format!("{name}_{word}"),
            None => word.into(),
        }
    }
}

impl<'a> Body<'_, 'a> {
    /// What an item of a block does at the start; declarations of globals are computed elsewhere.
    pub(crate) fn start_item(&mut self, item: &'a Item) -> Vec<Expr> {
        match &item.kind {
            ItemKind::Stmt(stmt) => {
                let exprs = self.stmt(stmt);
                exprs.into_iter().filter(|e| !matches!(e.kind, ExprKind::Init(_))).collect()
            }
            ItemKind::Server(ServerDecl::Hook { word, handler, .. }) if word.name == "on_start" => {
                vec![self.hook_body(handler, &Type::Unit)]
            }
            _ => Vec::new(),
        }
    }

    /// The body of a hook without arguments.
    fn hook_body(&mut self, handler: &'a ast::Lambda, ty: &Type) -> Expr {
        let label = self.label();
        let frame = self.frame;
        let body =
            self.in_frame(frame, super::Return::Label(label, ty.clone()), |body| body.lambda_body(&handler.body, ty));
        self.labelled(label, body, ty.clone())
    }
}
