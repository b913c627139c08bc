//! Functions that may suspend. A call makes a task, a struct that keeps the function's locals, and runs it up to its first wait; the
//! code is split at the waits into numbered states ([`crate::flow`]).
//!
//! A task ends with a value or an error and then goes on with the task that waits for it. Each step runs inside the glue's
//! `run_task`, which catches what is thrown and hands it to the task: to the state of its handler, or as its outcome. A wait for
//! the host (a timer, a call of a server) is a task without code; the host ends it by `resume` or `fail`.

use tova_ir::{Expr, Type};

use crate::asm::{Code, Field, FuncId, GlobalId, Ins, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::function::Source;
use crate::lower::{Exit, Lower};
use crate::reactive;

/// Fields of a task.
pub(crate) mod field {
    /// The code of a step; null for a wait for the host.
    pub(crate) const STEP: u32 = 0;
    /// The state that the next step begins with.
    pub(crate) const STATE: u32 = 1;
    /// The state that goes on after an error, 0 if there is none.
    pub(crate) const HANDLER: u32 = 2;
    /// See the constants of [`super::done`].
    pub(crate) const DONE: u32 = 3;
    /// Who waits for this task.
    pub(crate) const PARENT: u32 = 4;
    /// What went wrong.
    pub(crate) const ERROR: u32 = 5;
    /// The task that this one waits for.
    pub(crate) const WAITS: u32 = 6;
    /// Whether nobody will wait: an error is reported.
    pub(crate) const DETACHED: u32 = 7;
    /// What the host calls off.
    pub(crate) const HANDLE: u32 = 8;
    /// What owns the things that the task makes after its waits.
    pub(crate) const OWNER: u32 = 9;
    /// The value of a task that gives one.
    pub(crate) const VALUE: u32 = 10;
}

/// How far a task is; 0 while it runs.
mod done {
    pub(super) const VALUE: i32 = 1;
    pub(super) const ERROR: i32 = 2;
    pub(super) const CANCELLED: i32 = 3;
}

impl Emit<'_> {
    /// The supertype of all tasks.
    pub(crate) fn task_type(&mut self) -> TypeId {
        if let Some(&id) = self.types.named.get("Task") {
            return id;
        }
        let id = self.module.declare_struct("Task", None);
        self.types.named.insert("Task", id);
        let step = self.module.func_type(&[Val::Ref(id)], &[]);
        self.module.define_struct(
            id,
            vec![
                Field::mutable(Val::Ref(step)),
                Field::mutable(Val::I32),
                Field::mutable(Val::I32),
                Field::mutable(Val::I32),
                Field::mutable(Val::Ref(id)),
                Field::mutable(Val::Ext),
                Field::mutable(Val::Ref(id)),
                Field::mutable(Val::I32),
                Field::mutable(Val::Ext),
                Field::mutable(Val::Eq),
            ],
        );
        id
    }

    /// The type of the code of a step.
    pub(crate) fn step_type(&mut self) -> TypeId {
        let task = self.task_type();
        self.module.func_type(&[Val::Ref(task)], &[])
    }

    /// The supertype of tasks that give a value of a type.
    pub(crate) fn task_of(&mut self, ret: &Type) -> TypeId {
        let base = self.task_type();
        let Some(val) = self.val(ret) else { return base };
        let kept = match val {
            Val::I32 | Val::I64 | Val::F64 | Val::Ext => val,
            _ => Val::Any,
        };
        self.task_with(kept)
    }

    /// The supertype of tasks with a value of this kind.
    pub(crate) fn task_with(&mut self, kept: Val) -> TypeId {
        if let Some(&id) = self.types.tasks.get(&kept) {
            return id;
        }
        let base = self.task_type();
        let mut fields = self.module.fields(base).to_vec();
        fields.push(Field::mutable(kept));
        let id = self.module.struct_type("TaskOf", Some(base), fields);
        // Subtypes come later: the type must stay open.
        self.module.open_type(id);
        self.types.tasks.insert(kept, id);
        id
    }
}

