//! Types that a test has made narrower: after `guard x != nil`, `x` is present.

use std::collections::HashMap;

use ecow::{EcoString, eco_format};
use tova_syntax::ast::{self, BinaryOp, ExprKind, UnaryOp};

use crate::ctx::Checker;
use crate::tables::{Res, VarId};
use crate::types::{Ty, TyKind};

/// The key of a variable in the tables of narrowed types.
pub(crate) fn local_key(id: VarId) -> EcoString {
    eco_format!("l{}", id.0)
}

/// Narrowed types by key of a name or path.
pub(crate) type Narrowed = HashMap<EcoString, Ty>;

impl<'a> Checker<'a> {
    /// The key of a name or of a path of fields from one, once it has been checked.
    pub(crate) fn path_key(&self, expr: &ast::Expr) -> Option<EcoString> {
        match &expr.kind {
            ExprKind::Name(_) => match self.out.names.get(&expr.id)? {
                Res::Local(id) => Some(local_key(*id)),
                Res::Global(id) => Some(eco_format!("g{}", id.0)),
                _ => None,
            },
            ExprKind::Paren(inner) => self.path_key(inner),
            ExprKind::Field { object, name, .. } => Some(eco_format!("{}.{}", self.path_key(object)?, name.name)),
            _ => None,
        }
    }

    pub(crate) fn narrowed_type(&self, key: &EcoString) -> Option<Ty> {
        self.narrowed.iter().rev().find_map(|layer| layer.get(key).copied())
    }

    /// Forgets what is known of a place and its parts: it was assigned.
    pub(crate) fn widen(&mut self, key: &EcoString) {
        let part = eco_format!("{key}.");
        for layer in &mut self.narrowed {
            layer.retain(|other, _| other != key && !other.starts_with(part.as_str()));
        }
    }

    pub(crate) fn with_narrowed<T>(&mut self, narrowed: Narrowed, run: impl FnOnce(&mut Self) -> T) -> T {
        self.narrowed.push(narrowed);
        let result = run(self);
        self.narrowed.pop();
        result
    }

    /// Keeps what a test has shown for the rest of the scope.
    pub(crate) fn narrow_from_here(&mut self, narrowed: Narrowed) {
        if let Some(layer) = self.narrowed.last_mut() {
            layer.extend(narrowed);
        }
    }

    /// What holds when the condition is true, and when it is false. The condition has been checked.
    pub(crate) fn narrowing(&mut self, cond: &'a ast::Expr) -> (Narrowed, Narrowed) {
        match &cond.kind {
            ExprKind::Paren(inner) => self.narrowing(inner),
            ExprKind::Unary { op: UnaryOp::Not, operand, .. } => {
                let (yes, no) = self.narrowing(operand);
                (no, yes)
            }
            ExprKind::Binary { op: BinaryOp::And, left, right, .. } => {
                let (mut yes, _) = self.narrowing(left);
                let (more, _) = self.narrowing(right);
                yes.extend(more);
                (yes, Narrowed::new())
            }
            ExprKind::Binary { op: BinaryOp::Or, left, right, .. } => {
                let (_, mut no) = self.narrowing(left);
                let (_, more) = self.narrowing(right);
                no.extend(more);
                (Narrowed::new(), no)
            }
            ExprKind::Binary { op: op @ (BinaryOp::Eq | BinaryOp::Ne), left, right, .. } => {
                let tested = match (&left.kind, &right.kind) {
                    (ExprKind::Nil, _) => right,
                    (_, ExprKind::Nil) => left,
                    _ => return Default::default(),
                };
                let present = self.present(tested);
                if *op == BinaryOp::Ne { (present, Narrowed::new()) } else { (Narrowed::new(), present) }
            }
            ExprKind::Is { value, name, negated } => {
                let present = match name.name.as_str() {
                    "nil" | "None" | "Nil" => (Narrowed::new(), self.present(value)),
                    "Some" => (self.present(value), Narrowed::new()),
                    _ => return Default::default(),
                };
                if *negated { (present.1, present.0) } else { present }
            }
            ExprKind::Call { callee, args } if args.is_empty() => match &callee.kind {
                ExprKind::Field { object, name, .. } if name.name == "isSome" => {
                    (self.present(object), Narrowed::new())
                }
                ExprKind::Field { object, name, .. } if name.name == "isNone" => {
                    (Narrowed::new(), self.present(object))
                }
                _ => Default::default(),
            },
            ExprKind::Name(_) | ExprKind::Field { .. } => (self.present(cond), Narrowed::new()),
            _ => Default::default(),
        }
    }

    fn present(&mut self, expr: &ast::Expr) -> Narrowed {
        let ty = self.out.expr_ty(expr);
        match (self.path_key(expr), self.kind(ty)) {
            (Some(key), TyKind::Option(inner)) => Narrowed::from([(key, inner)]),
            _ => Narrowed::new(),
        }
    }
}
