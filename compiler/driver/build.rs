//! Embeds the sources of the server runtime: writes a table of their paths and contents for `src/runtime/sources.rs`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let runtime = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../runtime/server");
    let runtime = fs::canonicalize(&runtime).expect("the runtime lies beside the compiler");
    let mut files = vec![runtime.join("Cargo.toml"), runtime.join("Cargo.lock")];
    collect(&runtime.join("src"), &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&runtime).expect("all lie below").display().to_string();
        writeln!(table, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("writing to a string");
    }
    table.push_str("]\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("runtime_sources.rs");
    fs::write(out, table).expect("the output folder is writable");
    println!("cargo::rerun-if-changed={}", runtime.join("Cargo.toml").display());
    println!("cargo::rerun-if-changed={}", runtime.join("Cargo.lock").display());
    println!("cargo::rerun-if-changed={}", runtime.join("src").display());
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "sql") {
            files.push(path);
        }
    }
}
