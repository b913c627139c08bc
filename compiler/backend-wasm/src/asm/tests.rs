use super::*;

/// What the engine's own checks say.
fn check(wasm: &[u8]) -> Result<(), String> {
    wasmparser::Validator::new().validate_all(wasm).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn unreached_functions_types_and_texts_are_left_out() {
    let mut m = Module::default();
    let print = m.glue("print", &[Val::Ext], &[]);
    let unused = m.glue("unused", &[Val::Ext], &[]);
    let hello = m.string("hello");
    m.string("never");
    m.func("dead", &[], &[], |_, c| {
        c.global_get(hello);
        c.call(unused);
    });
    let main = m.func("main", &[], &[], |_, c| {
        c.global_get(hello);
        c.call(print);
    });
    m.export("main", main);
    let encoded = m.finish(Names::Keep);
    assert_eq!(check(&encoded.wasm), Ok(()));
    assert_eq!(encoded.imports, [("m".into(), "print".into())]);
    let text = String::from_utf8_lossy(&encoded.wasm);
    assert!(!text.contains("never") && !text.contains("dead"));
}

#[test]
fn structs_and_function_types_may_mention_each_other() {
    let mut m = Module::default();
    let base = m.declare_struct("Closure", None);
    let call = m.func_type(&[Val::Ref(base)], &[Val::I32]);
    m.define_struct(base, vec![Field::fixed(Val::NonNull(call))]);
    let sub = m.struct_type("Capturing", Some(base), vec![Field::fixed(Val::NonNull(call)), Field::fixed(Val::I32)]);
    let body = m.declare_func("body", call);
    let mut c = Code::new(&[Val::Ref(base)]);
    c.get(0);
    c.cast(sub);
    c.struct_get(sub, 1);
    m.define_func(body, c);
    let main = m.func("main", &[], &[Val::I32], |m, c| {
        let made = c.local(Val::Ref(base));
        c.ref_func(body);
        c.i32(7);
        c.struct_new(sub);
        c.set(made);
        c.get(made);
        c.get(made);
        c.struct_get(base, 0);
        let _ = m;
        c.call_ref(call);
    });
    m.export("main", main);
    assert_eq!(check(&m.finish(Names::Strip).wasm), Ok(()));
}
