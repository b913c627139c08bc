//! Dynamic data: null, a bool, an int, a float, a string, a list of such, a map from string to such.

mod convert;
mod member;

use tova_ir::Type;

use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};

pub(crate) use convert::read_any;
pub(crate) use member::{contains, entries, items, member, named, with_member};

/// The types that are distinguished, each with the test for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    Float,
    List,
    Map,
}

/// Whether the value in local `at` is of the kind.
fn test(cx: &mut Emit<'_>, c: &mut Code, at: u32, kind: Kind) {
    c.get(at);
    match kind {
        Kind::Bool => c.op(Ins::RefTestNonNull(wasm_encoder::HeapType::I31)),
        Kind::Int => {
            let ty = cx.box_int();
            c.test(ty);
        }
        Kind::Float => {
            let ty = cx.box_float();
            c.test(ty);
        }
        Kind::List => {
            let ty = cx.list_types(Val::Any).list;
            c.test(ty);
        }
        Kind::Map => {
            let ty = cx.map_type();
            c.test(ty);
        }
    }
}

/// `(any) -> i32`: neither nil nor false.
pub(crate) fn truthy(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_truthy", Key::One, (&[Val::Any], &[Val::I32]), |cx, c| {
        test(cx, c, 0, Kind::Bool);
        c.if_(Some(Val::I32));
        c.get(0);
        cx.unboxed(c, Val::I32);
        c.else_();
        c.get(0);
        c.is_null();
        c.op(Ins::I32Eqz);
        c.end();
    })
}

/// Compares the values in locals 0 and 1.
pub(crate) fn equal(cx: &mut Emit<'_>, c: &mut Code) {
    for (a, b) in [(0, 1), (1, 0)] {
        c.get(a);
        c.is_null();
        c.if_(None);
        c.get(b);
        c.is_null();
        c.op(Ins::Return);
        c.end();
    }
    let number = number(cx);
    let numbers = [c.local(Val::F64), c.local(Val::F64)];
    for ty in [Type::Bool, Type::Int, Type::list(Type::Any), Type::map(Type::Str, Type::Any)] {
        let kind = match ty {
            Type::Bool => Kind::Bool,
            Type::Int => Kind::Int,
            Type::List(_) => Kind::List,
            _ => Kind::Map,
        };
        test(cx, c, 0, kind);
        test(cx, c, 1, kind);
        c.op(Ins::I32And);
        c.if_(None);
        let val = cx.stored(&ty);
        for side in [0, 1] {
            c.get(side);
            cx.unboxed(c, val);
        }
        crate::equality::push(cx, c, &ty);
        c.op(Ins::Return);
        c.end();
    }
    for (side, to) in (0..).zip(numbers) {
        c.get(side);
        c.call(number);
        c.set(to);
    }
    // NaN stands for "no number".
    c.get(numbers[0]);
    c.get(numbers[1]);
    c.op(Ins::F64Eq);
    c.if_(None);
    c.i32(1);
    c.op(Ins::Return);
    c.end();
    both_texts(cx, c, |cx, c| {
        let equals = cx.module.js_string("equals");
        c.call(equals);
    });
}

/// If locals 0 and 1 are texts, what `then` makes of them, else 0.
fn both_texts(cx: &mut Emit<'_>, c: &mut Code, then: impl FnOnce(&mut Emit<'_>, &mut Code)) {
    let is_text = cx.module.js_string("test");
    for side in [0, 1] {
        c.get(side);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
    }
    c.op(Ins::I32And);
    c.if_(Some(Val::I32));
    for side in [0, 1] {
        c.get(side);
        c.op(Ins::ExternConvertAny);
    }
    then(cx, c);
    c.else_();
    c.i32(0);
    c.end();
}

/// `(any) -> f64`: NaN if it is no number.
fn number(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_number", Key::One, (&[Val::Any], &[Val::F64]), |cx, c| {
        test(cx, c, 0, Kind::Int);
        c.if_(None);
        c.get(0);
        cx.unboxed(c, Val::I64);
        c.op(Ins::F64ConvertI64S);
        c.op(Ins::Return);
        c.end();
        test(cx, c, 0, Kind::Float);
        c.if_(Some(Val::F64));
        c.get(0);
        cx.unboxed(c, Val::F64);
        c.else_();
        c.f64(f64::NAN);
        c.end();
    })
}

/// `(any) -> text`: what it is, with its article.
pub(crate) fn kind(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_kind", Key::One, (&[Val::Any], &[Val::Ext]), |cx, c| {
        c.get(0);
        c.is_null();
        return_text(cx, c, "nil");
        for (kind, name) in [
            (Kind::Bool, "a boolean"),
            (Kind::Int, "a number"),
            (Kind::Float, "a number"),
            (Kind::List, "a list"),
            (Kind::Map, "an object"),
        ] {
            test(cx, c, 0, kind);
            return_text(cx, c, name);
        }
        cx.text(c, "a string");
    })
}

fn return_text(cx: &mut Emit<'_>, c: &mut Code, text: &str) {
    c.if_(None);
    cx.text(c, text);
    c.op(Ins::Return);
    c.end();
}

/// Writes one arm for each kind of dynamic data in local 0: the value, unboxed, is on the stack when `arm` runs; it returns its text.
fn by_kind(cx: &mut Emit<'_>, c: &mut Code, mut arm: impl FnMut(&mut Emit<'_>, &mut Code, &Type)) {
    let kinds = [
        (Kind::Bool, Type::Bool),
        (Kind::Int, Type::Int),
        (Kind::Float, Type::Float),
        (Kind::List, Type::list(Type::Any)),
        (Kind::Map, Type::map(Type::Str, Type::Any)),
    ];
    for (kind, ty) in kinds {
        test(cx, c, 0, kind);
        c.if_(None);
        c.get(0);
        let val = cx.stored(&ty);
        cx.unboxed(c, val);
        arm(cx, c, &ty);
        c.op(Ins::Return);
        c.end();
    }
    c.get(0);
    c.op(Ins::ExternConvertAny);
    arm(cx, c, &Type::Str);
}

/// `(any) -> text`
pub(crate) fn text(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_text", Key::One, (&[Val::Any], &[Val::Ext]), |cx, c| {
        c.get(0);
        c.is_null();
        return_text(cx, c, "nil");
        by_kind(cx, c, crate::display::push);
    })
}

/// `(any) -> text` inside of another value: strings are quoted.
pub(crate) fn text_inside(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_text_inside", Key::One, (&[Val::Any], &[Val::Ext]), |cx, c| {
        let is_text = cx.module.js_string("test");
        let text = text(cx);
        c.get(0);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
        c.if_(Some(Val::Ext));
        c.get(0);
        c.op(Ins::ExternConvertAny);
        crate::display::push_inside(cx, c, &Type::Str);
        c.else_();
        c.get(0);
        c.call(text);
        c.end();
    })
}

/// `(any) -> JSON text`
pub(crate) fn json_text(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_json", Key::One, (&[Val::Any], &[Val::Ext]), |cx, c| {
        c.get(0);
        c.is_null();
        return_text(cx, c, "null");
        by_kind(cx, c, crate::json::push_stored);
    })
}
