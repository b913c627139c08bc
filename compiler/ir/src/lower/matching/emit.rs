//! Switches over rows that look at the same thing.

use indexmap::IndexMap;

use super::super::{Body, build, convert};
use super::head::{Case, Head};
use super::{Goal, Position, Row};
use crate::{EnumCase, EnumId, Expr, ExprKind, Literal, LocalId, LocalKind, Prim, Type};
use tova_syntax::ast::{Pattern, PatternKind};

/// What distinguishes the cases of a switch.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Variant(EnumId, u32),
    Some,
    None,
    Int(i64),
    Str(ecow::EcoString),
    Bool(bool),
}

/// Rows with the same key, each with what is left to look at.
type Groups<'a> = IndexMap<Key, Vec<(Row<'a>, Vec<(usize, &'a Pattern)>)>>;

impl<'a> Body<'_, 'a> {
    /// A switch over the rows at the top that look at `subject`; the others are its default, or follow it.
    pub(super) fn compile_switch(
        &mut self,
        subject: &Expr,
        first: Row<'a>,
        rows: Vec<Row<'a>>,
        position: Position,
        goal: &Goal,
    ) -> Expr {
        let mut groups: Groups<'a> = IndexMap::new();
        let mut rest = Vec::new();
        for mut row in std::iter::once(first).chain(rows) {
            let case = if rest.is_empty() { self.case_on(subject, &mut row) } else { None };
            match case {
                Some((key, parts)) => groups.entry(key).or_default().push((row, parts)),
                None => rest.push(row),
            }
        }
        let prepared = groups.into_iter().map(|(key, rows)| self.prepare(subject, key, rows)).collect::<Vec<_>>();
        let total = prepared.iter().all(|group| group.rows.iter().any(Row::is_total));
        if rest.is_empty() || total {
            let covered = self.covers(&prepared);
            let cases = prepared.into_iter().map(|group| self.case(group, position, goal)).collect();
            let default = (!covered).then(|| self.compile(rest, position, goal));
            return self.switch(subject, cases, default, position, goal);
        }
        let cases = prepared.into_iter().map(|group| self.case(group, Position::Inner, goal)).collect();
        let switch = self.switch(subject, cases, Some(build::unit(goal.span)), Position::Inner, goal);
        let other = self.compile(rest, position, goal);
        build::block(vec![switch, other], goal.span)
    }

    /// Whether the cases are all that there are.
    fn covers(&self, groups: &[Group<'a>]) -> bool {
        match groups.first().map(|group| &group.key) {
            Some(Key::Variant(enum_, _)) => groups.len() == self.lower.variants(*enum_).len(),
            Some(Key::Some | Key::None | Key::Bool(_)) => groups.len() == 2,
            Some(Key::Int(_) | Key::Str(_)) | None => false,
        }
    }

    /// Takes the test of `subject` off a row, if it has one that is a case of a switch.
    fn case_on(&mut self, subject: &Expr, row: &mut Row<'a>) -> Option<(Key, Vec<(usize, &'a Pattern)>)> {
        let index = row.tests.iter().position(|(other, _)| other == subject)?;
        let (_, pattern) = row.tests.get(index).cloned()?;
        if matches!(pattern.kind, PatternKind::Or(_)) {
            return None;
        }
        let Head::Case(case) = self.head(subject, pattern) else { return None };
        row.tests.remove(index);
        let (key, parts) = match case {
            Case::Variant(enum_, variant, parts) => (Key::Variant(enum_, variant), parts),
            Case::Some(pattern) => (Key::Some, pattern.map(|pattern| (0, pattern)).into_iter().collect()),
            Case::None => (Key::None, Vec::new()),
            Case::Literal(Literal::Int(n)) => (Key::Int(n), Vec::new()),
            Case::Literal(Literal::Str(text)) => (Key::Str(text), Vec::new()),
            Case::Literal(Literal::Bool(value)) => (Key::Bool(value), Vec::new()),
        };
        Some((key, parts))
    }

    /// Locals for the fields that the rows of a case look at, and the rows with tests of these.
    fn prepare(&mut self, subject: &Expr, key: Key, rows: Vec<(Row<'a>, Vec<(usize, &'a Pattern)>)>) -> Group<'a> {
        let fields: Vec<(ecow::EcoString, Type)> = match (&key, &subject.ty) {
            (Key::Variant(enum_, variant), _) => {
                let variants = self.lower.variants(*enum_);
                let fields = variants.get(*variant as usize).map(|variant| variant.fields.clone()).unwrap_or_default();
                fields.into_iter().map(|field| (field.name, field.ty)).collect()
            }
            (Key::Some, Type::Option(item)) => vec![("value".into(), (**item).clone())],
            _ => Vec::new(),
        };
        let mut bindings: Vec<Option<LocalId>> = vec![None; fields.len()];
        let mut prepared = Vec::new();
        for (mut row, parts) in rows {
            let mut tests = Vec::new();
            for (index, pattern) in parts {
                let (Some((name, ty)), Some(slot)) = (fields.get(index), bindings.get_mut(index)) else { continue };
                if matches!(pattern.kind, PatternKind::Wildcard) {
                    continue;
                }
                let name = match &pattern.kind {
                    PatternKind::Name(name) => name.as_str(),
                    _ if name.starts_with(|c: char| c.is_ascii_digit()) => "field",
                    _ => name.as_str(),
                };
                let local = match *slot {
                    Some(local) => local,
                    None => {
                        let local = self.local(name, ty.clone(), LocalKind::Let, pattern.span);
                        if let Some(slot) = bindings.get_mut(index) {
                            *slot = Some(local);
                        }
                        local
                    }
                };
                tests.push((self.read(local, subject.span), pattern));
            }
            tests.extend(std::mem::take(&mut row.tests));
            row.tests = tests;
            prepared.push(self.normal(row));
        }
        Group { key, bindings, rows: prepared }
    }

    fn case(&mut self, group: Group<'a>, position: Position, goal: &Goal) -> Made {
        let body = self.compile(group.rows, position, goal);
        Made { key: group.key, bindings: group.bindings, body }
    }

    fn switch(
        &mut self,
        subject: &Expr,
        cases: Vec<Made>,
        default: Option<Expr>,
        position: Position,
        goal: &Goal,
    ) -> Expr {
        let ty = if position == Position::Last { goal.ty.clone() } else { Type::Unit };
        let subject_box = Box::new(subject.clone());
        match cases.first().map(|case| case.key.clone()) {
            Some(Key::Variant(enum_, _)) => {
                let cases = cases
                    .into_iter()
                    .filter_map(|case| match case.key {
                        Key::Variant(_, variant) => {
                            Some(EnumCase { variant, bindings: case.bindings, body: case.body })
                        }
                        _ => None,
                    })
                    .collect();
                convert::switch(subject.clone(), enum_, cases, default, ty)
            }
            Some(Key::Some | Key::None) => {
                let (mut some, mut none, mut binding) = (None, None, None);
                for case in cases {
                    if case.key == Key::Some {
                        binding = case.bindings.first().copied().flatten();
                        some = Some(case.body);
                    } else {
                        none = Some(case.body);
                    }
                }
                let mut default = default;
                let mut side = |side: Option<Expr>| {
                    Box::new(side.or_else(|| default.take()).unwrap_or_else(|| build::unit(goal.span)))
                };
                let (some, none) = (side(some), side(none));
                build::expr(ExprKind::SwitchOption { subject: subject_box, binding, some, none }, ty, goal.span)
            }
            Some(Key::Bool(_)) => {
                let (mut yes, mut no) = (None, None);
                for case in cases {
                    let side = if case.key == Key::Bool(true) { &mut yes } else { &mut no };
                    *side = Some(case.body);
                }
                let mut default = default;
                let mut side =
                    |side: Option<Expr>| side.or_else(|| default.take()).unwrap_or_else(|| build::unit(goal.span));
                let (yes, no) = (side(yes), side(no));
                decision(subject.clone(), yes, no)
            }
            _ => self.literal_switch(subject, cases, default, ty, position, goal),
        }
    }

    fn literal_switch(
        &mut self,
        subject: &Expr,
        mut cases: Vec<Made>,
        default: Option<Expr>,
        ty: Type,
        position: Position,
        goal: &Goal,
    ) -> Expr {
        let default = match default {
            Some(default) => default,
            None if position == Position::Last => cases.pop().map_or_else(|| build::unit(goal.span), |case| case.body),
            None => build::unit(goal.span),
        };
        let literal = |key: Key| match key {
            Key::Int(n) => Literal::Int(n),
            Key::Str(text) => Literal::Str(text),
            Key::Bool(value) => Literal::Bool(value),
            Key::Variant(..) | Key::Some | Key::None => Literal::Bool(false),
        };
        let mut cases: Vec<_> = cases.into_iter().map(|case| (literal(case.key), case.body)).collect();
        if cases.is_empty() {
            return default;
        }
        if cases.len() == 1
            && let Some((literal, body)) = cases.pop()
        {
            let span = subject.span;
            let value = match literal {
                Literal::Int(n) => build::int(n, span),
                Literal::Str(text) => build::str(text, span),
                Literal::Bool(value) => build::bool(value, span),
            };
            return decision(build::test(Prim::Eq, vec![subject.clone(), value], span), body, default);
        }
        let kind = ExprKind::SwitchLiteral { subject: Box::new(subject.clone()), cases, default: Box::new(default) };
        build::expr(kind, ty, goal.span)
    }
}

