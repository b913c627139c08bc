//! From a program on disk to what is compiled and served.

use tova_diagnostics::Diagnostic;

use crate::frontend::Sources;
use crate::ports::Wish;
use crate::rustc::RustError;
use crate::{Problem, Project};

/// What a program becomes.
#[derive(Debug, Default)]
pub(crate) struct Artifacts {
    /// One Rust crate for each server, in source order.
    pub(crate) services: Vec<ServiceSource>,
    /// The page, if the program has client blocks.
    pub(crate) page: Option<PageSource>,
}

/// The generated crate of a server.
#[derive(Clone, Debug)]
pub(crate) struct ServiceSource {
    /// The server's name and the port that it asks for.
    pub(crate) wish: Wish,
    /// The crate's name.
    pub(crate) crate_name: String,
    /// Path below the crate and text, `src/main.rs` among them.
    pub(crate) files: Vec<(String, String)>,
}

/// The files of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageSource {
    /// Path on the wire without the first `/`, and content; `index.html` among them.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Addresses that the page talks to.
    pub(crate) connect: Vec<String>,
}

/// A program with what was found in it.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// Its files.
    pub(crate) sources: Sources,
    /// What was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What it becomes; absent if there are errors.
    pub(crate) artifacts: Option<Artifacts>,
}

impl ServiceSource {
    /// The place in a `.tova` file that an error in generated code belongs to.
    pub(crate) fn place(&self, _error: &RustError) -> Option<String> {
        None
    }
}

impl Loaded {
    /// Reads a program and makes everything that `tova dev` needs of it.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn for_dev(project: &Project) -> Result<Self, Problem> {
        let mut sources = Sources::load(project)?;
        let diagnostics = std::mem::take(&mut sources.diagnostics);
        let artifacts = (!diagnostics.iter().any(Diagnostic::is_error)).then(Artifacts::default);
        Ok(Self { sources, diagnostics, artifacts })
    }
}
