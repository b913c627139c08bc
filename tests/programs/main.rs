//! The built `tova` from the outside: scripts on both backends, commands, the examples over HTTP and in a browser, `tova dev`.
//!
//! `cargo xtask test --only programs` builds what these tests need; then `cargo test -p tova-tests --test programs NAME` runs some of them.

mod app;
mod commands;
mod counter;
mod dashboard;
mod dev;
mod fmt;
mod hello;
mod language;
mod new;
mod pages;
mod repl;
mod test;
mod todo;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial, run};

fn main() -> ExitCode {
    let mut trials = language::trials();
    trials.extend(commands::trials());
    trials.extend(fmt::trials());
    trials.extend(hello::trials());
    trials.extend(counter::trials());
    trials.extend(pages::trials());
    trials.extend(todo::trials());
    trials.extend(dashboard::trials());
    trials.extend(dev::trials());
    trials.extend(test::trials());
    trials.extend(new::trials());
    trials.extend(repl::trials());
    run(&Arguments::from_args(), trials).exit_code()
}

/// A test from a function that says what is wrong.
fn trial(name: &str, test: fn() -> Result<(), String>) -> Trial {
    Trial::test(name, move || Ok(test()?))
}

/// Says what differs.
#[track_caller]
fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, wanted: T) -> Result<(), String> {
    let place = std::panic::Location::caller();
    if found == wanted { Ok(()) } else { Err(format!("{place}: {what}: found {found:?}, wanted {wanted:?}")) }
}

/// Says what does not hold.
#[track_caller]
fn holds(what: &str, condition: bool) -> Result<(), String> {
    let place = std::panic::Location::caller();
    if condition { Ok(()) } else { Err(format!("{place}: {what}")) }
}
