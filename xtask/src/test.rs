//! Every test, in the order in which a broken part is found soonest.

use std::process::Command;
use std::time::Instant;

use tova_tests::paths;

use crate::run::{self, Tally, cargo, say};
use crate::{editors, setup};

/// What to run.
#[derive(Default, clap::Args)]
pub(crate) struct Arguments {
    /// Only the groups whose name contains this text: crates, stages, runtime, vscode, programs.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// Sets up, then runs every group of tests and closes with one line `N passed, N failed`.
pub(crate) fn test(arguments: &Arguments) -> Result<(), String> {
    let start = Instant::now();
    setup::setup()?;
    let mut sum = Tally::default();
    let mut ran = false;
    for (name, command) in &mut groups() {
        if arguments.only.as_ref().is_none_or(|only| name.contains(only.as_str())) {
            let tally = run::tests(name, command);
            ran = true;
            sum.passed += tally.passed;
            sum.failed += tally.failed;
        }
    }
    if !ran {
        return Err("no group of tests has such a name".to_owned());
    }
    say(&format!("\nall tests: {:.0} s", start.elapsed().as_secs_f64()));
    say(&format!("{} passed, {} failed", sum.passed, sum.failed));
    if sum.failed == 0 { Ok(()) } else { Err("not every test passes".to_owned()) }
}

fn groups() -> Vec<(&'static str, Command)> {
    vec![
        ("crates", cargo(["test", "--workspace", "--exclude", "tova-tests", "--no-fail-fast"])),
        ("stages", cargo(["test", "-p", "tova-tests", "--lib", "--test", "stages", "--no-fail-fast"])),
        ("runtime", runtime()),
        ("vscode", editors::tests()),
        ("tova for the programs", cargo(["build", "-p", "tova-cli"])),
        ("programs", cargo(["test", "-p", "tova-tests", "--test", "programs", "--no-fail-fast"])),
    ]
}

/// The server runtime is a workspace of its own; its build lies beside ours.
fn runtime() -> Command {
    let mut cargo = cargo(["test", "--manifest-path", "runtime/server/Cargo.toml", "--no-fail-fast", "--target-dir"]);
    cargo.arg(paths::target().join("runtime"));
    cargo
}
