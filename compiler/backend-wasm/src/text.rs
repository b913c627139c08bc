//! Texts: the host's strings. Lengths and indices count Unicode scalar values, which the glue does.

use tova_ir::{Expr, Type};
use tova_source::Span;

use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::lower::Lower;

/// `(text, index, span) -> text`; out of range is a fault.
pub(crate) fn get(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&[Val::Ext, Val::I64]);
    cx.helper("text_get", Key::One, (&params, &[Val::Ext]), |cx, c| {
        let at = cx.module.glue("text_at", &[Val::Ext, Val::F64], &[Val::Ext]);
        let len = cx.module.glue("text_len", &[Val::Ext], &[Val::I32]);
        let out = crate::list::out_of_range(cx);
        let found = c.local(Val::Ext);
        c.get(0);
        c.get(1);
        c.op(Ins::F64ConvertI64S);
        c.call(at);
        c.tee(found);
        c.is_null();
        c.if_(None);
        // An index from the end was below the start: the fault takes it counted from there.
        c.get(1);
        c.get(0);
        c.call(len);
        c.op(Ins::I64ExtendI32U);
        c.i64(0);
        c.get(1);
        c.i64(0);
        c.op(Ins::I64LtS);
        c.op(Ins::Select);
        c.op(Ins::I64Add);
        c.get(0);
        c.call(len);
        c.op(Ins::I64ExtendI32U);
        cx.text(c, "a string");
        cx.pass_span(c, 2);
        c.call(out);
        c.end();
        c.get(found);
    })
}

/// Pushes an optional int as a float: NaN if it is absent.
fn bound(lower: &mut Lower<'_, '_>, bound: Option<&Expr>) {
    let Some(bound) = bound else { return lower.code.f64(f64::NAN) };
    lower.expr(bound);
    if bound.ty == Type::Int {
        return lower.code.op(Ins::F64ConvertI64S);
    }
    let boxed = lower.cx.box_int();
    let func = lower.cx.helper("bound", Key::One, (&[Val::Ref(boxed)], &[Val::F64]), |_, c| {
        c.get(0);
        c.is_null();
        c.if_(Some(Val::F64));
        c.f64(f64::NAN);
        c.else_();
        c.get(0);
        c.struct_get(boxed, 0);
        c.op(Ins::F64ConvertI64S);
        c.end();
    });
    lower.code.call(func);
}

/// Some of the characters, by Python's rules.
pub(crate) fn slice(lower: &mut Lower<'_, '_>, subject: &Expr, bounds: &[Expr], span: Span) {
    lower.expr(subject);
    for at in 0..3 {
        bound(lower, bounds.get(at));
    }
    let params = lower.cx.with_span(&[Val::Ext, Val::F64, Val::F64, Val::F64]);
    let func = lower.cx.module.glue("text_slice", &params, &[Val::Ext]);
    lower.call_spanned(func, span);
}

/// Turns the operands on the stack into a list of texts: `name` is a function of the glue from so many texts to a host list.
pub(crate) fn list_from(lower: &mut Lower<'_, '_>, name: &str, operands: usize) {
    let func = lower.cx.module.glue(name, &vec![Val::Ext; operands], &[Val::Ext]);
    lower.code.call(func);
    let convert = host_list(lower.cx);
    lower.code.call(convert);
}

/// `(host list of texts) -> list`
fn host_list(cx: &mut Emit<'_>) -> FuncId {
    let types = cx.list_types(Val::Ext);
    cx.helper("host_list", Key::One, (&[Val::Ext], &[Val::Ref(types.list)]), |cx, c| {
        let len = cx.module.glue("json_len", &[Val::Ext], &[Val::I32]);
        let item = cx.module.glue("json_at", &[Val::Ext, Val::I32], &[Val::Ext]);
        let (at, array) = (c.local(Val::I32), c.local(Val::Ref(types.array)));
        c.get(0);
        c.call(len);
        c.array_new(types.array);
        c.set(array);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(array);
        c.op(Ins::ArrayLen);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(array);
        c.get(at);
        c.get(0);
        c.get(at);
        c.call(item);
        c.array_set(types.array);
        crate::equality::step(c, at, next);
        c.end();
        c.end();
        c.get(array);
        crate::list::wrap(c, types, at);
    })
}

