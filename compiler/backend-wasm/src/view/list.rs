//! Keyed lists: what depends on the type of the items. The walk itself is in `prelude/list.core`.

use ecow::eco_format;
use tova_ir::{Expr, Type};

use crate::asm::{Code, Field, FuncId, Ins, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::lower::Lower;
use crate::repr::{ClosureTypes, ListTypes};
use crate::{display, equality, reactive};

/// What the keys of a list are.
#[derive(Clone, Debug)]
enum KeyOf {
    /// A function of the item, with the type of its result.
    Function(ClosureTypes, Type),
    /// The item's field `id`.
    Id(TypeId, u32, Type),
    /// The item itself.
    Value,
}

/// The types of one kind of list.
struct Kind {
    item: Type,
    items: ListTypes,
    key: KeyOf,
    has_index: bool,
    /// The closure that gives the list, and the one that makes a row.
    source: ClosureTypes,
    row: ClosureTypes,
    /// The list's own struct: the core's fields, then its own.
    object: TypeId,
    first: u32,
    /// What tells this kind from others.
    name: ecow::EcoString,
}

/// The list's own fields, from [`Kind::first`] on.
const SOURCE: u32 = 0;
const KEY: u32 = 1;
const ROW: u32 = 2;
/// The present list, and the one that the rows show.
const NOW: u32 = 3;
const WAS: u32 = 4;

/// Flag of lists whose rows use their position.
const INDEXED: i32 = 4;

/// Starts a list: parent, anchor, function that gives the list, key, row.
pub(super) fn emit(lower: &mut Lower<'_, '_>, [parent, anchor, items, key, row]: [&Expr; 5], flags: i32) {
    let Some(kind) = kind(lower.cx, items, key, row) else { return };
    let object = lower.code.local(Val::Ref(kind.object));
    lower.code.op(Ins::StructNewDefault(kind.object.raw()));
    lower.code.set(object);
    for (field, closure) in (kind.first..).zip([items, key, row]) {
        if closure.ty != Type::Unit {
            lower.code.get(object);
            lower.expr(closure);
            lower.code.struct_set(kind.object, field);
        }
    }
    lower.code.get(object);
    lower.expr(parent);
    lower.expr(anchor);
    lower.code.i32(flags | if kind.has_index { INDEXED } else { 0 });
    push_ops(lower, &kind);
    let new = reactive::func(lower.cx, "new_list");
    lower.code.call(new);
}

fn kind(cx: &mut Emit<'_>, items: &Expr, key: &Expr, row: &Expr) -> Option<Kind> {
    let Type::Fn(source) = &items.ty else { return None };
    let Type::List(item) = &source.ret else { return None };
    let Type::Fn(row_type) = &row.ty else { return None };
    let item = (**item).clone();
    let has_index = row_type.params.len() > 1;
    let key = match &key.ty {
        Type::Fn(function) => KeyOf::Function(cx.closure_types(function), function.ret.clone()),
        _ => key_of_item(cx, &item),
    };
    let mut params = vec![Val::Ref(reactive::signal_type(cx, &item))];
    if has_index {
        params.push(Val::Ref(reactive::signal_type(cx, &Type::Int)));
    }
    let items = cx.list_of(&item);
    let source = cx.closure_types(source);
    let row = cx.closure_shape(params, Some(Val::Ext));
    let core = reactive::core(cx);
    let mut fields = core.inherited("List");
    let first = crate::asm::index(fields.len());
    let key_type = match &key {
        KeyOf::Function(types, _) => Val::Ref(types.base),
        KeyOf::Id(..) | KeyOf::Value => Val::I32,
    };
    let name = eco_format!(
        "{item:?} {} {has_index}",
        match &key {
            KeyOf::Function(_, ty) => eco_format!("{ty:?}"),
            KeyOf::Id(..) | KeyOf::Value => "own".into(),
        }
    );
    let lists = [Val::Ref(items.list); 2];
    fields.extend([Val::Ref(source.base), key_type, Val::Ref(row.base)].into_iter().chain(lists).map(Field::mutable));
    let object = match cx.reactive.lists.get(&name) {
        Some(&object) => object,
        None => {
            let object = cx.module.struct_type("ItemList", Some(core.ty("List")), fields);
            cx.reactive.lists.insert(name.clone(), object);
            object
        }
    };
    Some(Kind { item, items, key, has_index, source, row, object, first, name })
}

fn key_of_item(cx: &mut Emit<'_>, item: &Type) -> KeyOf {
    let Type::Record(id) = item else { return KeyOf::Value };
    let record = cx.record(*id);
    match (0..).zip(&record.fields).find(|(_, field)| field.name == "id") {
        Some((at, field)) => KeyOf::Id(cx.record_type(*id), at, field.ty.clone()),
        None => KeyOf::Value,
    }
}

/// The constant with the functions of this kind of list.
fn push_ops(lower: &mut Lower<'_, '_>, kind: &Kind) {
    let core = reactive::core(lower.cx);
    let (list, row) = (Val::Ref(core.ty("List")), Val::Ref(core.ty("Row")));
    let mut helper =
        |name, params: &[Val], results: &[Val], build: &dyn Fn(&mut Emit<'_>, &mut Code, &Kind)| -> FuncId {
            lower.cx.helper(name, Key::Name(kind.name.clone()), (params, results), |cx, c| build(cx, c, kind))
        };
    let all = [
        helper("list_load", &[list], &[Val::I32], &load),
        helper("list_same", &[list, Val::I32, row], &[Val::I32], &same),
        helper("list_key", &[list, Val::I32, row], &[Val::Ext], &key),
        helper("list_make", &[list, Val::I32, row], &[], &make),
        helper("list_update", &[list, Val::I32, row], &[], &update),
        helper("list_run", &[list, Val::I32, Val::I32, Val::I32, Val::I32], &[Val::I32], &run),
    ];
    let ops = core.ty("Ops");
    let constant = lower.cx.constant(&format!("ops {}", kind.name), Val::Ref(ops), |_, c| {
        for func in all {
            c.ref_func(func);
        }
        c.struct_new(ops);
    });
    lower.code.global_get(constant);
}

/// Reads the list and keeps it; its length.
fn load(_: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    let (this, list) = (c.local(Val::Ref(kind.object)), c.local(Val::Ref(kind.items.list)));
    own(c, kind, SOURCE);
    let source = c.local(Val::Ref(kind.source.base));
    c.tee(source);
    c.get(source);
    c.struct_get(kind.source.base, 0);
    c.call_ref(kind.source.code);
    c.set(list);
    c.get(0);
    c.cast(kind.object);
    c.tee(this);
    c.get(this);
    c.struct_get(kind.object, kind.first + NOW);
    c.struct_set(kind.object, kind.first + WAS);
    c.get(this);
    c.get(list);
    c.struct_set(kind.object, kind.first + NOW);
    c.get(list);
    c.struct_get(kind.items.list, 1);
}

/// Pushes one of the list's own fields.
fn own(c: &mut Code, kind: &Kind, field: u32) {
    c.get(0);
    c.cast(kind.object);
    c.struct_get(kind.object, kind.first + field);
}

/// Pushes the item at local 1.
fn item(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    own(c, kind, NOW);
    c.struct_get(kind.items.list, 0);
    c.get(1);
    c.array_get(kind.items.array);
    cx.unpack_elem(c, &kind.item);
}

/// Pushes the item of the row in local 2.
fn row_item(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    let core = reactive::core(cx);
    let signal = reactive::signal_type(cx, &kind.item);
    let peek = reactive::peek_signal(cx, &kind.item);
    c.get(2);
    c.struct_get(core.ty("Row"), core.field("Row", "item"));
    c.cast(signal);
    c.call(peek);
}

/// Turns the item on the stack into its key, and tells the key's type.
fn key_of(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) -> Type {
    match &kind.key {
        KeyOf::Function(types, ty) => {
            let val = cx.stored(&kind.item);
            let (value, function) = (c.local(val), c.local(Val::Ref(types.base)));
            c.set(value);
            own(c, kind, KEY);
            c.tee(function);
            c.get(value);
            c.get(function);
            c.struct_get(types.base, 0);
            c.call_ref(types.code);
            ty.clone()
        }
        KeyOf::Id(record, at, ty) => {
            c.struct_get(*record, *at);
            ty.clone()
        }
        KeyOf::Value => kind.item.clone(),
    }
}

fn same(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    item(cx, c, kind);
    key_of(cx, c, kind);
    row_item(cx, c, kind);
    let ty = key_of(cx, c, kind);
    equality::push(cx, c, &ty);
}

/// The key as a value that the host's map tells apart: texts, numbers, handles; anything else by its text.
fn key(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    let val = cx.stored(&kind.item);
    c.get(2);
    c.is_null();
    c.if_(Some(val));
    item(cx, c, kind);
    c.else_();
    row_item(cx, c, kind);
    c.end();
    let ty = key_of(cx, c, kind);
    let number = cx.module.glue("box_number", &[Val::F64], &[Val::Ext]);
    match (&ty, cx.val(&ty)) {
        (Type::Str | Type::Handle(_) | Type::View, _) => {}
        (_, Some(Val::I64)) => {
            c.op(Ins::F64ConvertI64S);
            c.call(number);
        }
        (_, Some(Val::I32)) => {
            c.op(Ins::F64ConvertI32S);
            c.call(number);
        }
        (_, Some(Val::F64)) => c.call(number),
        _ => display::push(cx, c, &ty),
    }
}

/// Fills the row in local 2: its item and, if it is used, its position are signals.
fn make(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    let core = reactive::core(cx);
    let row = core.ty("Row");
    let signal = Val::Ref(reactive::signal_type(cx, &kind.item));
    let position = Val::Ref(reactive::signal_type(cx, &Type::Int));
    let (cell, index) = (c.local(signal), c.local(position));
    c.get(2);
    item(cx, c, kind);
    let new = reactive::new_signal(cx, &kind.item);
    c.call(new);
    c.tee(cell);
    c.struct_set(row, core.field("Row", "item"));
    if kind.has_index {
        let new = reactive::new_signal(cx, &Type::Int);
        c.get(2);
        c.get(1);
        c.op(Ins::I64ExtendI32S);
        c.call(new);
        c.tee(index);
        c.struct_set(row, core.field("Row", "index"));
    }
    let function = c.local(Val::Ref(kind.row.base));
    c.get(2);
    own(c, kind, ROW);
    c.tee(function);
    c.get(cell);
    if kind.has_index {
        c.get(index);
    }
    c.get(function);
    c.struct_get(kind.row.base, 0);
    c.call_ref(kind.row.code);
    c.struct_set(row, core.field("Row", "first"));
}

/// How many items in a row are the same objects, or plain values, as before: `(list, i, j, step, n) -> count`, see the core. This
/// touches nothing but the two lists.
fn run(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    let array = Val::Ref(kind.items.array);
    let (now, was, count) = (c.local(array), c.local(array), c.local(Val::I32));
    for (local, field) in [(now, NOW), (was, WAS)] {
        own(c, kind, field);
        c.struct_get(kind.items.list, 0);
        c.set(local);
    }
    let done = c.block(None);
    let next = c.loop_(None);
    c.get(count);
    c.get(4);
    c.op(Ins::I32GeS);
    c.br_if(done);
    push_same_object(cx, c, kind, [(now, 1), (was, 2)]);
    c.op(Ins::I32Eqz);
    c.br_if(done);
    for local in [1, 2] {
        c.get(local);
        c.get(3);
        c.op(Ins::I32Add);
        c.set(local);
    }
    crate::equality::step(c, count, next);
    c.end();
    c.end();
    c.get(count);
}

/// Pushes the element of an array in a local at the index in another.
fn element(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind, (array, at): (u32, u32)) {
    c.get(array);
    c.get(at);
    c.array_get(kind.items.array);
    cx.unpack_elem(c, &kind.item);
    if cx.val(&kind.item).is_none() {
        c.i32(0);
    }
}

/// Pushes whether two elements are one object, or one plain value.
fn push_same_object(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind, elements: [(u32, u32); 2]) {
    let is_reference = matches!(kind.items.elem, Val::Any | Val::Eq);
    for (array, at) in elements {
        if is_reference {
            c.get(array);
            c.get(at);
            c.array_get(kind.items.array);
        } else {
            element(cx, c, kind, (array, at));
        }
    }
    match kind.items.elem {
        Val::I64 => c.op(Ins::I64Eq),
        Val::F64 => c.op(Ins::F64Eq),
        Val::I32 => c.op(Ins::I32Eq),
        Val::Eq => c.op(Ins::RefEq),
        Val::Any => equality::push_identical(cx, c),
        _ => equality::push(cx, c, &kind.item),
    }
}

/// Gives the row in local 2 the item and the position in local 1.
fn update(cx: &mut Emit<'_>, c: &mut Code, kind: &Kind) {
    let core = reactive::core(cx);
    let row = core.ty("Row");
    let signal = reactive::signal_type(cx, &kind.item);
    let write = reactive::write_signal(cx, &kind.item);
    c.get(2);
    c.struct_get(row, core.field("Row", "item"));
    c.cast(signal);
    item(cx, c, kind);
    if cx.val(&kind.item).is_none() {
        c.i32(0);
    }
    c.call(write);
    if kind.has_index {
        let position = reactive::signal_type(cx, &Type::Int);
        let write = reactive::write_signal(cx, &Type::Int);
        c.get(2);
        c.struct_get(row, core.field("Row", "index"));
        c.cast(position);
        c.get(1);
        c.op(Ins::I64ExtendI32S);
        c.call(write);
    }
}
