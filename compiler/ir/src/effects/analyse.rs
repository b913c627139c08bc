//! The effects of one expression from those known so far.

use super::{Facts, is_state, join};
use crate::walk::each_child;
use crate::{Effects, Expr, ExprKind, Home, PlaceRoot, Program, Type};

const NOTHING: Effects = Effects { is_async: false, throws: false, touches_state: false };
const THROWS: Effects = Effects { throws: true, ..NOTHING };
const STATE: Effects = Effects { touches_state: true, ..NOTHING };

impl Facts {
    /// What evaluating an expression may do. Closures inside add to their signatures, not to the expression.
    pub(super) fn effects_of(&mut self, program: &Program, expr: &Expr, home: Home) -> Effects {
        match &expr.kind {
            ExprKind::Closure(closure) => {
                let inside = self.effects_of(program, &closure.body, home);
                if let Type::Fn(signature) = &expr.ty {
                    self.join_signature(signature, home, inside);
                }
                return NOTHING;
            }
            ExprKind::Effect(closure) => {
                self.effects_of(program, &closure.body, home);
                return NOTHING;
            }
            ExprKind::FnValue(function) => {
                if let Type::Fn(signature) = &expr.ty {
                    let inside = self.function(*function);
                    self.join_signature(signature, home, inside);
                }
                return NOTHING;
            }
            ExprKind::Try { body, handler, finally, .. } => {
                let mut all = self.effects_of(program, body, home);
                if let Some(handler) = handler {
                    all.throws = false;
                    all = join(all, self.effects_of(program, handler, home));
                }
                if let Some(finally) = finally {
                    all = join(all, self.effects_of(program, finally, home));
                }
                return all;
            }
            _ => {}
        }
        let mut all = self.own(program, expr, home);
        each_child(expr, &mut |child| all = join(all, self.effects_of(program, child, home)));
        all
    }

    /// What an expression does beside evaluating its parts.
    pub(super) fn own(&self, program: &Program, expr: &Expr, home: Home) -> Effects {
        match &expr.kind {
            ExprKind::Throw(_) | ExprKind::FromAny(_) => THROWS,
            ExprKind::Rpc { .. } => Effects { is_async: true, ..THROWS },
            ExprKind::Query { model, .. } => {
                let server = program.models.get(model.0 as usize).map(|model| model.server);
                let slow = server.and_then(|server| self.slow_queries.get(server as usize)).copied().unwrap_or(false);
                Effects { is_async: slow, ..THROWS }
            }
            ExprKind::Intrinsic { name, .. } | ExprKind::Update { name, .. } => {
                let effects = self.intrinsics.get(name).copied().unwrap_or_default();
                join(effects, place_effects(program, expr))
            }
            ExprKind::Call { function, .. } => self.function(*function),
            ExprKind::CallValue { callee, .. } => match &callee.ty {
                Type::Fn(signature) => self.signature(signature, home),
                _ => NOTHING,
            },
            ExprKind::Global(global) | ExprKind::Init(global) if is_state(program, *global) => STATE,
            ExprKind::Init(global) => program.globals.get(global.0 as usize).map_or(NOTHING, |global| self.function(global.init)),
            ExprKind::Assign { .. } => place_effects(program, expr),
            _ => NOTHING,
        }
    }

    /// Whether an expression itself, not a part of it, is a call that suspends.
    pub(super) fn suspends(&self, program: &Program, expr: &Expr, home: Home) -> bool {
        match expr.kind {
            ExprKind::Call { .. }
            | ExprKind::CallValue { .. }
            | ExprKind::Intrinsic { .. }
            | ExprKind::Rpc { .. }
            | ExprKind::Query { .. } => self.own(program, expr, home).is_async,
            _ => false,
        }
    }
}

fn place_effects(program: &Program, expr: &Expr) -> Effects {
    match &expr.kind {
        ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => match place.root {
            PlaceRoot::Global(global) if is_state(program, global) => STATE,
            PlaceRoot::Global(_) | PlaceRoot::Local(_) => NOTHING,
        },
        _ => NOTHING,
    }
}
