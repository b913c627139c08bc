//! `tova fmt`: what it writes, what it shows, and how it ends.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use libtest_mimic::Trial;
use tova_tests::paths;

use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("fmt: writes what changed, in folders too", writes),
        trial("fmt: --check writes nothing and ends with 1", checks),
        trial("fmt: --stdin answers on standard output", stdin),
        trial("fmt: a broken declaration stays, the others are laid out", broken),
        trial("fmt: the width of lines is that of tova.toml", width),
    ]
}

const LOOSE: &str = "fn f( a ){a+1}\n";
const NEAT: &str = "fn f(a) { a + 1 }\n";

fn put(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| error.to_string())
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| error.to_string())
}

/// The exit code and the output of `tova fmt` with more arguments, in a folder.
fn fmt(folder: &Path, arguments: &[&str]) -> Result<(Option<i32>, String), String> {
    let output = paths::tova_command(["fmt"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("tova: {error}"))?;
    let shown = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Ok((output.status.code(), shown.into_owned()))
}

fn writes() -> Result<(), String> {
    let folder = paths::scratch("fmt-writes");
    let (top, below, out) = (folder.join("app.tova"), folder.join("parts/a.tova"), folder.join("dist/b.tova"));
    for path in [&top, &below, &out] {
        put(path, LOOSE)?;
    }
    let (code, shown) = fmt(&folder, &[])?;
    same("code", code, Some(0))?;
    holds(&shown, shown.contains("formatted app.tova") && shown.contains("2 of 2 files changed"))?;
    same("a file", text(&top)?.as_str(), NEAT)?;
    same("a file below", text(&below)?.as_str(), NEAT)?;
    same("a file that was built", text(&out)?.as_str(), LOOSE)?;
    let (code, shown) = fmt(&folder, &[])?;
    same("code the second time", code, Some(0))?;
    holds(&shown, shown.contains("all formatted"))
}

fn checks() -> Result<(), String> {
    let folder = paths::scratch("fmt-checks");
    let path = folder.join("app.tova");
    put(&path, LOOSE)?;
    let (code, shown) = fmt(&folder, &["--check", "app.tova"])?;
    same("code", code, Some(1))?;
    holds(&shown, shown.contains("- fn f( a ){a+1}") && shown.contains("+ fn f(a) { a + 1 }"))?;
    same("the file", text(&path)?.as_str(), LOOSE)
}

fn stdin() -> Result<(), String> {
    let mut child = paths::tova_command(["fmt", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("tova: {error}"))?;
    child.stdin.take().ok_or("no input")?.write_all(LOOSE.as_bytes()).map_err(|error| error.to_string())?;
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    same("code", output.status.code(), Some(0))?;
    same("output", String::from_utf8_lossy(&output.stdout).as_ref(), NEAT)
}

fn broken() -> Result<(), String> {
    let folder = paths::scratch("fmt-broken");
    let path = folder.join("app.tova");
    put(&path, &format!("x   = = 1\n{LOOSE}"))?;
    let (code, shown) = fmt(&folder, &[])?;
    same("code", code, Some(1))?;
    holds(&shown, shown.contains("E0007"))?;
    same("the file", text(&path)?, format!("x   = = 1\n{NEAT}"))
}

fn width() -> Result<(), String> {
    let folder = paths::scratch("fmt-width");
    put(&folder.join("tova.toml"), "[format]\nline_width = 40\n")?;
    let path = folder.join("parts/a.tova");
    put(&path, "print(\"twenty characters...\", \"twenty characters...\")\n")?;
    same("code", fmt(&folder, &[])?.0, Some(0))?;
    same("the file", text(&path)?.as_str(), "print(\n  \"twenty characters...\",\n  \"twenty characters...\",\n)\n")?;
    put(&folder.join("tova.toml"), "[format]\nline_widht = 40\n")?;
    let (code, shown) = fmt(&folder, &[])?;
    same("code", code, Some(1))?;
    holds(&shown, shown.contains("did you mean `line_width`?"))
}
