//! Maps and sets: the host's map keeps the order and finds the entries; an entry has key and value as the program sees them.

use tova_ir::Type;

use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;
use crate::lower::Lower;

/// Pushes a new empty map.
pub(crate) fn new(cx: &mut Emit<'_>, c: &mut Code) {
    let (make, ty) = (cx.module.glue("map_new", &[], &[Val::Ext]), cx.map_type());
    c.call(make);
    c.struct_new(ty);
}

/// Turns the key on the stack into what the host's map compares: numbers and strings by value, everything else by its text.
pub(crate) fn host_key(cx: &mut Emit<'_>, c: &mut Code, key: &Type) {
    match (key, cx.val(key)) {
        (Type::Str, _) => {}
        (_, Some(Val::I64)) => {
            let func = int_key(cx);
            c.call(func);
        }
        (_, Some(Val::I32)) => {
            c.op(Ins::F64ConvertI32S);
            number_key(cx, c);
        }
        (_, Some(Val::F64)) => number_key(cx, c),
        (Type::Handle(_) | Type::View, _) => {}
        (_, Some(_)) => crate::display::push_inside(cx, c, key),
        (_, None) => {
            c.op(Ins::Drop);
            c.null(Val::Ext);
        }
    }
}

fn number_key(cx: &mut Emit<'_>, c: &mut Code) {
    let func = cx.module.glue("box_number", &[Val::F64], &[Val::Ext]);
    c.call(func);
}

/// `(int) -> key`: a number while that is exact, else the digits.
fn int_key(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("int_key", Key::One, (&[Val::I64], &[Val::Ext]), |cx, c| {
        let text = crate::display::int_text(cx);
        is_safe(c);
        c.if_(Some(Val::Ext));
        c.get(0);
        c.op(Ins::F64ConvertI64S);
        number_key(cx, c);
        c.else_();
        c.get(0);
        c.call(text);
        c.end();
    })
}

/// Whether the int in local 0 is exact as a float.
pub(crate) fn is_safe(c: &mut Code) {
    c.get(0);
    c.i64((1 << 53) - 1);
    c.op(Ins::I64Add);
    c.i64((1 << 54) - 2);
    c.op(Ins::I64LeU);
}

/// `(map, key) -> entry`, null if there is none.
pub(crate) fn entry(cx: &mut Emit<'_>, key: &Type) -> FuncId {
    let (map, entry, key_val) = (cx.map_type(), cx.entry_type(), cx.stored(key));
    cx.helper("map_entry", Key::Type(key.clone()), (&[Val::Ref(map), key_val], &[Val::Ref(entry)]), |cx, c| {
        call_keyed(cx, c, key, ("map_get", None, Some(Val::Any)));
        c.cast(entry);
    })
}

/// Calls a function of the glue with the host's map of the map in local 0, the key in local 1 and perhaps a local more. Small ints
/// go as they are.
fn call_keyed(cx: &mut Emit<'_>, c: &mut Code, key: &Type, (name, more, result): (&str, Option<u32>, Option<Val>)) {
    let map = cx.map_type();
    let call = |cx: &mut Emit<'_>, c: &mut Code, key_val: Val, push_key: &dyn Fn(&mut Emit<'_>, &mut Code)| {
        let mut params = vec![Val::Ext, key_val];
        c.get(0);
        c.struct_get(map, 0);
        c.get(1);
        push_key(cx, c);
        if let Some(more) = more {
            c.get(more);
            params.push(Val::Any);
        }
        let func = cx.module.glue(name, &params, result.as_slice());
        c.call(func);
    };
    if cx.val(key) == Some(Val::I64) {
        c.get(1);
        c.op(Ins::I64Extend32S);
        c.get(1);
        c.op(Ins::I64Eq);
        c.if_(result);
        call(cx, c, Val::I32, &|_, c| c.op(Ins::I32WrapI64));
        c.else_();
        call(cx, c, Val::Ext, &|cx, c| host_key(cx, c, key));
        c.end();
    } else {
        call(cx, c, Val::Ext, &|cx, c| host_key(cx, c, key));
    }
}

/// `(map, key) -> i32`
pub(crate) fn has(cx: &mut Emit<'_>, key: &Type) -> FuncId {
    let (map, key_val) = (cx.map_type(), cx.stored(key));
    cx.helper("map_has", Key::Type(key.clone()), (&[Val::Ref(map), key_val], &[Val::I32]), |cx, c| {
        call_keyed(cx, c, key, ("map_has", None, Some(Val::I32)));
    })
}

/// Pushes the value of the entry on the stack, as it is stored.
pub(crate) fn entry_value(cx: &mut Emit<'_>, c: &mut Code, value: &Type) {
    let entry = cx.entry_type();
    c.struct_get(entry, 1);
    let val = cx.stored(value);
    cx.unboxed(c, val);
}

/// Pushes the key of the entry on the stack, as it is stored.
pub(crate) fn entry_key(cx: &mut Emit<'_>, c: &mut Code, key: &Type) {
    let entry = cx.entry_type();
    c.struct_get(entry, 0);
    let val = cx.stored(key);
    cx.unboxed(c, val);
}

