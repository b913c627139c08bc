//! The `tova` command: arguments in, one call of the driver, output.

mod commands;
mod diff;
mod markdown;
mod mistyped;
mod render;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// One language for a whole application: shared, server and client blocks in one `.tova` file.
#[derive(Parser)]
#[command(name = "tova", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Start with `tova new my-app`, or with `tova dev` in a folder that holds an `app.tova`.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Bench(commands::bench::Arguments),
    Build(commands::build::Arguments),
    Check(commands::check::Arguments),
    Completions(commands::completions::Arguments),
    Dev(commands::dev::Arguments),
    Doc(commands::doc::Arguments),
    Doctor(commands::doctor::Arguments),
    Explain(commands::explain::Arguments),
    Fmt(commands::fmt::Arguments),
    Init(commands::new::Init),
    Lsp(commands::lsp::Arguments),
    New(commands::new::New),
    Repl(commands::repl::Arguments),
    Run(commands::run::Arguments),
    Test(commands::test::Arguments),
    Token(commands::token::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::try_parse().unwrap_or_else(|error| mistyped::exit(error)).command {
        Command::Bench(arguments) => arguments.run(),
        Command::Build(arguments) => arguments.run(),
        Command::Check(arguments) => arguments.run(),
        Command::Completions(arguments) => arguments.run(),
        Command::Dev(arguments) => arguments.run(),
        Command::Doc(arguments) => arguments.run(),
        Command::Doctor(arguments) => arguments.run(),
        Command::Explain(arguments) => arguments.run(),
        Command::Fmt(arguments) => arguments.run(),
        Command::Init(arguments) => arguments.run(),
        Command::Lsp(arguments) => arguments.run(),
        Command::New(arguments) => arguments.run(),
        Command::Repl(arguments) => arguments.run(),
        Command::Run(arguments) => arguments.run(),
        Command::Test(arguments) => arguments.run(),
        Command::Token(arguments) => arguments.run(),
    };
    outcome.unwrap_or_else(|problem| {
        render::problem(&problem);
        ExitCode::FAILURE
    })
}
