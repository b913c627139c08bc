//! The page.

pub(crate) mod component;
pub(crate) mod connect;
mod css;

use tova_check::tables::{ClientInfo, Res};
use tova_source::Span;
use tova_syntax::ast::{self, ClientDecl, ItemKind, Stmt, StmtKind};

use super::jobs::Head;
use super::{Body, Lower, Return, build};
use crate::{Client, Closure, Effects, Expr, ExprKind, Home, LocalKind, Type};

impl<'a> Lower<'a> {
    /// The client blocks.
    pub(crate) fn client(&mut self) {
        let checked = self.checked;
        let Some(info) = &checked.client else { return };
        self.program.client = Some(Client { title: "Tova".into(), ..Client::default() });
        let globals = info.globals.iter().flat_map(|global| self.global_and_source(*global)).collect();
        let start = self.client_start(info);
        let root = info.root.map(|root| self.component(root));
        if let Some(client) = &mut self.program.client {
            client.globals = globals;
            client.start = start;
            client.root = root;
        }
    }

    /// Effects and statements of the blocks and stores in source order.
    fn client_start(&mut self, info: &'a ClientInfo<'a>) -> Option<crate::FnId> {
        let mut items: Vec<&'a ast::Item> = Vec::new();
        for item in info.items.iter().copied() {
            match &item.kind {
                ItemKind::Client(ClientDecl::Store { items: inner, .. }) => items.extend(inner),
                _ => items.push(item),
            }
        }
        let runs = items.iter().any(|item| self.starts(item));
        if !runs {
            return None;
        }
        let span = items.first().map_or_else(Span::default, |item| item.span);
        let head = Head::made("start", span, Home::Client, Type::Unit);
        Some(self.request(
            head,
            Box::new(move |body| {
                let mut exprs = Vec::new();
                for item in items {
                    match &item.kind {
                        ItemKind::Client(decl @ (ClientDecl::Effect { .. } | ClientDecl::Hook { .. })) => {
                            exprs.extend(body.client_decl(decl));
                        }
                        _ => exprs.extend(body.start_item(item)),
                    }
                }
                exprs.push(build::unit(span));
                (Vec::new(), build::block(exprs, span))
            }),
        ))
    }
}

impl<'a> Body<'_, 'a> {
    /// A declaration of a client block or component among statements.
    pub(crate) fn client_decl(&mut self, decl: &'a ClientDecl) -> Vec<Expr> {
        match decl {
            ClientDecl::State { name, value, .. } => self.reactive(name, value, LocalKind::Signal),
            ClientDecl::Computed { name, value, .. } => self.reactive(name, value, LocalKind::Memo),
            ClientDecl::Effect { body, .. } => vec![self.effect(body)],
            ClientDecl::Hook { word, handler } => self.hook(&word.name, handler),
            ClientDecl::Component(_) | ClientDecl::Store { .. } | ClientDecl::Style { .. } => Vec::new(),
        }
    }

    /// `state n = 0`, `computed twice = n * 2` of a component.
    fn reactive(&mut self, name: &'a ast::Pattern, value: &'a ast::Expr, kind: LocalKind) -> Vec<Expr> {
        let Some(Res::Local(var)) = self.res(name.id) else { return Vec::new() };
        let ty = self.var_ty(*var);
        let value = self.expr_to(value, &ty);
        let local = self.declare(*var, ty);
        self.set_kind(local, kind);
        vec![build::let_(local, value)]
    }

    pub(crate) fn set_kind(&mut self, local: crate::LocalId, kind: LocalKind) {
        if let Some(local) = self.locals.get_mut(local.0 as usize) {
            local.kind = kind;
        }
    }

    /// `effect { … }`. A function as its last value runs before the next run and at the end.
    fn effect(&mut self, block: &'a ast::Block) -> Expr {
        let span = block.span;
        let frame = self.frame;
        let body = self.in_frame(frame, Return::Function(Type::Unit), |body| {
            let cleanup = match block.stmts.split_last() {
                Some((Stmt { kind: StmtKind::Expr(last), .. }, before)) => match body.node_ty(last.id) {
                    Type::Fn(_) => Some((last, before)),
                    _ => None,
                },
                _ => None,
            };
            let Some((last, before)) = cleanup else { return body.block_to(block, &Type::Unit) };
            let first = body.stmts_to(before, &Type::Unit, span);
            let function = body.expr_to(last, &Type::function(Vec::new(), Type::Unit));
            build::block(vec![first, build::intrinsic("reactive.on_cleanup", vec![function], Type::Unit, span)], span)
        });
        let closure =
            Closure { params: Vec::new(), captures: Vec::new(), ret: Type::Unit, body, effects: Effects::default() };
        build::expr(ExprKind::Effect(Box::new(closure)), Type::Unit, span)
    }

    /// `onMount fn() { … }`
    fn hook(&mut self, word: &str, handler: &'a ast::Expr) -> Vec<Expr> {
        let intrinsic = self
            .lower
            .checked
            .fns
            .iter()
            .find(|info| info.std && info.name == word)
            .and_then(|info| info.intrinsic.clone());
        let Some(intrinsic) = intrinsic else { return Vec::new() };
        let function = self.expr_to(handler, &Type::function(Vec::new(), Type::Unit));
        vec![build::intrinsic(intrinsic, vec![function], Type::Unit, handler.span)]
    }
}