/// `(map, key) -> value?`
pub(crate) fn get(cx: &mut Emit<'_>, key: &Type, value: &Type) -> FuncId {
    let (map, entry_ty, key_val) = (cx.map_type(), cx.entry_type(), cx.stored(key));
    let option = Type::option(value.clone());
    let result = cx.stored(&option);
    let pair = Type::map(key.clone(), value.clone());
    cx.helper("map_get", Key::Type(pair), (&[Val::Ref(map), key_val], &[result]), |cx, c| {
        let entry = entry(cx, key);
        let found = c.local(Val::Ref(entry_ty));
        c.get(0);
        c.get(1);
        c.call(entry);
        c.tee(found);
        c.is_null();
        c.if_(Some(result));
        if cx.val(&option).is_none() {
            c.i32(0)
        } else {
            cx.nil(c, &option)
        }
        c.else_();
        c.get(found);
        entry_value(cx, c, value);
        if option != *value {
            cx.some(c, value);
        }
        c.end();
    })
}

/// `(map, key) -> value`; a fault if there is none.
pub(crate) fn required(cx: &mut Emit<'_>, key: &Type, value: &Type) -> FuncId {
    let (map, entry_ty, key_val) = (cx.map_type(), cx.entry_type(), cx.stored(key));
    let result = cx.stored(value);
    let pair = Type::map(key.clone(), value.clone());
    cx.helper("map_required", Key::Type(pair), (&[Val::Ref(map), key_val], &[result]), |cx, c| {
        let entry = entry(cx, key);
        let concat = cx.module.js_string("concat");
        let found = c.local(Val::Ref(entry_ty));
        c.get(0);
        c.get(1);
        c.call(entry);
        c.tee(found);
        c.is_null();
        c.if_(None);
        cx.text(c, "no entry for ");
        c.get(1);
        crate::display::push_stored(cx, c, key);
        c.call(concat);
        crate::fault::raise(cx, c, tova_source::Span::default());
        c.end();
        c.get(found);
        entry_value(cx, c, value);
    })
}

/// `(map, key, value)`: sets the entry in place. Of a set the value is an `i32`.
pub(crate) fn set(cx: &mut Emit<'_>, key: &Type, value: &Type) -> FuncId {
    let (map, entry) = (cx.map_type(), cx.entry_type());
    let (key_val, value_val) = (cx.stored(key), cx.stored(value));
    let pair = Type::map(key.clone(), value.clone());
    cx.helper("map_set", Key::Type(pair), (&[Val::Ref(map), key_val, value_val], &[]), |cx, c| {
        let made = c.local(Val::Ref(entry));
        c.get(1);
        cx.boxed(c, key_val);
        c.get(2);
        cx.boxed(c, value_val);
        c.struct_new(entry);
        c.set(made);
        call_keyed(cx, c, key, ("map_set", Some(made), None));
    })
}

/// `(map, owned) -> map`: the same map if it is owned, else a copy.
pub(crate) fn own(cx: &mut Emit<'_>) -> FuncId {
    let map = cx.map_type();
    cx.helper("map_own", Key::One, (&[Val::Ref(map), Val::I32], &[Val::Ref(map)]), |cx, c| {
        c.get(1);
        c.if_(Some(Val::Ref(map)));
        c.get(0);
        c.else_();
        c.get(0);
        c.struct_get(map, 0);
        let copy = cx.module.glue("map_copy", &[Val::Ext], &[Val::Ext]);
        c.call(copy);
        c.struct_new(map);
        c.end();
    })
}

/// Pushes how many entries the map on the stack has, as an `i32`.
pub(crate) fn size(cx: &mut Emit<'_>, c: &mut Code) {
    let map = cx.map_type();
    c.struct_get(map, 0);
    let size = cx.module.glue("map_size", &[Val::Ext], &[Val::I32]);
    c.call(size);
}

/// Writes a loop over the entries of the map in a local: `body` gets the local of the entry.
pub(crate) fn walk(cx: &mut Emit<'_>, c: &mut Code, map: u32, body: impl FnOnce(&mut Emit<'_>, &mut Code, u32)) {
    let (map_ty, entry) = (cx.map_type(), cx.entry_type());
    let (entries, at, len) = (c.local(Val::Ext), c.local(Val::I32), c.local(Val::I32));
    let found = c.local(Val::Ref(entry));
    c.get(map);
    c.struct_get(map_ty, 0);
    let values = cx.module.glue("map_values", &[Val::Ext], &[Val::Ext]);
    c.call(values);
    c.set(entries);
    c.get(map);
    size(cx, c);
    c.set(len);
    c.i32(0);
    c.set(at);
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    c.get(len);
    c.op(Ins::I32GeS);
    c.br_if(done);
    c.get(entries);
    c.get(at);
    let at_func = cx.module.glue("any_at", &[Val::Ext, Val::I32], &[Val::Any]);
    c.call(at_func);
    c.cast(entry);
    c.set(found);
    body(cx, c, found);
    step(c, at, next);
    c.end();
    c.end();
}

