//! Tests as WebAssembly: under Node, or in a page.

use tova_backend_wasm::{Bundle, Mode, Options, Target};
use tova_ir::Program;

use super::browser::Page;
use super::cases::Home;
use super::native::Kept;
use super::runner::{Group, Runner, places};
use super::servers::{self, Servers};
use crate::frontend::Sources;
use crate::{Problem, files, run};

/// The module of the tests, beside the script that loads it.
const MODULE: &str = "tests.wasm";

/// What runs the tests under Node.
pub(super) fn script(program: &Program, sources: &Sources, kept: &Kept) -> Result<Group, Problem> {
    let Bundle { wasm, script, spans, .. } = tova_backend_wasm::emit(program, &Options::new(Target::Tests, Mode::Dev));
    let folder = kept.folder.join("wasm");
    files::write_if_changed(&folder.join(MODULE), &wasm)?;
    files::write_if_changed(&folder.join("tests.mjs"), script.as_bytes())?;
    let runner = Runner::Node { node: run::node()?, script: folder.join("tests.mjs") };
    Ok(Group { home: Home::Alone, runner, places: places(sources, &spans) })
}

/// What runs the tests of the page, which may call these servers.
pub(super) fn page(program: &Program, sources: &Sources, kept: &Kept, servers: Servers) -> Result<Group, Problem> {
    let mut options = Options::new(Target::PageTests, Mode::Dev);
    options.bases = (0..program.servers.len()).map(|server| servers::base(server).into()).collect();
    let Bundle { wasm, script, css, spans, .. } = tova_backend_wasm::emit(program, &options);
    let files = vec![
        ("/tests.js".to_owned(), script.into_bytes()),
        (format!("/{MODULE}"), wasm),
        ("/tests.css".to_owned(), css.as_bytes().to_vec()),
    ];
    let runner = Runner::Page(Page::new(files, kept.folder.join("browser"), servers)?);
    Ok(Group { home: Home::Page, runner, places: places(sources, &spans) })
}
