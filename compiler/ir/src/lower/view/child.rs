//! Children: text, holes, and decisions between views.

use tova_check::tables::{Res, VarId};
use tova_source::Span;
use tova_syntax::ast::{self, AssignTarget, BinaryOp, Child, ChildKind, LambdaBody, Pattern, Stmt, StmtKind};

use super::super::body::Binding as VarBinding;
use super::super::client::component::is_shown;
use super::super::matching::{Leaf, Row};
use super::super::{Body, build};
use super::attribute::unparenthesized;
use super::fragment;
use crate::{Branch, Expr, LocalId, LocalKind, Switch, Type, View};

/// What a branch shows.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Children(&'a [Child]),
    Stmts(&'a [Stmt]),
    Expr(&'a ast::Expr),
}

impl<'a> Body<'_, 'a> {
    /// The views of children, neighbouring texts merged.
    pub(super) fn children_views(&mut self, children: &'a [Child]) -> Vec<View> {
        let mut views: Vec<View> = Vec::new();
        for child in children {
            let view = self.child(child);
            match (views.last_mut(), &view) {
                (Some(View::Text(before)), View::Text(text)) => before.push_str(text),
                _ => views.push(view),
            }
        }
        views
    }

    fn child(&mut self, child: &'a Child) -> View {
        match &child.kind {
            ChildKind::Text(text) => View::Text(text.clone()),
            ChildKind::Expr(e) => self.view_of(e),
            ChildKind::Element(element) => self.element_view(element),
            ChildKind::If { branches, else_ } => {
                let branches: Vec<_> = branches.iter().map(|(cond, body)| (cond, Shown::Children(body))).collect();
                self.if_view(&branches, else_.as_ref().map(|body| Shown::Children(body)), child.span)
            }
            ChildKind::For { targets, iterable, key, body } => self.for_children(targets, iterable, key.as_ref(), body),
            ChildKind::Match { subject, arms } => {
                let arms: Vec<_> =
                    arms.iter().map(|arm| (&arm.pattern, arm.guard.as_ref(), Shown::Children(&arm.body))).collect();
                self.match_view(subject, &arms, child.span)
            }
        }
    }

    /// An expression that is shown.
    pub(crate) fn view_of(&mut self, e: &'a ast::Expr) -> View {
        let e = unparenthesized(e);
        match &e.kind {
            ast::ExprKind::Str(text) => return View::Text(text.clone()),
            ast::ExprKind::View(element) => return self.element_view(element),
            _ => {}
        }
        if self.shows(e)
            && let Some(view) = self.shown_expr(e)
        {
            return view;
        }
        let value = self.expr(e);
        match value.kind {
            crate::ExprKind::Str(text) => View::Text(text),
            crate::ExprKind::Unit | crate::ExprKind::Nil => fragment(Vec::new()),
            kind => View::Dynamic(Expr { kind, ty: value.ty, span: value.span }),
        }
    }

    /// Expressions whose branches or items are views.
    fn shown_expr(&mut self, e: &'a ast::Expr) -> Option<View> {
        match &e.kind {
            ast::ExprKind::If(decision) => {
                let branches: Vec<_> =
                    decision.branches.iter().map(|(cond, body)| (cond, Shown::Stmts(&body.stmts))).collect();
                Some(self.if_view(&branches, decision.else_.as_ref().map(|body| Shown::Stmts(&body.stmts)), e.span))
            }
            ast::ExprKind::Match { subject, arms } => {
                let arms: Vec<_> =
                    arms.iter().map(|arm| (&arm.pattern, arm.guard.as_ref(), shown(&arm.body))).collect();
                Some(self.match_view(subject, &arms, e.span))
            }
            ast::ExprKind::Binary { op: BinaryOp::And, left, right, .. } => {
                Some(self.if_view(&[(left, Shown::Expr(right))], None, e.span))
            }
            ast::ExprKind::Block(block) => match self.shown_stmts(&block.stmts) {
                (bindings, view) if bindings.is_empty() => Some(view),
                (bindings, view) => {
                    let branch = Branch { bindings, view };
                    Some(View::Switch(Box::new(Switch {
                        subject: None,
                        select: build::int(0, e.span),
                        branches: vec![branch],
                    })))
                }
            },
            _ => self.list_view(e),
        }
    }

    fn if_view(&mut self, branches: &[(&'a ast::Expr, Shown<'a>)], else_: Option<Shown<'a>>, span: Span) -> View {
        let mut select = build::int(if else_.is_some() { branches.len() as i64 } else { -1 }, span);
        for (index, (cond, _)) in branches.iter().enumerate().rev() {
            let cond = self.condition(cond);
            select = build::if_else(cond, build::int(index as i64, span), select);
        }
        let shown = branches.iter().map(|(_, shown)| *shown).chain(else_);
        let branches = shown.map(|shown| self.branch(Vec::new(), shown)).collect();
        View::Switch(Box::new(Switch { subject: None, select, branches }))
    }

    fn match_view(
        &mut self,
        subject: &'a ast::Expr,
        arms: &[(&'a Pattern, Option<&'a ast::Expr>, Shown<'a>)],
        span: Span,
    ) -> View {
        let value = self.expr(subject);
        let local = self.local("subject", value.ty.clone(), LocalKind::Memo, span);
        let read = self.read(local, span);
        let mut rows = Vec::new();
        for ((pattern, guard, _), index) in arms.iter().zip(0..) {
            rows.push(Row::new(read.clone(), pattern, *guard, Leaf::Value(build::int(index, span))));
        }
        let select = self.decide(rows, &Type::Int, span);
        let mut branches = Vec::new();
        for (pattern, _, shown) in arms {
            let vars = self.pattern_vars(read.clone(), pattern);
            let bindings = vars.into_iter().map(|(var, value)| self.memo(var, value)).collect();
            branches.push(self.branch(bindings, *shown));
        }
        View::Switch(Box::new(Switch { subject: Some((local, value)), select, branches }))
    }

    /// A variable of a view that follows an expression.
    pub(super) fn memo(&mut self, var: VarId, value: Expr) -> (LocalId, Expr) {
        let local = self.declare(var, value.ty.clone());
        self.set_kind(local, LocalKind::Memo);
        self.bind(var, VarBinding::Local(local));
        (local, value)
    }

    fn branch(&mut self, mut bindings: Vec<(LocalId, Expr)>, shown: Shown<'a>) -> Branch {
        let (more, view) = self.shown(shown);
        bindings.extend(more);
        Branch { bindings, view }
    }

    pub(super) fn shown(&mut self, shown: Shown<'a>) -> (Vec<(LocalId, Expr)>, View) {
        match shown {
            Shown::Children(children) => (Vec::new(), fragment(self.children_views(children))),
            Shown::Stmts(stmts) => self.shown_stmts(stmts),
            Shown::Expr(e) => (Vec::new(), self.view_of(e)),
        }
    }

    /// Statements that end in something shown: bindings before it follow what they read.
    pub(super) fn shown_stmts(&mut self, stmts: &'a [Stmt]) -> (Vec<(LocalId, Expr)>, View) {
        let plain = stmts.iter().all(|stmt| match &stmt.kind {
            StmtKind::Expr(e) => {
                let ty = self.node_ty(e.id);
                is_shown(&ty)
                    || matches!(
                        e.kind,
                        ast::ExprKind::View(_)
                            | ast::ExprKind::Str(_)
                            | ast::ExprKind::Template(_)
                            | ast::ExprKind::Nil
                    )
            }
            _ => single_binding(stmt).is_some_and(|(id, _)| matches!(self.res(id), Some(Res::Local(_)))),
        });
        if !plain {
            let span = stmts.first().map_or_else(Span::default, |stmt| stmt.span);
            let ty = match stmts.last().map(|stmt| &stmt.kind) {
                Some(StmtKind::Expr(e)) => self.node_ty(e.id),
                _ => Type::Unit,
            };
            return (Vec::new(), View::Dynamic(self.stmts_to(stmts, &ty, span)));
        }
        let mut bindings = Vec::new();
        let mut views = Vec::new();
        for stmt in stmts {
            if let StmtKind::Expr(e) = &stmt.kind {
                views.push(self.view_of(e));
            } else if let Some((id, value)) = single_binding(stmt)
                && let Some(Res::Local(var)) = self.res(id)
            {
                let ty = self.var_ty(*var);
                let value = self.expr_to(value, &ty);
                bindings.push(self.memo(*var, value));
            }
        }
        (bindings, fragment(views))
    }
}

/// `name = value` that declares an immutable name.
fn single_binding(stmt: &Stmt) -> Option<(ast::NodeId, &ast::Expr)> {
    match &stmt.kind {
        StmtKind::Assign(assign) if assign.op.is_none() => {
            match (assign.targets.as_slice(), assign.values.as_slice()) {
                ([AssignTarget::Place(target)], [value]) if matches!(target.kind, ast::ExprKind::Name(_)) => {
                    Some((target.id, value))
                }
                ([AssignTarget::Pattern(target)], [value]) if matches!(target.kind, ast::PatternKind::Name(_)) => {
                    Some((target.id, value))
                }
                _ => None,
            }
        }
        StmtKind::Let(declaration) if !declaration.mutable => {
            match (declaration.targets.as_slice(), declaration.values.as_slice()) {
                ([target], [value]) if matches!(target.kind, ast::PatternKind::Name(_)) => Some((target.id, value)),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn shown(body: &LambdaBody) -> Shown<'_> {
    match body {
        LambdaBody::Expr(e) => Shown::Expr(e),
        LambdaBody::Block(block) => Shown::Stmts(&block.stmts),
    }
}
