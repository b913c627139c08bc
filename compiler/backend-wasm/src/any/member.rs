//! Looking into dynamic data and walking it.

use tova_ir::Type;

use super::{Kind, both_texts, kind, test, text};
use crate::asm::{FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;

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
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(is_text);
        c.if_(None);
        let named = named(cx);
        c.get(0);
        c.get(1);
        c.op(Ins::ExternConvertAny);
        c.call(named);
        c.op(Ins::Return);
        c.end();
        c.end();
        c.null(Val::Any);
    })
}

/// `(any, text) -> any`: a member by name; nil if there is none.
pub(crate) fn named(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("any_named", Key::One, (&[Val::Any, Val::Ext], &[Val::Any]), |cx, c| {
        let (map, get) = (cx.map_type(), crate::map::get(cx, &Type::Str, &Type::Any));
        test(cx, c, 0, Kind::Map);
        c.if_(Some(Val::Any));
        c.get(0);
        c.cast(map);
        c.get(1);
        c.call(get);
        c.else_();
        c.null(Val::Any);
        c.end();
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
