//! Statements.

use tova_syntax::ast::{AssignStmt, AssignTarget, Expr, ForStmt, Ident, LetStmt, Pattern, Stmt, StmtKind};

use crate::cursor::Cursor;

impl Cursor<'_> {
    /// A statement.
    pub(crate) fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Item(item) => self.item(item),
            StmtKind::Let(stmt) => self.let_stmt(stmt),
            StmtKind::Assign(stmt) => self.assign(stmt),
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::For(stmt) => self.for_stmt(stmt),
            StmtKind::While { label, cond, body } => {
                self.label(label.as_ref());
                self.token("while");
                self.space();
                self.expr(cond);
                self.space();
                self.block(body);
            }
            StmtKind::Loop { label, body } => {
                self.label(label.as_ref());
                self.token("loop");
                self.space();
                self.block(body);
            }
            StmtKind::Return(value) => {
                self.token("return");
                if let Some(value) = value {
                    self.space();
                    self.expr(value);
                }
            }
            StmtKind::Break(label) => self.jump("break", label.as_ref()),
            StmtKind::Continue(label) => self.jump("continue", label.as_ref()),
            StmtKind::Guard { cond, body } => {
                self.token("guard");
                self.space();
                self.expr(cond);
                self.space();
                self.token("else");
                self.space();
                self.block(body);
            }
            StmtKind::Defer(body) => {
                self.token("defer");
                self.space();
                self.block_or_stmt(body);
            }
            StmtKind::Error => self.failed = true,
        }
    }

    fn jump(&mut self, word: &str, label: Option<&Ident>) {
        self.token(word);
        if let Some(label) = label {
            self.space();
            self.literal(label.span);
        }
    }

    fn label(&mut self, label: Option<&Ident>) {
        if let Some(label) = label {
            self.literal(label.span);
            self.token(":");
            self.space();
        }
    }

    /// `mut x: T = e`, `var a, b = 1, 2`
    fn let_stmt(&mut self, stmt: &LetStmt) {
        self.literal(stmt.keyword);
        self.space();
        // `let mut x`
        if self.at_word("mut") && stmt.targets.first().is_some_and(|target| self.next < target.span.start) {
            self.token("mut");
            self.space();
        }
        self.targets(&stmt.targets);
        self.annotation(stmt.ty.as_ref());
        self.space();
        self.token("=");
        self.values(&stmt.values);
    }

    /// `place = e`, `place += e`, `a, b = b, a`
    fn assign(&mut self, stmt: &AssignStmt) {
        for (index, target) in stmt.targets.iter().enumerate() {
            if index > 0 {
                self.token(",");
                self.space();
            }
            match target {
                AssignTarget::Place(place) => self.expr(place),
                AssignTarget::Pattern(pattern) => self.pattern(pattern),
            }
        }
        self.annotation(stmt.ty.as_ref());
        self.space();
        self.literal(stmt.op_span);
        self.values(&stmt.values);
    }

    /// `: T`
    pub(crate) fn annotation(&mut self, ty: Option<&tova_syntax::ast::TypeExpr>) {
        if let Some(ty) = ty {
            self.token(":");
            self.space();
            self.ty(ty);
        }
    }

    /// What stands after `=`.
    fn values(&mut self, values: &[Expr]) {
        if let [value] = values {
            return self.value(value);
        }
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.token(",");
            }
            self.space();
            self.expr(value);
        }
    }

    /// `a, b` of a loop or a binding.
    pub(crate) fn targets(&mut self, targets: &[Pattern]) {
        for (index, target) in targets.iter().enumerate() {
            if index > 0 {
                self.token(",");
                self.space();
            }
            self.pattern(target);
        }
    }

    /// `label: for i, x in xs when c { … } else { … }`
    fn for_stmt(&mut self, stmt: &ForStmt) {
        self.label(stmt.label.as_ref());
        if self.at_word("async") {
            self.token("async");
            self.space();
        }
        self.for_head(&stmt.targets, &stmt.iterable);
        if let Some(cond) = &stmt.when {
            self.space();
            self.token("when");
            self.space();
            self.expr(cond);
        }
        self.space();
        self.block(&stmt.body);
        if let Some(else_) = &stmt.else_ {
            self.space();
            self.token("else");
            self.space();
            self.block(else_);
        }
    }

    /// `for x in xs`
    pub(crate) fn for_head(&mut self, targets: &[Pattern], iterable: &Expr) {
        self.token("for");
        self.space();
        self.targets(targets);
        self.space();
        self.token("in");
        self.space();
        self.expr(iterable);
    }
}
