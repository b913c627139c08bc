//! What the page's platform offers: intrinsics of `stdlib/client.tova`, and the properties of its handles.

use tova_ir::{Expr, Type};

use super::emit::crossing;
use crate::asm::{Ins, Val};
use crate::lower::Lower;
use crate::testing::OF_PAGE;

/// Intrinsics that are one function of the glue with the same arguments.
const DIRECT: [(&str, &str); 15] = [
    ("websocket.new", "socket"),
    ("websocket.send", "socket_send"),
    ("websocket.close", "socket_close"),
    ("event.prevent_default", "prevent_default"),
    ("event.stop_propagation", "stop_propagation"),
    ("element.focus", "focus"),
    ("auth.set_token", "set_token"),
    ("auth.clear_token", "clear_token"),
    ("storage.get", "storage_get"),
    ("storage.set", "storage_set"),
    ("storage.remove", "storage_remove"),
    ("timer.set_timeout", "set_timeout"),
    ("timer.set_interval", "set_interval"),
    ("timer.clear", "clear_timer"),
    ("uuid", "uuid"),
];

/// Whether views, the reactive core or the platform provide an intrinsic of this name.
#[cfg(test)]
pub(crate) fn provides(name: &str) -> bool {
    name.starts_with("reactive.on_") || direct(name).is_some()
}

/// Translates an intrinsic of the platform. One that the page does not have (of the servers) cannot be reached.
pub(super) fn intrinsic(lower: &mut Lower<'_, '_>, name: &str, args: &[Expr], expr: &Expr) {
    if let Some(glue) = direct(name) {
        if name.starts_with("test.") {
            return crate::testing::settled(lower, |lower| call(lower, glue, args, &expr.ty));
        }
        return call(lower, glue, args, &expr.ty);
    }
    let property = name.split_once('.').and_then(|(_, property)| property.split_once('_'));
    match (property, args) {
        (Some(("get", property)), [object]) if is_handle(object) => get(lower, object, property, &expr.ty),
        (Some(("set", property)), [object, value]) if is_handle(object) => set(lower, object, property, value),
        _ => lower.unreachable(),
    }
}

/// The function of the glue that is an intrinsic.
fn direct(name: &str) -> Option<&'static str> {
    DIRECT.iter().chain(&OF_PAGE).find(|(known, _)| *known == name).map(|(_, glue)| *glue)
}

fn is_handle(object: &Expr) -> bool {
    matches!(object.ty, Type::Handle(_))
}

/// Ints cross as floats.
fn call(lower: &mut Lower<'_, '_>, glue: &str, args: &[Expr], ret: &Type) {
    let mut params = Vec::new();
    for arg in args {
        lower.expr(arg);
        let val = lower.cx.stored(&arg.ty);
        if val == Val::I64 {
            lower.code.op(Ins::F64ConvertI64S);
            params.push(Val::F64);
        } else {
            params.push(crossing(val));
        }
    }
    match lower.cx.val(ret) {
        Some(Val::I64) => {
            lower.glue(glue, &params, &[Val::F64]);
            lower.code.op(Ins::I64TruncSatF64S);
        }
        result => lower.glue(glue, &params, result.as_slice()),
    }
}

fn get(lower: &mut Lower<'_, '_>, object: &Expr, property: &str, ty: &Type) {
    lower.expr(object);
    lower.cx.text(&mut lower.code, property);
    let place = [Val::Ext, Val::Ext];
    match lower.cx.val(ty) {
        Some(Val::I64) => {
            lower.glue("get_number", &place, &[Val::F64]);
            lower.code.op(Ins::I64TruncSatF64S);
        }
        Some(Val::F64) => lower.glue("get_number", &place, &[Val::F64]),
        Some(Val::I32) => lower.glue("get_flag", &place, &[Val::I32]),
        Some(_) if *ty == Type::Str => lower.glue("get_prop", &place, &[Val::Ext]),
        Some(_) => lower.glue("get_ref", &place, &[Val::Ext]),
        None => {
            lower.code.op(Ins::Drop);
            lower.code.op(Ins::Drop);
        }
    }
}

fn set(lower: &mut Lower<'_, '_>, object: &Expr, property: &str, value: &Expr) {
    lower.expr(object);
    lower.cx.text(&mut lower.code, property);
    lower.expr(value);
    let (glue, val) = match &value.ty {
        Type::Fn(function) if function.params.is_empty() => ("handler", Val::Any),
        Type::Fn(_) => ("handler_event", Val::Any),
        Type::Bool => ("set_flag", Val::I32),
        _ => ("set_prop", Val::Ext),
    };
    lower.glue(glue, &[Val::Ext, Val::Ext, val], &[]);
}
