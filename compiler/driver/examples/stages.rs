//! Prints what each stage of an edit under `tova dev` costs: medians of many rounds in one process.
//!
//! `cargo run --release -p tova-driver --example stages FILE`

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tova_check::Library;
use tova_source::SourceMap;

const ROUNDS: usize = 41;

#[expect(clippy::print_stdout, reason = "this is a command line tool")]
fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text: Arc<str> = std::fs::read_to_string(&path).unwrap_or_default().into();
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        round(&text, &mut |stage, started: Instant| {
            times.entry(stage).or_default().push(started.elapsed().as_secs_f64() * 1000.0);
        });
    }
    for (stage, mut values) in times {
        values.sort_by(f64::total_cmp);
        println!("{stage:24} {:7.2} ms", values.get(ROUNDS / 2).copied().unwrap_or_default());
    }
}

fn round(text: &Arc<str>, took: &mut dyn FnMut(&'static str, Instant)) {
    let start = Instant::now();
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    took("1 library", start);
    let start = Instant::now();
    let file = sources.add("app.tova", Arc::clone(text));
    let parsed = tova_syntax::parse(file, text, library.end());
    took("2 parse", start);
    let start = Instant::now();
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    took("3 check", start);
    let start = Instant::now();
    let lowered = tova_ir::lower(&checked);
    took("4 lower", start);
    let start = Instant::now();
    let options = tova_backend_wasm::Options::new(tova_backend_wasm::Target::Page, tova_backend_wasm::Mode::Dev);
    let bundle = tova_backend_wasm::emit(&lowered.program, &options);
    took("5 wasm", start);
    std::hint::black_box(bundle);
    let start = Instant::now();
    let crates = tova_backend_rust::emit(
        &lowered.program,
        &tova_backend_rust::Options { sources: &sources, runtime: "../tova-server", page: &[] },
    );
    took("6 rust", start);
    std::hint::black_box(crates);
}
