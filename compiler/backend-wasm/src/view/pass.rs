//! The walk over a program that replaces views, and the small expressions that replacements are made of.

use std::collections::HashSet;
use std::mem;
use std::sync::Arc;

use ecow::EcoString;
use tova_ir::walk::each_child_mut;
use tova_ir::{
    Closure, Effects, Expr, ExprKind, FnId, FnType, Function, Home, Local, LocalId, LocalKind, Program, Type,
};
use tova_source::Span;

use super::capture::captures;
use super::reads::Reads;

/// Flags of effects: see `prelude/reactive.core`.
pub(super) const VIEW_EFFECT: i64 = 4;
const PROGRAM_EFFECT: i64 = 12;
const LATER: i64 = 1;

/// The program without views, effects and components' uses, and the function that puts the page's root in place.
pub(crate) fn desugar(program: &Program) -> (Program, Option<FnId>) {
    let reads = Reads::of(program);
    let components: HashSet<FnId> =
        program.client.iter().flat_map(|client| &client.components).map(|component| component.function).collect();
    let mut out = program.clone();
    let mut templates = 0;
    for (function, at) in out.functions.iter_mut().zip(0..) {
        let is_component = components.contains(&FnId(at));
        let locals = mem::take(&mut function.locals);
        let mut pass = Pass { program, reads: &reads, locals, templates, is_component };
        pass.expr(&mut function.body);
        templates = pass.templates;
        function.locals = pass.locals;
    }
    let root = program.client.as_ref().and_then(|client| client.root);
    let mount = root.map(|root| {
        let span = program.functions.first().map_or(Span::default(), |function| function.span);
        let mut pass = Pass { program, reads: &reads, locals: Vec::new(), templates, is_component: false };
        let nodes = pass.component(root, &[], span);
        let body = act("dom.mount", vec![nodes], span);
        out.functions.push(Function {
            name: "mount".into(),
            docs: None,
            span,
            home: Home::Client,
            params: Vec::new(),
            ret: Type::Unit,
            locals: pass.locals,
            body,
            effects: Effects::default(),
        });
        FnId(u32::try_from(out.functions.len() - 1).unwrap_or(u32::MAX))
    });
    (out, mount)
}

/// The walk over one function.
pub(super) struct Pass<'p> {
    pub(super) program: &'p Program,
    pub(super) reads: &'p Reads,
    /// The function's locals; made-up ones are added.
    pub(super) locals: Vec<Local>,
    /// How many templates there are so far.
    pub(super) templates: i64,
    is_component: bool,
}

