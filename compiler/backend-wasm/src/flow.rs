//! The code of a task's step: split into states at the waits. What does not wait stays structured code within a state; what does is taken
//! apart into states, whatever loops, decisions and `try`s are around it. Values that live across a wait are in the frame.

use std::rc::Rc;

use tova_ir::walk::{each_child, each_child_mut};
use tova_ir::{EnumCase, EnumId, Expr, ExprKind, ForIter, LabelId, Literal, Local, LocalId, LocalKind, Prim, Type};

use crate::asm::{Chunk, Code, Ins, Val};
use crate::expr::walk;
use crate::lower::{Base, Lower, Target};
use crate::task::field;

/// The states of the step in the making.
#[derive(Default)]
pub(crate) struct States {
    /// The code of each state; none yet for those that were only named.
    chunks: Vec<Option<Chunk>>,
    /// The one that is written.
    current: usize,
    /// What an error meets, the innermost last.
    handlers: Vec<Handler>,
    ret: Option<Type>,
}

/// A `try` around the present code.
#[derive(Clone)]
struct Handler {
    /// Where an error goes on.
    state: i32,
    /// What runs whenever the `try` is left.
    finally: Option<Expr>,
}

/// Where a value goes: its type, and its place if it is wanted.
#[derive(Clone, Copy)]
struct Dest<'e> {
    ty: &'e Type,
    base: Option<Base>,
}

/// For effects alone.
const NOWHERE: Dest<'static> = Dest { ty: &Type::Unit, base: None };

/// The code of a step: `(task)`.
pub(crate) fn step(lower: &mut Lower<'_, '_>, body: &Expr, ret: &Type) -> Code {
    lower.flow = Some(States { chunks: vec![None], ret: Some(ret.clone()), ..States::default() });
    if lower.suspends(body) {
        let base = lower.cx.val(ret).map(|val| lower.place(val));
        lower.flow(body, Dest { ty: ret, base });
        if let Some(base) = base {
            lower.load(base);
        }
    } else {
        lower.value(body, ret);
    }
    lower.keep_result(ret);
    lower.finish();
    lower.close_state();
    assemble(lower)
}

/// `loop { switch (state) { … } }`
fn assemble(lower: &mut Lower<'_, '_>) -> Code {
    let base = lower.cx.task_type();
    let chunks = lower.flow.take().map(|states| states.chunks).unwrap_or_default();
    let mut code = std::mem::take(&mut lower.code);
    if let Some(frame) = &lower.frame {
        code.get(0);
        code.cast(frame.ty);
        code.set(frame.local);
    }
    if let [Some(only)] = chunks.as_slice() {
        code.loop_(None);
        code.put_chunk(only.clone(), 0);
        code.end();
        return code;
    }
    let count = chunks.len();
    code.loop_(None);
    let mut labels: Vec<_> = (0..count).map(|_| code.block(None)).collect();
    labels.reverse();
    code.get(0);
    code.struct_get(base, field::STATE);
    if let Some(first) = labels.first() {
        code.br_table(&labels, *first);
    }
    for (at, chunk) in chunks.into_iter().enumerate() {
        code.end();
        let distance = crate::asm::index(count - 1 - at);
        match chunk {
            Some(chunk) => code.put_chunk(chunk, distance),
            None => code.op(Ins::Unreachable),
        }
    }
    code.end();
    code
}

impl Lower<'_, '_> {
    /// Whether the expression has to be taken apart: it waits, has a `try`, or leaves one whose `finally` may do so.
    fn suspends(&self, expr: &Expr) -> bool {
        let finals =
            self.flow.as_ref().is_some_and(|states| states.handlers.iter().any(|handler| handler.finally.is_some()));
        let mut found = false;
        walk::each_here(expr, &mut |inner| {
            found |= match inner.kind {
                ExprKind::Await(_) | ExprKind::Try { .. } => true,
                ExprKind::Init(global) => crate::global::is_async_init(self.cx, global),
                ExprKind::Return(_) | ExprKind::Break { .. } | ExprKind::Continue(_) => finals,
                _ => false,
            };
        });
        found
    }

