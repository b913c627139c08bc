//! Prints the tree and the problems of a file: `cargo run -p tova-syntax --example dump FILE`.

#![expect(clippy::print_stdout, reason = "the tree is for people")]

use tova_source::FileId;
use tova_syntax::{ast::NodeId, dump, parse};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let parsed = parse(FileId(0), &text, NodeId(0));
        print!("{}", dump(&parsed.module));
        for problem in &parsed.diagnostics {
            let before = text.get(..problem.span.start as usize).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
            println!("{path}:{line}:{column}: {} {} (help: {:?})", problem.code, problem.message, problem.help);
        }
    }
    Ok(())
}
