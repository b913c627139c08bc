//! Statements.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{Block, ClientDecl, Expr, ForStmt, Ident, Item, ItemKind, Pattern, PatternKind, Stmt, StmtKind};

use super::Want;
use crate::ctx::{Checker, FrameKind, Sym};
use crate::tables::{Res, VarKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    /// A block in a scope of its own; the value of its last statement.
    pub(crate) fn block(&mut self, block: &'a Block, want: Want) -> Ty {
        self.narrowed.push(std::collections::HashMap::new());
        let ty = self.scoped(|this| this.statements(&block.stmts, want));
        self.narrowed.pop();
        self.set_node(block.id, ty)
    }

    pub(crate) fn statements(&mut self, stmts: &'a [Stmt], want: Want) -> Ty {
        self.hoist(stmts);
        let mut left = false;
        let mut value = self.well_known.unit;
        for (index, stmt) in stmts.iter().enumerate() {
            let last = index + 1 == stmts.len();
            let ty = self.statement(stmt, if last { want } else { Want::Nothing });
            left |= matches!(self.kind(ty), TyKind::Never);
            if last {
                value = ty;
            }
        }
        if left { self.well_known.never } else { value }
    }

    /// Functions are known in their whole block.
    fn hoist(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            if let StmtKind::Item(item) = &stmt.kind
                && let ItemKind::Fn(decl) = &item.kind
            {
                let id = self.add_fn(decl.name.name.clone(), decl, item, self.place, false);
                if let Some(info) = self.out.fns.get_mut(id.0 as usize) {
                    info.nested = true;
                }
                if let Some(scope) = self.scopes.last_mut() {
                    scope.insert(decl.name.name.clone(), Sym::Fn(id));
                }
            }
        }
    }

    fn statement(&mut self, stmt: &'a Stmt, want: Want) -> Ty {
        let ty = self.statement_kind(stmt, want);
        self.set_node(stmt.id, ty)
    }

    fn statement_kind(&mut self, stmt: &'a Stmt, want: Want) -> Ty {
        let unit = self.well_known.unit;
        match &stmt.kind {
            StmtKind::Item(item) => self.local_item(item),
            StmtKind::Let(binding) => self.let_(binding),
            StmtKind::Assign(assign) => self.assign(assign),
            StmtKind::Expr(expr) => {
                let ty = self.infer(expr, want);
                return if matches!(want, Want::Nothing) && !matches!(self.kind(ty), TyKind::Never) {
                    unit
                } else {
                    ty
                };
            }
            StmtKind::For(for_) => self.for_(for_),
            StmtKind::While { label, cond, body } => {
                self.condition(cond);
                let (yes, _) = self.narrowing(cond);
                self.with_narrowed(yes, |this| this.in_loop(label.as_ref(), |this| this.block(body, Want::Nothing)));
            }
            StmtKind::Loop { label, body } => {
                self.in_loop(label.as_ref(), |this| this.block(body, Want::Nothing));
                if !crate::exhaust::has_break(body, label.as_ref().map(|label| &label.name)) {
                    return self.well_known.never;
                }
            }
            StmtKind::Return(value) => {
                self.return_(value.as_ref(), stmt.span);
                return self.well_known.never;
            }
            StmtKind::Break(label) | StmtKind::Continue(label) => {
                self.check_loop(label.as_ref(), stmt.span);
                return self.well_known.never;
            }
            StmtKind::Guard { cond, body } => self.guard(cond, body),
            StmtKind::Defer(body) => {
                self.block(body, Want::Nothing);
            }
            StmtKind::Error => return self.well_known.error,
        }
        unit
    }

    fn guard(&mut self, cond: &'a Expr, body: &'a Block) {
        self.condition(cond);
        let (yes, no) = self.narrowing(cond);
        let ty = self.with_narrowed(no, |this| this.block(body, Want::Nothing));
        if !matches!(self.kind(ty), TyKind::Never | TyKind::Error) {
            self.report(
                Diagnostic::error(
                    codes::E0303,
                    body.span,
                    "the block of a `guard` must leave: what follows relies on the condition",
                )
                .help("end it with `return`, `break` or `continue`"),
            );
        }
        self.narrow_from_here(yes);
    }

    fn return_(&mut self, value: Option<&'a Expr>, span: Span) {
        let wanted = self.frames.last().and_then(|frame| frame.ret);
        let in_view = self.frames.last().is_none_or(|frame| matches!(frame.kind, FrameKind::Top));
        if in_view {
            self.report(
                Diagnostic::error(codes::E0301, span, "`return` outside of a function")
                    .help("remove it, or put the code into a function"),
            );
        }
        let ty = match value {
            Some(value) => self.infer(value, wanted.map_or(Want::Value, Want::Type)),
            None => self.well_known.unit,
        };
        self.note_return(ty, value.map_or(span, |value| value.span));
    }

    /// Notes what a function returns before its end.
    pub(crate) fn note_return(&mut self, ty: Ty, span: Span) {
        if let Some(frame) = self.frame() {
            frame.returns.push((ty, span));
        }
    }

    fn check_loop(&mut self, label: Option<&'a Ident>, span: Span) {
        let loops = self.frames.last().map(|frame| frame.loops.clone()).unwrap_or_default();
        match label {
            None if loops.is_empty() => {
                self.report(Diagnostic::error(codes::E0302, span, "there is no loop to leave here"))
            }
            Some(label) if !loops.contains(&label.name) => {
                let mut diagnostic =
                    Diagnostic::error(codes::E0302, label.span, format!("there is no loop `{}`", label.name));
                if let Some(similar) = closest(&label.name, loops.iter().map(EcoString::as_str)) {
                    diagnostic = diagnostic.help(format!("did you mean `{similar}`?"));
                }
                self.report(diagnostic);
            }
            _ => {}
        }
    }

    fn in_loop<T>(&mut self, label: Option<&Ident>, run: impl FnOnce(&mut Self) -> T) -> T {
        let label = label.map(|label| label.name.clone()).unwrap_or_default();
        if let Some(frame) = self.frame() {
            frame.loops.push(label);
        }
        let result = run(self);
        if let Some(frame) = self.frame() {
            frame.loops.pop();
        }
        result
    }

    fn for_(&mut self, for_: &'a ForStmt) {
        self.scoped(|this| {
            this.loop_targets(&for_.targets, &for_.iterable);
            let mut narrowed = crate::narrow::Narrowed::new();
            if let Some(when) = &for_.when {
                this.condition(when);
                narrowed = this.narrowing(when).0;
            }
            this.with_narrowed(narrowed, |this| {
                this.in_loop(for_.label.as_ref(), |this| this.block(&for_.body, Want::Nothing))
            });
        });
        if let Some(else_) = &for_.else_ {
            self.block(else_, Want::Nothing);
        }
    }

    fn local_item(&mut self, item: &'a Item) {
        match &item.kind {
            ItemKind::Fn(decl) => {
                if let Some(Sym::Fn(id)) = self.lookup(&decl.name.name) {
                    self.set_name(decl.id, Res::Fn(id));
                    self.ensure_fn(id);
                }
            }
            ItemKind::Client(decl) => self.local_client_item(item, decl),
            ItemKind::TestHook(hook) if self.hook_stands_in_test() => self.hook_of_test(hook),
            ItemKind::Stmt(stmt) => {
                self.statement(stmt, Want::Nothing);
            }
            ItemKind::Error => {}
            ItemKind::Type(_)
            | ItemKind::Impl(_)
            | ItemKind::Trait(_)
            | ItemKind::Import(_)
            | ItemKind::Block(_)
            | ItemKind::Server(_)
            | ItemKind::Test(_)
            | ItemKind::Bench(_)
            | ItemKind::TestHook(_) => self.report(
                Diagnostic::error(codes::E0702, item.span, "this declaration cannot stand inside a function")
                    .help("move it to the top of the file or block"),
            ),
        }
    }

    fn local_client_item(&mut self, item: &'a Item, decl: &'a ClientDecl) {
        match decl {
            ClientDecl::State { name, ty, value } => self.local_reactive(name, ty.as_ref(), value, VarKind::State),
            ClientDecl::Computed { name, ty, value } => {
                self.local_reactive(name, ty.as_ref(), value, VarKind::Computed)
            }
            ClientDecl::Effect { body, .. } => self.effect(body),
            ClientDecl::Hook { word, handler } => self.hook(word, handler),
            ClientDecl::Style { .. } => {}
            ClientDecl::Component(_) | ClientDecl::Store { .. } => self.report(
                Diagnostic::error(codes::E0702, item.span, "this declaration cannot stand inside a component")
                    .help("move it to the client block"),
            ),
        }
    }

    fn local_reactive(
        &mut self,
        name: &'a Pattern,
        ty: Option<&'a tova_syntax::ast::TypeExpr>,
        value: &'a Expr,
        kind: VarKind,
    ) {
        let PatternKind::Name(text) = &name.kind else { return };
        let annotated = ty.map(|ty| self.annotate(ty));
        let given = self.infer(value, annotated.map_or(Want::Value, Want::Type));
        let ty = match annotated {
            Some(ty) => {
                self.coerce(given, ty, value.span);
                ty
            }
            None => given,
        };
        self.declare(text, ty, name.id, name.span, kind == VarKind::State, kind);
    }
}
