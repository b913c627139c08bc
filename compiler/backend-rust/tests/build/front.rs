//! From the text of a program to its crates.

use std::path::Path;

use tova_backend_rust::{Options, ServiceCrate, emit};
use tova_check::Library;
use tova_source::SourceMap;

/// The crates of the program in a file of the repository.
pub(crate) fn crates_of(path: &str) -> Vec<ServiceCrate> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sources = SourceMap::default();
    let library = Library::load(&mut sources);
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = sources.add(name, text.as_str());
    let parsed = tova_syntax::parse(id, &text, library.end());
    assert!(parsed.diagnostics.is_empty(), "{path}: {:?}", parsed.diagnostics);
    let modules = [parsed.module];
    let checked = tova_check::check(&library, &modules, parsed.next);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{path}: {errors:?}");
    let lowered = tova_ir::lower(&checked);
    assert!(lowered.problems.is_empty(), "{path}: {:?}", lowered.problems);
    emit(&lowered.program, &Options { sources: &sources, runtime: super::runtime_path(), page: &[] })
}
