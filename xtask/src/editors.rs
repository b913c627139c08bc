//! The support for editors that cargo does not build.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tova_tests::paths;

use crate::run::{command, pass, say};
use crate::setup;

fn folder() -> PathBuf {
    paths::root().join("editors").join("vscode")
}

/// Builds the VS Code extension.
pub(crate) fn vsix() -> Result<(), String> {
    setup::node()?;
    packages()?;
    pass(command("npm").args(["run", "--silent", "package"]).current_dir(folder()))
}

/// Installs the npm packages that the lock file names, unless they are there.
pub(crate) fn packages() -> Result<(), String> {
    let wanted = fs::read(folder().join("package-lock.json")).map_err(|error| error.to_string())?;
    let stamp = folder().join("node_modules").join(".tova-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("Installing the npm packages of the VS Code extension into editors/vscode/node_modules");
    pass(command("npm").arg("ci").current_dir(folder()))?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())
}

/// Runs the tests of the extension.
pub(crate) fn tests() -> Command {
    let mut node = command("node");
    node.arg("test/run.mjs").current_dir(folder());
    node
}
