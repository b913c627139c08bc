//! Calls of server functions: the arguments go as JSON, the host waits for the reply.

use tova_ir::{Expr, ExprKind, RpcId};

use crate::asm::Val;
use crate::lower::Lower;

/// Whether a wait for the expression gives a value of the host, to be decoded.
pub(crate) fn is_rpc(call: &Expr) -> bool {
    matches!(call.kind, ExprKind::Rpc { .. })
}

/// Starts a call: pushes the task to wait for.
pub(crate) fn call(lower: &mut Lower<'_, '_>, rpc: RpcId, args: &[Expr]) {
    let decl = &lower.cx.program.rpcs[rpc.0 as usize];
    let concat = lower.cx.module.js_string("concat");
    // The texts first: what they are made of may suspend nothing, but it may fault before anything is sent.
    lower.cx.text(&mut lower.code, "");
    for (at, arg) in args.iter().enumerate() {
        if at > 0 {
            lower.cx.text(&mut lower.code, ",");
            lower.code.call(concat);
        }
        lower.stored(arg);
        crate::json::push_stored(lower.cx, &mut lower.code, &arg.ty);
        lower.code.call(concat);
    }
    let body = lower.code.temp(Val::Ext);
    lower.code.set(body);
    let local = crate::task::host_task(lower);
    let base = lower.cx.server_base(decl.server);
    lower.cx.text(&mut lower.code, &base);
    lower.cx.text(&mut lower.code, &decl.name);
    lower.code.get(body);
    lower.code.release(body);
    lower.code.get(local);
    lower.glue("rpc", &[Val::Ext, Val::Ext, Val::Ext, Val::Any], &[Val::Ext]);
    crate::task::host_started(lower, local);
}
