//! The effects of one expression from those known so far.

use super::{Edge, Facts, Throws, is_state, join, sides};
use crate::walk::each_child;
use crate::{Effects, Expr, ExprKind, Home, PlaceRoot, Program, Type};

const NOTHING: Effects = Effects { is_async: false, throws: false, touches_state: false };
const THROWS: Effects = Effects { throws: true, ..NOTHING };
const STATE: Effects = Effects { touches_state: true, ..NOTHING };

impl Facts {
    /// Adds what an expression may do to a node. Closures inside add to their signatures instead, effects to nothing.
    pub(super) fn collect(&mut self, program: &Program, expr: &Expr, home: Home, into: Option<usize>, throws: Throws) {
        match &expr.kind {
            ExprKind::Closure(closure) => {
                for node in self.signature_nodes(&expr.ty, home) {
                    self.collect(program, &closure.body, home, Some(node), Throws::Passed);
                }
                return;
            }
            ExprKind::Effect(closure) => return self.collect(program, &closure.body, home, None, Throws::Passed),
            ExprKind::FnValue(function) => {
                for into in self.signature_nodes(&expr.ty, home) {
                    self.edge(function.0 as usize, Edge { into, throws: Throws::Passed });
                }
                return;
            }
            ExprKind::Try { body, handler, finally, .. } => {
                let inside = if handler.is_some() { Throws::Caught } else { throws };
                self.collect(program, body, home, into, inside);
                for part in handler.iter().chain(finally) {
                    self.collect(program, part, home, into, throws);
                }
                return;
            }
            _ => {}
        }
        if let Some(into) = into {
            let edge = Edge { into, throws };
            match &expr.kind {
                ExprKind::Call { function, .. } => self.edge(function.0 as usize, edge),
                ExprKind::Init(global) => {
                    if let Some(global) = program.globals.get(global.0 as usize) {
                        self.edge(global.init.0 as usize, edge);
                    }
                }
                ExprKind::CallValue { callee, .. } => {
                    for node in self.signature_nodes(&callee.ty, home) {
                        self.edge(node, edge);
                    }
                }
                _ => {
                    let own = self.own(program, expr, home);
                    self.add(into, throws.leave(own));
                }
            }
        }
        each_child(expr, &mut |child| self.collect(program, child, home, into, throws));
    }

    /// The nodes of a function type on the sides that some code lives on.
    fn signature_nodes(&mut self, ty: &Type, home: Home) -> Vec<usize> {
        let Type::Fn(signature) = ty else { return Vec::new() };
        let mut nodes: Vec<usize> = sides(home).iter().map(|side| self.signature_node(signature, *side)).collect();
        nodes.dedup();
        nodes
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
            ExprKind::Init(global) => {
                program.globals.get(global.0 as usize).map_or(NOTHING, |global| self.function(global.init))
            }
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
