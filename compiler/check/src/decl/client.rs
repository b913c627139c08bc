//! The client: components, effects, statements, calls of servers.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_syntax::ast::{ClientDecl, Ident, ItemKind, NodeId, PatternKind};

use crate::ctx::{Checker, Frame, FrameKind, Progress, Sym};
use crate::infer::Want;
use crate::tables::{CompIdx, FnIdx, Place, PropInfo, VarKind};
use crate::types::Ty;

impl<'a> Checker<'a> {
    /// Checks everything in the client blocks.
    pub(crate) fn check_client(&mut self) {
        let Some(client) = &self.out.client else { return };
        let items = client.items.clone();
        let outer = self.enter(Place::Client);
        self.scopes.push(std::collections::HashMap::new());
        self.top_frame();
        for item in items {
            match &item.kind {
                ItemKind::Client(decl) => self.check_client_decl(decl),
                ItemKind::Stmt(stmt) => {
                    self.statements(std::slice::from_ref(stmt), Want::Nothing);
                }
                ItemKind::Fn(decl) => {
                    if let Some(Sym::Fn(id)) = self.lookup(&decl.name.name) {
                        self.ensure_fn(id);
                    }
                }
                _ => {}
            }
        }
        self.frames.pop();
        self.leave(outer);
        let root = self.client.symbols.get("App").and_then(|(sym, _)| match sym {
            Sym::Component(id) => Some(*id),
            _ => None,
        });
        if let Some(client) = &mut self.out.client {
            client.root = root;
        }
    }

    fn check_client_decl(&mut self, decl: &'a ClientDecl) {
        match decl {
            ClientDecl::State { name, .. } | ClientDecl::Computed { name, .. } => {
                if let Some(id) = self.global_nodes.get(&name.id).copied() {
                    self.ensure_global(id);
                }
            }
            ClientDecl::Effect { body, .. } => self.effect(body),
            ClientDecl::Component(component) => {
                if let Some(Sym::Component(id)) = self.lookup(&component.name.name) {
                    self.ensure_component(id);
                }
            }
            ClientDecl::Store { name, items, .. } => self.check_store(&name.name, items),
            ClientDecl::Hook { word, handler } => self.hook(word, handler),
            ClientDecl::Style { .. } => {}
        }
    }

    fn check_store(&mut self, store: &EcoString, items: &'a [tova_syntax::ast::Item]) {
        self.scopes.push(self.store_scope(store));
        for item in items {
            match &item.kind {
                ItemKind::Client(decl) => self.check_client_decl(decl),
                ItemKind::Fn(decl) => {
                    if let Some(Sym::Fn(id)) = self.lookup(&decl.name.name) {
                        self.ensure_fn(id);
                    }
                }
                _ => {}
            }
        }
        self.scopes.pop();
    }

    /// Makes sure that a component's properties are known and its body is checked.
    pub(crate) fn ensure_component(&mut self, id: CompIdx) {
        let progress = self.component_progress.get(id.0 as usize).copied().unwrap_or(Progress::Done);
        if progress != Progress::Waiting {
            return;
        }
        self.set_component_progress(id, Progress::Running);
        let outer = self.enter(Place::Client);
        self.level = 0;
        self.frames.push(Frame {
            ret: Some(self.well_known.view),
            returns: Vec::new(),
            kind: FrameKind::Component,
            loops: Vec::new(),
            scope_base: 0,
        });
        self.scopes.push(std::collections::HashMap::new());
        self.component_params(id);
        if let Some(info) = self.out.components.get(id.0 as usize) {
            let body = &info.decl.body;
            let ty = self.statements(&body.stmts, Want::Value);
            self.set_node(body.id, ty);
        }
        self.forget_unused_children(id);
        self.leave(outer);
        self.set_component_progress(id, Progress::Done);
    }

    fn set_component_progress(&mut self, id: CompIdx, progress: Progress) {
        if let Some(slot) = self.component_progress.get_mut(id.0 as usize) {
            *slot = progress;
        }
    }

