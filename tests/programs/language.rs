//! `tests/language/*.tova`: scripts that must print the same on both backends, byte for byte, and what their `.out` file says.

use libtest_mimic::Trial;
use std::path::Path;

use tova_tests::case::accept;
use tova_tests::paths;

use crate::app::run;

pub(crate) fn trials() -> Vec<Trial> {
    let folder = paths::root().join("tests/language");
    paths::files_below(&folder, "tova")
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).unwrap_or(&path).with_extension("").display().to_string();
            Trial::test(format!("language: {name}"), move || Ok(agree(&path)?))
        })
        .collect()
}

fn agree(path: &Path) -> Result<(), String> {
    let native = printed(path, "native")?;
    let wasm = printed(path, "wasm")?;
    if native != wasm {
        return Err(format!("the backends differ\n---- native\n{native}\n---- wasm\n{wasm}"));
    }
    accept(&path.with_extension("out"), &native)
}

fn printed(path: &Path, target: &str) -> Result<String, String> {
    run(paths::tova_command(["run", "--target", target]).arg(path))
}