/// `(map) -> list` of what `push` pushes for each entry, given as its local; elements are of type `item`.
pub(crate) fn collect(
    cx: &mut Emit<'_>,
    name: &'static str,
    map_ty: &Type,
    item: &Type,
    push: impl FnOnce(&mut Emit<'_>, &mut Code, u32),
) -> FuncId {
    let (map, types) = (cx.map_type(), cx.list_of(item));
    cx.helper(name, Key::Type(map_ty.clone()), (&[Val::Ref(map)], &[Val::Ref(types.list)]), |cx, c| {
        let (array, to) = (c.local(Val::Ref(types.array)), c.local(Val::I32));
        c.get(0);
        size(cx, c);
        c.array_new(types.array);
        c.set(array);
        walk(cx, c, 0, |cx, c, entry| {
            c.get(array);
            c.get(to);
            push(cx, c, entry);
            c.array_set(types.array);
            c.get(to);
            c.i32(1);
            c.op(Ins::I32Add);
            c.set(to);
        });
        c.get(array);
        crate::list::wrap(c, types, to);
    })
}

/// The keys of a map, or the elements of a set.
pub(crate) fn keys(cx: &mut Emit<'_>, map_ty: &Type, key: &Type) -> FuncId {
    collect(cx, "map_keys", map_ty, key, |cx, c, entry| {
        c.get(entry);
        entry_key(cx, c, key);
    })
}

/// Equality of the maps in locals 0 and 1, whatever their order; of sets without values.
pub(crate) fn equal(cx: &mut Emit<'_>, c: &mut Code, value: Option<&Type>) {
    let (map, entry_ty) = (cx.map_type(), cx.entry_type());
    for side in [0, 1] {
        c.get(side);
        size(cx, c);
    }
    c.op(Ins::I32Ne);
    c.if_(None);
    c.i32(0);
    c.op(Ins::Return);
    c.end();
    let (keys, at) = (c.local(Val::Ext), c.local(Val::I32));
    let both = [c.local(Val::Ref(entry_ty)), c.local(Val::Ref(entry_ty))];
    let keys_func = cx.module.glue("map_keys", &[Val::Ext], &[Val::Ext]);
    let item = cx.module.glue("json_at", &[Val::Ext, Val::I32], &[Val::Ext]);
    let get = cx.module.glue("map_get", &[Val::Ext, Val::Ext], &[Val::Any]);
    c.get(0);
    c.struct_get(map, 0);
    c.call(keys_func);
    c.set(keys);
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    c.get(0);
    size(cx, c);
    c.op(Ins::I32GeS);
    c.br_if(done);
    for (side, found) in (0..).zip(both) {
        c.get(side);
        c.struct_get(map, 0);
        c.get(keys);
        c.get(at);
        c.call(item);
        c.call(get);
        c.cast(entry_ty);
        c.set(found);
    }
    c.get(both[1]);
    c.is_null();
    c.if_(Some(Val::I32));
    c.i32(1);
    c.else_();
    match value {
        Some(value) => {
            for found in both {
                c.get(found);
                entry_value(cx, c, value);
                if cx.val(value).is_none() {
                    c.op(Ins::Drop);
                }
            }
            crate::equality::push(cx, c, value);
            c.op(Ins::I32Eqz);
        }
        None => c.i32(0),
    }
    c.end();
    c.if_(None);
    c.i32(0);
    c.op(Ins::Return);
    c.end();
    step(c, at, next);
    c.end();
    c.end();
    c.i32(1);
}

/// Applies an updating intrinsic to the map or set on the stack: the new one is there afterwards, the result in its local.
pub(crate) fn apply(
    lower: &mut Lower<'_, '_>,
    name: &str,
    (args, result): (&[u32], Option<u32>),
    (key, value): (&Type, Option<&Type>),
    owned: u32,
) {
    let map = lower.cx.map_type();
    let kept = lower.code.temp(Val::Ref(map));
    let own = own(lower.cx);
    lower.code.get(owned);
    lower.code.call(own);
    lower.code.set(kept);
    let Some(&first) = args.first() else { return lower.code.get(kept) };
    lower.code.get(kept);
    if name.ends_with(".delete") || name.ends_with(".remove") {
        lower.code.struct_get(map, 0);
        lower.code.get(first);
        host_key(lower.cx, &mut lower.code, key);
        lower.glue("map_delete", &[Val::Ext, Val::Ext], &[Val::I32]);
        match result {
            Some(result) => lower.code.set(result),
            None => lower.code.op(Ins::Drop),
        }
    } else {
        lower.code.get(first);
        match (args.get(1), value) {
            (Some(&second), Some(_)) => lower.code.get(second),
            _ => lower.code.i32(0),
        }
        let set = set(lower.cx, key, value.unwrap_or(&Type::Unit));
        lower.code.call(set);
    }
    lower.code.get(kept);
    lower.code.release(kept);
}
