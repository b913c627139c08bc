//! The reactive core: signals, memos, effects and owners, as functions of the module.
//!
//! # Who does what
//!
//! [`crate::view`] runs first, over the intermediate program: it turns every `View` and `Effect` and every component into plain
//! expressions (closures, lets, intrinsics named `view.…` and `reactive.…`). The lowering of expressions never meets a view. It does meet
//! reactive variables, which it keeps like this (`T` is the type of the variable's value, `V` its representation):
//!
//! | kind | kept as | its `Let` | a read | an update |
//! |---|---|---|---|---|
//! | `Signal`, `Item` | `Ref(signal_type(T))` | value, then call `new_signal(T)`: `(V) -> ref` | call `read_signal(T)`: `(ref) -> V` | new whole value, then call `write_signal(T)`: `(ref, V)` |
//! | `Memo` | `Ref(memo_type(T))` | the view pass made the value a closure `fn() -> T`; then call `new_memo(T)`: `(closure) -> ref` | call `read_memo(T)` | never |
//! | `Prop` | a closure value `fn() -> T` | is a parameter | a call of the closure | never |
//!
//! * Globals alike: `Signal` runs its `init` and makes a signal; `Memo` makes a memo of `init` as a closure without captures.
//! * Closures capture the cell, never the value. The old value for a partial update (`user.name = x`) is read by `peek_signal(T)`: not
//!   tracked, and never updated in place (the write compares old and new).
//! * A parameter of a closure is passed as its kind is kept: the closure of a list's row has `Item` parameters, which are cells.
//! * Intrinsics `view.*`, `reactive.*` and those of the client's platform are emitted by [`crate::view`].
//! * After a suspension nothing is tracked: the code that resumes a task runs inside `enter(owner)` … `leave()`, in `prelude/reactive.core`.
//! * A call from the host (listener, timer, message, resume) is a batch: effects run when it ends.
//!
//! The structural equality `(V, V) -> i32` of a type comes from the lowering of types; it decides whether a write notifies.

use std::collections::HashMap;
use std::rc::Rc;

use tova_ir::{ExprKind, Program, Type};

