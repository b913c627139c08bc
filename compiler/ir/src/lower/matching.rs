//! `match` as a tree of decisions.
//!
//! Arms become rows of tests. The first test of the first row decides what is looked at; all rows at the top that look at the same
//! thing share one switch. Where a row may fail after its switch, its neighbours follow in sequence and a row that succeeds leaves a
//! labelled block with its value, so that no body is made twice.

mod emit;
mod head;
mod vars;

use tova_check::tables::{Res, VarId};
use tova_source::Span;
use tova_syntax::ast::{self, LambdaBody, MatchArm, Pattern, PatternKind};

use super::body::Binding;
use super::{Body, build};
use crate::walk::each_expr;
use crate::{Expr, ExprKind, LabelId, LocalId, LocalKind, Type};

use head::Head;

/// An arm: what must hold, and what it gives.
#[derive(Clone)]
pub(crate) struct Row<'a> {
    tests: Vec<(Expr, &'a Pattern)>,
    vars: Vec<(VarId, Expr)>,
    guard: Option<&'a ast::Expr>,
    leaf: Leaf<'a>,
}

/// What an arm gives.
#[derive(Clone)]
pub(crate) enum Leaf<'a> {
    Body(&'a LambdaBody),
    Value(Expr),
}

impl<'a> Row<'a> {
    /// A row for a pattern on a subject.
    pub(crate) fn new(subject: Expr, pattern: &'a Pattern, guard: Option<&'a ast::Expr>, leaf: Leaf<'a>) -> Self {
        Self { tests: vec![(subject, pattern)], vars: Vec::new(), guard, leaf }
    }

    /// Whether it matches always.
    fn is_total(&self) -> bool {
        self.tests.is_empty() && self.guard.is_none()
    }
}

/// What all rows of a match share.
#[derive(Clone)]
struct Goal {
    label: LabelId,
    ty: Type,
    span: Span,
}

/// Whether something follows that catches values which no row matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Nothing follows: the rows are exhaustive and their value is the value of the match.
    Last,
    /// More rows follow: a row that matches leaves with its value.
    Inner,
}

