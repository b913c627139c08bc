//! Prints how many lines of a program the front end reads, parses and checks in a second, or with `format` after the file, `tova fmt`
//! lays out: the median of many rounds in one process.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use tova_check::Library;
use tova_source::SourceMap;

const ROUNDS: usize = 25;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a command line tool")]
fn main() -> ExitCode {
    let Some(text) = std::env::args().nth(1).and_then(|path| std::fs::read_to_string(path).ok()) else {
        eprintln!("usage: tova-bench-front-end FILE [format]");
        return ExitCode::FAILURE;
    };
    let lines = text.lines().count();
    let round = if std::env::args().nth(2).as_deref() == Some("format") { format } else { check };
    let mut seconds: Vec<f64> = (0..ROUNDS).map(|_| round(&text)).collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(ROUNDS / 2).copied().unwrap_or(f64::INFINITY);
    println!("{:.0}", lines as f64 / median);
    ExitCode::SUCCESS
}

fn format(text: &str) -> f64 {
    let start = Instant::now();
    black_box(tova_format::format(text, tova_format::DEFAULT_WIDTH));
    start.elapsed().as_secs_f64()
}

fn check(text: &str) -> f64 {
    let start = Instant::now();
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let file = sources.add("app.tova", text);
    let parsed = tova_syntax::parse(file, text, library.end());
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    black_box(&checked.diagnostics);
    start.elapsed().as_secs_f64()
}
