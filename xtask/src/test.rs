//! Every test, in the order in which a broken part is found soonest.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use tova_tests::paths;

use crate::run::{self, Tally, cargo, command, say};
use crate::setup;

/// What to run.
#[derive(Default, clap::Args)]
pub(crate) struct Arguments {
    /// Only the groups whose name contains this text: crates, runtime, glue, stages, programs.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// Sets up, then runs every group of tests and closes with one line `N passed, N failed`.
pub(crate) fn test(arguments: &Arguments) -> Result<(), String> {
    let start = Instant::now();
    setup::setup()?;
    let mut sum = Tally::default();
    for (name, command) in &mut groups() {
        if arguments.only.as_ref().is_none_or(|only| name.contains(only.as_str())) {
            let tally = run::tests(name, command);
            sum.passed += tally.passed;
            sum.failed += tally.failed;
        }
    }
    say(&format!("\nall tests: {:.0} s", start.elapsed().as_secs_f64()));
    say(&format!("{} passed, {} failed", sum.passed, sum.failed));
    if sum.failed == 0 { Ok(()) } else { Err("not every test passes".to_owned()) }
}

fn groups() -> Vec<(&'static str, Command)> {
    let mut groups = vec![
        ("crates", cargo(["test", "--workspace", "--exclude", "tova-tests", "--no-fail-fast"])),
        ("stages", cargo(["test", "-p", "tova-tests", "--lib", "--test", "stages", "--no-fail-fast"])),
        ("runtime", runtime()),
    ];
    let glue = glue_tests();
    if !glue.is_empty() {
        let mut node = command("node");
        node.args(["--test", "--test-reporter=tap"]).args(glue);
        groups.push(("glue", node));
    }
    groups.push(("tova", cargo(["build", "-p", "tova-cli"])));
    groups.push(("programs", cargo(["test", "-p", "tova-tests", "--test", "programs", "--no-fail-fast"])));
    groups
}

/// The server runtime is a workspace of its own; its build lies beside ours.
fn runtime() -> Command {
    let mut cargo = cargo(["test", "--manifest-path", "runtime/server/Cargo.toml", "--no-fail-fast", "--target-dir"]);
    cargo.arg(paths::target().join("runtime"));
    cargo
}

/// Tests of the page's script, which Node runs.
fn glue_tests() -> Vec<PathBuf> {
    let mut files = paths::files_below(&paths::root().join("runtime/client"), "mjs");
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files
}
