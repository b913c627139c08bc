//! What the host's JSON reader gave as values of a type. A mismatch is thrown with the way to it.

use tova_ir::{EnumId, EnumKind, Field, Type};

use super::TAG;
use crate::asm::{Code, Field as Slot, FuncId, Ins, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;

/// `JSON.parse`: the text on the stack becomes a value of the type.
pub(crate) fn parse(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    let func = cx.module.glue("json_read", &[Val::Ext], &[Val::Ext]);
    code.call(func);
    decode(cx, code, ty);
}

/// Turns a value of the host's JSON reader on the stack into a value of the type (nothing for unit); throws if it does not fit.
pub(crate) fn decode(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    let path = path_type(cx);
    code.null(Val::Ref(path));
    let func = decoder(cx, ty);
    code.call(func);
    if cx.val(ty).is_none() {
        code.op(Ins::Drop);
    }
}

/// A step of the way to a value: its parent, a name or (if that is null) an index.
fn path_type(cx: &mut Emit<'_>) -> TypeId {
    if let Some(&id) = cx.types.named.get("Path") {
        return id;
    }
    let id = cx.module.declare_struct("Path", None);
    cx.types.named.insert("Path", id);
    cx.module.define_struct(id, vec![Slot::fixed(Val::Ref(id)), Slot::fixed(Val::Ext), Slot::fixed(Val::I32)]);
    id
}

/// `(value, path) -> value of the type, as it is stored`
fn decoder(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let val = cx.stored(ty);
    let path = path_type(cx);
    cx.helper("decode", Key::Type(ty.clone()), (&[Val::Ext, Val::Ref(path)], &[val]), |cx, c| match ty {
        Type::Unit | Type::Never => c.i32(0),
        Type::Any => {
            let read = crate::any::read_any(cx);
            c.get(0);
            c.call(read);
        }
        Type::Bool => {
            let flag = c.local(Val::I32);
            from_glue(cx, c, "json_bool", Val::I32);
            c.tee(flag);
            c.i32(2);
            c.op(Ins::I32Eq);
            mismatch_if(cx, c, "a boolean");
            c.get(flag);
        }
        Type::Int | Type::Duration | Type::Size => decode_int(cx, c),
        Type::Float => {
            let number = c.local(Val::F64);
            from_glue(cx, c, "json_float", Val::F64);
            c.tee(number);
            c.get(number);
            c.op(Ins::F64Ne);
            mismatch_if(cx, c, "a number");
            c.get(number);
        }
        Type::Str => {
            let test = cx.module.js_string("test");
            c.get(0);
            c.call(test);
            c.op(Ins::I32Eqz);
            mismatch_if(cx, c, "a string");
            c.get(0);
        }
        Type::Option(inner) => {
            from_glue(cx, c, "json_absent", Val::I32);
            c.if_(Some(val));
            cx.nil(c, ty);
            c.else_();
            c.get(0);
            c.get(1);
            let func = decoder(cx, inner);
            c.call(func);
            cx.some(c, inner);
            c.end();
        }
        Type::List(item) => decode_list(cx, c, item),
        Type::Set(item) => decode_set(cx, c, item),
        Type::Map(key, value) => decode_map(cx, c, key, value),
        Type::Tuple(items) => {
            if let Val::Ref(object) = val {
                decode_tuple(cx, c, object, items);
            }
        }
        Type::Record(id) => {
            let object = cx.record_type(*id);
            expect_kind(cx, c, 6, "an object");
            for field in &cx.record(*id).fields {
                decode_field(cx, c, field);
            }
            c.struct_new(object);
        }
        Type::Enum(id) => decode_enum(cx, c, *id),
        Type::Fn(_) | Type::Handle(_) | Type::View => {
            c.i32(1);
            mismatch_if(cx, c, "a function");
            c.op(Ins::Unreachable);
        }
    })
}

fn from_glue(cx: &mut Emit<'_>, c: &mut Code, name: &str, result: Val) {
    let func = cx.module.glue(name, &[Val::Ext], &[result]);
    c.get(0);
    c.call(func);
}

/// Throws if the `i32` on the stack is not 0: the value in local 0 is not what was expected.
fn mismatch_if(cx: &mut Emit<'_>, c: &mut Code, expected: &str) {
    let func = mismatch(cx);
    c.if_(None);
    c.get(0);
    c.get(1);
    cx.text(c, expected);
    c.call(func);
    c.end();
}

/// `(value, path, expected)`: throws.
fn mismatch(cx: &mut Emit<'_>) -> FuncId {
    let path = path_type(cx);
    cx.helper("mismatch", Key::One, (&[Val::Ext, Val::Ref(path), Val::Ext], &[]), |cx, c| {
        let join = cx.module.glue("path_text", &[Val::Ext, Val::I32, Val::Ext], &[Val::Ext]);
        let fail = cx.module.glue("type_error", &[Val::Ext, Val::Ext, Val::Ext], &[]);
        let text = c.local(Val::Ext);
        cx.text(c, "");
        c.set(text);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(1);
        c.is_null();
        c.br_if(done);
        for field in [1, 2] {
            c.get(1);
            c.struct_get(path, field);
        }
        c.get(text);
        c.call(join);
        c.set(text);
        c.get(1);
        c.struct_get(path, 0);
        c.set(1);
        c.br(next);
        c.end();
        c.end();
        c.get(text);
        c.get(2);
        c.get(0);
        c.call(fail);
    })
}

/// A whole number within 64 bits.
fn decode_int(cx: &mut Emit<'_>, c: &mut Code) {
    let number = c.local(Val::F64);
    from_glue(cx, c, "json_float", Val::F64);
    c.tee(number);
    c.get(number);
    c.op(Ins::F64Trunc);
    c.op(Ins::F64Eq);
    c.get(number);
    c.op(Ins::F64Abs);
    // A number just below rounds to this.
    c.f64(9_223_372_036_854_775_808.0);
    c.op(Ins::F64Le);
    c.op(Ins::I32And);
    c.op(Ins::I32Eqz);
    mismatch_if(cx, c, "an integer");
    let exact = exact_int(cx);
    c.get(0);
    c.call(exact);
}

/// `(host number) -> int`: of a number that is an int; large ones come in two halves.
pub(crate) fn exact_int(cx: &mut Emit<'_>) -> FuncId {
    cx.helper("exact_int", Key::One, (&[Val::Ext], &[Val::I64]), |cx, c| {
        let half = c.local(Val::F64);
        from_glue(cx, c, "json_high", Val::F64);
        c.tee(half);
        c.get(half);
        c.op(Ins::F64Eq);
        c.if_(Some(Val::I64));
        c.get(half);
        c.op(Ins::I64TruncSatF64S);
        c.i64(32);
        c.op(Ins::I64Shl);
        from_glue(cx, c, "json_low", Val::F64);
        c.op(Ins::I64TruncSatF64U);
        c.op(Ins::I64Or);
        c.else_();
        from_glue(cx, c, "json_float", Val::F64);
        c.op(Ins::I64TruncSatF64S);
        c.end();
    })
}

/// Throws unless the value in local 0 is of the host's kind.
fn expect_kind(cx: &mut Emit<'_>, c: &mut Code, kind: i32, expected: &str) {
    from_glue(cx, c, "json_kind", Val::I32);
    c.i32(kind);
    c.op(Ins::I32Ne);
    mismatch_if(cx, c, expected);
}

/// Pushes a field of the object in local 0.
fn decode_field(cx: &mut Emit<'_>, c: &mut Code, field: &Field) {
    let path = path_type(cx);
    let get = cx.module.glue("json_get", &[Val::Ext, Val::Ext], &[Val::Ext]);
    c.get(0);
    cx.text(c, &field.name);
    c.call(get);
    c.get(1);
    cx.text(c, &field.name);
    c.i32(0);
    c.struct_new(path);
    let func = decoder(cx, &field.ty);
    c.call(func);
}

/// Pushes the element of the list in local 0 at the index in a local.
fn decode_item(cx: &mut Emit<'_>, c: &mut Code, at: u32, item: &Type) {
    let path = path_type(cx);
    let get = cx.module.glue("json_at", &[Val::Ext, Val::I32], &[Val::Ext]);
    c.get(0);
    c.get(at);
    c.call(get);
    c.get(1);
    c.null(Val::Ext);
    c.get(at);
    c.struct_new(path);
    let func = decoder(cx, item);
    c.call(func);
}

/// Pushes the length of the list in local 0.
fn len(cx: &mut Emit<'_>, c: &mut Code) {
    from_glue(cx, c, "json_len", Val::I32);
}

fn decode_list(cx: &mut Emit<'_>, c: &mut Code, item: &Type) {
    let types = cx.list_of(item);
    let (at, array) = (c.local(Val::I32), c.local(Val::Ref(types.array)));
    expect_kind(cx, c, 5, "a list");
    len(cx, c);
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
    decode_item(cx, c, at, item);
    c.array_set(types.array);
    step(c, at, next);
    c.end();
    c.end();
    c.get(array);
    crate::list::wrap(c, types, at);
}

fn decode_set(cx: &mut Emit<'_>, c: &mut Code, item: &Type) {
    let map = cx.map_type();
    let (at, out) = (c.local(Val::I32), c.local(Val::Ref(map)));
    let set = crate::map::set(cx, item, &Type::Unit);
    expect_kind(cx, c, 5, "a list");
    crate::map::new(cx, c);
    c.set(out);
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    len(cx, c);
    c.op(Ins::I32GeS);
    c.br_if(done);
    c.get(out);
    decode_item(cx, c, at, item);
    c.i32(0);
    c.call(set);
    step(c, at, next);
    c.end();
    c.end();
    c.get(out);
}

/// Names of an object are texts; keys of other types are read from them.
fn decode_map(cx: &mut Emit<'_>, c: &mut Code, key: &Type, value: &Type) {
    let (map, path) = (cx.map_type(), path_type(cx));
    let (at, out) = (c.local(Val::I32), c.local(Val::Ref(map)));
    let (names, name, inner) = (c.local(Val::Ext), c.local(Val::Ext), c.local(Val::Ref(path)));
    let set = crate::map::set(cx, key, value);
    let get = cx.module.glue("json_get", &[Val::Ext, Val::Ext], &[Val::Ext]);
    let item = cx.module.glue("json_at", &[Val::Ext, Val::I32], &[Val::Ext]);
    let length = cx.module.glue("json_len", &[Val::Ext], &[Val::I32]);
    expect_kind(cx, c, 6, "an object");
    crate::map::new(cx, c);
    c.set(out);
    from_glue(cx, c, "json_keys", Val::Ext);
    c.set(names);
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    c.get(names);
    c.call(length);
    c.op(Ins::I32GeS);
    c.br_if(done);
    c.get(names);
    c.get(at);
    c.call(item);
    c.set(name);
    c.get(1);
    c.get(name);
    c.i32(0);
    c.struct_new(path);
    c.set(inner);
    c.get(out);
    c.get(name);
    if *key != Type::Str {
        let parse = cx.module.glue("json_parse", &[Val::Ext], &[Val::Ext]);
        let decode_key = decoder(cx, key);
        c.call(parse);
        c.get(inner);
        c.call(decode_key);
    }
    c.get(0);
    c.get(name);
    c.call(get);
    c.get(inner);
    let decode_value = decoder(cx, value);
    c.call(decode_value);
    c.call(set);
    step(c, at, next);
    c.end();
    c.end();
    c.get(out);
}

fn decode_tuple(cx: &mut Emit<'_>, c: &mut Code, object: TypeId, items: &[Type]) {
    let count = i32::try_from(items.len()).unwrap_or(0);
    expect_kind(cx, c, 5, "a list");
    len(cx, c);
    c.i32(count);
    c.op(Ins::I32Ne);
    mismatch_if(cx, c, &format!("{count} elements"));
    let at = c.local(Val::I32);
    for (index, item) in (0..).zip(items) {
        c.i32(index);
        c.set(at);
        decode_item(cx, c, at, item);
    }
    c.struct_new(object);
}

fn decode_enum(cx: &mut Emit<'_>, c: &mut Code, id: EnumId) {
    let decl = cx.enum_(id);
    if decl.kind == EnumKind::Union {
        return decode_union(cx, c, id);
    }
    let plain = cx.is_plain(id);
    let tag = c.local(Val::Ext);
    let equals = cx.module.js_string("equals");
    expect_kind(cx, c, 6, "an object");
    decode_field(cx, c, &Field { name: TAG.into(), ty: Type::Str });
    c.set(tag);
    for (at, variant) in (0..).zip(&decl.variants) {
        c.get(tag);
        cx.text(c, &variant.name);
        c.call(equals);
        c.if_(None);
        c.i32(at);
        if !plain {
            let types = cx.enum_types(id);
            for field in &variant.fields {
                decode_field(cx, c, field);
            }
            c.struct_new(types.variants[usize::try_from(at).unwrap_or(0)]);
        }
        c.op(Ins::Return);
        c.end();
    }
    c.i32(1);
    mismatch_if(cx, c, &format!("a variant of {}", decl.name));
    c.op(Ins::Unreachable);
}

/// The first member whose JSON is of the kind that there is.
fn decode_union(cx: &mut Emit<'_>, c: &mut Code, id: EnumId) {
    let decl = cx.enum_(id);
    let types = cx.enum_types(id);
    let kind = c.local(Val::I32);
    from_glue(cx, c, "json_kind", Val::I32);
    c.set(kind);
    for (at, variant) in (0..).zip(&decl.variants) {
        let Some(member) = variant.fields.first() else { continue };
        let kinds: &[i32] = match &member.ty {
            Type::Bool => &[1],
            Type::Int | Type::Duration | Type::Size => &[2],
            Type::Float => &[2, 3],
            Type::Str => &[4],
            Type::List(_) | Type::Tuple(_) | Type::Set(_) => &[5],
            Type::Record(_) | Type::Map(..) | Type::Enum(_) => &[6],
            _ => &[0, 1, 2, 3, 4, 5, 6],
        };
        c.i32(0);
        for &accepted in kinds {
            c.get(kind);
            c.i32(accepted);
            c.op(Ins::I32Eq);
            c.op(Ins::I32Or);
        }
        c.if_(None);
        c.i32(at);
        c.get(0);
        c.get(1);
        let func = decoder(cx, &member.ty);
        c.call(func);
        c.struct_new(types.variants[usize::try_from(at).unwrap_or(0)]);
        c.op(Ins::Return);
        c.end();
    }
    c.i32(1);
    mismatch_if(cx, c, &format!("a {}", decl.name));
    c.op(Ins::Unreachable);
}