/// The code of a function or closure that may suspend: makes the task and runs its first step.
pub(crate) fn code_of(cx: &mut Emit<'_>, source: &Source<'_>) -> Code {
    let supertype = cx.task_of(source.ret);
    let base = cx.task_type();
    let step_ty = cx.step_type();
    let step = cx.module.declare_func(&format!("{} step", source.name), step_ty);
    let mut lower = Lower::new(cx, &source.vals, source.locals.clone());
    let frame = crate::function::open_frame(&mut lower, Some(supertype));
    lower.code.get(frame.local);
    lower.code.ref_func(step);
    lower.code.struct_set(base, field::STEP);
    if lower.cx.has_cleanups {
        let owner = reactive::global(lower.cx, "owner");
        lower.code.get(frame.local);
        lower.code.global_get(owner);
        lower.code.struct_set(base, field::OWNER);
    }
    crate::function::place_params(&mut lower, source);
    crate::function::prepare_owned(&mut lower, source.body);
    lower.code.get(frame.local);
    let run = run(lower.cx);
    lower.code.call(run);
    lower.code.get(frame.local);
    let entry = std::mem::take(&mut lower.code);
    let (slots, owned) = (std::mem::take(&mut lower.slots), std::mem::take(&mut lower.owned));

    let mut lower = Lower::new(cx, &[Val::Ref(base)], source.locals.clone());
    let local = lower.code.local(Val::Ref(frame.ty));
    (lower.slots, lower.owned) = (slots, owned);
    lower.frame = Some(crate::lower::Frame { local, ..frame.clone() });
    lower.exit = Exit::Task;
    let code = crate::flow::step(&mut lower, source.body, source.ret);
    cx.module.define_func(step, code);
    crate::function::close_frame(cx, &frame);
    entry
}

impl Lower<'_, '_> {
    /// Pushes the task that this code is the step of.
    pub(crate) fn this_task(&mut self) {
        if let Some(frame) = &self.frame {
            let local = frame.local;
            self.code.get(local);
        }
    }

    /// Sets a field of this task to a number.
    pub(crate) fn set_task(&mut self, field: u32, value: i32) {
        let base = self.cx.task_type();
        self.this_task();
        self.code.i32(value);
        self.code.struct_set(base, field);
    }

    /// Keeps the value on the stack (nothing for unit) as this task's value.
    pub(crate) fn keep_result(&mut self, ret: &Type) {
        let Some(val) = self.cx.val(ret) else { return };
        let ty = self.cx.task_of(ret);
        let temp = self.code.temp(val);
        self.code.set(temp);
        self.this_task();
        self.code.get(temp);
        self.code.struct_set(ty, field::VALUE);
        self.code.release(temp);
    }

    /// Ends this task with its value.
    pub(crate) fn finish(&mut self) {
        let settle = settle(self.cx);
        self.this_task();
        self.code.i32(done::VALUE);
        self.code.call(settle);
        self.code.op(Ins::Return);
    }

    /// Begins to wait for the task on the stack: returns unless it is done. The step goes on with `state` either way.
    pub(crate) fn suspend(&mut self, state: i32) {
        let base = self.cx.task_type();
        let child = self.code.temp(Val::Ref(base));
        self.code.set(child);
        self.this_task();
        self.code.get(child);
        self.code.struct_set(base, field::WAITS);
        self.set_task(field::STATE, state);
        self.code.get(child);
        self.code.struct_get(base, field::DONE);
        self.code.op(Ins::I32Eqz);
        self.code.if_(None);
        self.code.get(child);
        self.this_task();
        self.code.struct_set(base, field::PARENT);
        self.code.op(Ins::Return);
        self.code.end();
        self.code.release(child);
    }

    /// After the wait: pushes the value of the task that was waited for, throws its error.
    pub(crate) fn awaited(&mut self, call: &Expr, ty: &Type) {
        let base = self.cx.task_type();
        let outcome = outcome(self.cx);
        self.this_task();
        self.code.struct_get(base, field::WAITS);
        self.code.call(outcome);
        if crate::rpc::is_rpc(call) {
            let host = self.cx.task_with(Val::Ext);
            self.code.cast(host);
            self.code.struct_get(host, field::VALUE);
            return crate::json::decode(self.cx, &mut self.code, ty);
        }
        let Some(val) = self.cx.val(ty) else { return self.code.op(Ins::Drop) };
        let of = self.cx.task_of(ty);
        self.code.cast(of);
        self.code.struct_get(of, field::VALUE);
        if let Val::Ref(ty) = val {
            self.code.cast(ty);
        }
    }
}

/// `(task) -> task`: throws the error of a task that failed.
fn outcome(cx: &mut Emit<'_>) -> FuncId {
    let task = cx.task_type();
    cx.helper("outcome", Key::One, (&[Val::Ref(task)], &[Val::Ref(task)]), |cx, c| {
        let rethrow = cx.module.glue("rethrow", &[Val::Ext], &[]);
        c.get(0);
        c.struct_get(task, field::DONE);
        c.i32(done::ERROR);
        c.op(Ins::I32Eq);
        c.if_(None);
        c.get(0);
        c.struct_get(task, field::ERROR);
        c.call(rethrow);
        c.end();
        c.get(0);
    })
}

