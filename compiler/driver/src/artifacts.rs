//! From a program on disk to what is compiled and served.

use std::path::Path;

use tova_diagnostics::Diagnostic;

use crate::frontend::Sources;
use crate::ports::Wish;
use crate::run::Target;
use crate::rustc::RustError;
use crate::{Problem, Project, files};

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
    /// Further files that its text includes: the page, in release builds.
    pub(crate) assets: Vec<(String, Vec<u8>)>,
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
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Its files.
    pub(crate) sources: Sources,
    /// What was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What it becomes; absent if there are errors.
    pub(crate) artifacts: Option<Artifacts>,
}

/// What a script becomes.
#[derive(Debug)]
pub(crate) enum ScriptSource {
    /// There are no statements to run.
    Empty,
    /// A crate.
    Native(ServiceSource),
    /// A module and the script that starts it.
    Wasm(Vec<(String, Vec<u8>)>),
}

impl ServiceSource {
    /// The binary's name in the output folder.
    pub(crate) fn binary_name(&self) -> &str {
        self.wish.name.as_deref().unwrap_or("server")
    }

    /// Writes the crate into a folder of its own; files that have not changed keep their times, files that are gone go.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Problem> {
        for (path, text) in &self.files {
            files::write_if_changed(&folder.join(path), text)?;
        }
        for (path, content) in &self.assets {
            files::write_if_changed(&folder.join(path), content)?;
        }
        let mut paths = self.files.iter().map(|(path, _)| path).chain(self.assets.iter().map(|(path, _)| path));
        let paths: Vec<&Path> = paths.by_ref().map(Path::new).collect();
        files::remove_others(folder, &|relative| paths.contains(&relative))
    }

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
        let sources = Sources::load(project)?;
        let checked = sources.check();
        let has_errors = |diagnostics: &[Diagnostic]| diagnostics.iter().any(Diagnostic::is_error);
        if has_errors(&checked.diagnostics) {
            let diagnostics = checked.diagnostics;
            return Ok(Self { sources, diagnostics, artifacts: None });
        }
        let diagnostics = checked.diagnostics;
        let artifacts = (!has_errors(&diagnostics)).then(Artifacts::default);
        Ok(Self { sources, diagnostics, artifacts })
    }

    /// Reads a program and makes everything that `tova build` needs of it.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn for_release(project: &Project) -> Result<Self, Problem> {
        Self::for_dev(project)
    }

    /// Reads a script and makes what runs it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn for_run(project: &Project, _target: Target) -> Result<(Self, Option<ScriptSource>), Problem> {
        let loaded = Self::for_dev(project)?;
        Ok((loaded, Some(ScriptSource::Empty)))
    }
}
