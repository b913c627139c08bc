//! Lists: one set of functions for each kind of element (`i32`, `i64`, `f64`, strings, other references).

mod update;

use tova_ir::Type;

use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;
use crate::fault;
use crate::repr::ListTypes;

pub(crate) use update::{apply, set};

/// Pushes a new list: its array is on the stack, its length in a local.
pub(crate) fn wrap(c: &mut Code, types: ListTypes, len: u32) {
    c.get(len);
    c.null(Val::Ref(types.taken));
    c.struct_new(types.list);
}

/// `(list, index, span) -> element`; out of range is a fault.
pub(crate) fn get(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let params = cx.with_span(&[Val::Ref(types.list), Val::I64]);
    cx.helper("list_get", Key::Elem(elem), (&params, &[elem]), |cx, c| {
        let len = c.local(Val::I32);
        c.get(0);
        c.struct_get(types.list, 1);
        c.set(len);
        checked_index(cx, c, (len, "a list"));
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(1);
        c.op(Ins::I32WrapI64);
        c.array_get(types.array);
    })
}

/// Makes the index in local 1 count from the start; faults if there is no such element. The span is the next parameter after those
/// that `get` or `set` have.
fn checked_index(cx: &mut Emit<'_>, c: &mut Code, (len, what): (u32, &str)) {
    from_end(c, len);
    c.get(1);
    c.get(len);
    c.op(Ins::I64ExtendI32U);
    c.op(Ins::I64GeU);
    c.if_(None);
    let out = out_of_range(cx);
    c.get(1);
    c.get(len);
    c.op(Ins::I64ExtendI32U);
    cx.text(c, what);
    let span = crate::asm::index(c.params_len()).saturating_sub(1);
    cx.pass_span(c, span);
    c.call(out);
    c.end();
}

/// A negative index in local 1 counts from the end.
fn from_end(c: &mut Code, len: u32) {
    c.get(1);
    c.i64(0);
    c.op(Ins::I64LtS);
    c.if_(None);
    c.get(1);
    c.get(len);
    c.op(Ins::I64ExtendI32U);
    c.op(Ins::I64Add);
    c.set(1);
    c.end();
}

/// `(index, length, what, span)`: the fault. A negative index was made to count from the start and is shown as it was.
pub(crate) fn out_of_range(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&[Val::I64, Val::I64, Val::Ext]);
    cx.helper("out_of_range", Key::One, (&params, &[]), |cx, c| {
        let concat = cx.module.js_string("concat");
        let text = crate::display::int_text(cx);
        cx.text(c, "index ");
        c.get(0);
        c.get(1);
        c.i64(0);
        c.get(0);
        c.i64(0);
        c.op(Ins::I64LtS);
        c.op(Ins::Select);
        c.op(Ins::I64Sub);
        c.call(text);
        c.call(concat);
        for part in [" is out of range for ", "", " of length "] {
            if part.is_empty() {
                c.get(2)
            } else {
                cx.text(c, part)
            }
            c.call(concat);
        }
        c.get(1);
        c.call(text);
        c.call(concat);
        cx.pass_span(c, 3);
        let raise = fault::raise_func(cx);
        c.call(raise);
        c.op(Ins::Unreachable);
    })
}

/// `(list, index) -> i32`: whether there is an element; the list functions that give options begin with it.
fn has(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    cx.helper("list_has", Key::Elem(elem), (&[Val::Ref(types.list), Val::I64], &[Val::I32]), |_, c| {
        let len = c.local(Val::I32);
        c.get(0);
        c.struct_get(types.list, 1);
        c.set(len);
        from_end(c, len);
        c.get(1);
        c.get(len);
        c.op(Ins::I64ExtendI32U);
        c.op(Ins::I64LtU);
    })
}