use crate::asm::{Code, Field, FuncId, GlobalId, Ins, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::equality;
use crate::prelude::Prelude;

/// The texts of the core, in the order in which they build on each other.
pub(crate) const TEXTS: [&str; 3] =
    [include_str!("prelude/reactive.core"), include_str!("prelude/view.core"), include_str!("prelude/list.core")];

/// The flag of a memo that has a value; see `prelude/reactive.core`.
const HAS_VALUE: i32 = 64;

/// The core of one module and the types that were made for it.
#[derive(Default)]
pub(crate) struct State {
    core: Option<Rc<Prelude>>,
    signals: HashMap<Val, TypeId>,
    memos: HashMap<(Val, TypeId), TypeId>,
    /// Kinds of keyed lists, by name.
    pub(crate) lists: HashMap<ecow::EcoString, TypeId>,
}

/// The core's functions and types, declared at the first use.
pub(crate) fn core(cx: &mut Emit<'_>) -> Rc<Prelude> {
    if let Some(core) = &cx.reactive.core {
        return Rc::clone(core);
    }
    let mut core = Prelude::default();
    for (name, result) in [("Thunk", None), ("Maker", Some(Val::Ext))] {
        let types = cx.closure_shape(Vec::new(), result);
        core.bind_closure(name, (types.base, types.code), result);
    }
    let cyclic = cx.helper("cyclic", Key::One, (&[], &[]), |cx, c| {
        cx.text(c, "a computed value depends on itself");
        if cx.mode == crate::Mode::Dev {
            c.i32(-1);
        }
        let raise = crate::fault::raise_func(cx);
        c.call(raise);
        c.op(Ins::Unreachable);
    });
    core.bind_func("cyclic", cyclic, None);
    let endless = cx.module.glue("endless", &[Val::I32], &[]);
    core.bind_func("endless", endless, None);
    for text in TEXTS {
        core.load(&mut cx.module, text).expect("the texts of the core are well formed");
    }
    let core = Rc::new(core);
    cx.reactive.core = Some(Rc::clone(&core));
    core
}

/// Whether a page's program asks for something to happen when its owner ends.
pub(crate) fn has_cleanups(program: &Program) -> bool {
    let mut found = false;
    for function in program.functions.iter().filter(|_| program.client.is_some()) {
        crate::expr::each(&function.body, &mut |expr| {
            found |= matches!(&expr.kind, ExprKind::Intrinsic { name, .. } if name == "reactive.on_cleanup");
        });
    }
    found
}

/// A function of the core.
pub(crate) fn func(cx: &mut Emit<'_>, name: &str) -> FuncId {
    core(cx).func(name)
}

/// A global of the core.
pub(crate) fn global(cx: &mut Emit<'_>, name: &str) -> GlobalId {
    core(cx).global(name)
}

/// The type of signals and items whose value is a `ty`.
pub(crate) fn signal_type(cx: &mut Emit<'_>, ty: &Type) -> TypeId {
    let val = cx.stored(ty);
    if let Some(&id) = cx.reactive.signals.get(&val) {
        return id;
    }
    let core = core(cx);
    let mut fields = core.inherited("Source");
    fields.push(Field::mutable(val));
    let id = cx.module.struct_type("Signal", Some(core.ty("Source")), fields);
    cx.reactive.signals.insert(val, id);
    id
}

/// Position of a signal's value.
pub(crate) fn signal_value(core: &Prelude) -> u32 {
    crate::asm::index(core.inherited("Source").len())
}

/// `(value) -> signal`
pub(crate) fn new_signal(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let (val, signal) = (cx.stored(ty), signal_type(cx, ty));
    cx.helper("new_signal", Key::Elem(val), (&[val], &[Val::Ref(signal)]), |cx, c| {
        let core = core(cx);
        let link = Val::Ref(core.ty("Link"));
        c.null(link);
        c.null(link);
        c.i32(0);
        c.get(0);
        c.struct_new(signal);
    })
}

/// `(signal) -> value`, tracked.
pub(crate) fn read_signal(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let (val, signal) = (cx.stored(ty), signal_type(cx, ty));
    cx.helper("read_signal", Key::Elem(val), (&[Val::Ref(signal)], &[val]), |cx, c| {
        let core = core(cx);
        c.get(0);
        c.call(core.func("track"));
        c.get(0);
        c.struct_get(signal, signal_value(&core));
    })
}

/// `(signal) -> value`, not tracked.
pub(crate) fn peek_signal(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let (val, signal) = (cx.stored(ty), signal_type(cx, ty));
    cx.helper("peek_signal", Key::Elem(val), (&[Val::Ref(signal)], &[val]), |cx, c| {
        let core = core(cx);
        c.get(0);
        c.struct_get(signal, signal_value(&core));
    })
}

/// `(signal, value)`: notifies unless the value is equal to the present one.
pub(crate) fn write_signal(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let (val, signal) = (cx.stored(ty), signal_type(cx, ty));
    cx.helper("write_signal", Key::Type(ty.clone()), (&[Val::Ref(signal), val], &[]), |cx, c| {
        let core = core(cx);
        let at = signal_value(&core);
        c.get(0);
        c.struct_get(signal, at);
        c.get(1);
        same_value(cx, c, ty);
        c.if_(None);
        c.op(Ins::Return);
        c.end();
        c.get(0);
        c.get(1);
        c.struct_set(signal, at);
        c.get(0);
        c.i32(1);
        c.call(core.func("mark"));
    })
}

/// `(signal of a list, index, element, span)`: gives one element another value, and compares no other.
pub(crate) fn write_element(cx: &mut Emit<'_>, item: &Type) -> FuncId {
    let (list, val) = (Type::List(item.clone().into()), cx.stored(item));
    let (signal, elem) = (signal_type(cx, &list), cx.elem(item));
    let params = cx.with_span(&[Val::Ref(signal), Val::I64, val]);
    cx.helper("write_element", Key::Type(item.clone()), (&params, &[]), |cx, c| {
        let core = core(cx);
        let value = signal_value(&core);
        let (get, set) = (crate::list::get(cx, elem), crate::list::set(cx, elem));
        c.get(0);
        c.struct_get(signal, value);
        c.get(1);
        cx.pass_span(c, 3);
        c.call(get);
        if let Val::Ref(ty) = val {
            c.cast(ty);
        }
        c.get(2);
        same_value(cx, c, item);
        c.if_(None);
        c.op(Ins::Return);
        c.end();
        c.get(0);
        c.get(0);
        c.struct_get(signal, value);
        c.get(1);
        c.get(2);
        c.i32(0);
        cx.pass_span(c, 3);
        c.call(set);
        c.struct_set(signal, value);
        c.get(0);
        c.i32(1);
        c.call(core.func("mark"));
    })
}

/// Compares the two values on the stack as they are stored. Unlike for the program's `==`, a NaN is the same as itself.
fn same_value(cx: &mut Emit<'_>, c: &mut Code, ty: &Type) {
    if *ty == Type::Float {
        let temp = c.temp(Val::I64);
        c.op(Ins::I64ReinterpretF64);
        c.set(temp);
        c.op(Ins::I64ReinterpretF64);
        c.get(temp);
        c.op(Ins::I64Eq);
        c.release(temp);
    } else if cx.val(ty).is_none() {
        c.op(Ins::I32Eq);
    } else {
        equality::push(cx, c, ty);
    }
}

/// The type of memos whose value is a `ty`.
pub(crate) fn memo_type(cx: &mut Emit<'_>, ty: &Type) -> TypeId {
    let (val, body) = (cx.stored(ty), cx.prop_type(ty).base);
    if let Some(&id) = cx.reactive.memos.get(&(val, body)) {
        return id;
    }
    let core = core(cx);
    let mut fields = core.inherited("Memo");
    fields.extend([Field::mutable(Val::Ref(body)), Field::mutable(val)]);
    let id = cx.module.struct_type("Memo", Some(core.ty("Memo")), fields);
    cx.reactive.memos.insert((val, body), id);
    id
}

/// Positions of a memo's closure and its value.
fn memo_fields(core: &Prelude) -> (u32, u32) {
    let first = crate::asm::index(core.inherited("Memo").len());
    (first, first + 1)
}

/// `(closure) -> memo`
pub(crate) fn new_memo(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let memo = memo_type(cx, ty);
    let body = cx.prop_type(ty).base;
    let step = memo_step(cx, ty);
    cx.helper("new_memo", Key::Type(ty.clone()), (&[Val::Ref(body)], &[Val::Ref(memo)]), |cx, c| {
        let core = core(cx);
        let made = c.local(Val::Ref(memo));
        c.op(Ins::StructNewDefault(memo.raw()));
        c.set(made);
        c.get(made);
        c.get(0);
        c.struct_set(memo, memo_fields(&core).0);
        c.get(made);
        c.ref_func(step);
        c.call(core.func("init_memo"));
        c.get(made);
    })
}

/// `(memo) -> value`, up to date and tracked.
pub(crate) fn read_memo(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let (val, memo) = (cx.stored(ty), memo_type(cx, ty));
    cx.helper("read_memo", Key::Type(ty.clone()), (&[Val::Ref(memo)], &[val]), |cx, c| {
        let core = core(cx);
        c.get(0);
        c.call(core.func("visit"));
        c.get(0);
        c.struct_get(memo, memo_fields(&core).1);
    })
}

/// Computes a memo's value anew.
fn memo_step(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let comp = Val::Ref(core(cx).ty("Comp"));
    let (memo, body, val) = (memo_type(cx, ty), cx.prop_type(ty), cx.stored(ty));
    cx.helper("memo_step", Key::Type(ty.clone()), (&[comp], &[]), |cx, c| {
        let core = core(cx);
        let (body_at, value_at) = memo_fields(&core);
        let (flags, running) = (core.field("Memo", "flags"), core.field("Memo", "running"));
        let (before, run) = (c.local(comp), c.local(Val::I32));
        let (it, value) = (c.local(Val::Ref(memo)), c.local(val));
        c.get(0);
        c.cast(memo);
        c.set(it);
        c.global_get(core.global("current"));
        c.set(before);
        c.global_get(core.global("run"));
        c.set(run);
        c.get(0);
        c.call(core.func("start"));
        c.get(it);
        c.global_get(core.global("epoch"));
        c.i32(1);
        c.op(Ins::I32Add);
        c.struct_set(memo, running);
        c.get(it);
        c.struct_get(memo, body_at);
        c.get(it);
        c.struct_get(memo, body_at);
        c.struct_get(body.base, 0);
        c.call_ref(body.code);
        if cx.val(ty).is_none() {
            c.i32(0);
        }
        c.set(value);
        c.get(it);
        c.i32(0);
        c.struct_set(memo, running);
        c.get(0);
        c.get(before);
        c.get(run);
        c.call(core.func("finish"));
        c.get(it);
        c.struct_get(memo, flags);
        c.i32(HAS_VALUE);
        c.op(Ins::I32And);
        c.if_(None);
        c.get(it);
        c.struct_get(memo, value_at);
        c.get(value);
        same_value(cx, c, ty);
        c.if_(None);
        c.op(Ins::Return);
        c.end();
        c.end();
        c.get(it);
        c.get(it);
        c.struct_get(memo, flags);
        c.i32(HAS_VALUE);
        c.op(Ins::I32Or);
        c.struct_set(memo, flags);
        c.get(it);
        c.get(value);
        c.struct_set(memo, value_at);
        c.get(it);
        c.call(core.func("ripple"));
    })
}
