//! The standard library as files that an editor can show.

use std::fs;
use std::path::{Path, PathBuf};

use gen_lsp_types as lsp;
use tova_source::Span;

use crate::snapshot::Snapshot;
use crate::uri;

/// The folder of the library's files, in the user's cache.
fn folder() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    Some(cache.join("tova").join("library").join(env!("CARGO_PKG_VERSION")))
}

/// Whether a file is one of the library's, to be read and not to be checked.
pub(crate) fn holds(path: &Path) -> bool {
    folder().is_some_and(|folder| path.starts_with(folder))
}

/// A place in the library, in a file that is written if it is not there yet.
pub(crate) fn location(snapshot: &Snapshot<'_>, span: Span) -> Option<lsp::Location> {
    let source = snapshot.sources.file(span.file);
    let path = folder()?.join(source.name.strip_prefix("std/")?);
    if fs::read(&path).ok().as_deref() != Some(source.text.as_bytes()) {
        fs::create_dir_all(path.parent()?).ok()?;
        fs::write(&path, source.text.as_bytes()).ok()?;
    }
    Some(lsp::Location { uri: uri::of_path(&path), range: snapshot.range(span) })
}
