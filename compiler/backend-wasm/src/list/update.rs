//! Updates of lists: in place if the list is owned by a variable, else of a copy.

use tova_ir::Type;

use super::{at, checked_index, concat, part, wrap};
use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::lower::Lower;
use crate::repr::ListTypes;

/// `(list, index, element, owned, span) -> list`
pub(crate) fn set(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    let params = cx.with_span(&[list, Val::I64, elem, Val::I32]);
    cx.helper("list_set", Key::Elem(elem), (&params, &[list]), |cx, c| {
        let own = own(cx, elem);
        let len = c.local(Val::I32);
        c.get(0);
        c.struct_get(types.list, 1);
        c.set(len);
        checked_index(cx, c, (len, "a list"));
        c.get(0);
        c.get(3);
        c.i32(0);
        c.call(own);
        c.tee(0);
        c.struct_get(types.list, 0);
        c.get(1);
        c.op(Ins::I32WrapI64);
        c.get(2);
        c.array_set(types.array);
        c.get(0);
    })
}

/// `(list, owned, more) -> list`: the same list if it is owned and its array has room for `more` elements, else a copy that has.
fn own(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_own", Key::Elem(elem), (&[list, Val::I32, Val::I32], &[list]), |_, c| {
        let (len, array) = (c.local(Val::I32), c.local(Val::Ref(types.array)));
        c.get(0);
        c.struct_get(types.list, 1);
        c.set(len);
        c.get(1);
        c.get(0);
        c.struct_get(types.list, 0);
        c.op(Ins::ArrayLen);
        c.get(len);
        c.get(2);
        c.op(Ins::I32Add);
        c.op(Ins::I32GeS);
        c.op(Ins::I32And);
        c.if_(None);
        c.get(0);
        c.op(Ins::Return);
        c.end();
        copy_grown(c, types, (len, array));
        c.get(array);
        wrap(c, types, len);
    })
}

/// Copies the list in local 0 into a new array with room for the number of elements in local 2 and, if that is not 0, as many again.
fn copy_grown(c: &mut Code, types: ListTypes, (len, array): (u32, u32)) {
    c.get(len);
    c.get(2);
    c.if_(Some(Val::I32));
    c.get(len);
    c.i32(3);
    c.op(Ins::I32Add);
    c.get(2);
    c.op(Ins::I32Add);
    c.else_();
    c.i32(0);
    c.end();
    c.op(Ins::I32Add);
    c.array_new(types.array);
    c.tee(array);
    c.i32(0);
    c.get(0);
    c.struct_get(types.list, 0);
    c.i32(0);
    c.get(len);
    c.array_copy(types.array);
}

/// `(list, element, owned) -> list`
pub(crate) fn push(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_push", Key::Elem(elem), (&[list, elem, Val::I32], &[list]), |cx, c| {
        let own = own(cx, elem);
        let len = c.local(Val::I32);
        c.get(0);
        c.get(2);
        c.i32(1);
        c.call(own);
        c.tee(0);
        c.struct_get(types.list, 0);
        c.get(0);
        c.struct_get(types.list, 1);
        c.tee(len);
        c.get(1);
        c.array_set(types.array);
        c.get(0);
        c.get(len);
        c.i32(1);
        c.op(Ins::I32Add);
        c.struct_set(types.list, 1);
        c.get(0);
    })
}

/// Applies an updating intrinsic to the list on the stack: the new list is there afterwards, the result in its local.
pub(crate) fn apply(
    lower: &mut Lower<'_, '_>,
    name: &str,
    (args, result): (&[u32], Option<u32>),
    item: &Type,
    owned: u32,
) {
    let types = lower.cx.list_of(item);
    let taken_from = match name {
        "list.pop" => Some(-1),
        "list.shift" => Some(0),
        _ => None,
    };
    if let Some(index) = taken_from {
        let kept = lower.code.temp(Val::Ref(types.list));
        lower.code.tee(kept);
        lower.code.i64(index);
        let at = at(lower.cx, item);
        lower.code.call(at);
        match result {
            Some(result) => lower.code.set(result),
            None => lower.code.op(Ins::Drop),
        }
        lower.code.get(kept);
        lower.code.get(owned);
        let without = if index == 0 { without_first(lower.cx, types.elem) } else { without_last(lower.cx, types.elem) };
        lower.code.call(without);
        return lower.code.release(kept);
    }
    args.iter().for_each(|&arg| lower.code.get(arg));
    lower.code.get(owned);
    let func = if name == "list.unshift" { unshift(lower.cx, types.elem) } else { push(lower.cx, types.elem) };
    lower.code.call(func);
}

/// `(list, owned) -> list`
fn without_last(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_without_last", Key::Elem(elem), (&[list, Val::I32], &[list]), |cx, c| {
        let own = own(cx, elem);
        c.get(0);
        c.get(1);
        c.i32(0);
        c.call(own);
        c.tee(0);
        c.struct_get(types.list, 1);
        c.if_(None);
        c.get(0);
        c.get(0);
        c.struct_get(types.list, 1);
        c.i32(1);
        c.op(Ins::I32Sub);
        c.struct_set(types.list, 1);
        c.end();
        c.get(0);
    })
}

/// `(list, owned) -> list`
fn without_first(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_without_first", Key::Elem(elem), (&[list, Val::I32], &[list]), |cx, c| {
        let part = part(cx, elem);
        c.get(0);
        c.get(0);
        c.struct_get(types.list, 1);
        c.i32(0);
        c.op(Ins::I32Ne);
        c.get(0);
        c.struct_get(types.list, 1);
        c.call(part);
    })
}

/// `(list, element, owned) -> list`
fn unshift(cx: &mut Emit<'_>, elem: Val) -> FuncId {
    let types = cx.list_types(elem);
    let list = Val::Ref(types.list);
    cx.helper("list_unshift", Key::Elem(elem), (&[list, elem, Val::I32], &[list]), |cx, c| {
        let concat = concat(cx, elem);
        c.get(1);
        c.array_fixed(types.array, 1);
        c.i32(1);
        c.null(Val::Ref(types.taken));
        c.struct_new(types.list);
        c.get(0);
        c.call(concat);
    })
}
