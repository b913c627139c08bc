//! Expressions.

use tova_check::tables::Res;
use tova_check::types::Ty;
use tova_source::Span;
use tova_syntax::ast::{
    Arg, Catch, CompClause, Expr, ExprKind, IfExpr, Lambda, LambdaBody, ListElement, MatchArm, Param, RecordEntry,
    TemplatePart,
};

use super::Walker;
use crate::symbol::{Form, Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) {
        self.expr_as(expr, Role::Read);
    }

    fn expr_as(&mut self, expr: &Expr, role: Role) {
        let Expr { id, span, kind } = expr;
        match kind {
            ExprKind::Name(name) => self.resolved(*id, name, *span, None, role),
            ExprKind::Field { object, name, optional: _ } => {
                self.expr(object);
                self.resolved(*id, &name.name, name.span, Some(object), role);
            }
            ExprKind::Call { callee, args } => self.call(callee, args),
            ExprKind::Pipe { value, step } => {
                self.expr(value);
                self.expr_as(step, Role::Call);
            }
            ExprKind::Is { value, name, negated: _ } => {
                self.expr(value);
                self.resolved(*id, &name.name, name.span, None, Role::Read);
            }
            ExprKind::Record(entries) => {
                let ty = self.checked.expr_ty(expr);
                entries.iter().for_each(|entry| self.entry(entry, ty));
            }
            ExprKind::Template(parts) => {
                for part in parts {
                    match part {
                        TemplatePart::Text(_, _) => {}
                        TemplatePart::Expr(value) => self.expr(value),
                    }
                }
            }
            ExprKind::Lambda(lambda) => self.extent(*span, |this| this.lambda(lambda)),
            ExprKind::View(element) => self.element(element),
            ExprKind::If(_) | ExprKind::Match { .. } | ExprKind::Try { .. } | ExprKind::Block(_) => self.control(expr),
            _ => self.parts(expr),
        }
    }

    /// Expressions that only hold others.
    fn parts(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::List(elements) => {
                for ListElement { spread: _, value } in elements {
                    self.expr(value);
                }
            }
            ExprKind::ListComp { value, clause } => self.extent(expr.span, |this| {
                this.clause(clause);
                this.expr(value);
            }),
            ExprKind::RecordComp { key, value, clause } => self.extent(expr.span, |this| {
                this.clause(clause);
                this.exprs([&**key, value]);
            }),
            ExprKind::Tuple(elements) => self.exprs(elements),
            ExprKind::Paren(inner)
            | ExprKind::ImplicitFn(inner)
            | ExprKind::Propagate(inner)
            | ExprKind::Await(inner)
            | ExprKind::Unary { op: _, op_span: _, operand: inner }
            | ExprKind::TupleField { object: inner, index: _, index_span: _ } => self.expr(inner),
            ExprKind::Index { object, index } => self.exprs([&**object, index]),
            ExprKind::Slice { object, start, end, step } => {
                self.expr(object);
                self.exprs([start, end, step].into_iter().flatten().map(|bound| &**bound));
            }
            ExprKind::Binary { op: _, op_span: _, left, right }
            | ExprKind::Range { start: left, end: right, inclusive: _ } => self.exprs([&**left, right]),
            ExprKind::Chain { first, rest } => {
                self.expr(first);
                self.exprs(rest.iter().map(|(_, _, operand)| operand));
            }
            ExprKind::Nil
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Regex { pattern: _, flags: _ }
            | ExprKind::ImplicitReceiver
            | ExprKind::Placeholder
            | ExprKind::Error
            | ExprKind::Name(_)
            | ExprKind::Field { .. }
            | ExprKind::Call { .. }
            | ExprKind::Pipe { .. }
            | ExprKind::Is { .. }
            | ExprKind::Record(_)
            | ExprKind::Template(_)
            | ExprKind::Lambda(_)
            | ExprKind::View(_)
            | ExprKind::If(_)
            | ExprKind::Match { .. }
            | ExprKind::Try { .. }
            | ExprKind::Block(_) => {}
        }
    }

    fn call(&mut self, callee: &Expr, args: &[Arg]) {
        self.expr_as(callee, Role::Call);
        let row = match self.checked.names.get(&callee.id) {
            Some(Res::Query(model, _)) => self.row_of(*model),
            _ => None,
        };
        for Arg { name, spread: _, value } in args {
            if let Some(name) = name {
                self.named_argument(callee, name);
            }
            match (&value.kind, row) {
                (ExprKind::Record(entries), Some(row)) => entries.iter().for_each(|entry| self.column(entry, row)),
                _ => self.expr(value),
            }
        }
    }

    /// An entry of what a model is asked for or told.
    fn column(&mut self, entry: &RecordEntry, row: tova_check::tables::TypeId) {
        match entry {
            RecordEntry::Field { name, value } => {
                self.column_of(row, name, Form::Plain);
                self.expr(value);
            }
            RecordEntry::Short { name, value } => {
                self.column_of(row, name, Form::ShortField);
                self.short_value(value);
            }
            RecordEntry::Computed { key, value } => self.exprs([key, value]),
            RecordEntry::Spread { span: _, value } => self.expr(value),
        }
    }

    fn entry(&mut self, entry: &RecordEntry, ty: Ty) {
        match entry {
            RecordEntry::Field { name, value } => {
                self.field_of(ty, name, Role::Read, Form::Plain);
                self.expr(value);
            }
            RecordEntry::Short { name, value } => {
                self.field_of(ty, name, Role::Read, Form::ShortField);
                self.short_value(value);
            }
            RecordEntry::Computed { key, value } => self.exprs([key, value]),
            RecordEntry::Spread { span: _, value } => self.expr(value),
        }
    }

    /// The value of `{ name }`, whose name is the key too.
    fn short_value(&mut self, value: &Expr) {
        let symbol = match self.checked.names.get(&value.id) {
            Some(Res::Local(var)) => Symbol::Local(*var),
            Some(Res::Global(global)) => Symbol::Global(*global),
            Some(Res::Fn(function)) => Symbol::Fn(*function),
            _ => return self.expr(value),
        };
        self.add_as(value.span, symbol, Role::Read, Form::ShortValue);
    }

    fn clause(&mut self, clause: &CompClause) {
        let CompClause { targets, iterable, cond } = clause;
        self.expr(iterable);
        self.patterns(targets);
        self.exprs(cond);
    }

    pub(super) fn lambda(&mut self, lambda: &Lambda) {
        let Lambda { params, ret, body } = lambda;
        self.params(params);
        self.tys(ret);
        self.body(body);
    }

    pub(super) fn params(&mut self, params: &[Param]) {
        for Param { pattern, rest: _, ty, default } in params {
            self.pattern(pattern);
            self.tys(ty);
            self.exprs(default);
        }
    }

    fn body(&mut self, body: &LambdaBody) {
        match body {
            LambdaBody::Expr(value) => self.expr(value),
            LambdaBody::Block(block) => self.block(block),
        }
    }

    fn control(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::If(IfExpr { branches, else_ }) => {
                for (cond, body) in branches {
                    self.expr(cond);
                    self.block(body);
                }
                else_.iter().for_each(|body| self.block(body));
            }
            ExprKind::Match { subject, arms } => {
                self.expr(subject);
                for MatchArm { span, pattern, guard, body } in arms {
                    self.extent(*span, |this| {
                        this.pattern(pattern);
                        this.exprs(guard);
                        this.body(body);
                    });
                }
            }
            ExprKind::Try { body, catch, finally } => {
                if catch.is_some() {
                    self.out.caught.push(body.span);
                }
                self.block(body);
                if let Some(catch) = catch {
                    let Catch { name, body } = &**catch;
                    self.extent(body.span, |this| {
                        this.patterns(name);
                        this.block(body);
                    });
                }
                finally.iter().for_each(|body| self.block(body));
            }
            ExprKind::Block(block) => self.block(block),
            _ => {}
        }
    }

    /// The whole text of a function without a name as its extent.
    pub(super) fn lambda_in(&mut self, lambda: &Lambda, span: Span) {
        self.extent(span, |this| this.lambda(lambda));
    }
}