/// `(list, index) -> element?` for elements of a type.
pub(crate) fn at(cx: &mut Emit<'_>, item: &Type) -> FuncId {
    let types = cx.list_of(item);
    let option = Type::option(item.clone());
    let result = cx.stored(&option);
    cx.helper("list_at", Key::Type(item.clone()), (&[Val::Ref(types.list), Val::I64], &[result]), |cx, c| {
        let has = has(cx, types.elem);
        let get = get(cx, types.elem);
        c.get(0);
        c.get(1);
        c.call(has);
        c.if_(Some(result));
        c.get(0);
        c.get(1);
        cx.push_span(c, tova_source::Span::default());
        c.call(get);
        cx.unpack_elem(c, item);
        if cx.val(item).is_none() {
            c.i32(0);
        }
        if option != *item {
            cx.some(c, item);
        }
        c.else_();
        if cx.val(&option).is_none() {
            c.i32(0)
        } else {
            cx.nil(c, &option)
        }
        c.end();
    })
}

/// `(list, other) -> list`: both. Appending to the newest list of an array writes behind it; older lists keep their length.
pub(crate) fn concat(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_concat", Key::Elem(elem), (&[list, list], &[list]), |_, c| {
        let (a, b) = (c.local(Val::I32), c.local(Val::I32));
        let (array, taken) = (c.local(Val::Ref(types.array)), c.local(Val::Ref(types.taken)));
        for (side, len) in [(0, a), (1, b)] {
            c.get(side);
            c.struct_get(types.list, 1);
            c.set(len);
        }
        for (empty, other) in [(b, 0), (a, 1)] {
            c.get(empty);
            c.op(Ins::I32Eqz);
            c.if_(None);
            c.get(other);
            c.op(Ins::Return);
            c.end();
        }
        c.get(0);
        c.struct_get(types.list, 0);
        c.set(array);
        c.get(0);
        c.struct_get(types.list, 2);
        c.set(taken);
        has_room(c, types, (a, b), (array, taken));
        c.op(Ins::I32Eqz);
        c.if_(None);
        grow(c, types, (a, b), (array, taken));
        c.end();
        c.get(array);
        c.get(a);
        c.get(1);
        c.struct_get(types.list, 0);
        c.i32(0);
        c.get(b);
        c.array_copy(types.array);
        c.get(taken);
        c.get(a);
        c.get(b);
        c.op(Ins::I32Add);
        c.struct_set(types.taken, 0);
        c.get(array);
        c.get(a);
        c.get(b);
        c.op(Ins::I32Add);
        c.get(taken);
        c.struct_new(types.list);
    })
}

/// Whether the list in local 0 is the newest on its array and the array has room.
fn has_room(c: &mut Code, types: ListTypes, (a, b): (u32, u32), (array, taken): (u32, u32)) {
    c.get(taken);
    c.is_null();
    c.if_(Some(Val::I32));
    c.i32(0);
    c.else_();
    c.get(taken);
    c.struct_get(types.taken, 0);
    c.get(a);
    c.op(Ins::I32Eq);
    c.get(array);
    c.op(Ins::ArrayLen);
    c.get(a);
    c.get(b);
    c.op(Ins::I32Add);
    c.op(Ins::I32GeS);
    c.op(Ins::I32And);
    c.end();
}

/// Copies the list in local 0 into an array with room for the other, and for as much again as the list has: what is appended to a long
/// list is seldom copied again, and what is put before one takes no more than it needs.
fn grow(c: &mut Code, types: ListTypes, (a, b): (u32, u32), (array, taken): (u32, u32)) {
    c.get(a);
    c.get(a);
    c.get(b);
    c.op(Ins::I32Add);
    c.op(Ins::I32Add);
    c.array_new(types.array);
    c.tee(array);
    c.i32(0);
    c.get(0);
    c.struct_get(types.list, 0);
    c.i32(0);
    c.get(a);
    c.array_copy(types.array);
    c.i32(0);
    c.struct_new(types.taken);
    c.set(taken);
}

/// `(list, start, end) -> list`: a copy of a part; the bounds are right.
fn part(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_part", Key::Elem(elem), (&[list, Val::I32, Val::I32], &[list]), |_, c| {
        let array = c.local(Val::Ref(types.array));
        c.get(2);
        c.get(1);
        c.op(Ins::I32Sub);
        c.tee(2);
        c.array_new(types.array);
        c.tee(array);
        c.i32(0);
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(1);
        c.get(2);
        c.array_copy(types.array);
        c.get(array);
        wrap(c, types, 2);
    })
}