impl Pass<'_> {
    /// Rewrites what is inside first, so that captures and reads of what is outside are seen in the result.
    fn expr(&mut self, expr: &mut Expr) {
        each_child_mut(expr, &mut |child| self.expr(child));
        let span = expr.span;
        match mem::replace(&mut expr.kind, ExprKind::Unit) {
            ExprKind::View(view) => *expr = self.view(&view, span),
            ExprKind::Effect(closure) => *expr = self.effect(*closure, span),
            ExprKind::Let { local, value } if self.kind(local) == LocalKind::Memo => {
                expr.kind = self.memo(local, *value).kind
            }
            ExprKind::Intrinsic { name, args } if keeps_functions(&name) => {
                *expr = self.host_call(&name, args, (expr.ty.clone(), span))
            }
            other => expr.kind = other,
        }
    }

    fn effect(&mut self, closure: Closure, span: Span) -> Expr {
        let flags = if self.is_component { PROGRAM_EFFECT | LATER } else { PROGRAM_EFFECT };
        let is_async = closure.effects.is_async;
        let mut before = Vec::new();
        let body = if is_async {
            let call = self.call_closure(closure, &mut before, span);
            intrinsic("task.start_owned", vec![call], Type::Unit, span)
        } else {
            return self.start_effect(unit_closure(closure, span), flags, span);
        };
        let closure = self.closure(Vec::new(), Type::Unit, body);
        before.push(self.start_effect(closure, flags, span));
        block(before, Type::Unit, span)
    }

    /// A call of something that calls a function back: the function is made one that never suspends and gives nothing.
    fn host_call(&mut self, name: &str, args: Vec<Expr>, (ty, span): (Type, Span)) -> Expr {
        let mut steps = Vec::new();
        let mut given = Vec::new();
        for arg in args {
            given.push(match &arg.ty {
                Type::Fn(function) if function.is_async || function.ret != Type::Unit => {
                    self.plain_function(arg, &mut steps)
                }
                _ => arg,
            });
        }
        steps.push(match (name, given.as_slice()) {
            ("reactive.on_mount", [function]) => {
                let call = Expr {
                    kind: ExprKind::CallValue { callee: Box::new(function.clone()), args: Vec::new() },
                    ty: Type::Unit,
                    span,
                };
                let body = intrinsic("reactive.untrack", vec![call], Type::Unit, span);
                let closure = self.closure(Vec::new(), Type::Unit, body);
                self.start_effect(closure, PROGRAM_EFFECT | LATER, span)
            }
            _ => intrinsic(name, given, ty.clone(), span),
        });
        if steps.len() == 1 { steps.remove(0) } else { block(steps, ty, span) }
    }

    fn plain_function(&mut self, function: Expr, before: &mut Vec<Expr>) -> Expr {
        let span = function.span;
        let Type::Fn(ty) = function.ty.clone() else { return function };
        let local = self.new_local("f", function.ty.clone(), span);
        before.push(let_(local, function));
        let params: Vec<LocalId> = ty.params.iter().map(|param| self.new_local("arg", param.clone(), span)).collect();
        let args = params.iter().map(|&param| self.local(param, span)).collect();
        let callee = Box::new(self.local(local, span));
        let call = Expr { kind: ExprKind::CallValue { callee, args }, ty: ty.ret.clone(), span };
        let body = if ty.is_async {
            act("task.start", vec![call], span)
        } else {
            block(vec![call, unit(span)], Type::Unit, span)
        };
        self.closure(params, Type::Unit, body)
    }

    /// Keeps a function value in a local, and calls it.
    fn call_closure(&mut self, closure: Closure, before: &mut Vec<Expr>, span: Span) -> Expr {
        let params = closure.params.iter().map(|&param| self.ty(param)).collect();
        let ty = function_type(params, closure.ret.clone(), closure.effects.is_async);
        let ret = closure.ret.clone();
        let local = self.new_local("f", ty.clone(), span);
        before.push(let_(local, Expr { kind: ExprKind::Closure(Box::new(closure)), ty, span }));
        let callee = Box::new(self.local(local, span));
        Expr { kind: ExprKind::CallValue { callee, args: Vec::new() }, ty: ret, span }
    }

    pub(super) fn start_effect(&self, closure: Expr, flags: i64, span: Span) -> Expr {
        intrinsic("reactive.effect", vec![closure, int(flags, span)], Type::Unit, span)
    }

    /// An effect of a view, or the action itself if it reads nothing reactive.
    pub(super) fn follow(&mut self, action: Expr, value: &Expr) -> Expr {
        if !self.is_reactive(value) {
            return action;
        }
        let span = action.span;
        let closure = self.closure(Vec::new(), Type::Unit, action);
        self.start_effect(closure, VIEW_EFFECT, span)
    }

    /// Declares a memo; what reads nothing reactive is computed at once.
    pub(super) fn memo(&mut self, local: LocalId, value: Expr) -> Expr {
        if !self.is_reactive(&value) {
            if let Some(local) = self.locals.get_mut(local.0 as usize) {
                local.kind = LocalKind::Let;
            }
            return let_(local, value);
        }
        let closure = self.closure(Vec::new(), self.ty(local), value);
        let span = closure.span;
        Expr { kind: ExprKind::Let { local, value: Box::new(closure) }, ty: Type::Unit, span }
    }

    pub(super) fn is_reactive(&self, expr: &Expr) -> bool {
        self.reads.is_reactive(self.program, &self.locals, expr)
    }

    /// A function value of the view's own: it never suspends.
    pub(super) fn closure(&self, params: Vec<LocalId>, ret: Type, body: Expr) -> Expr {
        let types = params.iter().map(|&param| self.ty(param)).collect();
        let span = body.span;
        let ty = function_type(types, ret.clone(), false);
        let captures = captures(&body, &params);
        Expr {
            kind: ExprKind::Closure(Box::new(Closure { params, captures, ret, body, effects: Effects::default() })),
            ty,
            span,
        }
    }

    pub(super) fn new_local(&mut self, name: &str, ty: Type, span: Span) -> LocalId {
        self.new_local_of(LocalKind::Let, name, ty, span)
    }

    pub(super) fn new_local_of(&mut self, kind: LocalKind, name: &str, ty: Type, span: Span) -> LocalId {
        let id = LocalId(u32::try_from(self.locals.len()).unwrap_or(u32::MAX));
        self.locals.push(Local { name: name.into(), ty, kind, span });
        id
    }

    pub(super) fn local(&self, id: LocalId, span: Span) -> Expr {
        Expr { kind: ExprKind::Local(id), ty: self.ty(id), span }
    }

    pub(super) fn ty(&self, id: LocalId) -> Type {
        self.locals.get(id.0 as usize).map_or(Type::Unit, |local| local.ty.clone())
    }

    fn kind(&self, id: LocalId) -> LocalKind {
        self.locals.get(id.0 as usize).map_or(LocalKind::Let, |local| local.kind)
    }
}

