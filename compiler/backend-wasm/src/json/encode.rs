//! Values as JSON texts.

use tova_ir::{EnumId, EnumKind, Field, Type};

use super::TAG;
use crate::asm::{Code, FuncId, Ins, TypeId, Val};
use crate::display;
use crate::emit::{Emit, Key};

/// Turns the value on the stack, as it is stored, into its JSON text.
pub(crate) fn push_stored(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    match ty {
        Type::Unit | Type::Never | Type::Fn(_) | Type::Handle(_) | Type::View => {
            code.op(Ins::Drop);
            cx.text(code, "null");
        }
        Type::Bool => display::push(cx, code, ty),
        Type::Int | Type::Duration | Type::Size => {
            let func = display::int_text(cx);
            code.call(func);
        }
        Type::Float => {
            let func = cx.module.glue("json_number", &[Val::F64], &[Val::Ext]);
            code.call(func);
        }
        Type::Str => {
            let func = cx.module.glue("json_text", &[Val::Ext], &[Val::Ext]);
            code.call(func);
        }
        Type::Any => {
            let func = crate::any::json_text(cx);
            code.call(func);
        }
        Type::Option(_)
        | Type::List(_)
        | Type::Map(..)
        | Type::Set(_)
        | Type::Tuple(_)
        | Type::Record(_)
        | Type::Enum(_) => {
            let func = encoder(cx, ty);
            code.call(func);
        }
    }
}

/// The function from a value, as it is stored, to its JSON text.
fn encoder(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let val = cx.stored(ty);
    cx.helper("json", Key::Type(ty.clone()), (&[val], &[Val::Ext]), |cx, c| match (ty, val) {
        (Type::Option(inner), _) => {
            c.get(0);
            cx.is_nil(c, ty);
            c.if_(Some(Val::Ext));
            cx.text(c, "null");
            c.else_();
            c.get(0);
            cx.unwrapped(c, inner);
            push_stored(cx, c, inner);
            c.end();
        }
        (Type::List(item), _) => display::list(cx, c, item, (",", push_stored)),
        (Type::Set(item), _) => {
            let keys = crate::map::keys(cx, ty, item);
            c.get(0);
            c.call(keys);
            push_stored(cx, c, &Type::list((**item).clone()));
        }
        (Type::Map(key, value), _) => encode_map(cx, c, key, value),
        (Type::Tuple(items), Val::Ref(object)) => {
            let parts: Vec<(String, u32, &Type)> =
                items.iter().zip(0..).map(|(ty, at)| (String::new(), at, ty)).collect();
            encode_parts(cx, c, object, ("[", &parts, "]"));
        }
        (Type::Record(id), Val::Ref(object)) => {
            let parts = named(&cx.record(*id).fields, 0);
            encode_parts(cx, c, object, ("{", &parts, "}"));
        }
        (Type::Enum(id), _) => encode_enum(cx, c, *id),
        _ => cx.text(c, "null"),
    })
}

/// The fields with the text before each value: `"name":`.
fn named(fields: &[Field], from: u32) -> Vec<(String, u32, &Type)> {
    fields.iter().zip(from..).map(|(field, at)| (format!("{}:", quoted(&field.name)), at, &field.ty)).collect()
}

/// A name in quotes.
fn quoted(name: &str) -> String {
    let mut out = String::from('"');
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// Joins the fields of the object in local 0.
fn encode_parts(
    cx: &mut Emit<'_>,
    c: &mut Code,
    object: TypeId,
    (open, parts, close): (&str, &[(String, u32, &Type)], &str),
) {
    let concat = cx.module.js_string("concat");
    cx.text(c, open_with(open, parts).as_str());
    for (at, (name, field, ty)) in parts.iter().enumerate() {
        if at > 0 {
            cx.text(c, &format!(",{name}"));
            c.call(concat);
        }
        c.get(0);
        c.cast(object);
        c.struct_get(object, *field);
        push_stored(cx, c, ty);
        c.call(concat);
    }
    cx.text(c, close);
    c.call(concat);
}

fn open_with(open: &str, parts: &[(String, u32, &Type)]) -> String {
    let name = parts.first().map_or("", |(name, ..)| name);
    format!("{open}{name}")
}

fn encode_map(cx: &mut Emit<'_>, c: &mut Code, key: &Type, value: &Type) {
    let concat = cx.module.js_string("concat");
    let (at, text) = (c.local(Val::I32), c.local(Val::Ext));
    cx.text(c, "{");
    c.set(text);
    crate::map::walk(cx, c, 0, |cx, c, entry| {
        c.get(text);
        display::separator(cx, c, (at, ","));
        c.get(entry);
        crate::map::entry_key(cx, c, key);
        display::push_stored(cx, c, key);
        push_stored(cx, c, &Type::Str);
        c.call(concat);
        cx.text(c, ":");
        c.call(concat);
        c.get(entry);
        crate::map::entry_value(cx, c, value);
        push_stored(cx, c, value);
        c.call(concat);
        c.set(text);
        c.i32(1);
        c.set(at);
    });
    c.get(text);
    cx.text(c, "}");
    c.call(concat);
}

fn encode_enum(cx: &mut Emit<'_>, c: &mut Code, id: EnumId) {
    let decl = cx.enum_(id);
    let plain = cx.is_plain(id);
    for (at, variant) in decl.variants.iter().enumerate() {
        c.get(0);
        if !plain {
            let base = cx.enum_types(id).base;
            c.struct_get(base, 0);
        }
        c.i32(i32::try_from(at).unwrap_or(0));
        c.op(Ins::I32Eq);
        c.if_(None);
        let open = format!("{{{}:{}", quoted(TAG), quoted(&variant.name));
        if variant.fields.is_empty() {
            cx.text(c, &format!("{open}}}"));
        } else {
            let object = cx.enum_types(id).variants[at];
            if decl.kind == EnumKind::Union {
                c.get(0);
                c.cast(object);
                c.struct_get(object, 1);
                push_stored(cx, c, &variant.fields[0].ty);
            } else {
                let parts = named(&variant.fields, 1);
                encode_parts(cx, c, object, (&format!("{open},"), &parts, "}"));
            }
        }
        c.op(Ins::Return);
        c.end();
    }
    c.op(Ins::Unreachable);
}
