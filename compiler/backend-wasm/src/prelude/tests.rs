use super::*;
use crate::asm::Names;

/// A module with all texts, and one function of them exported, if it is asked for.
fn module_with(pick: impl Fn(&[EcoString]) -> Option<EcoString>) -> Option<Module> {
    let mut m = Module::default();
    let mut prelude = Prelude::default();
    for (name, result) in [("Thunk", None), ("Maker", Some(Val::Ext))] {
        let base = m.declare_struct(name, None);
        let code = m.func_type(&[Val::Ref(base)], result.as_slice());
        m.define_struct(base, vec![Field::fixed(Val::NonNull(code))]);
        prelude.bind_closure(name, (base, code), result);
    }
    for (name, params) in [("cyclic", vec![]), ("endless", vec![Val::I32])] {
        let id = m.glue(name, &params, &[]);
        prelude.bind_func(name, id, None);
    }
    for text in crate::reactive::TEXTS {
        prelude.load(&mut m, text).expect("a well-formed text");
    }
    let mut names: Vec<EcoString> = prelude.funcs.keys().cloned().collect();
    names.sort();
    let name = pick(&names)?;
    m.export(&name, prelude.func(&name));
    Some(m)
}

#[test]
fn every_function_is_valid_code() {
    let mut at = 0;
    while let Some(module) = module_with(|names| names.get(at).cloned()) {
        let encoded = module.finish(Names::Strip);
        let checked =
            wasmparser::Validator::new().validate_all(&encoded.wasm).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(checked, Ok(()), "{:?}", module_with(|names| names.get(at).cloned()).map(|m| m.exports));
        at += 1;
    }
    assert!(at > 40, "{at}");
}

#[test]
fn mistakes_are_told() {
    let load = |text: &str| Prelude::default().load(&mut Module::default(), text).expect_err("a mistake");
    assert_eq!(load("(fn f () (g))"), "no such function: `g`");
    assert_eq!(load("(fn f () (set x 1))"), "no such name: `x`");
    assert_eq!(load("(fn f ()"), "a closing bracket is missing");
    assert_eq!(load("(struct A (b B))"), "no such type: `B`");
}
