//! Stable sorting: a permutation of indices is merged, then the elements are gathered.

use tova_ir::Type;

use crate::asm::{Code, FuncId, Ins, Storage, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;

/// `(list) -> list`
pub(crate) fn sorted(cx: &mut Emit<'_>, item: &Type) -> FuncId {
    let types = cx.list_of(item);
    let list = Val::Ref(types.list);
    cx.helper("list_sorted", Key::Type(item.clone()), (&[list], &[list]), |cx, c| {
        let by_keys = by_keys(cx, item, item);
        c.get(0);
        c.get(0);
        c.call(by_keys);
    })
}

/// `(list, keys) -> list` in the order of the keys at the same places.
pub(crate) fn by_keys(cx: &mut Emit<'_>, item: &Type, key: &Type) -> FuncId {
    let (types, keys) = (cx.list_of(item), cx.list_of(key));
    let name = Key::Type(Type::map(item.clone(), key.clone()));
    cx.helper("sort_by_keys", name, (&[Val::Ref(types.list), Val::Ref(keys.list)], &[Val::Ref(types.list)]), |cx, c| {
        let indices = indices_type(cx);
        let order = permutation(cx, key);
        let (places, at, array) = (c.local(Val::Ref(indices)), c.local(Val::I32), c.local(Val::Ref(types.array)));
        c.get(1);
        c.call(order);
        c.tee(places);
        c.op(Ins::ArrayLen);
        c.array_new(types.array);
        c.set(array);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(places);
        c.op(Ins::ArrayLen);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(array);
        c.get(at);
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(places);
        c.get(at);
        c.array_get(indices);
        c.array_get(types.array);
        c.array_set(types.array);
        step(c, at, next);
        c.end();
        c.end();
        c.get(array);
        crate::list::wrap(c, types, at);
    })
}

fn indices_type(cx: &mut Emit<'_>) -> TypeId {
    cx.module.array_type(Storage::Val(Val::I32))
}

/// `(keys) -> indices` in order: runs of 1, 2, 4, … are merged from one array into the other.
fn permutation(cx: &mut Emit<'_>, key: &Type) -> FuncId {
    let keys = cx.list_of(key);
    let indices = indices_type(cx);
    cx.helper("sort_order", Key::Type(key.clone()), (&[Val::Ref(keys.list)], &[Val::Ref(indices)]), |cx, c| {
        let merge = merge(cx, key);
        let (len, at, width) = (c.local(Val::I32), c.local(Val::I32), c.local(Val::I32));
        let (from, to) = (c.local(Val::Ref(indices)), c.local(Val::Ref(indices)));
        let swap = c.local(Val::Ref(indices));
        c.get(0);
        c.struct_get(keys.list, 1);
        c.set(len);
        for array in [from, to] {
            c.get(len);
            c.array_new(indices);
            c.set(array);
        }
        count_up(c, (len, at, from), indices);
        c.i32(1);
        c.set(width);
        let sorted = c.block(None);
        let wider = c.loop_(None);
        c.get(width);
        c.get(len);
        c.op(Ins::I32GeS);
        c.br_if(sorted);
        c.i32(0);
        c.set(at);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(len);
        c.op(Ins::I32GeS);
        c.br_if(done);
        for local in [0, from, to, at, width] {
            c.get(local);
        }
        c.call(merge);
        c.get(at);
        c.get(width);
        c.i32(1);
        c.op(Ins::I32Shl);
        c.op(Ins::I32Add);
        c.set(at);
        c.br(next);
        c.end();
        c.end();
        for (get, set) in [(from, swap), (to, from), (swap, to)] {
            c.get(get);
            c.set(set);
        }
        c.get(width);
        c.i32(1);
        c.op(Ins::I32Shl);
        c.set(width);
        c.br(wider);
        c.end();
        c.end();
        c.get(from);
    })
}

/// Fills an array with 0, 1, 2, ….
fn count_up(c: &mut Code, (len, at, array): (u32, u32, u32), indices: TypeId) {
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    c.get(len);
    c.op(Ins::I32GeS);
    c.br_if(done);
    c.get(array);
    c.get(at);
    c.get(at);
    c.array_set(indices);
    step(c, at, next);
    c.end();
    c.end();
}

/// `(keys, from, to, start, width)`: merges two neighbouring runs. On a tie the left one goes first.
fn merge(cx: &mut Emit<'_>, key: &Type) -> FuncId {
    let keys = cx.list_of(key);
    let indices = indices_type(cx);
    let params = [Val::Ref(keys.list), Val::Ref(indices), Val::Ref(indices), Val::I32, Val::I32];
    cx.helper("sort_merge", Key::Type(key.clone()), (&params, &[]), |cx, c| {
        let (left, left_end) = (c.local(Val::I32), c.local(Val::I32));
        let (right, right_end, out) = (c.local(Val::I32), c.local(Val::I32), c.local(Val::I32));
        c.get(3);
        c.tee(left);
        c.set(out);
        for (start, ends) in [(3, [left_end, right]), (left_end, [right_end, right_end])] {
            clipped(c, keys.list, start);
            c.tee(ends[0]);
            c.set(ends[1]);
        }
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(out);
        c.get(right_end);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(2);
        c.get(out);
        c.get(1);
        take_left(cx, c, key, [left, left_end, right, right_end]);
        c.if_(Some(Val::I32));
        advance(c, left);
        c.else_();
        advance(c, right);
        c.end();
        c.array_get(indices);
        c.array_set(indices);
        step(c, out, next);
        c.end();
        c.end();
    })
}

/// Pushes `min(start + width, length)`.
fn clipped(c: &mut Code, list: TypeId, start: u32) {
    let sum = c.temp(Val::I32);
    c.get(start);
    c.get(4);
    c.op(Ins::I32Add);
    c.tee(sum);
    c.get(0);
    c.struct_get(list, 1);
    c.get(sum);
    c.get(0);
    c.struct_get(list, 1);
    c.op(Ins::I32LtS);
    c.op(Ins::Select);
    c.release(sum);
}

/// Pushes a counter and moves it on.
fn advance(c: &mut Code, counter: u32) {
    c.get(counter);
    c.get(counter);
    c.i32(1);
    c.op(Ins::I32Add);
    c.set(counter);
}

/// Whether the next one comes from the left run.
fn take_left(cx: &mut Emit<'_>, c: &mut Code, key: &Type, [left, left_end, right, right_end]: [u32; 4]) {
    let keys = cx.list_of(key);
    let indices = indices_type(cx);
    c.get(left);
    c.get(left_end);
    c.op(Ins::I32GeS);
    c.if_(Some(Val::I32));
    c.i32(0);
    c.else_();
    c.get(right);
    c.get(right_end);
    c.op(Ins::I32GeS);
    c.if_(Some(Val::I32));
    c.i32(1);
    c.else_();
    for counter in [left, right] {
        c.get(0);
        c.struct_get(keys.list, 0);
        c.get(1);
        c.get(counter);
        c.array_get(indices);
        c.array_get(keys.array);
        cx.unpack_elem(c, key);
    }
    crate::order::push(cx, c, key);
    c.i32(0);
    c.op(Ins::I32LeS);
    c.end();
    c.end();
}
