//! The runtime's files, as they were when this binary was built.

/// Path below the runtime's folder and content, in order of the paths.
pub(crate) const SOURCES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/runtime_sources.rs"));

/// The content of one file; empty if there is none of that name.
pub(crate) fn content(name: &str) -> &'static [u8] {
    SOURCES.iter().find(|(path, _)| *path == name).map_or(&[], |(_, content)| content)
}