    fn new_state(&mut self) -> i32 {
        let Some(states) = &mut self.flow else { return 0 };
        states.chunks.push(None);
        i32::try_from(states.chunks.len() - 1).unwrap_or(0)
    }

    /// Ends the code of the present state.
    fn close_state(&mut self) {
        let chunk = self.code.take_chunk();
        if let Some(states) = &mut self.flow
            && let Some(slot) = states.chunks.get_mut(states.current)
        {
            *slot = Some(chunk);
        }
    }

    /// Goes on with the code of another state; the present one must have ended by a jump.
    fn begin(&mut self, state: i32) {
        self.close_state();
        if let Some(states) = &mut self.flow {
            states.current = usize::try_from(state).unwrap_or(0);
        }
    }

    fn goto(&mut self, state: i32) {
        self.set_task(field::STATE, state);
        self.code.jump();
    }

    fn depth(&self) -> usize {
        self.flow.as_ref().map_or(0, |states| states.handlers.len())
    }

    /// Makes errors go where they belong at this depth of handlers.
    fn set_handler(&mut self) {
        let state = self.flow.as_ref().and_then(|states| states.handlers.last()).map_or(0, |handler| handler.state);
        self.set_task(field::HANDLER, state);
    }

    fn push_handler(&mut self, handler: Handler) {
        if let Some(states) = &mut self.flow {
            states.handlers.push(handler);
        }
        self.set_handler();
    }

    fn pop_handler(&mut self) {
        if let Some(states) = &mut self.flow {
            states.handlers.pop();
        }
        self.set_handler();
    }

    /// Leaves the `try`s above a depth: their `finally`s run.
    fn leave_handlers(&mut self, depth: usize) {
        let Some(handlers) = self.flow.as_ref().map(|states| states.handlers.clone()) else { return };
        for at in (depth..handlers.len()).rev() {
            if let Some(states) = &mut self.flow {
                states.handlers.truncate(at);
            }
            self.set_handler();
            if let Some(finally) = handlers.get(at).and_then(|handler| handler.finally.as_ref()) {
                self.flow(finally, NOWHERE);
            }
        }
        if let Some(states) = &mut self.flow {
            states.handlers = handlers;
        }
    }

    /// Breaks to a state, or continues with it.
    pub(crate) fn leave_to_state(&mut self, state: i32, depth: usize) {
        self.leave_handlers(depth);
        self.goto(state);
    }

    /// Ends the task; the value is on the stack, of this type.
    pub(crate) fn return_from_task(&mut self, ty: Option<Type>) {
        let ret = self.flow.as_ref().and_then(|states| states.ret.clone()).unwrap_or(Type::Unit);
        match ty {
            Some(ty) if self.cx.val(&ty).is_some() => self.keep_result(&ret),
            Some(_) | None => {}
        }
        self.leave_handlers(0);
        self.finish();
    }

    /// Translates an expression that may wait; its value goes to `dest`.
    fn flow(&mut self, expr: &Expr, dest: Dest<'_>) {
        if !self.suspends(expr) {
            self.value(expr, dest.ty);
            if expr.ty != Type::Never {
                self.put(dest);
            }
            return;
        }
        match &expr.kind {
            ExprKind::Await(call) => self.flow_await(call, &expr.ty, dest),
            ExprKind::Init(global) => self.flow_init(*global, expr.span),
            ExprKind::Block(exprs) => {
                let Some((last, before)) = exprs.split_last() else { return };
                before.iter().for_each(|expr| self.flow(expr, NOWHERE));
                self.flow(last, dest);
            }
            ExprKind::Let { local, value } => self.flow_let(*local, value),
            ExprKind::If { cond, then, else_ } => self.flow_if(cond, then, else_.as_deref(), dest),
            ExprKind::Prim { op: op @ (Prim::And | Prim::Or), args } => self.flow_logic(*op, args, dest),
            ExprKind::SwitchEnum { subject, enum_, cases, default } => {
                self.flow_switch_enum(subject, *enum_, (cases, default.as_deref()), dest);
            }
            ExprKind::SwitchOption { subject, binding, some, none } => {
                self.flow_switch_option(subject, *binding, (some, none), dest)
            }
            ExprKind::SwitchLiteral { subject, cases, default } => {
                self.flow_switch_literal(subject, (cases, default), dest)
            }
            ExprKind::Labelled { label, body } => self.flow_labelled(*label, body, dest),
            ExprKind::Loop { label, body } => self.flow_loop(*label, None, body),
            ExprKind::While { label, cond, body } => self.flow_loop(*label, Some(cond), body),
            ExprKind::For { label, iter, body } => self.flow_for(*label, iter, body),
            ExprKind::Try { body, error, handler, finally } => {
                self.flow_try(body, (*error, handler.as_deref()), finally.as_deref(), dest);
            }
            _ => {
                let plain = self.hoist(expr);
                self.value(&plain, dest.ty);
                if plain.ty != Type::Never {
                    self.put(dest);
                }
            }
        }
    }

