//! What must hold before a change is proposed.

use std::process::Command;

use tova_tests::paths;

use crate::run::{cargo, command, output, pass, say};
use crate::{book, test, tidy};

/// Format, lints, documentation, tidiness, generated pages, tests, and no result left to accept.
pub(crate) fn ready() -> Result<(), String> {
    let runtime = ["--manifest-path", "runtime/server/Cargo.toml"];
    pass(&mut cargo(["fmt", "--all", "--check"]))?;
    pass(cargo(["fmt", "--check"]).args(runtime))?;
    tidy::tidy()?;
    book::check()?;
    pass(&mut strict(cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])))?;
    pass(&mut beside(strict(cargo(["clippy", "--all-targets", "--manifest-path", "runtime/server/Cargo.toml"]))))?;
    pass(&mut documented(cargo(["doc", "--workspace", "--no-deps", "--document-private-items"])))?;
    pass(&mut beside(documented(cargo(["doc", "--no-deps", "--manifest-path", "runtime/server/Cargo.toml"]))))?;
    let before = snapshots()?;
    test::test(&test::Arguments::default())?;
    if snapshots()? != before {
        return Err("the tests changed files below tests/; commit what is meant".to_owned());
    }
    say("ready");
    Ok(())
}

fn strict(mut cargo: Command) -> Command {
    cargo.env("RUSTFLAGS", "-Dwarnings");
    cargo
}

fn documented(mut cargo: Command) -> Command {
    cargo.env("RUSTDOCFLAGS", "-Dwarnings");
    cargo
}

/// Builds into the runtime's own folder.
fn beside(mut cargo: Command) -> Command {
    cargo.arg("--target-dir").arg(paths::target().join("runtime"));
    cargo
}

fn snapshots() -> Result<String, String> {
    output(command("git").args(["status", "--porcelain", "tests/"]))
}
