//! The text of a value, the same on both backends: one function for each type that needs one.

use tova_ir::{EnumKind, Expr, ExprKind, Field, Program, Type};

use crate::asm::{Code, FuncId, Ins, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::equality::step;
use crate::lower::Lower;

impl Lower<'_, '_> {
    /// The text of an expression's value.
    pub(crate) fn display(&mut self, value: &Expr) {
        match &value.kind {
            // Dynamic data shows as the value that it was made of.
            ExprKind::ToAny(inner) if shows_alike(&inner.ty) => self.display(inner),
            _ => {
                self.expr(value);
                push(self.cx, &mut self.code, &value.ty);
            }
        }
    }

    /// Joins texts. The first one may be long, as in `out += …`: the others are joined before they are added to it.
    pub(crate) fn concat(&mut self, parts: &[Expr]) {
        let Some((first, rest)) = parts.split_first() else { return self.cx.text(&mut self.code, "") };
        self.expr(first);
        let concat = self.cx.module.js_string("concat");
        let Some((second, rest)) = rest.split_first() else { return };
        self.expr(second);
        for part in rest {
            self.expr(part);
            self.code.call(concat);
        }
        self.code.call(concat);
    }
}

/// Whether a value of the type shows the same as its dynamic form.
fn shows_alike(ty: &Type) -> bool {
    match ty {
        Type::Unit | Type::Bool | Type::Int | Type::Float | Type::Str | Type::Any => true,
        Type::Option(inner) | Type::List(inner) => shows_alike(inner),
        Type::Map(key, value) => **key == Type::Str && shows_alike(value),
        _ => false,
    }
}

/// Whether a program asks for the text of a function value.
pub(crate) fn shows_functions(program: &Program) -> bool {
    let mut found = false;
    for function in &program.functions {
        crate::expr::each(&function.body, &mut |expr| {
            let shown = match &expr.kind {
                ExprKind::Display(value) | ExprKind::ToAny(value) => Some(&value.ty),
                ExprKind::Intrinsic { name, args } if name == "print" => {
                    args.iter().map(|arg| &arg.ty).find(|ty| has_function(program, ty, 0))
                }
                _ => None,
            };
            found |= shown.is_some_and(|ty| has_function(program, ty, 0));
        });
    }
    found
}

fn has_function(program: &Program, ty: &Type, depth: usize) -> bool {
    if depth > 8 {
        return false;
    }
    let any = |fields: &[Field]| fields.iter().any(|field| has_function(program, &field.ty, depth + 1));
    match ty {
        Type::Fn(_) => true,
        Type::Option(inner) | Type::List(inner) | Type::Set(inner) => has_function(program, inner, depth + 1),
        Type::Map(key, value) => [key, value].into_iter().any(|ty| has_function(program, ty, depth + 1)),
        Type::Tuple(items) => items.iter().any(|item| has_function(program, item, depth + 1)),
        Type::Record(id) => any(&program.records[id.0 as usize].fields),
        Type::Enum(id) => program.enums[id.0 as usize].variants.iter().any(|variant| any(&variant.fields)),
        Type::Unit
        | Type::Never
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Str
        | Type::Any
        | Type::Duration
        | Type::Size
        | Type::Handle(_)
        | Type::View => false,
    }
}

/// Turns the value on the stack (nothing for unit) into its text.
pub(crate) fn push(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    match ty {
        Type::Str => {}
        Type::Unit | Type::Never => cx.text(code, "nil"),
        _ => {
            let func = function(cx, ty);
            code.call(func);
        }
    }
}

/// The same for a value as it is stored.
pub(crate) fn push_stored(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    if cx.val(ty).is_none() {
        code.op(Ins::Drop);
    }
    push(cx, code, ty);
}

/// Turns the value on the stack, as it is stored, into the text that stands for it inside of another.
pub(crate) fn push_inside(cx: &mut Emit<'_>, code: &mut Code, ty: &Type) {
    match ty {
        Type::Str => quote(cx, code),
        Type::Option(inner) if **inner == Type::Str => {
            let func = cx.helper("show_quoted", Key::One, (&[Val::Ext], &[Val::Ext]), |cx, c| {
                c.get(0);
                c.is_null();
                c.if_(Some(Val::Ext));
                cx.text(c, "nil");
                c.else_();
                c.get(0);
                quote(cx, c);
                c.end();
            });
            code.call(func);
        }
        Type::Any => {
            let func = crate::any::text_inside(cx);
            code.call(func);
        }
        _ => push_stored(cx, code, ty),
    }
}

fn quote(cx: &mut Emit<'_>, code: &mut Code) {
    let func = cx.module.glue("text_quoted", &[Val::Ext], &[Val::Ext]);
    code.call(func);
}

/// `(int) -> text`: in two pieces where a float is not exact.
pub(crate) fn int_text(cx: &mut Emit<'_>) -> FuncId {
    let number = cx.module.glue("number_text", &[Val::F64], &[Val::Ext]);
    let concat = cx.module.js_string("concat");
    let substring = cx.module.js_string("substring");
    cx.helper("int_text", Key::One, (&[Val::I64], &[Val::Ext]), |_, c| {
        const HALF: i64 = 1_000_000_000;
        crate::map::is_safe(c);
        c.if_(Some(Val::Ext));
        c.get(0);
        c.op(Ins::F64ConvertI64S);
        c.call(number);
        c.else_();
        c.get(0);
        c.i64(HALF);
        c.op(Ins::I64DivS);
        c.op(Ins::F64ConvertI64S);
        c.call(number);
        // The digits behind, with the leading zeros that a one before them keeps.
        c.get(0);
        c.i64(HALF);
        c.op(Ins::I64RemS);
        c.op(Ins::F64ConvertI64S);
        c.op(Ins::F64Abs);
        #[expect(clippy::cast_precision_loss, reason = "exact")]
        c.f64(HALF as f64);
        c.op(Ins::F64Add);
        c.call(number);
        c.i32(1);
        c.i32(10);
        c.call(substring);
        c.call(concat);
        c.end();
    })
}

/// The function from a value, as it is stored, to its text.
fn function(cx: &mut Emit<'_>, ty: &Type) -> FuncId {
    let val = cx.stored(ty);
    match ty {
        Type::Int => return int_text(cx),
        Type::Float => return cx.module.glue("number_text", &[Val::F64], &[Val::Ext]),
        _ => {}
    }
    cx.helper("show", Key::Type(ty.clone()), (&[val], &[Val::Ext]), |cx, c| match ty {
        Type::Bool => {
            c.get(0);
            c.if_(Some(Val::Ext));
            cx.text(c, "true");
            c.else_();
            cx.text(c, "false");
            c.end();
        }
        Type::Any => {
            let text = crate::any::text(cx);
            c.get(0);
            c.call(text);
        }
        Type::Duration => from_number(cx, c, "duration_text"),
        Type::Size => from_number(cx, c, "size_text"),
        Type::Option(inner) => option(cx, c, ty, inner),
        Type::List(item) => list(cx, c, item, (", ", push_inside)),
        Type::Map(key, value) => map(cx, c, key, value),
        Type::Set(item) => set(cx, c, ty, item),
        Type::Tuple(items) => {
            let fields: Vec<Field> = items
                .iter()
                .zip(0..)
                .map(|(ty, at): (_, usize)| Field { name: ecow::eco_format!("{at}"), ty: ty.clone() })
                .collect();
            if let Val::Ref(object) = val {
                shown_fields(cx, c, (object, 0), ("(", &fields, ")"));
            }
        }
        Type::Record(id) => {
            let record = cx.record(*id);
            let object = cx.record_type(*id);
            match &record.shown {
                Some(name) => named_fields(cx, c, (object, 0), (name, &record.fields)),
                None => shown_fields(cx, c, (object, 0), ("{", &record.fields, "}")),
            }
        }
        Type::Enum(id) => enum_(cx, c, *id),
        Type::Fn(function) => function_text(cx, c, function),
        Type::Handle(name) => cx.text(c, &format!("<{name}>")),
        Type::View => cx.text(c, "<view>"),
        Type::Unit | Type::Never | Type::Int | Type::Float | Type::Str => {
            c.get(0);
            push_stored(cx, c, ty);
        }
    })
}

fn from_number(cx: &mut Emit<'_>, c: &mut Code, glue: &str) {
    let func = cx.module.glue(glue, &[Val::F64], &[Val::Ext]);
    c.get(0);
    c.op(Ins::F64ConvertI64S);
    c.call(func);
}

fn option(cx: &mut Emit<'_>, c: &mut Code, ty: &Type, inner: &Type) {
    c.get(0);
    cx.is_nil(c, ty);
    c.if_(Some(Val::Ext));
    cx.text(c, "nil");
    c.else_();
    c.get(0);
    cx.unwrapped(c, inner);
    push(cx, c, inner);
    c.end();
}

/// The text of the list in local 0: what `push_item` makes of each item, with something in between.
pub(crate) fn list(cx: &mut Emit<'_>, c: &mut Code, item: &Type, (between, push_item): (&str, PushItem)) {
    let types = cx.list_of(item);
    let concat = cx.module.js_string("concat");
    let (at, text) = (c.local(Val::I32), c.local(Val::Ext));
    cx.text(c, "[");
    c.set(text);
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(at);
    c.get(0);
    c.struct_get(types.list, 1);
    c.op(Ins::I32GeS);
    c.br_if(done);
    c.get(text);
    separator(cx, c, (at, between));
    c.get(0);
    c.struct_get(types.list, 0);
    c.get(at);
    c.array_get(types.array);
    cx.unpack_elem(c, item);
    if cx.val(item).is_none() {
        c.i32(0);
    }
    push_item(cx, c, item);
    c.call(concat);
    c.set(text);
    step(c, at, next);
    c.end();
    c.end();
    c.get(text);
    cx.text(c, "]");
    c.call(concat);
}

/// What pushes the text of an item on the stack.
type PushItem = fn(&mut Emit<'_>, &mut Code, &Type);

/// Appends what stands between items to the text on the stack, unless the counter is 0.
pub(crate) fn separator(cx: &mut Emit<'_>, c: &mut Code, (at, between): (u32, &str)) {
    let concat = cx.module.js_string("concat");
    cx.text(c, between);
    cx.text(c, "");
    c.get(at);
    c.op(Ins::TypedSelect(Val::ExtNonNull.encoded()));
    c.call(concat);
}

fn map(cx: &mut Emit<'_>, c: &mut Code, key: &Type, value: &Type) {
    let concat = cx.module.js_string("concat");
    let shown_key = cx.module.glue("text_key", &[Val::Ext], &[Val::Ext]);
    let (at, text) = (c.local(Val::I32), c.local(Val::Ext));
    cx.text(c, "{");
    c.set(text);
    crate::map::walk(cx, c, 0, |cx, c, entry| {
        c.get(text);
        separator(cx, c, (at, ", "));
        c.get(entry);
        crate::map::entry_key(cx, c, key);
        push_stored(cx, c, key);
        c.call(shown_key);
        c.call(concat);
        cx.text(c, ": ");
        c.call(concat);
        c.get(entry);
        crate::map::entry_value(cx, c, value);
        push_inside(cx, c, value);
        c.call(concat);
        c.set(text);
        c.i32(1);
        c.set(at);
    });
    c.get(text);
    cx.text(c, "}");
    c.call(concat);
}

/// A set shows as the list of its elements, with other brackets.
fn set(cx: &mut Emit<'_>, c: &mut Code, ty: &Type, item: &Type) {
    let keys = crate::map::keys(cx, ty, item);
    let concat = cx.module.js_string("concat");
    let (substring, length) = (cx.module.js_string("substring"), cx.module.js_string("length"));
    let text = c.local(Val::Ext);
    c.get(0);
    c.call(keys);
    push(cx, c, &Type::list(item.clone()));
    c.set(text);
    cx.text(c, "Set(");
    c.get(text);
    c.i32(1);
    c.get(text);
    c.call(length);
    c.i32(1);
    c.op(Ins::I32Sub);
    c.call(substring);
    c.call(concat);
    cx.text(c, ")");
    c.call(concat);
}

/// The fields with their positions as names, which are not shown.
fn positional(fields: &[Field]) -> Vec<Field> {
    let numbered = |(at, field): (usize, &Field)| Field { name: ecow::eco_format!("{at}"), ty: field.ty.clone() };
    fields.iter().enumerate().map(numbered).collect()
}

/// `Name(…)`, or the name alone without fields.
fn named_fields(cx: &mut Emit<'_>, c: &mut Code, object: (TypeId, u32), (name, fields): (&str, &[Field])) {
    if fields.is_empty() { cx.text(c, name) } else { shown_fields(cx, c, object, (&format!("{name}("), fields, ")")) }
}

/// The fields of the object in local 0, which begin at an index; names that are positions are not shown.
fn shown_fields(
    cx: &mut Emit<'_>,
    c: &mut Code,
    (object, from): (TypeId, u32),
    (open, fields, close): (&str, &[Field], &str),
) {
    let concat = cx.module.js_string("concat");
    let mut before = open.to_owned();
    for (at, field) in fields.iter().enumerate() {
        if !field.name.starts_with(|c: char| c.is_ascii_digit()) {
            before.push_str(&field.name);
            before.push_str(": ");
        }
        cx.text(c, &before);
        if at > 0 {
            c.call(concat);
        }
        c.get(0);
        if from > 0 {
            c.cast(object);
        }
        c.struct_get(object, crate::asm::index(at) + from);
        push_inside(cx, c, &field.ty);
        c.call(concat);
        ", ".clone_into(&mut before);
    }
    cx.text(c, if fields.is_empty() { open } else { close });
    if fields.is_empty() {
        cx.text(c, close);
    }
    c.call(concat);
}

fn enum_(cx: &mut Emit<'_>, c: &mut Code, id: tova_ir::EnumId) {
    let decl = cx.enum_(id);
    let plain = cx.is_plain(id);
    let variants = if plain { Vec::new() } else { cx.enum_types(id).variants };
    for (at, variant) in decl.variants.iter().enumerate() {
        c.get(0);
        if let Some(types) = (!plain).then(|| cx.enum_types(id)) {
            c.struct_get(types.base, 0);
        }
        c.i32(i32::try_from(at).unwrap_or(0));
        c.op(Ins::I32Eq);
        c.if_(None);
        match (variants.get(at), decl.kind) {
            // A member of a union shows as itself.
            (Some(&object), EnumKind::Union) if variant.fields.len() == 1 => {
                c.get(0);
                c.cast(object);
                c.struct_get(object, 1);
                push_stored(cx, c, &variant.fields[0].ty);
            }
            // Fields of variants show by position.
            (Some(&object), _) => named_fields(cx, c, (object, 1), (&variant.name, &positional(&variant.fields))),
            (None, _) => cx.text(c, &variant.name),
        }
        c.op(Ins::Return);
        c.end();
    }
    c.op(Ins::Unreachable);
}

fn function_text(cx: &mut Emit<'_>, c: &mut Code, function: &tova_ir::FnType) {
    let types = cx.closure_types(function);
    if !cx.named_functions {
        return cx.text(c, "<fn>");
    }
    let concat = cx.module.js_string("concat");
    let name = c.local(Val::Ext);
    c.get(0);
    c.struct_get(types.base, 1);
    c.tee(name);
    c.is_null();
    c.if_(Some(Val::Ext));
    cx.text(c, "<fn>");
    c.else_();
    cx.text(c, "<fn ");
    c.get(name);
    c.call(concat);
    cx.text(c, ">");
    c.call(concat);
    c.end();
}
