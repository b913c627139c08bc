//! The project's own chores: `cargo xtask setup|test|ready|book|bench|vsix`.

mod bench;
mod book;
mod editors;
mod ready;
mod run;
mod setup;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the Tova project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what the tests need and the machine lacks: Chromium, a current Node, the browser driver.
    Setup,
    /// Set up, then run every test.
    Test(test::Arguments),
    /// Everything that must hold before a change is proposed: format, lints, documentation, tests, tidiness.
    Ready,
    /// Measure the figures that we hold ourselves to, beside what they are to reach.
    Bench(bench::Arguments),
    /// Write the generated pages of the book.
    Book(book::Arguments),
    /// Build the VS Code extension: `editors/vscode/dist/tova.vsix`.
    Vsix,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Setup => setup::setup(),
        Chore::Test(arguments) => test::test(&arguments),
        Chore::Ready => ready::ready(),
        Chore::Bench(arguments) => bench::bench(&arguments),
        Chore::Book(arguments) => book::book(&arguments),
        Chore::Vsix => editors::vsix(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            run::say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
    }
}
