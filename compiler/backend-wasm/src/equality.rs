//! Structural equality: one function for each type that needs one. The same object is equal to itself.

use tova_ir::{Field, Type};

use crate::asm::{Code, FuncId, Ins, Label, TypeId, Val};
use crate::emit::{Emit, Key};

/// Compares the two values on the stack.
pub(crate) fn push(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    match (ty, cx.val(ty)) {
        (_, None) => code.i32(1),
        (Type::Fn(_), _) => {
            code.op(Ins::Drop);
            code.op(Ins::Drop);
            code.i32(0);
        }
        (_, Some(Val::I32)) => code.op(Ins::I32Eq),
        (_, Some(Val::I64)) => code.op(Ins::I64Eq),
        (_, Some(Val::F64)) => code.op(Ins::F64Eq),
        (Type::Str, _) => {
            let equals = cx.module.js_string("equals");
            code.call(equals);
        }
        (_, Some(_)) => {
            let func = function(cx, ty);
            code.call(func);
        }
    }
}

/// Whether the two `anyref`s on the stack are one object. Strings of the host, which dynamic data may be, have no identity.
pub(crate) fn push_identical(cx: &mut Emit<'_>, code: &mut Code) {
    let func = cx.helper("identical", Key::One, (&[Val::Any, Val::Any], &[Val::I32]), |_, c| {
        for side in [0, 1] {
            c.get(side);
            c.test_eq();
        }
        c.op(Ins::I32And);
        c.if_(Some(Val::I32));
        for side in [0, 1] {
            c.get(side);
            c.cast_eq();
        }
        c.op(Ins::RefEq);
        c.else_();
        c.i32(0);
        c.end();
    });
    code.call(func);
}

/// The function `(a, b) -> i32` that compares two values as they are stored.
pub(crate) fn function(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let val = cx.stored(ty);
    cx.helper("equal", Key::Type(ty.clone()), (&[val, val], &[Val::I32]), |cx, c| match ty {
        Type::Option(inner) => option(cx, c, inner),
        Type::Handle(_) | Type::View => {
            c.get(0);
            c.get(1);
            let same = cx.module.glue("same", &[Val::Ext, Val::Ext], &[Val::I32]);
            c.call(same);
        }
        Type::Any => crate::any::equal(cx, c),
        Type::List(item) => list(cx, c, item),
        Type::Map(_, value) => crate::map::equal(cx, c, Some(value)),
        Type::Set(_) => crate::map::equal(cx, c, None),
        Type::Tuple(items) => {
            if let Val::Ref(ty) = val {
                same_object(c);
                let items: Vec<(u32, Type)> = (0..).zip(items.iter().cloned()).collect();
                fields(cx, c, ty, &items);
            }
        }
        Type::Record(id) => {
            let ty = cx.record_type(*id);
            same_object(c);
            let all = numbered(&cx.record(*id).fields, 0);
            fields(cx, c, ty, &all);
        }
        Type::Enum(id) if val != Val::I32 => enum_(cx, c, *id),
        Type::Unit
        | Type::Never
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Str
        | Type::Duration
        | Type::Size
        | Type::Enum(_)
        | Type::Fn(_) => {
            c.get(0);
            c.get(1);
            push_stored(cx, c, ty);
        }
    })
}

/// Compares two values as they are stored.
fn push_stored(cx: &mut Emit<'_>, c: &mut Code, ty: &Type) {
    if cx.val(ty).is_none() {
        c.op(Ins::Drop);
        c.op(Ins::Drop);
    }
    push(cx, c, ty);
}

/// Returns 1 if both are the same object.
fn same_object(c: &mut Code) {
    c.get(0);
    c.get(1);
    c.op(Ins::RefEq);
    c.if_(None);
    c.i32(1);
    c.op(Ins::Return);
    c.end();
}

fn numbered(fields: &[Field], from: u32) -> Vec<(u32, Type)> {
    (from..).zip(fields.iter().map(|field| field.ty.clone())).collect()
}

