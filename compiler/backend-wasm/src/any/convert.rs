//! Between values of a type and dynamic data.

use tova_ir::{Expr, ExprKind, Type};

use super::{Kind, json_text, test};
use crate::asm::{Code, FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;
use crate::lower::Lower;

impl Lower<'_, '_> {
    /// A value as dynamic data.
    pub(crate) fn any_from(&mut self, value: &Expr) {
        self.expr(value);
        if self.cx.val(&value.ty).is_none() {
            return self.code.null(Val::Any);
        }
        push_any(self.cx, &mut self.code, &value.ty);
    }

    /// Dynamic data as a value of a type.
    pub(crate) fn typed_from_any(&mut self, value: &Expr, ty: &Type) {
        // What is parsed for a type goes straight to it.
        if let ExprKind::Intrinsic { name, args } = &value.kind
            && name == "json.parse"
            && let [text] = args.as_slice()
        {
            self.expr(text);
            return crate::json::parse(self.cx, &mut self.code, ty);
        }
        self.expr(value);
        let func = from(self.cx, ty);
        self.code.call(func);
        if self.cx.val(ty).is_none() {
            self.code.op(Ins::Drop);
        }
    }
}

/// Turns the value of a type on the stack into dynamic data.
fn push_any(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    match ty {
        Type::Any => {}
        Type::Bool | Type::Int | Type::Float | Type::Str | Type::Duration | Type::Size => {
            if let Some(val) = cx.val(ty) {
                cx.boxed(code, val);
            }
        }
        Type::List(item) if **item == Type::Any => {}
        Type::Map(key, value) if **key == Type::Str && **value == Type::Any => {}
        Type::Fn(_) | Type::Handle(_) | Type::View => {
            code.op(Ins::Drop);
            code.null(Val::Any);
        }
        _ => {
            let func = any_func(cx, ty);
            code.call(func);
        }
    }
}

/// The function from a value, as it is stored, to dynamic data.
fn any_func(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let val = cx.stored(ty);
    cx.helper("to_any", Key::Type(ty.clone()), (&[val], &[Val::Any]), |cx, c| match ty {
        Type::Option(inner) => {
            c.get(0);
            cx.is_nil(c, ty);
            c.if_(Some(Val::Any));
            c.null(Val::Any);
            c.else_();
            c.get(0);
            cx.unwrapped(c, inner);
            push_any(cx, c, inner);
            c.end();
        }
        Type::List(item) => {
            let collect = from_list(cx, item);
            c.get(0);
            c.call(collect);
        }
        Type::Set(item) => {
            let keys = crate::map::keys(cx, ty, item);
            let collect = from_list(cx, item);
            c.get(0);
            c.call(keys);
            c.call(collect);
        }
        Type::Map(key, value) => from_map(cx, c, key, value),
        // Records, tuples and variants have one dynamic form: that of their JSON.
        _ => {
            let read = read_any(cx);
            c.get(0);
            crate::json::push_stored(cx, c, ty);
            let parse = cx.module.glue("json_parse", &[Val::Ext], &[Val::Ext]);
            c.call(parse);
            c.call(read);
        }
    })
}

fn from_list(cx: &mut Emit<'_>, item: &Type) -> FuncId {
    let (from, to) = (cx.list_of(item), cx.list_types(Val::Any));
    cx.helper("list_to_any", Key::Type(item.clone()), (&[Val::Ref(from.list)], &[Val::Any]), |cx, c| {
        let (at, len, array) = (c.local(Val::I32), c.local(Val::I32), c.local(Val::Ref(to.array)));
        c.get(0);
        c.struct_get(from.list, 1);
        c.tee(len);
        c.array_new(to.array);
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
        c.struct_get(from.list, 0);
        c.get(at);
        c.array_get(from.array);
        cx.unpack_elem(c, item);
        if cx.val(item).is_none() {
            c.null(Val::Any)
        } else {
            push_any(cx, c, item)
        }
        c.array_set(to.array);
        step(c, at, next);
        c.end();
        c.end();
        c.get(array);
        crate::list::wrap(c, to, len);
    })
}

/// Keys become texts.
fn from_map(cx: &mut Emit<'_>, c: &mut Code, key: &Type, value: &Type) {
    let map = cx.map_type();
    let out = c.local(Val::Ref(map));
    let set = crate::map::set(cx, &Type::Str, &Type::Any);
    crate::map::new(cx, c);
    c.set(out);
    crate::map::walk(cx, c, 0, |cx, c, entry| {
        c.get(out);
        c.get(entry);
        crate::map::entry_key(cx, c, key);
        crate::display::push_stored(cx, c, key);
        c.get(entry);
        crate::map::entry_value(cx, c, value);
        if cx.val(value).is_none() {
            c.op(Ins::Drop);
            c.null(Val::Any);
        } else {
            push_any(cx, c, value);
        }
        c.call(set);
    });
    c.get(out);
}

/// The function from dynamic data to a value of a type, as it is stored. Compound types take the way over JSON.
fn from(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let val = cx.stored(ty);
    cx.helper("from_any", Key::Type(ty.clone()), (&[Val::Any], &[val]), |cx, c| {
        match ty {
            Type::Bool => direct(cx, c, Kind::Bool, val),
            Type::Int => direct(cx, c, Kind::Int, val),
            Type::Float => direct(cx, c, Kind::Float, val),
            Type::Str => {
                let test = cx.module.js_string("test");
                c.get(0);
                c.op(Ins::ExternConvertAny);
                c.call(test);
                c.if_(None);
                c.get(0);
                cx.unboxed(c, val);
                c.op(Ins::Return);
                c.end();
            }
            _ => {}
        }
        let text = json_text(cx);
        let parse = cx.module.glue("json_parse", &[Val::Ext], &[Val::Ext]);
        c.get(0);
        c.call(text);
        c.call(parse);
        crate::json::decode(cx, c, ty);
        if cx.val(ty).is_none() {
            c.i32(0);
        }
    })
}

/// Returns the value in local 0 if it is of the kind.
fn direct(cx: &mut Emit<'_>, c: &mut Code, kind: Kind, val: Val) {
    test(cx, c, 0, kind);
    c.if_(None);
    c.get(0);
    cx.unboxed(c, val);
    c.op(Ins::Return);
    c.end();
}

/// `(host value) -> any`: what the host's JSON reader gave.
pub(crate) fn read_any(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("read_any", Key::One, (&[Val::Ext], &[Val::Any]), |cx, c| {
        let kind_func = cx.module.glue("json_kind", &[Val::Ext], &[Val::I32]);
        let kind = c.local(Val::I32);
        c.get(0);
        c.call(kind_func);
        c.set(kind);
        let number = cx.module.glue("json_float", &[Val::Ext], &[Val::F64]);
        let flag = cx.module.glue("json_bool", &[Val::Ext], &[Val::I32]);
        let arm = |cx: &mut Emit<'_>, c: &mut Code, at: i32, body: &dyn Fn(&mut Emit<'_>, &mut Code)| {
            c.get(kind);
            c.i32(at);
            c.op(Ins::I32Eq);
            c.if_(None);
            c.get(0);
            body(cx, c);
            c.op(Ins::Return);
            c.end();
        };
        arm(cx, c, 1, &|cx, c| {
            c.call(flag);
            cx.boxed(c, Val::I32);
        });
        arm(cx, c, 2, &|cx, c| {
            let exact = crate::json::exact_int(cx);
            c.call(exact);
            cx.boxed(c, Val::I64);
        });
        arm(cx, c, 3, &|cx, c| {
            c.call(number);
            cx.boxed(c, Val::F64);
        });
        arm(cx, c, 4, &|_, c| c.op(Ins::AnyConvertExtern));
        arm(cx, c, 5, &|cx, c| crate::json::decode(cx, c, &Type::list(Type::Any)));
        arm(cx, c, 6, &|cx, c| crate::json::decode(cx, c, &Type::map(Type::Str, Type::Any)));
        c.null(Val::Any);
    })
}
