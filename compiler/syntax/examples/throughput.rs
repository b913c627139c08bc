//! Prints how many lines a second the parser reads: `cargo run --release -p tova-syntax --example throughput [FILE]`.

#![expect(clippy::print_stdout, reason = "the figure is for people")]

use std::time::Instant;

use tova_source::FileId;
use tova_syntax::{ast::NodeId, parse};

/// Programs with servers, clients and types.
const PROGRAMS: &[&str] = &[
    include_str!("../../../examples/counter/app.tova"),
    include_str!("../../../examples/dashboard/app.tova"),
    include_str!("../../../examples/todo/app.tova"),
];

fn main() -> std::io::Result<()> {
    let sample = std::env::args().nth(1).map_or(Ok(PROGRAMS.concat()), std::fs::read_to_string)?;
    let text = sample.repeat(5_000 / sample.lines().count().max(1) + 1);
    let problems = parse(FileId(0), &text, NodeId(0)).diagnostics.len();
    let mut best = f64::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        let parsed = parse(FileId(0), &text, NodeId(0));
        best = best.min(start.elapsed().as_secs_f64());
        drop(parsed);
    }
    let lines = text.lines().count();
    println!("{lines} lines, {:.0} lines/s, {problems} problems", lines as f64 / best);
    Ok(())
}