impl<'a> Body<'_, 'a> {
    /// `match subject { arms }`
    pub(crate) fn match_expr(&mut self, subject: &'a ast::Expr, arms: &'a [MatchArm], ty: &Type, span: Span) -> Expr {
        let value = self.expr(subject);
        let (subject, kept) = self.subject(value);
        let rows = arms
            .iter()
            .map(|arm| Row::new(subject.clone(), &arm.pattern, arm.guard.as_ref(), Leaf::Body(&arm.body)))
            .collect();
        let decided = self.decide(rows, ty, span);
        finish_subject(kept, decided, span)
    }

    /// Keeps the subject of a match in a local.
    pub(crate) fn subject(&mut self, value: Expr) -> (Expr, Option<(LocalId, Expr)>) {
        if self.is_simple(&value) {
            return (value, None);
        }
        let span = value.span;
        let local = self.local("subject", value.ty.clone(), LocalKind::Let, span);
        (self.read(local, span), Some((local, value)))
    }

    /// The decision between rows that are exhaustive.
    pub(crate) fn decide(&mut self, rows: Vec<Row<'a>>, ty: &Type, span: Span) -> Expr {
        let goal = Goal { label: self.label(), ty: ty.clone(), span };
        let rows = rows.into_iter().map(|row| self.normal(row)).collect();
        let decided = self.compile(rows, Position::Last, &goal);
        self.labelled(goal.label, decided, goal.ty)
    }

    fn compile(&mut self, mut rows: Vec<Row<'a>>, position: Position, goal: &Goal) -> Expr {
        if rows.is_empty() {
            return match position {
                Position::Last => build::panic("no arm of the match fits", goal.span),
                Position::Inner => build::unit(goal.span),
            };
        }
        let first = rows.remove(0);
        let Some((subject, pattern)) = first.tests.first().cloned() else {
            return self.matched(first, rows, position, goal);
        };
        if let PatternKind::Or(alternatives) = &pattern.kind {
            return self.compile_or(first, alternatives, rows, position, goal);
        }
        match self.head(&subject, pattern) {
            Head::Condition(cond, parts) => self.compile_condition(first, cond, parts, rows, position, goal),
            Head::Case(..) => self.compile_switch(&subject, first, rows, position, goal),
        }
    }

    /// A row without tests left.
    fn matched(&mut self, row: Row<'a>, rest: Vec<Row<'a>>, position: Position, goal: &Goal) -> Expr {
        let mut exprs = self.bind_row(&row);
        let Some(guard) = row.guard else {
            exprs.push(self.leaf(&row.leaf, position, goal));
            return build::block(exprs, goal.span);
        };
        let cond = self.condition(guard);
        let leaf = self.leaf(&row.leaf, position, goal);
        if position == Position::Last {
            let other = self.compile(rest, position, goal);
            exprs.push(build::if_else(cond, leaf, other));
        } else {
            exprs.push(build::if_then(cond, leaf));
            exprs.push(self.compile(rest, position, goal));
        }
        build::block(exprs, goal.span)
    }

    fn leaf(&mut self, leaf: &Leaf<'a>, position: Position, goal: &Goal) -> Expr {
        let value = match leaf {
            Leaf::Body(body) => self.lambda_body(body, &goal.ty),
            Leaf::Value(value) => value.clone(),
        };
        if position == Position::Last || value.ty == Type::Never {
            return value;
        }
        let span = value.span;
        if goal.ty == Type::Unit {
            return build::block(vec![value, self.leave(goal.label, None, span)], span);
        }
        self.leave(goal.label, Some(value), span)
    }

    fn bind_row(&mut self, row: &Row<'a>) -> Vec<Expr> {
        let mut exprs = Vec::new();
        if matches!(row.leaf, Leaf::Value(_)) && row.guard.is_none() {
            return exprs;
        }
        for (var, value) in &row.vars {
            let ty = self.var_ty(*var);
            let value = self.convert(value.clone(), &ty);
            match value.kind {
                ExprKind::Local(local) if self.is_simple(&value) => self.bind(*var, Binding::Local(local)),
                _ => {
                    let local = self.declare(*var, ty);
                    exprs.push(build::let_(local, value));
                }
            }
        }
        exprs
    }

    /// A first test that is one of several alternatives.
    fn compile_or(
        &mut self,
        row: Row<'a>,
        alternatives: &'a [Pattern],
        rest: Vec<Row<'a>>,
        position: Position,
        goal: &Goal,
    ) -> Expr {
        let Some((subject, _)) = row.tests.first().cloned() else { return self.compile(rest, position, goal) };
        let mut names = Vec::new();
        alternatives.iter().for_each(|pattern| super::stmt::names_of(pattern, &mut names));
        if !names.is_empty() {
            let mut rows = Vec::new();
            for pattern in alternatives {
                let mut row = row.clone();
                row.tests.splice(0..1, [(subject.clone(), pattern)]);
                rows.push(self.normal(row));
            }
            rows.extend(rest);
            return self.compile(rows, position, goal);
        }
        let cond = alternatives
            .iter()
            .map(|pattern| self.holds(&subject, pattern))
            .reduce(|a, b| build::test(crate::Prim::Or, vec![a, b], goal.span))
            .unwrap_or_else(|| build::bool(false, goal.span));
        self.compile_condition(row, cond, Vec::new(), rest, position, goal)
    }

    /// Whether a value matches a pattern that binds nothing.
    fn holds(&mut self, subject: &Expr, pattern: &'a Pattern) -> Expr {
        let span = subject.span;
        let yes = Row::new(subject.clone(), pattern, None, Leaf::Value(build::bool(true, span)));
        let no = Row { tests: Vec::new(), vars: Vec::new(), guard: None, leaf: Leaf::Value(build::bool(false, span)) };
        let decided = self.decide(vec![yes, no], &Type::Bool, span);
        emit::as_condition(decided)
    }

    /// A first test that is a condition, with more tests if it holds.
    fn compile_condition(
        &mut self,
        mut row: Row<'a>,
        cond: Expr,
        parts: Vec<(Expr, &'a Pattern)>,
        rest: Vec<Row<'a>>,
        position: Position,
        goal: &Goal,
    ) -> Expr {
        row.tests.splice(0..1, parts);
        let row = self.normal(row);
        if rest.is_empty() && position == Position::Last {
            return self.compile(vec![row], position, goal);
        }
        if row.is_total() {
            let then = self.compile(vec![row], position, goal);
            let other = self.compile(rest, position, goal);
            return emit::decision(cond, then, other);
        }
        let then = self.compile(vec![row], Position::Inner, goal);
        let other = self.compile(rest, position, goal);
        build::block(vec![build::if_then(cond, then), other], goal.span)
    }

    /// Takes tests that always hold off a row: names become its variables, records and tuples are taken apart.
    fn normal(&mut self, mut row: Row<'a>) -> Row<'a> {
        let mut pending: Vec<(Expr, &'a Pattern)> = std::mem::take(&mut row.tests);
        pending.reverse();
        while let Some((subject, pattern)) = pending.pop() {
            match &pattern.kind {
                PatternKind::Wildcard | PatternKind::Error => {}
                PatternKind::Name(name) if name == "_" => {}
                PatternKind::Name(_) | PatternKind::Typed { .. } => match self.res(pattern.id) {
                    Some(Res::Local(var)) if self.binds_as_is(*var, pattern, &subject) => {
                        row.vars.push((*var, subject))
                    }
                    Some(Res::Local(_)) => row.tests.push((subject, pattern)),
                    _ => {}
                },
                _ => match self.parts(&subject, pattern) {
                    Some(mut parts) => {
                        parts.reverse();
                        pending.extend(parts);
                    }
                    None => row.tests.push((subject, pattern)),
                },
            }
        }
        row
    }

    /// Whether a name takes the subject as it is, or only when it is present or of a type.
    fn binds_as_is(&mut self, var: VarId, pattern: &Pattern, subject: &Expr) -> bool {
        let ty = self.var_ty(var);
        match (&pattern.kind, &subject.ty) {
            (PatternKind::Typed { .. }, Type::Any) => ty == Type::Any,
            (_, Type::Option(_)) => matches!(ty, Type::Option(_) | Type::Any),
            (PatternKind::Typed { .. }, _) => self.lower.union_members(&subject.ty).is_none() || ty == subject.ty,
            _ => true,
        }
    }
}

/// Puts the subject's value where it is looked at, if that is one place and the first thing evaluated; else declares it before.
pub(crate) fn finish_subject(kept: Option<(LocalId, Expr)>, mut decided: Expr, span: Span) -> Expr {
    let Some((local, value)) = kept else { return decided };
    let mut uses = 0;
    each_expr(&decided, &mut |e| uses += usize::from(e.kind == ExprKind::Local(local)));
    if uses == 1 {
        let place = first_evaluated(&mut decided);
        if place.kind == ExprKind::Local(local) {
            *place = value;
            return decided;
        }
    }
    build::block(vec![build::let_(local, value), decided], span)
}

/// The part of an expression that is evaluated first.
fn first_evaluated(e: &mut Expr) -> &mut Expr {
    let descend = matches!(
        &e.kind,
        ExprKind::SwitchEnum { .. }
            | ExprKind::SwitchOption { .. }
            | ExprKind::SwitchLiteral { .. }
            | ExprKind::If { .. }
            | ExprKind::Field { .. }
            | ExprKind::TupleField { .. }
            | ExprKind::IsVariant { .. }
            | ExprKind::Labelled { .. }
    ) || matches!(&e.kind, ExprKind::Prim { args, .. } | ExprKind::Block(args) if !args.is_empty());
    if !descend {
        return e;
    }
    let first = match &mut e.kind {
        ExprKind::SwitchEnum { subject: first, .. }
        | ExprKind::SwitchOption { subject: first, .. }
        | ExprKind::SwitchLiteral { subject: first, .. }
        | ExprKind::If { cond: first, .. }
        | ExprKind::Field { object: first, .. }
        | ExprKind::TupleField { object: first, .. }
        | ExprKind::IsVariant { object: first, .. }
        | ExprKind::Labelled { body: first, .. } => Some(&mut **first),
        ExprKind::Prim { args, .. } | ExprKind::Block(args) => args.first_mut(),
        _ => None,
    };
    first_evaluated(first.expect("only expressions with a first part are descended into"))
}
