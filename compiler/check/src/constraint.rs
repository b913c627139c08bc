//! What must hold of types that are not known yet: tried again whenever more is known.

use ecow::EcoString;
use tova_source::Span;
use tova_syntax::ast;

use crate::ctx::Checker;
use crate::tables::Place;
use crate::types::Ty;

/// Something to settle once a type is known.
#[derive(Clone, Debug)]
pub(crate) struct Constraint<'a> {
    pub(crate) kind: ConstraintKind<'a>,
    pub(crate) span: Span,
    pub(crate) place: Place,
    pub(crate) in_view: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum ConstraintKind<'a> {
    /// `object.name`, the node's id and type.
    Member { object: Ty, name: &'a ast::Ident, optional: bool, id: ast::NodeId, result: Ty },
    /// `object.name(args)` or `name(object, args)`, whose arguments' types are known as far as they go.
    Method {
        object: Ty,
        name: EcoString,
        name_id: ast::NodeId,
        call_id: ast::NodeId,
        args: Vec<Ty>,
        result: Ty,
        /// Whether the object stands before the call or comes through a pipe, and is not the first argument.
        receiver: bool,
    },
    /// `object[index]`
    Index { object: Ty, index: Ty, id: ast::NodeId, result: Ty },
    /// `object[index] = value`
    SetIndex { object: Ty, index: Ty, value: Ty },
    /// `for item in iterable`, with the second target of `k, v`.
    Iterate { iterable: Ty, first: Ty, second: Option<Ty> },
    /// `left op right`
    Binary { op: ast::BinaryOp, left: Ty, right: Ty, result: Ty },
    /// `if ty`
    Condition { ty: Ty },
    /// `{ …before, ...base, after… }` as a value.
    Spread { base: Ty, before: Vec<(EcoString, Ty)>, after: Vec<(EcoString, Ty)>, result: Ty },
    /// `left or right` as a value.
    Or { left: Ty, right: Ty, result: Ty },
}

impl<'a> Checker<'a> {
    /// Keeps something to settle later.
    pub(crate) fn postpone(&mut self, span: Span, kind: ConstraintKind<'a>) {
        let constraint = Constraint { kind, span, place: self.place, in_view: self.in_view };
        self.pending.push(constraint);
    }

    /// Settles what can be settled now.
    pub(crate) fn settle(&mut self) {
        loop {
            let pending = std::mem::take(&mut self.pending);
            let before = pending.len();
            for constraint in pending {
                self.try_constraint(constraint);
            }
            // Settling one constraint may have made others solvable; new ones are appended while settling.
            if self.pending.len() >= before {
                break;
            }
        }
    }

    fn try_constraint(&mut self, constraint: Constraint<'a>) {
        let (place, in_view) = (self.place, self.in_view);
        self.place = constraint.place;
        self.in_view = constraint.in_view;
        let span = constraint.span;
        match constraint.kind {
            ConstraintKind::Member { object, name, optional, id, result } => {
                self.solve_member(object, name, optional, id, result);
            }
            ConstraintKind::Method { object, name, name_id, call_id, args, result, receiver } => {
                self.solve_method(span, object, name, name_id, call_id, args, result, receiver);
            }
            ConstraintKind::Index { object, index, id, result } => self.solve_index(span, object, index, id, result),
            ConstraintKind::SetIndex { object, index, value } => self.solve_set_index(span, object, index, value),
            ConstraintKind::Iterate { iterable, first, second } => self.solve_iterate(span, iterable, first, second),
            ConstraintKind::Binary { op, left, right, result } => self.solve_binary(span, op, left, right, result),
            ConstraintKind::Condition { ty } => self.solve_condition(span, ty),
            ConstraintKind::Spread { base, before, after, result } => {
                self.solve_spread(span, base, before, after, result)
            }
            ConstraintKind::Or { left, right, result } => self.solve_or(span, left, right, result),
        }
        self.place = place;
        self.in_view = in_view;
    }

    /// Type variables that unsettled constraints look at: these may not become type parameters.
    pub(crate) fn pinned(&self) -> Vec<Ty> {
        self.pending
            .iter()
            .flat_map(|constraint| match &constraint.kind {
                ConstraintKind::Member { object, result, .. } => vec![*object, *result],
                ConstraintKind::Method { object, args, result, .. } => {
                    args.iter().copied().chain([*object, *result]).collect()
                }
                ConstraintKind::Index { object, index, result, .. } => vec![*object, *index, *result],
                ConstraintKind::SetIndex { object, index, value } => vec![*object, *index, *value],
                ConstraintKind::Iterate { iterable, first, second } => {
                    [*iterable, *first].into_iter().chain(*second).collect()
                }
                ConstraintKind::Binary { left, right, result, .. } | ConstraintKind::Or { left, right, result } => {
                    vec![*left, *right, *result]
                }
                ConstraintKind::Condition { ty } => vec![*ty],
                ConstraintKind::Spread { base, before, after, result } => {
                    let fields = before.iter().chain(after).map(|(_, ty)| *ty);
                    fields.chain([*base, *result]).collect()
                }
            })
            .collect()
    }
}
