//! Dynamic data: null, a bool, an int, a float, a string, a list of such, a map from string to such.

use tova_ir::{Expr, ExprKind, Type};

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
        if cx.val(item).is_none() { c.null(Val::Any) } else { push_any(cx, c, item) }
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

/// `(any, key) -> any`: a member by name or index; nil if there is none.
pub(crate) fn member(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_member", Key::One, (&[Val::Any, Val::Any], &[Val::Any]), |cx, c| {
        let is_text = cx.module.js_string("test");
        test(cx, c, 1, Kind::Int);
        c.if_(None);
        test(cx, c, 0, Kind::List);
        c.if_(None);
        let (list, at) = (cx.list_types(Val::Any).list, crate::list::at(cx, &Type::Any));
        c.get(0);
        c.cast(list);
        c.get(1);
        cx.unboxed(c, Val::I64);
        c.call(at);
        c.op(Ins::Return);
        c.end();
        c.get(0);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
        c.if_(None);
        let at = cx.module.glue("text_at", &[Val::Ext, Val::F64], &[Val::Ext]);
        c.get(0);
        c.op(Ins::ExternConvertAny);
        c.get(1);
        cx.unboxed(c, Val::I64);
        c.op(Ins::F64ConvertI64S);
        c.call(at);
        c.op(Ins::AnyConvertExtern);
        c.op(Ins::Return);
        c.end();
        c.else_();
        test(cx, c, 0, Kind::Map);
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
        c.op(Ins::I32And);
        c.if_(None);
        let (map, get) = (cx.map_type(), crate::map::get(cx, &Type::Str, &Type::Any));
        c.get(0);
        c.cast(map);
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(get);
        c.op(Ins::Return);
        c.end();
        c.end();
        c.null(Val::Any);
    })
}

/// `(any, key, value) -> any`: a copy with the member set; a fault if there is no such place.
pub(crate) fn with_member(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_with_member", Key::One, (&[Val::Any, Val::Any, Val::Any], &[Val::Any]), |cx, c| {
        let is_text = cx.module.js_string("test");
        test(cx, c, 0, Kind::List);
        test(cx, c, 1, Kind::Int);
        c.op(Ins::I32And);
        c.if_(None);
        let (list, set) = (cx.list_types(Val::Any).list, crate::list::set(cx, Val::Any));
        c.get(0);
        c.cast(list);
        c.get(1);
        cx.unboxed(c, Val::I64);
        c.get(2);
        c.i32(0);
        cx.push_span(c, tova_source::Span::default());
        c.call(set);
        c.op(Ins::Return);
        c.end();
        test(cx, c, 0, Kind::Map);
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
        c.op(Ins::I32And);
        c.if_(None);
        let (map, own, set) = (cx.map_type(), crate::map::own(cx), crate::map::set(cx, &Type::Str, &Type::Any));
        let copy = c.local(Val::Ref(map));
        c.get(0);
        c.cast(map);
        c.i32(0);
        c.call(own);
        c.tee(copy);
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.get(2);
        c.call(set);
        c.get(copy);
        c.op(Ins::Return);
        c.end();
        let concat = cx.module.js_string("concat");
        let (text, kind) = (text(cx), kind(cx));
        cx.text(c, "cannot set ");
        c.get(1);
        c.call(text);
        c.call(concat);
        cx.text(c, " of ");
        c.call(concat);
        c.get(0);
        c.call(kind);
        c.call(concat);
        crate::fault::raise(cx, c, tova_source::Span::default());
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

/// `(any, item) -> i32`: an equal element, a key, or a part of a text.
pub(crate) fn contains(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_contains", Key::One, (&[Val::Any, Val::Any], &[Val::I32]), |cx, c| {
        test(cx, c, 0, Kind::List);
        c.if_(None);
        let (list, contains) = (cx.list_types(Val::Any).list, crate::list::contains(cx, &Type::Any));
        c.get(0);
        c.cast(list);
        c.get(1);
        c.call(contains);
        c.op(Ins::Return);
        c.end();
        test(cx, c, 0, Kind::Map);
        c.if_(None);
        let is_text = cx.module.js_string("test");
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
        c.if_(Some(Val::I32));
        let (map, has) = (cx.map_type(), crate::map::has(cx, &Type::Str));
        c.get(0);
        c.cast(map);
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(has);
        c.else_();
        c.i32(0);
        c.end();
        c.op(Ins::Return);
        c.end();
        both_texts(cx, c, |cx, c| {
            let part = cx.module.glue("text_contains", &[Val::Ext, Val::Ext], &[Val::I32]);
            c.call(part);
        });
    })
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
            c.call(number);
            c.op(Ins::I64TruncSatF64S);
            cx.boxed(c, Val::I64);
        });
        arm(cx, c, 3, &|cx, c| {
            c.call(number);
            cx.boxed(c, Val::F64);
        });
        arm(cx, c, 4, &|_, c| c.op(Ins::AnyConvertExtern));
        arm(cx, c, 5, &|cx, c| crate::json::decode_unchecked(cx, c, &Type::list(Type::Any)));
        arm(cx, c, 6, &|cx, c| crate::json::decode_unchecked(cx, c, &Type::map(Type::Str, Type::Any)));
        c.null(Val::Any);
    })
}

/// `(any) -> list`: the elements of a list; a fault if it is none.
pub(crate) fn items(cx: &mut Emit<'_>) -> FuncId {
    let list = cx.list_types(Val::Any).list;
    cx.helper("any_items", Key::One, (&[Val::Any], &[Val::Ref(list)]), |cx, c| {
        test(cx, c, 0, Kind::List);
        c.op(Ins::I32Eqz);
        c.if_(None);
        let (concat, kind) = (cx.module.js_string("concat"), kind(cx));
        cx.text(c, "cannot walk ");
        c.get(0);
        c.call(kind);
        c.call(concat);
        crate::fault::raise(cx, c, tova_source::Span::default());
        c.end();
        c.get(0);
        c.cast(list);
    })
}

/// `(any) -> map from any to any`: the entries of an object, or the elements of a list by index.
pub(crate) fn entries(cx: &mut Emit<'_>) -> FuncId {
    let (map, list) = (cx.map_type(), cx.list_types(Val::Any));
    cx.helper("any_entries", Key::One, (&[Val::Any], &[Val::Ref(map)]), |cx, c| {
        test(cx, c, 0, Kind::Map);
        c.if_(None);
        c.get(0);
        c.cast(map);
        c.op(Ins::Return);
        c.end();
        let (out, at) = (c.local(Val::Ref(map)), c.local(Val::I32));
        let set = crate::map::set(cx, &Type::Any, &Type::Any);
        crate::map::new(cx, c);
        c.set(out);
        test(cx, c, 0, Kind::List);
        c.if_(None);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(0);
        c.cast(list.list);
        c.struct_get(list.list, 1);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(out);
        c.get(at);
        c.op(Ins::I64ExtendI32U);
        cx.boxed(c, Val::I64);
        c.get(0);
        c.cast(list.list);
        c.struct_get(list.list, 0);
        c.get(at);
        c.array_get(list.array);
        c.call(set);
        step(c, at, next);
        c.end();
        c.end();
        c.end();
        c.get(out);
    })
}
