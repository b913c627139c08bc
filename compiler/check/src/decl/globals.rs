//! Variables outside of functions: inferred when first needed, which also gives the order in which they are computed.

use tova_diagnostics::{Diagnostic, codes};
use tova_syntax::ast::{self, ClientDecl, ItemKind};

use crate::ctx::{Checker, Frame, FrameKind, Progress};
use crate::infer::Want;
use crate::tables::{GlobalIdx, GlobalKind, Place};
use crate::types::Ty;

impl<'a> Checker<'a> {
    /// Makes sure that the type of a global is known as far as it can be.
    pub(crate) fn ensure_global(&mut self, id: GlobalIdx) {
        let progress = self.global_progress.get(id.0 as usize).copied().unwrap_or(Progress::Done);
        if progress != Progress::Waiting {
            return;
        }
        let (place, value) = (self.global(id).place, self.global(id).value);
        let Some(value) = value else { return };
        self.set_global_progress(id, Progress::Running);
        let outer = self.enter(place);
        self.level = 0;
        if let Some(store) = self.store_of_global.get(&id).cloned() {
            self.scopes.push(self.store_scope(&store));
        }
        let ty = self.global(id).ty;
        if let Some(annotation) = self.annotations.get(&id).copied() {
            let annotated = self.annotate(annotation);
            let _ = self.unify(ty, annotated);
        }
        self.top_frame();
        let given = self.infer(value, Want::Type(ty));
        let known = self.annotations.contains_key(&id);
        if known || self.unify(ty, given).is_err() {
            self.coerce(given, ty, value.span);
        }
        self.frames.pop();
        self.leave(outer);
        self.set_node(self.global(id).decl, ty);
        self.finish_global(id);
    }

    pub(crate) fn top_frame(&mut self) {
        self.frames.push(Frame {
            ret: None,
            returns: Vec::new(),
            kind: FrameKind::Top,
            loops: Vec::new(),
            scope_base: self.scopes.len(),
        });
        if self.scopes.is_empty() {
            self.scopes.push(std::collections::HashMap::new());
        }
    }

    fn set_global_progress(&mut self, id: GlobalIdx, progress: Progress) {
        if let Some(slot) = self.global_progress.get_mut(id.0 as usize) {
            *slot = progress;
        }
    }

    /// Notes that a global's value has been checked: whatever it uses stands before it.
    pub(crate) fn finish_global(&mut self, id: GlobalIdx) {
        self.set_global_progress(id, Progress::Done);
        match self.global(id).place {
            Place::Server(index) => {
                if let Some(server) = self.out.servers.get_mut(index as usize)
                    && !server.globals.contains(&id)
                {
                    server.globals.push(id);
                }
            }
            Place::Client => {
                if let Some(client) = &mut self.out.client
                    && !client.globals.contains(&id)
                {
                    client.globals.push(id);
                }
            }
            Place::Shared => {}
        }
    }

    /// Type annotations of globals, found before any value is checked.
    pub(crate) fn collect_annotations(&mut self, items: &'a [ast::Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Block(block) => self.collect_annotations(&block.items),
                ItemKind::Client(ClientDecl::Store { items, .. }) => self.collect_annotations(items),
                ItemKind::Client(
                    ClientDecl::State { name, ty: Some(ty), .. } | ClientDecl::Computed { name, ty: Some(ty), .. },
                ) => self.annotate_global(name.id, ty),
                ItemKind::Stmt(stmt) => match &stmt.kind {
                    ast::StmtKind::Let(binding) => {
                        if let (Some(ty), [target]) = (&binding.ty, binding.targets.as_slice()) {
                            self.annotate_global(target.id, ty);
                        }
                    }
                    ast::StmtKind::Assign(assign) => {
                        if let (Some(ty), [ast::AssignTarget::Place(target)]) = (&assign.ty, assign.targets.as_slice())
                        {
                            self.annotate_global(target.id, ty);
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn annotate_global(&mut self, decl: ast::NodeId, ty: &'a ast::TypeExpr) {
        let found = self.out.globals.iter().position(|global| global.decl == decl);
        if let Some(index) = found {
            self.annotations.insert(GlobalIdx(u32::try_from(index).unwrap_or(u32::MAX)), ty);
        }
    }

    /// Reports an update of a global that may not be updated.
    pub(crate) fn check_global_update(&mut self, id: GlobalIdx, expr: &ast::Expr) {
        let (name, kind, span) = {
            let global = self.global(id);
            (global.name.clone(), global.kind, global.span)
        };
        match kind {
            GlobalKind::Mut | GlobalKind::State => {}
            GlobalKind::Computed => self.report(
                Diagnostic::error(codes::E0903, expr.span, format!("`{name}` is computed and cannot be assigned"))
                    .also(span, "declared here")
                    .help("assign the state that it is computed from"),
            ),
            GlobalKind::Const => self.report_immutable(&name, expr.span, span),
        }
    }

    /// The type of a global where it is read.
    pub(crate) fn global_type(&mut self, id: GlobalIdx) -> Ty {
        self.ensure_global(id);
        self.global(id).ty
    }
}

impl<'a> Checker<'a> {
    /// Checks what stands at the top of files and in shared blocks.
    pub(crate) fn check_script(&mut self, modules: &'a [ast::Module]) {
        let outer = self.enter(Place::Shared);
        self.scopes.push(std::collections::HashMap::new());
        self.top_frame();
        for module in modules {
            self.check_shared_items(&module.items);
        }
        self.frames.pop();
        self.leave(outer);
    }

    fn check_shared_items(&mut self, items: &'a [ast::Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Stmt(stmt) => {
                    self.statements(std::slice::from_ref(stmt), Want::Nothing);
                }
                ItemKind::Fn(decl) => {
                    if let Some(crate::ctx::Sym::Fn(id)) = self.lookup(&decl.name.name) {
                        self.ensure_fn(id);
                    }
                }
                ItemKind::Impl(decl) => self.check_impl(decl),
                ItemKind::Block(block) if block.kind == ast::BlockKind::Shared => self.check_shared_items(&block.items),
                _ => {}
            }
        }
    }

    fn check_impl(&mut self, decl: &'a ast::ImplDecl) {
        let ast::TypeExprKind::Name { name, .. } = &decl.ty.kind else { return };
        for item in &decl.items {
            let ItemKind::Fn(method) = &item.kind else { continue };
            if let Some(id) = self.methods.get(&(name.name.clone(), method.name.name.clone())).copied() {
                self.ensure_fn(id);
            }
        }
    }
}
