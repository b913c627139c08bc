//! The server runtime: its sources travel inside this binary, are built once per machine and then linked by every program.
//!
//! The cache holds two kinds of folders. `deps-KEY` is where cargo builds, one for each compiler and set of dependencies, so that a
//! new runtime does not build them again. `VERSION-KEY` is one finished runtime, whose libraries never change. Old ones are removed when a
//! new one has been built, but never one that is in use.

mod build;
mod prune;
mod sources;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Problem, Report, Toolchain, cache, files};

pub(crate) use sources::{SOURCES, content};

/// A built runtime.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// Its folder in the cache.
    dir: PathBuf,
    /// The compiled dependencies, which a static link needs.
    deps: PathBuf,
    /// Names this runtime: programs built against an equal one need not be built again.
    pub(crate) key: String,
    /// Held while somebody uses it, so that nobody removes it.
    _in_use: Option<Arc<File>>,
}

impl Runtime {
    /// The runtime for this compiler, built if this machine does not have it yet.
    ///
    /// # Errors
    /// If the cache cannot be written or the build fails.
    pub fn ensure(toolchain: &Toolchain, report: &dyn Report) -> Result<Self, Problem> {
        let mut runtime = Self::locate(toolchain)?;
        runtime._in_use = prune::hold(&runtime.dir);
        if runtime.is_complete() {
            return Ok(runtime);
        }
        let work = runtime.work_dir()?.to_path_buf();
        files::make_dir(&work)?;
        let _lock = lock(&work.join("lock"), report)?;
        if !runtime.is_complete() {
            build::run(toolchain, &runtime, &work, report)?;
        }
        runtime._in_use = prune::hold(&runtime.dir);
        prune::prune(&cache::root()?, &runtime.dir);
        Ok(runtime)
    }

    /// Whether this machine has the runtime for the compiler.
    pub(crate) fn is_built(toolchain: &Toolchain) -> Result<bool, Problem> {
        Self::locate(toolchain).map(|runtime| runtime.is_complete())
    }

    fn locate(toolchain: &Toolchain) -> Result<Self, Problem> {
        let root = cache::root()?;
        let parts = SOURCES.iter().flat_map(|(name, content)| [name.as_bytes(), content]);
        let key = cache::key(parts.chain([
            toolchain.version.as_bytes(),
            build::FLAGS.as_bytes(),
            build::LIBRARY_FLAGS.as_bytes(),
        ]));
        let lock_file = sources::content("Cargo.lock");
        let deps_key = cache::key([lock_file, toolchain.version.as_bytes(), build::FLAGS.as_bytes()]);
        let deps = root.join(format!("deps-{deps_key}")).join("target/release/deps");
        let dir = root.join(format!("{}-{key}", env!("CARGO_PKG_VERSION")));
        Ok(Self { dir, deps, key, _in_use: None })
    }

    /// `…/deps-KEY`
    fn work_dir(&self) -> Result<&Path, Problem> {
        self.deps.ancestors().nth(3).ok_or_else(|| Problem::new("the cache folder has no parent"))
    }

    fn is_complete(&self) -> bool {
        self.static_library().is_file() && self.dynamic_library().is_file() && self.deps.is_dir()
    }

    /// What release programs link.
    pub(crate) fn static_library(&self) -> PathBuf {
        self.dir.join("libtova_server.rlib")
    }

    /// What programs under `tova dev` link.
    pub(crate) fn dynamic_library(&self) -> PathBuf {
        self.dir.join(format!("{}tova_server{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX))
    }

    /// The folder of the dynamic library.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of the compiled dependencies.
    pub(crate) fn deps(&self) -> &Path {
        &self.deps
    }
}

/// Waits until no other process builds in the same folder.
fn lock(path: &Path, report: &dyn Report) -> Result<File, Problem> {
    let file = File::create(path).map_err(|error| Problem::io("write", path, &error))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {
            report.begin("Waiting for another `tova` that builds the server runtime", None)
        }
        Err(TryLockError::Error(error)) => return Err(Problem::io("lock", path, &error)),
    }
    let locked = file.lock().map_err(|error| Problem::io("lock", path, &error));
    report.end("");
    locked?;
    Ok(file)
}

/// Writes the runtime's sources into a folder: for its build, and beside generated crates so that these build on their own.
///
/// # Errors
/// If a file cannot be written.
pub(crate) fn unpack(dir: &Path) -> Result<(), Problem> {
    for (name, content) in SOURCES {
        files::write_if_changed(&dir.join(name), content)?;
    }
    files::remove_others(&dir.join("src"), &|relative| {
        SOURCES.iter().any(|(name, _)| Path::new(name).strip_prefix("src").is_ok_and(|path| path == relative))
    })
}
