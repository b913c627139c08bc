//! Dev: the states of the blocks go from the module that is replaced to the one that comes, by name and type.

use ecow::{EcoString, eco_format};
use tova_ir::{GlobalId, GlobalKind, Program, Type};

use crate::asm::Val;
use crate::emit::Emit;
use crate::lower::Lower;
use crate::{global, json, reactive};

/// Gives the states that the page had before their values.
pub(super) fn restore(lower: &mut Lower<'_, '_>, globals: &[GlobalId]) {
    for (id, name, ty) in kept(lower.cx.program, globals) {
        lower.cx.text(&mut lower.code, &name);
        lower.glue("has_state", &[Val::Ext], &[Val::I32]);
        lower.code.if_(None);
        let slot = global::slot(lower.cx, id);
        lower.code.global_get(slot.value);
        lower.cx.text(&mut lower.code, &name);
        lower.glue("kept_state", &[Val::Ext], &[Val::Ext]);
        json::decode(lower.cx, &mut lower.code, &ty);
        let write = reactive::write_signal(lower.cx, &ty);
        lower.code.call(write);
        lower.code.end();
    }
}

/// Exports `save_states`, which gives the present values to the page.
pub(super) fn export_save(cx: &mut Emit<'_>, globals: &[GlobalId]) {
    let states = kept(cx.program, globals);
    super::batch(cx, "save_states", &[], |cx, c| {
        let keep = cx.module.glue("keep_state", &[Val::Ext, Val::Ext], &[]);
        for (id, name, ty) in states {
            let slot = global::slot(cx, id);
            cx.text(c, &name);
            c.global_get(slot.value);
            let peek = reactive::peek_signal(cx, &ty);
            c.call(peek);
            json::push_stored(cx, c, &ty);
            c.call(keep);
        }
    });
}

/// The states that are kept, with what they are kept under.
fn kept(program: &Program, globals: &[GlobalId]) -> Vec<(GlobalId, EcoString, Type)> {
    let mut states = Vec::new();
    for &id in globals {
        let Some(decl) = program.globals.get(id.0 as usize) else { continue };
        let mut shape = EcoString::new();
        if decl.kind == GlobalKind::Signal && push_shape(program, &decl.ty, &mut shape, 0) {
            states.push((id, eco_format!("{}: {shape}", decl.name), decl.ty.clone()));
        }
    }
    states
}

/// Writes a type down to its fields, so that the data of one fits the other if both are written alike. False: it cannot be kept.
fn push_shape(program: &Program, ty: &Type, out: &mut EcoString, depth: u32) -> bool {
    if depth > 8 {
        return false;
    }
    let inside = |ty: &Type, out: &mut EcoString| push_shape(program, ty, out, depth + 1);
    match ty {
        Type::Unit | Type::Bool | Type::Int | Type::Float | Type::Str | Type::Any | Type::Duration | Type::Size => {
            out.push_str(&format!("{ty:?}"));
            true
        }
        Type::Never | Type::Fn(_) | Type::Handle(_) | Type::View => false,
        Type::List(item) => {
            out.push_str("[]");
            inside(item, out)
        }
        Type::Set(item) => {
            out.push_str("{}");
            inside(item, out)
        }
        Type::Option(item) => {
            out.push('?');
            inside(item, out)
        }
        Type::Map(key, value) => {
            out.push('{');
            inside(key, out) && inside(value, out)
        }
        Type::Tuple(items) => {
            out.push('(');
            items.iter().all(|item| inside(item, out))
        }
        Type::Record(id) => program.records.get(id.0 as usize).is_some_and(|record| {
            out.push_str(&record.name);
            record.fields.iter().all(|field| {
                out.push(' ');
                out.push_str(&field.name);
                inside(&field.ty, out)
            })
        }),
        Type::Enum(id) => program.enums.get(id.0 as usize).is_some_and(|decl| {
            out.push_str(&decl.name);
            decl.variants.iter().all(|variant| {
                out.push('|');
                out.push_str(&variant.name);
                variant.fields.iter().all(|field| inside(&field.ty, out))
            })
        }),
    }
}
