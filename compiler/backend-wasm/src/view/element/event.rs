//! Listeners: modifiers become code before the handler.

use tova_ir::{Closure, Event, Expr, ExprKind, LocalId, Prim, Type};
use tova_source::Span;

use crate::view::html;
use crate::view::pass::{Pass, act, block, bool, int, intrinsic, let_, text, unit};

/// How a listener is registered: bits for the glue's `listen`.
const ONCE: i64 = 1;
const CAPTURE: i64 = 2;
const PASSIVE: i64 = 4;

impl Pass<'_> {
    /// What attaches the listeners of an element: one for each kind of event.
    pub(super) fn events(&mut self, events: &[Event], node: LocalId, span: Span) -> Vec<Expr> {
        let mut steps = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for event in events {
            let options = options(event);
            if options == 0 && done.contains(&event.name.as_str()) {
                continue;
            }
            let same: Vec<&Event> = if options == 0 {
                done.push(&event.name);
                events.iter().filter(|other| other.name == event.name && self::options(other) == 0).collect()
            } else {
                vec![event]
            };
            let listener = self.listener(&same, &mut steps, span);
            let mut args = vec![self.local(node, span), text(&event.name, span), listener];
            let is_delegated = options == 0 && html::bubbles(&event.name);
            if !is_delegated {
                args.push(int(options, span));
            }
            steps.push(act(if is_delegated { "dom.on" } else { "dom.listen" }, args, span));
        }
        steps
    }

    /// A function of the event that runs the handlers one after another.
    fn listener(&mut self, events: &[&Event], before: &mut Vec<Expr>, span: Span) -> Expr {
        let event = self.new_local("event", Type::Handle("Event".into()), span);
        let mut bodies = Vec::new();
        for (at, one) in events.iter().enumerate() {
            let call = self.handler(&one.handler, event, before);
            let mut body = self.guarded(one, event, call, span);
            // A guard leaves its own handler only.
            if at + 1 < events.len() {
                let closure = self.closure(Vec::new(), Type::Unit, body);
                body = Expr {
                    kind: ExprKind::CallValue { callee: Box::new(closure), args: Vec::new() },
                    ty: Type::Unit,
                    span,
                };
            }
            bodies.push(body);
        }
        let body = if bodies.len() == 1 { bodies.remove(0) } else { block(bodies, Type::Unit, span) };
        self.closure(vec![event], Type::Unit, body)
    }

    /// The handler's call. The handler itself is computed once, when the element is made.
    fn handler(&mut self, handler: &Expr, event: LocalId, before: &mut Vec<Expr>) -> Expr {
        let span = handler.span;
        if let ExprKind::Closure(closure) = &handler.kind
            && !closure.effects.is_async
            && closure.ret == Type::Unit
        {
            return self.inlined(closure, event, span);
        }
        let Type::Fn(function) = &handler.ty else { return unit(span) };
        let mut args = Vec::new();
        if let Some(param) = function.params.first() {
            args.push(Expr { ty: param.clone(), ..self.local(event, span) });
        }
        let call = if let ExprKind::FnValue(known) = handler.kind {
            let is_async =
                self.program.functions.get(known.0 as usize).is_some_and(|function| function.effects.is_async);
            let call = Expr { kind: ExprKind::Call { function: known, args }, ty: function.ret.clone(), span };
            return if is_async { started(call) } else { discarded(call) };
        } else {
            let local = self.new_local("handler", handler.ty.clone(), span);
            before.push(let_(local, handler.clone()));
            let callee = Box::new(self.local(local, span));
            Expr { kind: ExprKind::CallValue { callee, args }, ty: function.ret.clone(), span }
        };
        if function.is_async { started(call) } else { discarded(call) }
    }

    /// The body of a handler that is written in place.
    fn inlined(&mut self, closure: &Closure, event: LocalId, span: Span) -> Expr {
        match closure.params.first() {
            None => closure.body.clone(),
            Some(&param) => {
                let value = Expr { ty: self.ty(param), ..self.local(event, span) };
                block(vec![let_(param, value), closure.body.clone()], Type::Unit, span)
            }
        }
    }

    /// Modifiers: those that look at the event leave the handler, in the order in which they are written.
    fn guarded(&mut self, event: &Event, local: LocalId, call: Expr, span: Span) -> Expr {
        let mut steps = Vec::new();
        let keys: Vec<&str> = event.modifiers.iter().map(|name| key(name)).filter(|key| !key.is_empty()).collect();
        if !keys.is_empty() {
            let pressed = self.new_local("key", Type::Str, span);
            let read = intrinsic("dom.get_prop", vec![self.local(local, span), text("key", span)], Type::Str, span);
            steps.push(let_(pressed, read));
            let other = keys.iter().map(|key| {
                let args = vec![self.local(pressed, span), text(key, span)];
                Expr { kind: ExprKind::Prim { op: Prim::Ne, args }, ty: Type::Bool, span }
            });
            let all = other.reduce(|a, b| Expr {
                kind: ExprKind::Prim { op: Prim::And, args: vec![a, b] },
                ty: Type::Bool,
                span,
            });
            steps.push(leave_if(all.unwrap_or_else(|| bool(false, span))));
        }
        for modifier in &event.modifiers {
            let it = self.local(local, span);
            match modifier.as_str() {
                "prevent" => steps.push(act("dom.prevent_default", vec![it], span)),
                "stop" => steps.push(act("dom.stop_propagation", vec![it], span)),
                "self" => steps.push(leave_if(not(intrinsic("dom.is_self", vec![it], Type::Bool, span)))),
                "ctrl" | "alt" | "shift" | "meta" => {
                    let name = format!("{modifier}Key");
                    let down = intrinsic("dom.get_flag", vec![it, text(&name, span)], Type::Bool, span);
                    steps.push(leave_if(not(down)));
                }
                _ => {}
            }
        }
        if steps.is_empty() {
            return call;
        }
        steps.push(call);
        block(steps, Type::Unit, span)
    }
}

fn options(event: &Event) -> i64 {
    event.modifiers.iter().fold(0, |bits, modifier| {
        bits | match modifier.as_str() {
            "once" => ONCE,
            "capture" => CAPTURE,
            "passive" => PASSIVE,
            _ => 0,
        }
    })
}

/// What `event.key` says for the name of a key; nothing for other modifiers.
fn key(name: &str) -> &str {
    match name {
        "enter" => "Enter",
        "escape" | "esc" => "Escape",
        "tab" => "Tab",
        "space" => " ",
        "up" => "ArrowUp",
        "down" => "ArrowDown",
        "left" => "ArrowLeft",
        "right" => "ArrowRight",
        "delete" => "Delete",
        "backspace" => "Backspace",
        one if one.chars().count() == 1 => one,
        _ => "",
    }
}

fn leave_if(cond: Expr) -> Expr {
    let span = cond.span;
    let then = Expr { kind: ExprKind::Return(None), ty: Type::Never, span };
    Expr { kind: ExprKind::If { cond: Box::new(cond), then: Box::new(then), else_: None }, ty: Type::Unit, span }
}

fn not(value: Expr) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Prim { op: Prim::Not, args: vec![value] }, ty: Type::Bool, span }
}

/// Starts a call that may suspend.
fn started(call: Expr) -> Expr {
    let span = call.span;
    act("task.start", vec![call], span)
}

fn discarded(call: Expr) -> Expr {
    let span = call.span;
    if call.ty == Type::Unit { call } else { block(vec![call, unit(span)], Type::Unit, span) }
}