    /// Stores the value on the stack.
    fn put(&mut self, dest: Dest<'_>) {
        if let (Some(base), Some(val)) = (dest.base, self.cx.val(dest.ty)) {
            self.store(base, val);
        }
    }

    fn flow_await(&mut self, call: &Expr, ty: &Type, dest: Dest<'_>) {
        let mut call = self.hoist(call);
        // The call gives a task; only what it ends with may never come.
        if call.ty == Type::Never {
            call.ty = Type::Unit;
        }
        self.expr(&call);
        let after = self.new_state();
        self.suspend(after);
        self.code.jump();
        self.begin(after);
        self.awaited(&call, ty);
        match (self.cx.val(ty), dest.base) {
            (Some(val), Some(base)) => self.store(base, val),
            (Some(_), None) => self.code.op(Ins::Drop),
            (None, _) => {}
        }
    }

    /// Waits for the first value of a global.
    fn flow_init(&mut self, global: tova_ir::GlobalId, span: tova_source::Span) {
        let program = self.cx.program;
        let decl = &program.globals[global.0 as usize];
        let call = Expr { kind: ExprKind::Call { function: decl.init, args: Vec::new() }, ty: decl.ty.clone(), span };
        let base = self.cx.val(&decl.ty).map(|val| self.place(val));
        self.flow_await(&call, &decl.ty, Dest { ty: &decl.ty, base });
        if let Some(base) = base {
            self.load(base);
        }
        crate::global::first_value(self, global);
    }

    /// The expression with everything that waits, and what is computed before that, in locals.
    fn hoist(&mut self, expr: &Expr) -> Expr {
        let mut plain = expr.clone();
        let mut waits = Vec::new();
        each_child(expr, &mut |child| waits.push(self.suspends(child)));
        let Some(last) = waits.iter().rposition(|&waits| waits) else { return plain };
        let mut children = Vec::new();
        each_child_mut(&mut plain, &mut |child| children.push(child));
        for child in children.into_iter().take(last + 1) {
            self.hoist_into_local(child);
        }
        plain
    }

    fn hoist_into_local(&mut self, expr: &mut Expr) {
        let constant = matches!(
            expr.kind,
            ExprKind::Unit
                | ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Str(_)
                | ExprKind::Nil
                | ExprKind::FnValue(_)
        );
        if constant {
            return;
        }
        let local = self.new_local(&expr.ty, expr.span);
        self.flow_let(local, expr);
        expr.kind = ExprKind::Local(local);
    }

    fn new_local(&mut self, ty: &Type, span: tova_source::Span) -> LocalId {
        let id = LocalId(crate::asm::index(self.locals.len()));
        let local = Local { name: "kept".into(), ty: ty.clone(), kind: LocalKind::Let, span };
        self.locals = self.locals.iter().cloned().chain(std::iter::once(local)).collect::<Rc<[Local]>>();
        id
    }

    fn flow_let(&mut self, local: LocalId, value: &Expr) {
        if !self.suspends(value) {
            return self.let_(local, value);
        }
        let ty = self.local(local).ty;
        let base = self.cx.val(&ty).map(|val| self.place(val));
        self.flow(value, Dest { ty: &ty, base });
        if let Some(base) = base {
            self.load(base);
        }
        self.init_local(local);
        self.claim(local, value);
    }