/// `(task)`: runs a step. What it throws comes back through the exports that this makes.
pub(crate) fn run(cx: &mut Emit<'_>) -> FuncId {
    let task = cx.task_type();
    let func = cx.helper("run", Key::One, (&[Val::Ref(task)], &[]), |cx, c| {
        let run = cx.module.glue("run_task", &[Val::Any], &[]);
        c.get(0);
        c.call(run);
    });
    let step_ty = cx.step_type();
    let step = cx.helper("step", Key::One, (&[Val::Any], &[]), |cx, c| {
        let this = c.local(Val::Ref(task));
        let before = cx.has_cleanups.then(|| own(cx, c, task));
        c.get(0);
        c.cast(task);
        c.tee(this);
        c.get(this);
        c.struct_get(task, field::STEP);
        c.call_ref(step_ty);
        if let Some((owner, before)) = before {
            c.get(before);
            c.global_set(owner);
        }
    });
    let caught = caught(cx, func);
    cx.module.export("step", step);
    cx.module.export("caught", caught);
    func
}

/// Makes the owner of the task in local 0 the present one; the global, and the local with what was there before.
fn own(cx: &mut Emit<'_>, c: &mut Code, task: TypeId) -> (GlobalId, u32) {
    let (owner, comp) = (reactive::global(cx, "owner"), reactive::core(cx).ty("Comp"));
    let before = c.local(Val::Ref(comp));
    c.global_get(owner);
    c.set(before);
    c.get(0);
    c.cast(task);
    c.struct_get(task, field::OWNER);
    c.cast(comp);
    c.global_set(owner);
    (owner, before)
}

/// `(task, error)`: what a step threw goes to the handler, or ends the task.
fn caught(cx: &mut Emit<'_>, run: FuncId) -> FuncId {
    let task = cx.task_type();
    cx.helper("caught", Key::One, (&[Val::Any, Val::Ext], &[]), |cx, c| {
        let settle = settle_with(cx, run);
        let this = c.local(Val::Ref(task));
        c.get(0);
        c.cast(task);
        c.tee(this);
        c.get(1);
        c.struct_set(task, field::ERROR);
        c.get(this);
        c.struct_get(task, field::HANDLER);
        c.if_(None);
        c.get(this);
        c.get(this);
        c.struct_get(task, field::HANDLER);
        c.struct_set(task, field::STATE);
        c.get(this);
        c.call(run);
        c.else_();
        c.get(this);
        c.i32(done::ERROR);
        c.call(settle);
        c.end();
    })
}

/// `(task, done)`: ends a task that is running and goes on with the one that waits for it.
fn settle(cx: &mut Emit<'_>) -> FuncId {
    let run = run(cx);
    settle_with(cx, run)
}

fn settle_with(cx: &mut Emit<'_>, run: FuncId) -> FuncId {
    let task = cx.task_type();
    cx.helper("settle", Key::One, (&[Val::Ref(task), Val::I32], &[]), |cx, c| {
        let report = cx.module.glue("report_error", &[Val::Ext], &[]);
        let parent = c.local(Val::Ref(task));
        c.get(0);
        c.struct_get(task, field::DONE);
        c.if_(None);
        c.op(Ins::Return);
        c.end();
        c.get(0);
        c.get(1);
        c.struct_set(task, field::DONE);
        c.get(0);
        c.struct_get(task, field::PARENT);
        c.tee(parent);
        c.is_null();
        c.if_(None);
        c.get(1);
        c.i32(done::ERROR);
        c.op(Ins::I32Eq);
        c.get(0);
        c.struct_get(task, field::DETACHED);
        c.op(Ins::I32And);
        c.if_(None);
        c.get(0);
        c.struct_get(task, field::ERROR);
        c.call(report);
        c.end();
        c.else_();
        c.get(parent);
        c.struct_get(task, field::DONE);
        c.op(Ins::I32Eqz);
        c.if_(None);
        c.get(parent);
        c.call(run);
        c.end();
        c.end();
    })
}

/// `(task)`: nobody will wait for the task; its error is reported.
pub(crate) fn start(cx: &mut Emit<'_>) -> FuncId {
    let task = cx.task_type();
    cx.helper("detach", Key::One, (&[Val::Ref(task)], &[]), |cx, c| {
        let report = cx.module.glue("report_error", &[Val::Ext], &[]);
        c.get(0);
        c.i32(1);
        c.struct_set(task, field::DETACHED);
        c.get(0);
        c.struct_get(task, field::DONE);
        c.i32(done::ERROR);
        c.op(Ins::I32Eq);
        c.if_(None);
        c.get(0);
        c.struct_get(task, field::ERROR);
        c.call(report);
        c.end();
    })
}