/// `(list, start?, end?, step?, span) -> list` by Python's rules.
pub(crate) fn slice(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    let option = Val::Ref(cx.box_int());
    let params = cx.with_span(&[list, option, option, option]);
    cx.helper("list_slice", Key::Elem(elem), (&params, &[list]), |cx, c| {
        let bounds = crate::slice::Bounds::compute(cx, c, |c| {
            c.get(0);
            c.struct_get(types.list, 1);
        });
        let part = part(cx, elem);
        c.get(bounds.step);
        c.i32(1);
        c.op(Ins::I32Eq);
        c.if_(None);
        c.get(0);
        c.get(bounds.start);
        c.get(bounds.start);
        c.get(bounds.count);
        c.op(Ins::I32Add);
        c.call(part);
        c.op(Ins::Return);
        c.end();
        let (array, to) = (c.local(Val::Ref(types.array)), c.local(Val::I32));
        c.get(bounds.count);
        c.array_new(types.array);
        c.set(array);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(to);
        c.get(bounds.count);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(array);
        c.get(to);
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(bounds.start);
        c.array_get(types.array);
        c.array_set(types.array);
        c.get(bounds.start);
        c.get(bounds.step);
        c.op(Ins::I32Add);
        c.set(bounds.start);
        step(c, to, next);
        c.end();
        c.end();
        c.get(array);
        wrap(c, types, bounds.count);
    })
}

/// `(list) -> list` from last to first.
pub(crate) fn reversed(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_reversed", Key::Elem(elem), (&[list], &[list]), |_, c| {
        let (len, to, array) = (c.local(Val::I32), c.local(Val::I32), c.local(Val::Ref(types.array)));
        c.get(0);
        c.struct_get(types.list, 1);
        c.tee(len);
        c.array_new(types.array);
        c.set(array);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(to);
        c.get(len);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(array);
        c.get(to);
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(len);
        c.get(to);
        c.op(Ins::I32Sub);
        c.i32(1);
        c.op(Ins::I32Sub);
        c.array_get(types.array);
        c.array_set(types.array);
        step(c, to, next);
        c.end();
        c.end();
        c.get(array);
        wrap(c, types, len);
    })
}

/// `(list, element) -> i32` for elements of a type.
pub(crate) fn contains(cx: &mut Emit<'_>, item: &Type) -> FuncId {
    let types = cx.list_of(item);
    let val = cx.stored(item);
    cx.helper("list_contains", Key::Type(item.clone()), (&[Val::Ref(types.list), val], &[Val::I32]), |cx, c| {
        let at = c.local(Val::I32);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(0);
        c.struct_get(types.list, 1);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(at);
        c.array_get(types.array);
        cx.unpack_elem(c, item);
        if cx.val(item).is_some() {
            c.get(1);
        }
        crate::equality::push(cx, c, item);
        c.if_(None);
        c.i32(1);
        c.op(Ins::Return);
        c.end();
        step(c, at, next);
        c.end();
        c.end();
        c.i32(0);
    })
}

/// `(start, end) -> list`: the ints from `start` up to `end`, not included.
pub(crate) fn range(cx: &mut Emit<'_>) -> FuncId {
    let types = cx.list_types(Val::I64);
    cx.helper("range", Key::One, (&[Val::I64, Val::I64], &[Val::Ref(types.list)]), |_, c| {
        let (len, at, array) = (c.local(Val::I32), c.local(Val::I32), c.local(Val::Ref(types.array)));
        c.get(1);
        c.get(0);
        c.op(Ins::I64GtS);
        c.if_(None);
        c.get(1);
        c.get(0);
        c.op(Ins::I64Sub);
        c.op(Ins::I32WrapI64);
        c.set(len);
        c.end();
        c.get(len);
        c.array_new(types.array);
        c.set(array);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(len);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(array);
        c.get(at);
        c.get(0);
        c.get(at);
        c.op(Ins::I64ExtendI32S);
        c.op(Ins::I64Add);
        c.array_set(types.array);
        step(c, at, next);
        c.end();
        c.end();
        c.get(array);
        wrap(c, types, len);
    })
}