    /// Pushes the value of an expression that may wait.
    fn operand(&mut self, expr: &Expr) {
        if !self.suspends(expr) {
            return self.expr(expr);
        }
        let base = self.cx.val(&expr.ty).map(|val| self.place(val));
        self.flow(expr, Dest { ty: &expr.ty, base });
        if let Some(base) = base {
            self.load(base);
        }
    }

    /// Goes to the state if the `i32` on the stack is not 0.
    fn goto_if(&mut self, state: i32) {
        self.code.if_(None);
        self.goto(state);
        self.code.end();
    }

    /// Writes a state that ends in `join`.
    fn arm(&mut self, state: i32, body: &Expr, dest: Dest<'_>, join: i32) {
        self.begin(state);
        self.flow(body, dest);
        self.goto(join);
    }

    fn flow_if(&mut self, cond: &Expr, then: &Expr, else_: Option<&Expr>, dest: Dest<'_>) {
        let (yes, join) = (self.new_state(), self.new_state());
        self.operand(cond);
        self.goto_if(yes);
        if let Some(else_) = else_ {
            self.flow(else_, dest);
        }
        self.goto(join);
        self.arm(yes, then, dest, join);
        self.begin(join);
    }

    fn flow_logic(&mut self, op: Prim, args: &[Expr], dest: Dest<'_>) {
        let [first, second] = args else { return };
        let constant = Expr { kind: ExprKind::Bool(op == Prim::Or), ty: Type::Bool, span: first.span };
        if op == Prim::And {
            self.flow_if(first, second, Some(&constant), dest);
        } else {
            self.flow_if(first, &constant, Some(second), dest);
        }
    }

    /// Keeps the value of a subject in the frame.
    fn subject(&mut self, subject: &Expr) -> (Base, Val) {
        self.operand(subject);
        let val = self.cx.stored(&subject.ty);
        if self.cx.val(&subject.ty).is_none() {
            self.code.i32(0);
        }
        let base = self.place(val);
        self.store(base, val);
        (base, val)
    }

    fn flow_switch_enum(
        &mut self,
        subject: &Expr,
        id: EnumId,
        (cases, default): (&[EnumCase], Option<&Expr>),
        dest: Dest<'_>,
    ) {
        let (base, val) = self.subject(subject);
        let join = self.new_state();
        let arms: Vec<i32> = cases.iter().map(|_| self.new_state()).collect();
        for (case, &arm) in cases.iter().zip(&arms) {
            self.load(base);
            self.tag(id);
            self.code.i32(i32::try_from(case.variant).unwrap_or(0));
            self.code.op(Ins::I32Eq);
            self.goto_if(arm);
        }
        match default {
            Some(default) => {
                self.flow(default, dest);
                self.goto(join);
            }
            None => self.unreachable(),
        }
        for (case, &arm) in cases.iter().zip(&arms) {
            self.begin(arm);
            let kept = self.temp_of(base, val);
            self.bind_case(id, kept, case);
            self.code.release(kept);
            self.flow(&case.body, dest);
            self.goto(join);
        }
        self.begin(join);
    }

    fn flow_switch_option(
        &mut self,
        subject: &Expr,
        binding: Option<LocalId>,
        (some, none): (&Expr, &Expr),
        dest: Dest<'_>,
    ) {
        let (base, _) = self.subject(subject);
        let (absent, join) = (self.new_state(), self.new_state());
        self.load(base);
        self.cx.is_nil(&mut self.code, &subject.ty);
        self.goto_if(absent);
        if let Some(local) = binding {
            self.load(base);
            let inner = crate::expr::inner_type(&subject.ty);
            self.cx.unwrapped(&mut self.code, &inner);
            self.init_local(local);
        }
        self.flow(some, dest);
        self.goto(join);
        self.arm(absent, none, dest, join);
        self.begin(join);
    }

