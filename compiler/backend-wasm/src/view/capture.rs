//! Which variables of the surrounding function an expression uses.

use indexmap::IndexSet;
use tova_ir::walk::each_child;
use tova_ir::{Expr, ExprKind, ForIter, LocalId, Place, PlaceRoot};

/// Locals that `body` uses and does not declare, in order of first use, without `params`.
pub(super) fn captures(body: &Expr, params: &[LocalId]) -> Vec<LocalId> {
    let mut seen = Seen { declared: params.iter().copied().collect(), used: IndexSet::new() };
    seen.expr(body);
    seen.used.into_iter().filter(|local| !seen.declared.contains(local)).collect()
}

struct Seen {
    declared: IndexSet<LocalId>,
    used: IndexSet<LocalId>,
}

impl Seen {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Local(local) => {
                self.used.insert(*local);
            }
            ExprKind::Let { local, .. } => {
                self.declared.insert(*local);
            }
            ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => self.place(place),
            ExprKind::SwitchEnum { cases, .. } => {
                self.declared.extend(cases.iter().flat_map(|case| case.bindings.iter().flatten()));
            }
            ExprKind::SwitchOption { binding, .. } => self.declared.extend(binding),
            ExprKind::For { iter, .. } => self.iter(iter),
            ExprKind::Try { error, .. } => self.declared.extend(error),
            ExprKind::Closure(closure) => self.declared.extend(&closure.params),
            _ => {}
        }
        each_child(expr, &mut |child| self.expr(child));
    }

    fn place(&mut self, place: &Place) {
        if let PlaceRoot::Local(local) = place.root {
            self.used.insert(local);
        }
    }

    fn iter(&mut self, iter: &ForIter) {
        match iter {
            ForIter::Range { item, .. } => {
                self.declared.insert(*item);
            }
            ForIter::Items { item, index, .. } => {
                self.declared.insert(*item);
                self.declared.extend(index);
            }
            ForIter::Entries { key, value, .. } => self.declared.extend([*key, *value]),
        }
    }
}
