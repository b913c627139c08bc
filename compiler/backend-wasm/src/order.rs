//! Order: below 0, 0 or above 0. Floats that are not numbers come last.

use tova_ir::Type;

use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;

/// Orders the two values on the stack.
pub(crate) fn push(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    if cx.val(ty).is_none() {
        return code.i32(0);
    }
    let func = function(cx, ty);
    code.call(func);
}

/// The function `(a, b) -> i32` that orders two values as they are stored.
pub(crate) fn function(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    if *ty == Type::Str {
        return cx.module.glue("text_order", &[Val::Ext, Val::Ext], &[Val::I32]);
    }
    let val = cx.stored(ty);
    cx.helper("order", Key::Type(ty.clone()), (&[val, val], &[Val::I32]), |cx, c| match (ty, val) {
        (Type::Option(inner), _) => option(cx, c, ty, inner),
        (Type::List(item), _) => list(cx, c, item),
        (Type::Tuple(items), Val::Ref(object)) => {
            for (index, item) in (0..).zip(items.iter()) {
                for side in [0, 1] {
                    c.get(side);
                    c.struct_get(object, index);
                }
                if cx.val(item).is_none() {
                    c.op(Ins::Drop);
                    c.op(Ins::Drop);
                }
                push(cx, c, item);
                return_unless_zero(c);
            }
            c.i32(0);
        }
        (_, Val::I32) => signs(c, &Ins::I32GtS, &Ins::I32LtS),
        (_, Val::I64) => signs(c, &Ins::I64GtS, &Ins::I64LtS),
        (_, Val::F64) => {
            signs(c, &Ins::F64Gt, &Ins::F64Lt);
            return_unless_zero(c);
            for side in [0, 1] {
                c.get(side);
                c.get(side);
                c.op(Ins::F64Ne);
            }
            c.op(Ins::I32Sub);
        }
        // The checker orders nothing else.
        _ => c.i32(0),
    })
}

fn signs(c: &mut Code, above: &Ins<'static>, below: &Ins<'static>) {
    for ins in [above, below] {
        c.get(0);
        c.get(1);
        c.op(ins.clone());
    }
    c.op(Ins::I32Sub);
}

fn return_unless_zero(c: &mut Code) {
    let found = c.temp(Val::I32);
    c.tee(found);
    c.if_(None);
    c.get(found);
    c.op(Ins::Return);
    c.end();
    c.release(found);
}

fn option(cx: &mut Emit<'_>, c: &mut Code, ty: &Type, inner: &Type) {
    for side in [0, 1] {
        c.get(side);
        cx.is_nil(c, ty);
    }
    c.op(Ins::I32Or);
    c.if_(None);
    for side in [1, 0] {
        c.get(side);
        cx.is_nil(c, ty);
    }
    c.op(Ins::I32Sub);
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
    let done = c.block(None);
    let next = c.loop_(None);
    for side in [0, 1] {
        c.get(at);
        c.get(side);
        c.struct_get(types.list, 1);
        c.op(Ins::I32GeS);
    }
    c.op(Ins::I32Or);
    c.br_if(done);
    for side in [0, 1] {
        c.get(side);
        c.struct_get(types.list, 0);
        c.get(at);
        c.array_get(types.array);
        cx.unpack_elem(c, item);
    }
    push(cx, c, item);
    return_unless_zero(c);
    step(c, at, next);
    c.end();
    c.end();
    for side in [0, 1] {
        c.get(side);
        c.struct_get(types.list, 1);
    }
    c.op(Ins::I32Sub);
}
