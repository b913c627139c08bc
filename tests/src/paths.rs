//! Where things lie.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository").to_owned()
}

/// Where cargo builds.
#[must_use]
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Where `cargo xtask setup` puts a current Node and the browser driver's library.
#[must_use]
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// The `tova` binary under test: `TOVA_BIN`, else the one that `cargo build` makes.
#[must_use]
pub fn tova() -> PathBuf {
    env::var_os("TOVA_BIN").map_or_else(|| target().join("debug").join("tova"), PathBuf::from)
}

/// A command with our own Node before the machine's.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", search_path());
    command
}

/// `tova` with arguments, with our own Node before the machine's.
pub fn tova_command<const N: usize>(arguments: [&str; N]) -> Command {
    let mut tova = command(tova());
    tova.args(arguments);
    tova
}

fn search_path() -> OsString {
    let ours = tools().join("node_modules").join(".bin");
    let paths = env::var_os("PATH").unwrap_or_default();
    env::join_paths(std::iter::once(ours).chain(env::split_paths(&paths))).expect("no path of the machine has a colon")
}

/// The first of these programs that the search path has.
#[must_use]
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = search_path();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// An empty folder of this name, for the files of one test.
///
/// # Panics
/// If the folder cannot be made.
#[must_use]
pub fn scratch(name: &str) -> PathBuf {
    let folder = target().join("scratch").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a scratch folder of an earlier run can be removed");
    }
    fs::create_dir_all(&folder).expect("a scratch folder can be made");
    folder
}

/// Copies an example into an empty folder of this name, so that a test may edit it and its database starts empty.
///
/// # Panics
/// If the example does not exist.
#[must_use]
pub fn copy_of_example(example: &str, name: &str) -> PathBuf {
    let folder = scratch(name);
    let source = root().join("examples").join(example);
    for entry in fs::read_dir(&source).expect("the example exists").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "tova" || extension == "toml") {
            fs::copy(entry.path(), folder.join(entry.file_name())).expect("an example can be copied");
        }
    }
    folder
}

/// The files with this extension in and below a folder, sorted.
#[must_use]
pub fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
