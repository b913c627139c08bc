//! Places where nothing can wait: what is shown and what is computed must be there at once.

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;

use super::Facts;
use crate::walk::{each_child, view_children};
use crate::{Expr, ExprKind, Function, GlobalKind, Home, LocalKind, Program};

/// Reports calls that suspend where the value is needed at once.
pub(super) fn check(program: &Program, facts: &Facts) -> Vec<Diagnostic> {
    let mut check = Check { program, facts, diagnostics: Vec::new() };
    for global in program.globals.iter().filter(|global| global.home == Home::Client) {
        let what = match global.kind {
            GlobalKind::Memo => "a computed value",
            GlobalKind::Signal => "the first value of a state",
            GlobalKind::Const | GlobalKind::Mut => "a value of the page",
        };
        if let Some(function) = program.functions.get(global.init.0 as usize) {
            check.expr(&function.body, function, Some(what));
        }
    }
    for component in program.client.iter().flat_map(|client| &client.components) {
        if let Some(function) = program.functions.get(component.function.0 as usize) {
            check.expr(&function.body, function, Some("a component"));
        }
        for default in component.defaults.iter().flatten().filter_map(|id| program.functions.get(id.0 as usize)) {
            check.expr(&default.body, default, Some("the default of a property"));
        }
    }
    let components: Vec<_> =
        program.client.iter().flat_map(|client| &client.components).map(|component| component.function).collect();
    for (index, function) in program.functions.iter().enumerate() {
        if !components.iter().any(|id| id.0 as usize == index) {
            check.expr(&function.body, function, None);
        }
    }
    check.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    check.diagnostics.dedup();
    check.diagnostics
}

struct Check<'p> {
    program: &'p Program,
    facts: &'p Facts,
    diagnostics: Vec<Diagnostic>,
}

impl Check<'_> {
    /// `what`: the thing that cannot wait, if the expression stands in one.
    fn expr(&mut self, expr: &Expr, function: &Function, what: Option<&'static str>) {
        if let Some(what) = what
            && self.facts.suspends(self.program, expr, function.home)
        {
            self.report(expr.span, what);
        }
        match &expr.kind {
            ExprKind::Closure(closure) | ExprKind::Effect(closure) => self.expr(&closure.body, function, None),
            ExprKind::Let { local, value } => {
                let kind = function.locals.get(local.0 as usize).map(|local| local.kind);
                let inner = match kind {
                    Some(LocalKind::Memo) => Some("a computed value"),
                    Some(LocalKind::Signal) => Some("the first value of a state"),
                    _ => what,
                };
                self.expr(value, function, inner);
            }
            ExprKind::View(view) => view_children(view, &mut |child| self.expr(child, function, Some("what is shown"))),
            _ => each_child(expr, &mut |child| self.expr(child, function, what)),
        }
    }

    fn report(&mut self, span: Span, what: &str) {
        self.diagnostics.push(
            Diagnostic::error(codes::E0304, span, format!("{what} cannot wait for this call"))
                .label("this call waits")
                .help("make the call in an `effect` or in a handler, and keep its result in a `state`"),
        );
    }
}
