//! The end: what nothing has decided gets its default, and the tables are made free of unknowns.

use tova_diagnostics::{Diagnostic, codes};

use crate::constraint::ConstraintKind;
use crate::ctx::{Checker, VarShape};
use crate::tables::{Checked, VarKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    /// Settles everything, with defaults where needed, and gives the tables.
    pub(crate) fn finish(mut self) -> Checked<'a> {
        self.settle();
        // A default may make other constraints solvable; each round decides at least one variable.
        while let Some(ty) = self.undecided() {
            self.decide(ty);
            self.settle();
        }
        self.check_request_fields();
        self.default_all();
        self.check_matches();
        self.check_unused();
        self.resolve_tables();
        self.out
            .diagnostics
            .sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.start, diagnostic.span.end));
        self.out.diagnostics.dedup();
        self.out
    }

    /// Reports variables that nothing reads. A broken program is not worth the noise.
    fn check_unused(&mut self) {
        if self.out.diagnostics.iter().any(Diagnostic::is_error) {
            return;
        }
        let unused: Vec<_> = self
            .out
            .locals
            .iter()
            .zip(&self.used_vars)
            .filter(|(var, used)| !**used && var.kind == VarKind::Binding && !var.name.starts_with('_'))
            .filter(|(var, _)| !self.library_files.contains(&var.span.file))
            .map(|(var, _)| (var.name.clone(), var.span))
            .collect();
        for (name, span) in unused {
            self.report(
                Diagnostic::warning(codes::W0201, span, format!("`{name}` is never used"))
                    .help(format!("remove it, or call it `_{name}` to say that this is meant"))
                    .fix(format!("call it `_{name}`"), span.at_start(), "_"),
            );
        }
    }

    /// A variable that a pending constraint waits for.
    fn undecided(&self) -> Option<Ty> {
        let waits_for = |kind: &ConstraintKind<'a>| match kind {
            ConstraintKind::Member { object, .. } | ConstraintKind::Method { object, .. } => *object,
            ConstraintKind::Index { object, index, .. } | ConstraintKind::SetIndex { object, index, .. } => {
                if self.is_free(*index) && self.is_number(*index) || !self.is_free(*object) { *index } else { *object }
            }
            ConstraintKind::Spread { base, .. } => *base,
            ConstraintKind::Iterate { iterable, .. } => *iterable,
            ConstraintKind::Binary { left, right, .. } => {
                if self.is_free(*left) {
                    *left
                } else {
                    *right
                }
            }
            ConstraintKind::Or { left, .. } => *left,
            ConstraintKind::Condition { ty } => *ty,
        };
        self.pending.iter().map(|constraint| waits_for(&constraint.kind)).find(|ty| self.is_free(*ty))
    }

    fn is_number(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), TyKind::Var(var) if self.shape(var) == VarShape::Number)
    }

    fn decide(&mut self, ty: Ty) {
        let TyKind::Var(var) = self.kind(ty) else { return };
        let condition = self.pending.iter().any(|constraint| {
            matches!(&constraint.kind, ConstraintKind::Condition { ty: other } if self.resolve(*other) == self.resolve(ty))
        });
        let default = match self.shape(var) {
            VarShape::Number => self.well_known.int,
            VarShape::Braces(fields) if fields.is_empty() => {
                let (str_, any) = (self.well_known.str_, self.well_known.any);
                self.ty(TyKind::Map(str_, any))
            }
            VarShape::Braces(fields) => self.ty(TyKind::Record(fields)),
            VarShape::Free if condition => self.well_known.bool_,
            VarShape::Free => self.well_known.any,
        };
        self.force(var, default);
    }

    /// Decides what a variable stands for.
    pub(crate) fn force(&mut self, var: u32, ty: Ty) {
        if let Some(var) = self.vars.get_mut(var as usize) {
            var.bound = Some(ty);
        }
    }

    fn default_all(&mut self) {
        for var in 0..u32::try_from(self.vars.len()).unwrap_or(0) {
            if self.vars.get(var as usize).is_some_and(|var| var.bound.is_some()) {
                continue;
            }
            let default = match self.shape(var) {
                VarShape::Number => self.well_known.int,
                VarShape::Braces(fields) => self.ty(TyKind::Record(fields)),
                VarShape::Free => self.well_known.any,
            };
            self.force(var, default);
        }
    }

    /// Replaces every variable in the type table by what it stands for, so that the numbers in the other tables stay.
    fn resolve_tables(&mut self) {
        for index in 0..self.out.types.kinds.len() {
            let ty = Ty(u32::try_from(index).unwrap_or(u32::MAX));
            if let TyKind::Var(_) = self.out.types.kind(ty) {
                let kind = self.kind(ty);
                if let Some(slot) = self.out.types.kinds.get_mut(index) {
                    *slot = kind;
                }
            }
        }
        // An option of what turned out to be an option, dynamic data or unit is that itself.
        for index in 0..self.out.types.kinds.len() {
            let TyKind::Option(inner) = self.out.types.kinds.get(index).cloned().unwrap_or(TyKind::Error) else {
                continue;
            };
            let mut inner_kind = self.out.types.kind(inner).clone();
            while let TyKind::Option(next) = &inner_kind {
                let next_kind = self.out.types.kind(*next).clone();
                if !matches!(next_kind, TyKind::Option(_) | TyKind::Any) {
                    break;
                }
                inner_kind = next_kind;
            }
            if matches!(inner_kind, TyKind::Option(_) | TyKind::Any)
                && let Some(slot) = self.out.types.kinds.get_mut(index)
            {
                *slot = inner_kind;
            }
        }
    }
}