/// Whether the platform or the core keeps the function values that it is given.
fn keeps_functions(intrinsic: &str) -> bool {
    intrinsic.starts_with("timer.set_") || intrinsic.starts_with("reactive.on_") || intrinsic.contains(".set_on")
}

/// The type of a node.
pub(super) fn node_type() -> Type {
    Type::Handle("Node".into())
}

pub(super) fn function_type(params: Vec<Type>, ret: Type, is_async: bool) -> Type {
    Type::Fn(Arc::new(FnType { params, ret, is_async }))
}

/// The closure as one that gives nothing.
fn unit_closure(mut closure: Closure, span: Span) -> Expr {
    let params = Vec::new();
    if closure.ret != Type::Unit {
        closure.body = block(vec![closure.body, unit(span)], Type::Unit, span);
        closure.ret = Type::Unit;
    }
    Expr { kind: ExprKind::Closure(Box::new(closure)), ty: function_type(params, Type::Unit, false), span }
}

pub(super) fn intrinsic(name: &str, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Intrinsic { name: EcoString::from(name), args }, ty, span }
}

/// An action on a node.
pub(super) fn act(name: &str, args: Vec<Expr>, span: Span) -> Expr {
    intrinsic(name, args, Type::Unit, span)
}

pub(super) fn block(exprs: Vec<Expr>, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Block(exprs), ty, span }
}

pub(super) fn let_(local: LocalId, value: Expr) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Let { local, value: Box::new(value) }, ty: Type::Unit, span }
}

pub(super) fn unit(span: Span) -> Expr {
    Expr { kind: ExprKind::Unit, ty: Type::Unit, span }
}

pub(super) fn text(text: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Str(text.into()), ty: Type::Str, span }
}

pub(super) fn int(value: i64, span: Span) -> Expr {
    Expr { kind: ExprKind::Int(value), ty: Type::Int, span }
}

pub(super) fn bool(value: bool, span: Span) -> Expr {
    Expr { kind: ExprKind::Bool(value), ty: Type::Bool, span }
}

pub(super) fn nil(ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Nil, ty: Type::option(ty), span }
}