/// Turns a float on the stack, NaN if there is none, into an optional int.
pub(crate) fn optional_int(cx: &mut Emit<'_>, code: &mut Code) {
    let boxed = cx.box_int();
    let func = cx.helper("optional_int", Key::One, (&[Val::F64], &[Val::Ref(boxed)]), |_, c| {
        c.get(0);
        c.get(0);
        c.op(Ins::F64Ne);
        c.if_(Some(Val::Ref(boxed)));
        c.null(Val::Ref(boxed));
        c.else_();
        c.get(0);
        c.op(Ins::I64TruncSatF64S);
        c.struct_new(boxed);
        c.end();
    });
    code.call(func);
}

/// Turns a float on the stack, NaN if there is none, into an optional float.
pub(crate) fn optional_float(cx: &mut Emit<'_>, code: &mut Code) {
    let boxed = cx.box_float();
    let func = cx.helper("optional_float", Key::One, (&[Val::F64], &[Val::Ref(boxed)]), |_, c| {
        c.get(0);
        c.get(0);
        c.op(Ins::F64Ne);
        c.if_(Some(Val::Ref(boxed)));
        c.null(Val::Ref(boxed));
        c.else_();
        c.get(0);
        c.struct_new(boxed);
        c.end();
    });
    code.call(func);
}

/// `(text) -> int?`: the digits at the start, exactly, where floats would not do.
pub(crate) fn to_int(cx: &mut Emit<'_>) -> FuncId {
    let boxed = cx.box_int();
    cx.helper("text_to_int", Key::One, (&[Val::Ext], &[Val::Ref(boxed)]), |cx, c| {
        let digits = cx.module.glue("text_digits", &[Val::Ext], &[Val::Ext]);
        let length = cx.module.js_string("length");
        let char_at = cx.module.js_string("charCodeAt");
        let (at, code) = (c.local(Val::I32), c.local(Val::I32));
        let (value, negative) = (c.local(Val::I64), c.local(Val::I32));
        c.get(0);
        c.call(digits);
        c.tee(0);
        c.call(length);
        c.op(Ins::I32Eqz);
        return_null(c, boxed);
        c.get(0);
        c.i32(0);
        c.call(char_at);
        c.i32(45);
        c.op(Ins::I32Eq);
        c.tee(negative);
        c.set(at);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(0);
        c.call(length);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(0);
        c.get(at);
        c.call(char_at);
        c.i32(48);
        c.op(Ins::I32Sub);
        c.set(code);
        // Downwards, because the least int has no opposite: stops before `value * 10 - digit` would not fit.
        c.get(value);
        c.i64(i64::MIN);
        c.get(code);
        c.op(Ins::I64ExtendI32U);
        c.op(Ins::I64Add);
        c.i64(10);
        c.op(Ins::I64DivS);
        c.op(Ins::I64LtS);
        return_null(c, boxed);
        c.get(value);
        c.i64(10);
        c.op(Ins::I64Mul);
        c.get(code);
        c.op(Ins::I64ExtendI32U);
        c.op(Ins::I64Sub);
        c.set(value);
        crate::equality::step(c, at, next);
        c.end();
        c.end();
        c.get(negative);
        c.op(Ins::I32Eqz);
        c.if_(None);
        c.get(value);
        c.i64(i64::MIN);
        c.op(Ins::I64Eq);
        return_null(c, boxed);
        c.i64(0);
        c.get(value);
        c.op(Ins::I64Sub);
        c.set(value);
        c.end();
        c.get(value);
        c.struct_new(boxed);
    })
}

/// Returns null if the `i32` on the stack is not 0.
fn return_null(c: &mut Code, boxed: crate::asm::TypeId) {
    c.if_(None);
    c.null(Val::Ref(boxed));
    c.op(Ins::Return);
    c.end();
}
