//! Tests as WebAssembly: under Node, or in a page.

use std::path::Path;

use tova_backend_wasm::{Mode, Options, Target};
use tova_ir::Program;

use super::browser::Page;
use super::cases::Home;
use super::native::Kept;
use super::runner::{Group, Runner, places};
use crate::frontend::Sources;
use crate::{Problem, files, run};

/// The module of the tests, beside the script that loads it.
const MODULE: &str = "tests.wasm";

/// What runs the tests of a home as WebAssembly.
pub(super) fn group(home: Home, program: &Program, sources: &Sources, kept: &Kept) -> Result<Group, Problem> {
    let target = if home == Home::Page { Target::PageTests } else { Target::Tests };
    let bundle = tova_backend_wasm::emit(program, &Options::new(target, Mode::Dev));
    let places = places(sources, &bundle.spans);
    let runner = if home == Home::Page {
        let files = vec![
            ("/tests.js".to_owned(), bundle.script.into_bytes()),
            (format!("/{MODULE}"), bundle.wasm),
            ("/tests.css".to_owned(), bundle.css.as_bytes().to_vec()),
        ];
        Runner::Page(Page::new(files, kept.folder.join("browser"))?)
    } else {
        let folder = kept.folder.join("wasm");
        let write = |name: &str, content: &[u8]| files::write_if_changed(&folder.join(Path::new(name)), content);
        write(MODULE, &bundle.wasm)?;
        write("tests.mjs", bundle.script.as_bytes())?;
        Runner::Node { node: run::node()?, script: folder.join("tests.mjs") }
    };
    Ok(Group { home, runner, places })
}
