//! What goes wrong at run time. Faults and throws are errors of the host: the module raises and receives them through the glue.

use tova_ir::{Record, Type};
use tova_source::Span;

use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::lower::Lower;

/// The glue function that raises a fault: `(message, span)`.
pub(crate) fn raise_func(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&[Val::Ext]);
    cx.module.glue("fault", &params, &[])
}

/// Raises a fault whose message is on the stack.
pub(crate) fn raise(cx: &mut Emit<'_>, code: &mut Code, span: Span) {
    let func = raise_func(cx);
    cx.push_span(code, span);
    code.call(func);
    code.op(Ins::Unreachable);
}

/// Throws the record `Error` on the stack.
pub(crate) fn throw_record(lower: &mut Lower<'_, '_>, span: Span) {
    let func = throw_func(lower.cx);
    lower.call_spanned(func, span);
    lower.unreachable();
}

fn throw_func(cx: &mut Emit<'_>) -> FuncId {
    let (error, record) = error_type(cx);
    let params = cx.with_span(&[Val::Ref(error)]);
    cx.helper("throw_record", Key::One, (&params, &[]), |cx, c| {
        for name in ["message", "code"] {
            match field(record, name) {
                Some((at, _)) => {
                    c.get(0);
                    c.struct_get(error, at);
                }
                None => c.null(Val::Ext),
            }
        }
        status_number(cx, c, error, record);
        cx.pass_span(c, 1);
        let params = cx.with_span(&[Val::Ext, Val::Ext, Val::F64]);
        let throw = cx.module.glue("throw_error", &params, &[]);
        c.call(throw);
    })
}

/// The status of the error in local 0 as a float; 0 if it has none.
fn status_number(cx: &mut Emit<'_>, c: &mut Code, error: crate::asm::TypeId, record: &Record) {
    let Some((at, ty)) = field(record, "status") else { return c.f64(0.0) };
    let boxed = cx.stored(ty);
    let status = c.local(boxed);
    c.get(0);
    c.struct_get(error, at);
    c.tee(status);
    cx.is_nil(c, ty);
    c.if_(Some(Val::F64));
    c.f64(0.0);
    c.else_();
    c.get(status);
    cx.unwrapped(c, &Type::Int);
    c.op(Ins::F64ConvertI64S);
    c.end();
}

/// Turns an error of the host on the stack into a record `Error`.
pub(crate) fn record_of(cx: &mut Emit<'_>, code: &mut Code) {
    let (error, record) = error_type(cx);
    let func = cx.helper("error_record", Key::One, (&[Val::Ext], &[Val::Ref(error)]), |cx, c| {
        for field in &record.fields {
            match field.name.as_str() {
                "message" => from_glue(cx, c, "error_message", Val::Ext),
                "code" => from_glue(cx, c, "error_code", Val::Ext),
                "status" => {
                    let status = c.local(Val::F64);
                    from_glue(cx, c, "error_status", Val::F64);
                    c.tee(status);
                    c.f64(0.0);
                    c.op(Ins::F64Eq);
                    let val = cx.stored(&field.ty);
                    c.if_(Some(val));
                    cx.nil(c, &field.ty);
                    c.else_();
                    c.get(status);
                    c.op(Ins::I64TruncSatF64S);
                    cx.some(c, &Type::Int);
                    c.end();
                }
                _ => {
                    let val = cx.stored(&field.ty);
                    c.zero(val);
                }
            }
        }
        c.struct_new(error);
    });
    code.call(func);
}

fn from_glue(cx: &mut Emit<'_>, c: &mut Code, name: &str, result: Val) {
    let func = cx.module.glue(name, &[Val::Ext], &[result]);
    c.get(0);
    c.call(func);
}

/// The record `Error`. A program that throws or catches has it.
fn error_type<'p>(cx: &mut Emit<'p>) -> (crate::asm::TypeId, &'p Record) {
    let id = cx.program.error.unwrap_or(tova_ir::RecordId(0));
    (cx.record_type(id), cx.record(id))
}

fn field<'r>(record: &'r Record, name: &str) -> Option<(u32, &'r Type)> {
    (0..).zip(&record.fields).find(|(_, field)| field.name == name).map(|(at, field)| (at, &field.ty))
}
