//! Programs translated and run under Node.

pub(crate) mod harness;
mod language;
mod tasks;

use harness::run;

#[test]
fn every_intrinsic_of_the_library_is_known() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../stdlib");
    let mut unknown = Vec::new();
    for file in std::fs::read_dir(folder).expect("the library is there") {
        let path = file.expect("readable").path();
        // What server.tova offers exists on servers alone.
        if path.ends_with("server.tova")
            || path.ends_with("test_server.tova")
            || path.extension().is_none_or(|ext| ext != "tova")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        for part in text.split("@intrinsic(\"").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            if !crate::intrinsic::CORE.contains(&name) && !crate::view::provides(name) {
                unknown.push(name.to_owned());
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn a_small_script_is_a_small_module() {
    let module = harness::bundle("print(\"hello\")\n", crate::Mode::Release).wasm;
    assert!(module.len() < 120, "{} bytes", module.len());
}

#[test]
fn a_fault_that_nothing_catches_ends_the_script() {
    assert_eq!(
        run("xs = [1]\nprint(1)\nprint(xs[3])\nprint(2)\n"),
        "1\nerror: index 3 is out of range for a list of length 1\n"
    );
}

#[test]
fn whole_programs_print_what_is_expected() {
    let cases = [
        (include_str!("tests/programs/values.tova"), include_str!("tests/programs/values.txt")),
        (include_str!("tests/programs/waits.tova"), include_str!("tests/programs/waits.txt")),
    ];
    for (program, expected) in cases {
        assert_eq!(run(program), expected);
    }
}
