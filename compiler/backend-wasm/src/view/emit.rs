//! The code of the intrinsics that views are made of.

use tova_ir::{Expr, ExprKind, Type};
use tova_source::Span;

use crate::Mode;
use crate::asm::{FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::lower::Lower;
use crate::reactive;

/// Translates a call of an intrinsic of views, of the reactive core or of the page's platform.
pub(crate) fn intrinsic(lower: &mut Lower<'_, '_>, name: &str, args: &[Expr], expr: &Expr) {
    if let Some(glue) = name.strip_prefix("dom.") {
        return dom(lower, glue, args, &expr.ty);
    }
    match (name, args) {
        ("reactive.effect", [closure, flags]) => effect(lower, closure, flags, expr.span),
        ("reactive.untrack", [value]) => untrack(lower, value),
        ("reactive.on_cleanup", [closure]) => {
            lower.expr(closure);
            call_core(lower, "on_cleanup");
        }
        ("task.start", [call]) => {
            lower.expr(call);
            let start = crate::task::start(lower.cx);
            lower.code.call(start);
        }
        ("task.start_owned", [call]) => start_owned(lower, call),
        ("view.hole", [parent, anchor, closure]) => {
            [parent, anchor, closure].iter().for_each(|arg| lower.expr(arg));
            call_core(lower, "new_hole");
        }
        ("view.put", [parent, anchor, nodes]) => {
            [parent, anchor, nodes].iter().for_each(|arg| lower.expr(arg));
            call_core(lower, "put");
        }
        ("view.join", [list]) => {
            lower.expr(list);
            let join = join(lower.cx);
            lower.code.call(join);
        }
        ("view.list", [parent, anchor, items, key, row, flags]) => {
            super::list::emit(lower, [parent, anchor, items, key, row], number(flags));
        }
        _ => super::host::intrinsic(lower, name, args, expr),
    }
}

/// Calls a function of the core; its arguments are on the stack.
fn call_core(lower: &mut Lower<'_, '_>, name: &str) {
    let func = reactive::func(lower.cx, name);
    lower.code.call(func);
}

/// A literal number.
pub(super) fn number(expr: &Expr) -> i32 {
    match expr.kind {
        ExprKind::Int(value) => i32::try_from(value).unwrap_or(0),
        _ => 0,
    }
}

/// Calls a function of the glue with the arguments as they are; literal numbers are plain numbers there.
pub(super) fn dom(lower: &mut Lower<'_, '_>, name: &str, args: &[Expr], ret: &Type) {
    let mut params = Vec::new();
    for arg in args {
        if let ExprKind::Int(_) = arg.kind {
            lower.code.i32(number(arg));
            params.push(Val::I32);
        } else {
            lower.expr(arg);
            let val = lower.cx.stored(&arg.ty);
            params.push(crossing(val));
        }
    }
    if name == "update_data" {
        let first = reactive::global(lower.cx, "first");
        lower.code.global_get(first);
        params.push(Val::I32);
    }
    let result = lower.cx.val(ret);
    lower.glue(name, &params, result.as_slice());
}

/// What a value is called when it leaves the module.
pub(super) fn crossing(val: Val) -> Val {
    match val {
        Val::Ref(_) | Val::NonNull(_) | Val::Eq | Val::Struct | Val::Func | Val::Any => Val::Any,
        Val::ExtNonNull | Val::Ext => Val::Ext,
        Val::I32 | Val::I64 | Val::F64 => val,
    }
}

fn effect(lower: &mut Lower<'_, '_>, closure: &Expr, flags: &Expr, span: Span) {
    lower.expr(closure);
    lower.code.i32(number(flags));
    if lower.cx.mode == Mode::Dev {
        lower.cx.push_span(&mut lower.code, span);
    } else {
        lower.code.i32(-1);
    }
    call_core(lower, "new_effect");
}

fn untrack(lower: &mut Lower<'_, '_>, value: &Expr) {
    let comp = Val::Ref(reactive::core(lower.cx).ty("Comp"));
    let current = reactive::global(lower.cx, "current");
    let before = lower.code.local(comp);
    lower.code.global_get(current);
    lower.code.set(before);
    lower.code.null(comp);
    lower.code.global_set(current);
    lower.expr(value);
    lower.code.get(before);
    lower.code.global_set(current);
}

/// Starts a task that is cancelled when the present owner ends.
fn start_owned(lower: &mut Lower<'_, '_>, call: &Expr) {
    let task = lower.cx.task_type();
    lower.expr(call);
    let own = own_task(lower.cx);
    let local = lower.code.local(Val::Ref(task));
    lower.code.tee(local);
    lower.code.call(own);
    lower.code.get(local);
    let start = crate::task::start(lower.cx);
    lower.code.call(start);
}

/// `(task)`: a cleanup of the present owner that cancels the task.
fn own_task(cx: &mut Emit<'_>) -> FuncId {
    let task = cx.task_type();
    let thunk = cx.closure_shape(Vec::new(), None);
    let mut fields = cx.closure_fields(thunk);
    let at = crate::asm::index(fields.len());
    fields.push(crate::asm::Field::fixed(Val::Ref(task)));
    let is_named = cx.named_functions;
    let object = match cx.types.named.get("Cancel") {
        Some(&object) => object,
        None => {
            let object = cx.module.struct_type("Cancel", Some(thunk.base), fields);
            cx.types.named.insert("Cancel", object);
            object
        }
    };
    let cancel = cx.helper("cancel", Key::One, (&[Val::Ref(thunk.base)], &[]), |cx, c| {
        let cancel = crate::task::cancel(cx);
        c.get(0);
        c.cast(object);
        c.struct_get(object, at);
        c.call(cancel);
    });
    cx.helper("own_task", Key::One, (&[Val::Ref(task)], &[]), |cx, c| {
        c.ref_func(cancel);
        if is_named {
            c.null(Val::Ext);
        }
        c.get(0);
        c.struct_new(object);
        let on_cleanup = reactive::func(cx, "on_cleanup");
        c.call(on_cleanup);
    })
}

/// `(list of nodes) -> nodes`: absent for an empty list.
fn join(cx: &mut Emit<'_>) -> FuncId {
    let types = cx.list_types(Val::Ext);
    cx.helper("join", Key::One, (&[Val::Ref(types.list)], &[Val::Ext]), |cx, c| {
        let fragment = cx.module.glue("fragment", &[], &[Val::Ext]);
        let append = cx.module.glue("append", &[Val::Ext, Val::Ext], &[]);
        let (all, node, at) = (c.local(Val::Ext), c.local(Val::Ext), c.local(Val::I32));
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(at);
        c.get(0);
        c.struct_get(types.list, 1);
        c.op(Ins::I32GeS);
        c.br_if(done);
        c.get(0);
        c.struct_get(types.list, 0);
        c.get(at);
        c.array_get(types.array);
        c.set(node);
        c.get(at);
        c.i32(1);
        c.op(Ins::I32Add);
        c.set(at);
        c.get(node);
        c.is_null();
        c.br_if(next);
        c.get(all);
        c.is_null();
        c.if_(None);
        c.call(fragment);
        c.set(all);
        c.end();
        c.get(all);
        c.get(node);
        c.call(append);
        c.br(next);
        c.end();
        c.end();
        c.get(all);
    })
}
