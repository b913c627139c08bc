//! What reads nothing reactive needs no effect.

use std::collections::HashSet;

use tova_ir::walk::each_child;
use tova_ir::{Expr, ExprKind, FnId, Function, GlobalKind, Local, LocalId, LocalKind, Program, Type};

use super::pass::Pass;

/// Functions of a program that may read something reactive when they are called.
pub(super) struct Reads {
    functions: HashSet<FnId>,
}

impl Reads {
    /// Looks at all functions until nothing more is found.
    pub(super) fn of(program: &Program) -> Self {
        let mut reads = Self { functions: HashSet::new() };
        loop {
            let before = reads.functions.len();
            for (at, function) in program.functions.iter().enumerate() {
                let id = FnId(u32::try_from(at).unwrap_or(u32::MAX));
                if !reads.functions.contains(&id) && reads.in_function(program, function) {
                    reads.functions.insert(id);
                }
            }
            if reads.functions.len() == before {
                return reads;
            }
        }
    }

    /// Whether evaluating the expression may read something reactive. A function value from elsewhere may read anything.
    pub(super) fn is_reactive(&self, program: &Program, locals: &[Local], expr: &Expr) -> bool {
        let is_foreign_function = matches!(expr.ty, Type::Fn(_))
            && !matches!(expr.kind, ExprKind::Closure(_) | ExprKind::FnValue(_))
            && !matches!(expr.kind, ExprKind::Intrinsic { .. });
        is_foreign_function || self.here(program, locals, expr) || {
            let mut found = false;
            each_child(expr, &mut |child| found = found || self.is_reactive(program, locals, child));
            found
        }
    }

    fn in_function(&self, program: &Program, function: &Function) -> bool {
        self.in_body(program, function, &function.body)
    }

    /// A call of a parameter reads what the argument reads, which is seen where the argument is written.
    fn in_body(&self, program: &Program, function: &Function, expr: &Expr) -> bool {
        let is_foreign_call = match &expr.kind {
            ExprKind::CallValue { callee, .. } => {
                !matches!(callee.kind, ExprKind::Local(local) if function.params.contains(&local))
                    && !matches!(callee.kind, ExprKind::Closure(_))
            }
            _ => false,
        };
        is_foreign_call || self.here(program, &function.locals, expr) || {
            let mut found = false;
            each_child(expr, &mut |child| found = found || self.in_body(program, function, child));
            found
        }
    }

    fn here(&self, program: &Program, locals: &[Local], expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(id) => locals.get(id.0 as usize).is_some_and(|local| match local.kind {
                LocalKind::Signal | LocalKind::Memo | LocalKind::Prop | LocalKind::Item => true,
                LocalKind::Let | LocalKind::Mut | LocalKind::Shared => false,
            }),
            ExprKind::Global(id) => program.globals.get(id.0 as usize).is_some_and(|global| match global.kind {
                GlobalKind::Signal | GlobalKind::Memo => true,
                GlobalKind::Const | GlobalKind::Mut => false,
            }),
            ExprKind::Call { function, .. } | ExprKind::FnValue(function) => self.functions.contains(function),
            _ => false,
        }
    }
}

impl Pass<'_> {
    /// The item of a list that an expression reads, if it reads nothing else that is reactive and calls nothing.
    pub(super) fn only_item(&self, expr: &Expr) -> Option<LocalId> {
        let mut item = None;
        self.is_of_item(expr, &mut item).then_some(item).flatten()
    }

    fn is_of_item(&self, expr: &Expr, item: &mut Option<LocalId>) -> bool {
        match &expr.kind {
            ExprKind::Local(id) => match self.locals.get(id.0 as usize).map(|local| local.kind) {
                Some(LocalKind::Item) => *item.get_or_insert(*id) == *id,
                Some(LocalKind::Let) => true,
                _ => false,
            },
            ExprKind::Str(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) => true,
            ExprKind::Field { .. } | ExprKind::TupleField { .. } | ExprKind::Display(_) | ExprKind::Concat(_) => {
                let mut all = true;
                each_child(expr, &mut |child| all = all && self.is_of_item(child, item));
                all
            }
            _ => false,
        }
    }
}