/// 1 if all fields are equal.
fn fields(cx: &mut Emit<'_>, c: &mut Code, object: TypeId, all: &[(u32, Type)]) {
    for (index, ty) in all {
        for side in [0, 1] {
            c.get(side);
            c.struct_get(object, *index);
        }
        push_stored(cx, c, ty);
        c.op(Ins::I32Eqz);
        return_if(c, 0);
    }
    c.i32(1);
}

fn return_if(c: &mut Code, value: i32) {
    c.if_(None);
    c.i32(value);
    c.op(Ins::Return);
    c.end();
}

fn option(cx: &mut Emit<'_>, c: &mut Code, inner: &Type) {
    c.get(0);
    c.is_null();
    c.get(1);
    c.is_null();
    c.op(Ins::I32Or);
    c.if_(None);
    c.get(0);
    c.is_null();
    c.get(1);
    c.is_null();
    c.op(Ins::I32And);
    c.op(Ins::Return);
    c.end();
    for side in [0, 1] {
        c.get(side);
        cx.unwrapped(c, inner);
    }
    push(cx, c, inner);
}

fn list(cx: &mut Emit<'_>, c: &mut Code, item: &Type) {
    let types = cx.list_of(item);
    let at = c.local(Val::I32);
    same_object(c);
    for side in [0, 1] {
        c.get(side);
        c.struct_get(types.list, 1);
    }
    c.op(Ins::I32Ne);
    return_if(c, 0);
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    c.get(0);
    c.struct_get(types.list, 1);
    c.op(Ins::I32GeS);
    c.br_if(done);
    let elements = [c.local(types.elem), c.local(types.elem)];
    for (side, element) in (0..).zip(elements) {
        c.get(side);
        c.struct_get(types.list, 0);
        c.get(at);
        c.array_get(types.array);
        c.set(element);
    }
    if types.elem == Val::Eq {
        // The usual neighbour of a changed element; it needs no look at what the elements are.
        elements.iter().for_each(|&element| c.get(element));
        c.op(Ins::RefEq);
        c.if_(None);
        step(c, at, next);
        c.end();
    }
    for element in elements {
        c.get(element);
        cx.unpack_elem(c, item);
    }
    push(cx, c, item);
    c.op(Ins::I32Eqz);
    return_if(c, 0);
    step(c, at, next);
    c.end();
    c.end();
    c.i32(1);
}

/// Adds 1 to a counter and starts the next turn.
pub(crate) fn step(c: &mut Code, counter: u32, next: Label) {
    c.get(counter);
    c.i32(1);
    c.op(Ins::I32Add);
    c.set(counter);
    c.br(next);
}

fn enum_(cx: &mut Emit<'_>, c: &mut Code, id: tova_ir::EnumId) {
    let types = cx.enum_types(id);
    same_object(c);
    for side in [0, 1] {
        c.get(side);
        c.struct_get(types.base, 0);
    }
    c.op(Ins::I32Ne);
    return_if(c, 0);
    for (index, variant) in (0..).zip(&cx.enum_(id).variants) {
        let Some(&ty) = types.variants.get(index as usize) else { continue };
        if ty == types.base {
            continue;
        }
        c.get(0);
        c.struct_get(types.base, 0);
        c.i32(index);
        c.op(Ins::I32Eq);
        c.if_(None);
        let casts = [c.local(Val::Ref(ty)), c.local(Val::Ref(ty))];
        for (side, cast) in (0..).zip(casts) {
            c.get(side);
            c.cast(ty);
            c.set(cast);
        }
        for (field, field_ty) in numbered(&variant.fields, 1) {
            for cast in casts {
                c.get(cast);
                c.struct_get(ty, field);
            }
            push_stored(cx, c, &field_ty);
            c.op(Ins::I32Eqz);
            return_if(c, 0);
        }
        c.i32(1);
        c.op(Ins::Return);
        c.end();
    }
    c.i32(1);
}
