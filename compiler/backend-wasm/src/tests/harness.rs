//! Compiles a program with the whole front end and runs it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use tova_source::SourceMap;

use crate::{Bundle, Mode, Options, Target};

/// The intermediate program of a text.
pub(crate) fn program(text: &str) -> tova_ir::Program {
    let mut sources = SourceMap::default();
    let library = tova_check::Library::load(&mut sources);
    let file = sources.add("test.tova", text);
    let parsed = tova_syntax::parse(file, text, library.end());
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    assert!(checked.diagnostics.iter().all(|d| !d.is_error()), "{:#?}", checked.diagnostics);
    let lowered = tova_ir::lower(&checked);
    assert!(lowered.diagnostics.iter().all(|d| !d.is_error()), "{:#?}", lowered.diagnostics);
    lowered.program
}

/// A translated script.
pub(super) fn bundle(text: &str, mode: Mode) -> Bundle {
    let bundle = crate::emit(&program(text), &Options::new(Target::Script, mode));
    assert_eq!(crate::validate::validate(&bundle.wasm), Ok(()));
    bundle
}

/// What a script prints, then what it writes to standard error; the same in both modes.
pub(super) fn run(text: &str) -> String {
    let dev = run_in(text, Mode::Dev);
    assert_eq!(run_in(text, Mode::Release), dev);
    dev
}

fn run_in(text: &str, mode: Mode) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let bundle = bundle(text, mode);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("tova-wasm-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("script.wasm"), &bundle.wasm).expect("written");
    std::fs::write(folder.join("script.mjs"), &bundle.script).expect("written");
    let output = Command::new(node()).arg(folder.join("script.mjs")).output().expect("Node starts");
    if std::env::var_os("TOVA_KEEP").is_none() {
        std::fs::remove_dir_all(&folder).expect("removed");
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// A Node that runs WasmGC: `TOVA_NODE`, else the one in `target/tools`, else the machine's.
fn node() -> PathBuf {
    if let Some(node) = std::env::var_os("TOVA_NODE") {
        return node.into();
    }
    let ours = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/node_modules/node/bin/node"));
    if ours.exists() { ours } else { "node".into() }
}