/// `(task)`: the task and what it waits for never go on; the host's wait is called off.
pub(crate) fn cancel(cx: &mut Emit<'_>) -> FuncId {
    let task = cx.task_type();
    cx.helper("cancel_task", Key::One, (&[Val::Ref(task)], &[]), |cx, c| {
        let call_off = cx.module.glue("call_off", &[Val::Ext], &[]);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(0);
        c.is_null();
        c.br_if(done);
        c.get(0);
        c.struct_get(task, field::DONE);
        c.br_if(done);
        c.get(0);
        c.i32(done::CANCELLED);
        c.struct_set(task, field::DONE);
        c.get(0);
        c.struct_get(task, field::HANDLE);
        c.is_null();
        c.op(Ins::I32Eqz);
        c.if_(None);
        c.get(0);
        c.struct_get(task, field::HANDLE);
        c.call(call_off);
        c.end();
        c.get(0);
        c.struct_get(task, field::WAITS);
        c.set(0);
        c.br(next);
        c.end();
        c.end();
    })
}

/// Pushes a new wait for the host, kept in a local; the host's handle is stored by [`host_started`].
pub(crate) fn host_task(lower: &mut Lower<'_, '_>) -> u32 {
    host_exports(lower.cx);
    let ty = lower.cx.task_with(Val::Ext);
    let local = lower.code.local(Val::Ref(ty));
    lower.code.op(Ins::StructNewDefault(ty.raw()));
    lower.code.set(local);
    local
}

/// Keeps the handle on the stack in the wait, and leaves the wait on the stack.
pub(crate) fn host_started(lower: &mut Lower<'_, '_>, local: u32) {
    let base = lower.cx.task_type();
    let handle = lower.code.temp(Val::Ext);
    lower.code.set(handle);
    lower.code.get(local);
    lower.code.get(handle);
    lower.code.struct_set(base, field::HANDLE);
    lower.code.get(local);
    lower.code.release(handle);
}

/// The milliseconds on the stack become a wait.
pub(crate) fn sleep(lower: &mut Lower<'_, '_>) {
    let local = host_task(lower);
    lower.code.get(local);
    lower.glue("sleep", &[Val::F64, Val::Any], &[Val::Ext]);
    host_started(lower, local);
}

/// The exports by which the host ends a wait: `resume(task, value)`, `fail(task, message, code, status)`.
fn host_exports(cx: &mut Emit<'_>) {
    if cx.types.named.contains_key("host exports") {
        return;
    }
    let base = cx.task_type();
    cx.types.named.insert("host exports", base);
    let host = cx.task_with(Val::Ext);
    export(cx, "resume", &[Val::Any, Val::Ext], |cx, c| {
        let settle = settle(cx);
        let this = c.local(Val::Ref(host));
        c.get(0);
        c.cast(host);
        c.tee(this);
        c.get(1);
        c.struct_set(host, field::VALUE);
        c.get(this);
        c.i32(done::VALUE);
        c.call(settle);
    });
    export(cx, "fail", &[Val::Any, Val::Ext, Val::Ext, Val::F64], |cx, c| {
        let settle = settle(cx);
        let error = cx.module.glue("new_error", &[Val::Ext, Val::Ext, Val::F64], &[Val::Ext]);
        let this = c.local(Val::Ref(host));
        c.get(0);
        c.cast(host);
        c.tee(this);
        (1..4).for_each(|at| c.get(at));
        c.call(error);
        c.struct_set(host, field::ERROR);
        c.get(this);
        c.i32(done::ERROR);
        c.call(settle);
    });
}

/// Exports what the host calls: in a page as a batch of updates.
fn export(cx: &mut Emit<'_>, name: &'static str, params: &[Val], body: impl FnOnce(&mut Emit<'_>, &mut Code)) {
    if cx.program.client.is_some() {
        return crate::view::batch(cx, name, params, body);
    }
    let func = cx.helper(name, Key::One, (params, &[]), body);
    cx.module.export(name, func);
}

/// Turns the value of a call that did not suspend, on the stack, into a task that is done.
pub(crate) fn wrap_done(cx: &mut Emit<'_>, c: &mut Code, ret: &Type) {
    let base = cx.task_type();
    let of = cx.task_of(ret);
    let task = c.local(Val::Ref(of));
    let value = cx.val(ret).map(|val| {
        let value = c.local(val);
        c.set(value);
        value
    });
    c.op(Ins::StructNewDefault(of.raw()));
    c.tee(task);
    c.i32(done::VALUE);
    c.struct_set(base, field::DONE);
    if let Some(value) = value {
        c.get(task);
        c.get(value);
        c.struct_set(of, field::VALUE);
    }
    c.get(task);
}
