//! Prints a file in its new layout: `cargo run -p tova-format --example format FILE [WIDTH]`.

use std::process::ExitCode;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a command line tool")]
fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(text) = args.next().and_then(|path| std::fs::read_to_string(path).ok()) else {
        eprintln!("usage: format FILE [WIDTH]");
        return ExitCode::FAILURE;
    };
    let width = args.next().and_then(|width| width.parse().ok()).unwrap_or(tova_format::DEFAULT_WIDTH);
    print!("{}", tova_format::format(&text, width).text);
    ExitCode::SUCCESS
}