    fn flow_switch_literal(&mut self, subject: &Expr, (cases, default): (&[(Literal, Expr)], &Expr), dest: Dest<'_>) {
        let (base, val) = self.subject(subject);
        let join = self.new_state();
        let arms: Vec<i32> = cases.iter().map(|_| self.new_state()).collect();
        for ((literal, _), &arm) in cases.iter().zip(&arms) {
            let kept = self.temp_of(base, val);
            self.literal_test(kept, literal);
            self.code.release(kept);
            self.goto_if(arm);
        }
        self.flow(default, dest);
        self.goto(join);
        for ((_, body), &arm) in cases.iter().zip(&arms) {
            self.arm(arm, body, dest, join);
        }
        self.begin(join);
    }

    fn flow_labelled(&mut self, label: LabelId, body: &Expr, dest: Dest<'_>) {
        let done = self.new_state();
        let target = Target::State { done, next: None, depth: self.depth(), result: dest.base };
        self.targets.push((label, target));
        self.flow(body, dest);
        self.targets.pop();
        self.goto(done);
        self.begin(done);
    }

    fn flow_loop(&mut self, label: LabelId, cond: Option<&Expr>, body: &Expr) {
        let (head, done) = (self.new_state(), self.new_state());
        self.goto(head);
        self.begin(head);
        if let Some(cond) = cond {
            self.operand(cond);
            self.code.op(Ins::I32Eqz);
            self.goto_if(done);
        }
        self.flow_body(label, body, (head, done));
    }

    fn flow_for(&mut self, label: LabelId, iter: &ForIter, body: &Expr) {
        let mut iter = iter.clone();
        match &mut iter {
            ForIter::Range { start, end, .. } => {
                if self.suspends(start) || self.suspends(end) {
                    self.hoist_into_local(start);
                    self.hoist_into_local(end);
                }
            }
            ForIter::Items { list: subject, .. } | ForIter::Entries { map: subject, .. } => {
                if self.suspends(subject) {
                    self.hoist_into_local(subject);
                }
            }
        }
        let walk = self.start_walk(&iter);
        let (head, done) = (self.new_state(), self.new_state());
        self.goto(head);
        self.begin(head);
        self.has_next(&walk);
        self.code.op(Ins::I32Eqz);
        self.goto_if(done);
        self.bind_next(&walk);
        self.flow_body(label, body, (head, done));
    }

    fn flow_body(&mut self, label: LabelId, body: &Expr, (head, done): (i32, i32)) {
        let target = Target::State { done, next: Some(head), depth: self.depth(), result: None };
        self.targets.push((label, target));
        self.flow(body, NOWHERE);
        self.targets.pop();
        self.goto(head);
        self.begin(done);
    }

    fn flow_try(
        &mut self,
        body: &Expr,
        (error, handler): (Option<LocalId>, Option<&Expr>),
        finally: Option<&Expr>,
        dest: Dest<'_>,
    ) {
        let failed = finally.map(|finally| {
            let state = self.new_state();
            self.push_handler(Handler { state, finally: Some(finally.clone()) });
            state
        });
        match handler {
            Some(handler) => self.flow_catch(body, (error, handler), dest),
            None => self.flow(body, dest),
        }
        let (Some(failed), Some(finally)) = (failed, finally) else { return };
        let after = self.new_state();
        self.pop_handler();
        self.flow(finally, NOWHERE);
        self.goto(after);
        self.begin(failed);
        self.set_handler();
        let kept = self.place(Val::Ext);
        self.push_error();
        self.store(kept, Val::Ext);
        self.flow(finally, NOWHERE);
        self.load(kept);
        self.glue("rethrow", &[Val::Ext], &[]);
        self.unreachable();
        self.begin(after);
    }

    fn flow_catch(&mut self, body: &Expr, (error, handler): (Option<LocalId>, &Expr), dest: Dest<'_>) {
        let (state, after) = (self.new_state(), self.new_state());
        self.push_handler(Handler { state, finally: None });
        self.flow(body, dest);
        self.pop_handler();
        self.goto(after);
        self.begin(state);
        self.set_handler();
        if let Some(error) = error {
            self.push_error();
            crate::fault::record_of(self.cx, &mut self.code);
            self.init_local(error);
        }
        self.flow(handler, dest);
        self.goto(after);
        self.begin(after);
    }

    fn push_error(&mut self) {
        let base = self.cx.task_type();
        self.this_task();
        self.code.struct_get(base, field::ERROR);
    }
}
