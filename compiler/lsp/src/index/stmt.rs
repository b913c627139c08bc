//! Statements.

use tova_check::tables::Res;
use tova_syntax::ast::{AssignStmt, AssignTarget, Block, Expr, ExprKind, ForStmt, LetStmt, Stmt, StmtKind};

use super::Walker;
use crate::symbol::{Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn block(&mut self, block: &Block) {
        let Block { id: _, span, stmts } = block;
        self.extent(*span, |this| this.stmts(stmts));
    }

    pub(super) fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    pub(super) fn stmt(&mut self, stmt: &Stmt) {
        let Stmt { id: _, span, kind } = stmt;
        match kind {
            StmtKind::Item(item) => self.item(item),
            StmtKind::Let(stmt) => self.let_(stmt),
            StmtKind::Assign(stmt) => self.assign(stmt),
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::For(stmt) => self.extent(*span, |this| this.for_(stmt)),
            StmtKind::While { label: _, cond, body } | StmtKind::Guard { cond, body } => {
                self.expr(cond);
                self.block(body);
            }
            StmtKind::Loop { label: _, body } | StmtKind::Defer(body) => self.block(body),
            StmtKind::Return(value) => self.exprs(value),
            StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Error => {}
        }
    }

    fn let_(&mut self, stmt: &LetStmt) {
        let LetStmt { keyword: _, mutable: _, targets, ty, values } = stmt;
        self.patterns(targets);
        self.tys(ty);
        self.exprs(values);
    }

    fn assign(&mut self, stmt: &AssignStmt) {
        let AssignStmt { targets, ty, op: _, op_span: _, values } = stmt;
        for target in targets {
            match target {
                AssignTarget::Place(place) => self.place(place),
                AssignTarget::Pattern(pattern) => self.pattern(pattern),
            }
        }
        self.tys(ty);
        self.exprs(values);
    }

    fn for_(&mut self, stmt: &ForStmt) {
        let ForStmt { label: _, targets, iterable, when, body, else_ } = stmt;
        self.expr(iterable);
        self.patterns(targets);
        self.exprs(when);
        self.block(body);
        else_.iter().for_each(|body| self.block(body));
    }

    /// What an assignment writes to: a name may be declared by it.
    pub(super) fn place(&mut self, place: &Expr) {
        match (&place.kind, self.checked.names.get(&place.id)) {
            (ExprKind::Name(_), Some(Res::Local(var))) => {
                let declares = self.checked.locals.get(var.0 as usize).is_some_and(|info| info.decl == place.id);
                if declares {
                    self.declare_local(*var, place.span);
                }
                self.add(place.span, Symbol::Local(*var), if declares { Role::Definition } else { Role::Write });
            }
            (ExprKind::Name(_), Some(Res::Global(global))) => {
                let info = self.checked.globals.get(global.0 as usize);
                let declares = info.is_some_and(|info| info.decl == place.id);
                self.add(place.span, Symbol::Global(*global), if declares { Role::Definition } else { Role::Write });
            }
            (ExprKind::Name(_), None) => {
                if let Some(global) = self.global_of(place.id) {
                    self.add(place.span, Symbol::Global(global), Role::Definition);
                }
            }
            (ExprKind::Field { object, name, optional: _ }, _) => {
                self.expr(object);
                self.resolved(place.id, &name.name, name.span, Some(object), Role::Write);
                if !self.checked.names.contains_key(&place.id) {
                    let ty = self.checked.expr_ty(object);
                    self.field_of(ty, name, Role::Write, crate::symbol::Form::Plain);
                }
            }
            _ => self.expr(place),
        }
    }
}
