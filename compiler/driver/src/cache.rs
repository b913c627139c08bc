//! The folder that all programs of a user share.

use std::fmt::Write as _;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use crate::Problem;

/// `$TOVA_CACHE`, else `$XDG_CACHE_HOME/tova`, else `~/.cache/tova`.
pub(crate) fn root() -> Result<PathBuf, Problem> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let found = variable("TOVA_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|dir| dir.join("tova")))
        .or_else(|| variable("HOME").map(|dir| dir.join(".cache/tova")));
    let root = found.ok_or_else(|| {
        Problem::new("there is no place for the cache: neither HOME nor XDG_CACHE_HOME is set")
            .help("set TOVA_CACHE to a folder")
    })?;
    std::path::absolute(&root).map_err(|error| Problem::io("find", &root, &error))
}

/// A short name for some content: equal content has an equal name.
pub(crate) fn key<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
