//! Prints the intermediate program of a file, its tests included: `cargo run -p tova-ir --example print_ir app.tova`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

use tova_check::Library;
use tova_source::SourceMap;

fn main() {
    let path = std::env::args().nth(1).expect("the path of a file");
    let text = std::fs::read_to_string(&path).expect("a readable file");
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let file = sources.add(path, text.as_str());
    let parsed = tova_syntax::parse(file, &text, library.end());
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    let lowered = tova_ir::lower_tests(&checked);
    for diagnostic in parsed.diagnostics.iter().chain(&checked.diagnostics).chain(&lowered.diagnostics) {
        let place = sources.location(diagnostic.span);
        let name = &sources.file(diagnostic.span.file).name;
        eprintln!("{name}:{}:{}: {} {}", place.start.line, place.start.column, diagnostic.code, diagnostic.message);
    }
    for problem in &lowered.problems {
        eprintln!("compiler bug: {problem}");
    }
    println!("{}", tova_ir::print(&lowered.program));
}
