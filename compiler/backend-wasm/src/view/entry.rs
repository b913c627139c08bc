//! What the page's script calls: the start, listeners, timers, and the way back from a fault.

use tova_ir::{Client, FnId};

use crate::asm::{Code, FuncId, Val};
use crate::emit::Emit;
use crate::lower::Lower;
use crate::{Mode, reactive};

/// Declares the exports of a page's module. `mount` is the function that puts the root in place.
pub(crate) fn exports(cx: &mut Emit<'_>, client: &Client, mount: Option<FnId>) {
    let program = cx.program;
    let is_dev = cx.mode == Mode::Dev;
    let run_start = |lower: &mut Lower<'_, '_>| {
        let Some(function) = client.start else { return };
        let is_async = program.functions.get(function.0 as usize).is_some_and(|function| function.effects.is_async);
        let func = lower.cx.function(function);
        lower.code.call(func);
        if is_async {
            let start = crate::task::start(lower.cx);
            lower.code.call(start);
        }
    };
    let main = crate::global::main(cx, &client.globals, |lower| {
        if is_dev {
            super::keep::restore(lower, &client.globals);
        } else {
            run_start(lower);
        }
    });
    // A new version of a page that is open shows first, and starts its effects then.
    let effects = is_dev.then(|| crate::global::main(cx, &[], run_start));
    let mount = mount.map(|function| cx.function(function));
    let core = reactive::core(cx);
    if is_dev {
        super::keep::export_save(cx, &client.globals);
    }
    root(cx, (main, effects), mount);
    let thunk = cx.closure_shape(Vec::new(), None);
    batch(cx, "call", &[Val::Any], |_, c| {
        let function = c.local(Val::Ref(thunk.base));
        c.get(0);
        c.cast(thunk.base);
        c.tee(function);
        c.get(function);
        c.struct_get(thunk.base, 0);
        c.call_ref(thunk.code);
    });
    let listener = cx.closure_shape(vec![Val::Ext], None);
    batch(cx, "event", &[Val::Any, Val::Ext], |_, c| {
        let function = c.local(Val::Ref(listener.base));
        c.get(0);
        c.cast(listener.base);
        c.tee(function);
        c.get(1);
        c.get(function);
        c.struct_get(listener.base, 0);
        c.call_ref(listener.code);
    });
    for (name, func) in [
        ("recover", "recover"),
        ("hold", "hold"),
        ("restore", "restore"),
        ("effect", "guarded"),
        ("rebuild", "rebuild"),
    ] {
        cx.module.export(name, core.func(func));
    }
}

/// Exports `main`, which computes the globals and starts the effects, and `mount`, which puts the root in place even if that failed.
/// In dev the effects have an export of their own, `start`, and all of them are below one owner, which `stop` ends.
fn root(cx: &mut Emit<'_>, (main, effects): (FuncId, Option<FuncId>), mount: Option<FuncId>) {
    let core = reactive::core(cx);
    let root = cx.single("root", Val::Ref(core.ty("Comp")));
    let is_dev = cx.mode == Mode::Dev;
    batch(cx, "main", &[], |_, c| {
        if is_dev {
            c.call(core.func("new_scope"));
            c.global_set(root);
            c.global_get(root);
            c.global_set(core.global("owner"));
        }
        c.call(main);
    });
    batch(cx, "mount", &[], |_, c| {
        if is_dev {
            c.global_get(root);
            c.global_set(core.global("owner"));
        }
        if let Some(mount) = mount {
            c.call(core.func("build"));
            c.call(mount);
        }
    });
    if let Some(effects) = effects {
        batch(cx, "start", &[], |_, c| {
            c.global_get(root);
            c.global_set(core.global("owner"));
            c.call(effects);
        });
        batch(cx, "stop", &[], |cx, c| {
            let dispose = reactive::func(cx, "dispose");
            c.global_get(root);
            c.call(dispose);
        });
    }
}

/// Exports a function that is a batch: what it writes takes effect when it ends. It neither tracks nor owns.
pub(crate) fn batch(cx: &mut Emit<'_>, name: &str, params: &[Val], body: impl FnOnce(&mut Emit<'_>, &mut Code)) {
    let core = reactive::core(cx);
    let comp = Val::Ref(core.ty("Comp"));
    let ty = cx.module.func_type(params, &[]);
    let func = cx.module.declare_func(name, ty);
    let mut c = Code::new(params);
    let globals = ["current", "owner"].map(|name| (core.global(name), c.local(comp)));
    c.call(core.func("enter"));
    for (global, before) in globals {
        c.global_get(global);
        c.set(before);
        c.null(comp);
        c.global_set(global);
    }
    body(cx, &mut c);
    for (global, before) in globals {
        c.get(before);
        c.global_set(global);
    }
    c.call(core.func("leave"));
    cx.module.define_func(func, c);
    cx.module.export(name, func);
}
