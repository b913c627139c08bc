//! From the intermediate program to a WasmGC module and what it needs around it.
//!
//! In: a [`tova_ir::Program`]. Out: a [`Bundle`]: the module, the script that starts it, style sheet, page. This crate knows nothing of
//! syntax, inference, servers or files.
//!
//! ```ignore
//! let bundle = tova_backend_wasm::emit(&program, &Options::new(Target::Page, Mode::Release));
//! std::fs::write("client.wasm", &bundle.wasm)?;
//! std::fs::write("client.js", &bundle.script)?;
//! ```
//!
//! Stages: `view` turns views into plain expressions; functions are translated on demand (`emit`, `function`, `expr`) into the
//! module in the making (`asm`), together with the library functions that they call; the module is written with what the exports
//! reach; the glue is put together from what it imports.

pub mod asm;

mod any;
mod display;
mod emit;
mod equality;
mod expr;
mod fault;
mod flow;
mod function;
mod global;
mod glue;
mod html;
mod intrinsic;
mod json;
mod list;
mod lower;
mod map;
mod node;
mod order;
mod prelude;
mod reactive;
mod repr;
mod rpc;
mod slice;
mod sort;
mod task;
mod testing;
mod text;
mod try_;
#[cfg(feature = "validate")]
mod validate;
mod view;

#[cfg(test)]
mod tests;

use ecow::EcoString;
use tova_ir::Program;
use tova_source::Span;

/// What the output is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Faults know their places, the module has names.
    Dev,
    /// As small as possible.
    Release,
}

/// What is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The page: [`Program::client`].
    Page,
    /// A script for Node: [`Program::script`].
    Script,
    /// The tests that run anywhere, for Node. Of all tests these are the ones whose home is shared, by number in their order.
    Tests,
    /// The tests of the page, each for a page of its own: those whose home is the client, by number in their order.
    PageTests,
}

/// How a program is translated.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the output is for.
    pub mode: Mode,
    /// What is built.
    pub target: Target,
    /// For each server, where its functions are called: empty for the page's own origin, `:3001` for another port of the page's
    /// host, or a whole origin. Servers that are not named here are at the ports that the program gives them.
    pub bases: Vec<EcoString>,
}

impl Options {
    /// The usual options.
    #[must_use]
    pub const fn new(target: Target, mode: Mode) -> Self {
        Self { mode, target, bases: Vec::new() }
    }
}

/// A translated program.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The module.
    pub wasm: Vec<u8>,
    /// The script that starts it: of a page `client.js`, which loads `client.wasm` beside it; of a script an ES module for Node, which
    /// loads `script.wasm` beside it; of tests one that loads `tests.wasm` and runs those that its arguments or its address name.
    pub script: String,
    /// The style sheet, `client.css`.
    pub css: EcoString,
    /// The page that loads script and style sheet.
    pub html: String,
    /// In dev modules: the places that faults name by their index.
    pub spans: Vec<Span>,
    /// In dev modules: where the code at a byte offset of the module comes from, in order of offsets.
    pub marks: Vec<(u32, Span)>,
}

/// Translates a program.
#[must_use]
pub fn emit(program: &Program, options: &Options) -> Bundle {
    let program = match options.target {
        Target::Page => program.clone(),
        Target::Script | Target::Tests => Program { client: None, ..program.clone() },
        Target::PageTests => Program { client: Some(program.client.clone().unwrap_or_default()), ..program.clone() },
    };
    let (program, tests) = testing::prepare(program, options.target);
    let (program, mount) = view::desugar(&program);
    let mut cx = emit::Emit::new(&program, options);
    match (options.target, &program.client, program.script) {
        (Target::Page, Some(client), _) => view::exports(&mut cx, client, mount),
        (Target::Script, _, Some(script)) => script_exports(&mut cx, script),
        (Target::PageTests, Some(client), _) => {
            view::exports(&mut cx, client, mount);
            testing::exports(&mut cx, &tests);
        }
        (Target::Tests, ..) => testing::exports(&mut cx, &tests),
        (Target::Page | Target::PageTests, None, _) | (Target::Script, _, None) => {}
    }
    cx.drain();
    let names = match options.mode {
        Mode::Dev => asm::Names::Keep,
        Mode::Release => asm::Names::Strip,
    };
    let spans = cx.spans.into_iter().collect();
    let encoded = cx.module.finish(names);
    #[cfg(feature = "validate")]
    assert_eq!(validate::validate(&encoded.wasm), Ok(()), "the module is valid");
    let client = program.client.as_ref();
    Bundle {
        script: match options.target {
            Target::Page => glue::page_script(&encoded.imports, options.mode),
            Target::Script => node::script(&encoded.imports, options.mode),
            Target::Tests => node::tests(&encoded.imports, options.mode),
            Target::PageTests => glue::page_tests(&encoded.imports, options.mode),
        },
        html: client.map(html::page).unwrap_or_default(),
        css: client.map(|client| client.css.clone()).unwrap_or_default(),
        wasm: encoded.wasm,
        spans,
        marks: encoded.marks,
    }
}

/// The exports of a script: `main`.
fn script_exports(cx: &mut emit::Emit<'_>, script: tova_ir::FnId) {
    let is_async = cx.program_function(script).effects.is_async;
    let main = global::main(cx, &[], |lower| {
        let func = lower.cx.function(script);
        lower.code.call(func);
        if is_async {
            let start = task::start(lower.cx);
            lower.code.call(start);
        }
    });
    cx.module.export("main", main);
}