/// A case before its body is made.
struct Group<'a> {
    key: Key,
    bindings: Vec<Option<LocalId>>,
    rows: Vec<Row<'a>>,
}

/// A case.
struct Made {
    key: Key,
    bindings: Vec<Option<LocalId>>,
    body: Expr,
}

/// A decision; without an `else` if that side does nothing.
pub(super) fn decision(cond: Expr, then: Expr, other: Expr) -> Expr {
    match (&cond.kind, &other.kind) {
        (ExprKind::Bool(true), _) => then,
        (ExprKind::Bool(false), _) => other,
        (_, ExprKind::Unit) if matches!(then.ty, Type::Unit | Type::Never) => build::if_then(cond, then),
        _ => build::if_else(cond, then, other),
    }
}

/// `if c { true } else { false }` as `c`.
pub(super) fn as_condition(e: Expr) -> Expr {
    match e.kind {
        ExprKind::If { cond, then, else_: Some(other) } => match (&then.kind, &other.kind) {
            (ExprKind::Bool(true), ExprKind::Bool(false)) => *cond,
            (ExprKind::Bool(false), ExprKind::Bool(true)) => build::not(*cond),
            _ => Expr { kind: ExprKind::If { cond, then, else_: Some(other) }, ..e },
        },
        ExprKind::SwitchEnum { subject, enum_, cases, default } => {
            match (cases.as_slice(), default.as_ref().map(|d| &d.kind)) {
                ([case], Some(ExprKind::Bool(false))) if case.body.kind == ExprKind::Bool(true) => {
                    build::test_variant(*subject, enum_, case.variant, e.span)
                }
                _ => Expr { kind: ExprKind::SwitchEnum { subject, enum_, cases, default }, ..e },
            }
        }
        kind => Expr { kind, ..e },
    }
}
