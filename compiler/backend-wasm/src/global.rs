//! Variables outside of functions.

use std::rc::Rc;

use tova_ir::{GlobalId, GlobalKind, Type};

use crate::asm::{self, Ins, Val};
use crate::emit::Emit;
use crate::lower::Lower;
use crate::reactive;

/// Where a global is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// The value, signal or memo.
    pub(crate) value: asm::GlobalId,
    /// Whether the value belongs to the variable alone.
    pub(crate) owned: asm::GlobalId,
}

/// The place of a global, made at its first use.
pub(crate) fn slot(cx: &mut Emit<'_>, id: GlobalId) -> Slot {
    if let Some(&slot) = cx.globals.get(&id) {
        return slot;
    }
    let decl = &cx.program.globals[id.0 as usize];
    let val = match decl.kind {
        GlobalKind::Const | GlobalKind::Mut => cx.stored(&decl.ty),
        GlobalKind::Signal => Val::Ref(reactive::signal_type(cx, &decl.ty)),
        GlobalKind::Memo => Val::Ref(reactive::memo_type(cx, &decl.ty)),
    };
    let slot = Slot { value: cx.module.global(&decl.name, val), owned: cx.module.global("owned", Val::I32) };
    cx.globals.insert(id, slot);
    slot
}

/// Pushes the value of a global. Signals and memos are tracked.
pub(crate) fn read(lower: &mut Lower<'_, '_>, id: GlobalId) {
    let decl = &lower.cx.program.globals[id.0 as usize];
    let slot = slot(lower.cx, id);
    lower.code.global_get(slot.value);
    match decl.kind {
        GlobalKind::Const | GlobalKind::Mut => {}
        GlobalKind::Signal => {
            let read = reactive::read_signal(lower.cx, &decl.ty);
            lower.code.call(read);
        }
        GlobalKind::Memo => {
            let read = reactive::read_memo(lower.cx, &decl.ty);
            lower.code.call(read);
        }
    }
    drop_unit(lower, &decl.ty);
}

/// Pushes the value of a global, untracked.
pub(crate) fn peek(lower: &mut Lower<'_, '_>, id: GlobalId) {
    let decl = &lower.cx.program.globals[id.0 as usize];
    if decl.kind != GlobalKind::Signal {
        return read(lower, id);
    }
    let slot = slot(lower.cx, id);
    lower.code.global_get(slot.value);
    let peek = reactive::peek_signal(lower.cx, &decl.ty);
    lower.code.call(peek);
    drop_unit(lower, &decl.ty);
}

fn drop_unit(lower: &mut Lower<'_, '_>, ty: &Type) {
    if lower.cx.val(ty).is_none() {
        lower.code.op(Ins::Drop);
    }
}

/// Gives a global the value on the stack.
pub(crate) fn write(lower: &mut Lower<'_, '_>, id: GlobalId) {
    let decl = &lower.cx.program.globals[id.0 as usize];
    let slot = slot(lower.cx, id);
    if lower.cx.val(&decl.ty).is_none() {
        lower.code.i32(0);
    }
    if decl.kind == GlobalKind::Signal {
        let val = lower.cx.stored(&decl.ty);
        let temp = lower.code.temp(val);
        lower.code.set(temp);
        lower.code.global_get(slot.value);
        lower.code.get(temp);
        lower.code.release(temp);
        let write = reactive::write_signal(lower.cx, &decl.ty);
        lower.code.call(write);
    } else {
        lower.code.global_set(slot.value);
    }
}

/// Computes a global's first value.
pub(crate) fn init(lower: &mut Lower<'_, '_>, id: GlobalId) {
    let decl = &lower.cx.program.globals[id.0 as usize];
    let slot = slot(lower.cx, id);
    if is_async_init(lower.cx, id) {
        // Outside of a task nothing can wait for it: the value comes when it is there.
        let func = lower.cx.function(decl.init);
        lower.code.call(func);
        let start = crate::task::start(lower.cx);
        return lower.code.call(start);
    }
    if decl.kind == GlobalKind::Memo {
        let compute = lower.cx.fn_value(decl.init, false);
        lower.code.global_get(compute);
        let new = reactive::new_memo(lower.cx, &decl.ty);
        lower.code.call(new);
    } else {
        let init = lower.cx.function(decl.init);
        lower.code.call(init);
        return first_value(lower, id);
    }
    lower.code.global_set(slot.value);
}

/// Whether computing the first value may suspend.
pub(crate) fn is_async_init(cx: &Emit<'_>, id: GlobalId) -> bool {
    let decl = &cx.program.globals[id.0 as usize];
    decl.kind != GlobalKind::Memo && cx.program_function(decl.init).effects.is_async
}

/// Gives a global its first value, which is on the stack (nothing for unit).
pub(crate) fn first_value(lower: &mut Lower<'_, '_>, id: GlobalId) {
    let decl = &lower.cx.program.globals[id.0 as usize];
    let slot = slot(lower.cx, id);
    if lower.cx.val(&decl.ty).is_none() {
        lower.code.i32(0);
    }
    if decl.kind == GlobalKind::Signal {
        let new = reactive::new_signal(lower.cx, &decl.ty);
        lower.code.call(new);
    }
    lower.code.global_set(slot.value);
}

/// A function of the module that computes the globals and then runs `start`.
pub(crate) fn main(cx: &mut Emit<'_>, globals: &[GlobalId], start: impl FnOnce(&mut Lower<'_, '_>)) -> asm::FuncId {
    let ty = cx.module.func_type(&[], &[]);
    let func = cx.module.declare_func("main", ty);
    let mut lower = Lower::new(cx, &[], Rc::from([]));
    for &id in globals {
        init(&mut lower, id);
    }
    start(&mut lower);
    let code = std::mem::take(&mut lower.code);
    cx.module.define_func(func, code);
    func
}
