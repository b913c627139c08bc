//! Prints the problems of a program and the types of its functions and globals: `cargo run -p tova-check --example types FILE…`.
#![expect(clippy::print_stdout, reason = "a tool for the compiler's authors")]

use tova_check::{Library, check, show};
use tova_source::SourceMap;

fn main() -> std::io::Result<()> {
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let mut end = library.end();
    let mut modules = Vec::new();
    let mut diagnostics = Vec::new();
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let file = sources.add(path.clone(), text.clone());
        let parsed = tova_syntax::parse(file, &text, end);
        end = parsed.next;
        diagnostics.extend(parsed.diagnostics);
        modules.push(parsed.module);
    }
    let checked = check(&library, &modules, end);
    diagnostics.extend(checked.diagnostics.clone());
    for diagnostic in &diagnostics {
        let place = sources.location(diagnostic.span);
        let name = &sources.file(diagnostic.span.file).name;
        println!("{name}:{}:{}: {} {}", place.start.line, place.start.column, diagnostic.code, diagnostic.message);
        if let Some(help) = &diagnostic.help {
            println!("    help: {help}");
        }
    }
    let types = |ty| show(&checked.types, &checked.type_decls, ty);
    for function in checked.fns.iter().filter(|function| !function.std) {
        let params: Vec<String> = function.params.iter().map(|ty| types(*ty)).collect();
        println!(
            "fn {}({}) -> {}{}",
            function.name,
            params.join(", "),
            types(function.ret),
            if function.found { " (found)" } else { "" }
        );
    }
    for global in &checked.globals {
        println!("{:?} {}: {}", global.kind, global.name, types(global.ty));
    }
    Ok(())
}