    fn component_params(&mut self, id: CompIdx) {
        let Some(info) = self.out.components.get(id.0 as usize) else { return };
        let decl = info.decl;
        let mut props = Vec::new();
        for param in &decl.params {
            let ty = match &param.ty {
                Some(ty) => self.annotate(ty),
                None if matches!(&param.pattern.kind, PatternKind::Name(name) if name == "children") => {
                    self.well_known.view
                }
                None => self.fresh(),
            };
            if let Some(default) = &param.default {
                let given = self.infer(default, Want::Type(ty));
                self.coerce(given, ty, default.span);
            }
            let optional = param.default.is_some() || matches!(self.kind(ty), crate::types::TyKind::Option(_));
            match &param.pattern.kind {
                PatternKind::Name(name) => {
                    let var = self.declare(name, ty, param.pattern.id, param.pattern.span, false, VarKind::Prop);
                    props.push(PropInfo { name: name.clone(), ty, var, optional });
                }
                PatternKind::Record(fields) => {
                    for field in fields {
                        let PatternKind::Name(name) = &field.pattern.kind else { continue };
                        let ty = self.fresh();
                        if let Some(default) = &field.default {
                            let given = self.infer(default, Want::Value);
                            let _ = self.unify(ty, given);
                        }
                        let var = self.declare(name, ty, field.pattern.id, field.pattern.span, false, VarKind::Prop);
                        let optional = field.default.is_some();
                        props.push(PropInfo { name: field.name.name.clone(), ty, var, optional });
                    }
                }
                _ => self.bind_pattern(&param.pattern, ty, false, VarKind::Prop),
            }
        }
        if !props.iter().any(|prop| prop.name == "children") {
            let (view, span) = (self.well_known.view, decl.name.span);
            let var = self.declare(&"children".into(), view, NodeId(u32::MAX), span, false, VarKind::Prop);
            props.push(PropInfo { name: "children".into(), ty: view, var, optional: true });
        }
        if let Some(info) = self.out.components.get_mut(id.0 as usize) {
            info.props = props;
        }
    }

    /// `children` is a property of the components that show it.
    fn forget_unused_children(&mut self, id: CompIdx) {
        let used = self.used_vars.clone();
        let locals = &self.out.locals;
        if let Some(info) = self.out.components.get_mut(id.0 as usize) {
            info.props.retain(|prop| {
                let implied = locals.get(prop.var.0 as usize).is_some_and(|var| var.decl == NodeId(u32::MAX));
                !implied || used.get(prop.var.0 as usize).copied().unwrap_or(false)
            });
        }
    }

    /// Types of a component's properties in order.
    pub(crate) fn component_props(&self, id: CompIdx) -> Vec<Ty> {
        self.out
            .components
            .get(id.0 as usize)
            .map(|info| info.props.iter().map(|prop| prop.ty).collect())
            .unwrap_or_default()
    }

    /// The server function that the client calls by this name; reports if there is none or more than one.
    pub(crate) fn find_remote(&mut self, server: Option<u32>, name: &Ident) -> Option<FnIdx> {
        let found: Vec<(u32, FnIdx)> = self
            .servers
            .iter()
            .zip(0u32..)
            .filter(|(_, index)| server.is_none_or(|wanted| wanted == *index))
            .filter_map(|(names, index)| match names.symbols.get(&name.name) {
                Some((Sym::Fn(id), _)) => Some((index, *id)),
                _ => None,
            })
            .collect();
        match found.as_slice() {
            [(index, id)] => {
                self.mark_monomorphic(*id);
                if let Some(server) = self.out.servers.get_mut(*index as usize)
                    && !server.rpcs.contains(id)
                {
                    server.rpcs.push(*id);
                }
                Some(*id)
            }
            [] => {
                self.no_remote(server, name);
                None
            }
            several => {
                let servers: Vec<String> = several
                    .iter()
                    .filter_map(|(index, _)| self.out.servers.get(*index as usize)?.name.clone())
                    .map(|server| format!("`{server}.{}`", name.name))
                    .collect();
                let message = format!("more than one server has a function `{}`", name.name);
                self.report(
                    Diagnostic::error(codes::E0703, name.span, message)
                        .help(format!("name the server: {}", servers.join(" or "))),
                );
                None
            }
        }
    }

    fn no_remote(&mut self, server: Option<u32>, name: &Ident) {
        let names: Vec<EcoString> = self
            .servers
            .iter()
            .zip(0u32..)
            .filter(|(_, index)| server.is_none_or(|wanted| wanted == *index))
            .flat_map(|(names, _)| names.symbols.iter())
            .filter(|(_, (sym, _))| matches!(sym, Sym::Fn(_)))
            .map(|(name, _)| name.clone())
            .collect();
        let mut diagnostic =
            Diagnostic::error(codes::E0703, name.span, format!("no server has a function `{}`", name.name));
        if let Some(similar) = closest(&name.name, names.iter().map(EcoString::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                format!("write `{similar}`"),
                name.span,
                similar,
            );
        }
        self.report(diagnostic);
    }

    /// A handler or remote function has one type, which all its uses decide.
    pub(crate) fn mark_monomorphic(&mut self, id: FnIdx) {
        if let Some(slot) = self.monomorphic.get_mut(id.0 as usize) {
            *slot = true;
        }
    }
}
