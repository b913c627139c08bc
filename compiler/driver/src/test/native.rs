//! Test binaries: generated, compiled, and kept as long as neither the program nor tova changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::UNIX_EPOCH;

use tova_backend_rust::{Options, TestCrate};

use super::cases::{Home, Purpose};
use super::runner::program_with_tests;
use crate::artifacts::ServiceSource;
use crate::frontend::Sources;
use crate::ports::Wish;
use crate::rustc::{self, Failed, Job, Profile};
use crate::{Problem, Project, Report, Runtime, Toolchain, cache, files};

/// Where the binaries of a program's tests or benchmarks lie.
pub(super) struct Kept {
    purpose: Purpose,
    /// The folder of the program.
    pub(super) folder: PathBuf,
    /// The folder of the binaries of this state of it.
    bin: PathBuf,
}

/// The file that says which folders outside of our own the binaries need.
const NEEDS: &str = "needs";

/// Sees to it that the binaries of these homes are there.
pub(super) fn prepare(kept: &Kept, homes: &[Home], sources: &Sources, report: &dyn Report) -> Result<(), Problem> {
    if homes.is_empty() || kept.is_complete(homes) {
        return Ok(());
    }
    build(kept, sources, report)
}

impl Kept {
    /// Where those of this state of a program lie.
    pub(super) fn of(project: &Project, sources: &Sources, purpose: Purpose) -> Result<Self, Problem> {
        let root = project.file.as_deref().unwrap_or(&project.root);
        let identity = std::path::absolute(root).map_err(|error| Problem::io("find", root, &error))?;
        let kind = match purpose {
            Purpose::Test => "test",
            Purpose::Bench => "bench",
        };
        let folder = cache::root()?.join(kind).join(cache::key([identity.as_os_str().as_encoded_bytes()]));
        let texts = sources.files.iter().map(|(_, file)| sources.map.file(*file));
        let own = own_version();
        let parts = texts.flat_map(|file| [file.name.as_bytes(), file.text.as_bytes()]).chain([own.as_bytes()]);
        let bin = folder.join("bin").join(cache::key(parts));
        Ok(Self { purpose, folder, bin })
    }

    /// The binary of a home.
    pub(super) fn binary(&self, home: Home) -> PathBuf {
        self.bin.join(match home {
            Home::Server(server) => format!("server-{server}"),
            Home::Alone | Home::Page => "alone".to_owned(),
        })
    }

    /// Whether all binaries are there, and what they are linked to.
    fn is_complete(&self, homes: &[Home]) -> bool {
        let needs = std::fs::read_to_string(self.bin.join(NEEDS)).unwrap_or_default();
        !needs.is_empty()
            && needs.lines().all(|folder| Path::new(folder).is_dir())
            && homes.iter().all(|home| self.binary(*home).is_file())
    }
}

/// Names this very build of tova.
fn own_version() -> String {
    let about = std::env::current_exe().and_then(std::fs::metadata);
    let changed = about.as_ref().ok().and_then(|about| about.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let size = about.map_or(0, |about| about.len());
    format!("{} {size} {:?}", env!("CARGO_PKG_VERSION"), changed.unwrap_or_default())
}

fn build(kept: &Kept, sources: &Sources, report: &dyn Report) -> Result<(), Problem> {
    let program = program_with_tests(sources, report)?;
    let options = Options { sources: &sources.map, runtime: "../tova-server", page: &[] };
    let crates = match kept.purpose {
        Purpose::Test => tova_backend_rust::emit_tests(&program, &options),
        Purpose::Bench => tova_backend_rust::emit_benches(&program, &options),
    };
    let toolchain = Toolchain::find()?;
    let runtime = Runtime::ensure(&toolchain, report)?;
    files::remove_dir(&kept.folder.join("bin"))?;
    report.begin(
        match kept.purpose {
            Purpose::Test => "Building the tests",
            Purpose::Bench => "Building the benchmarks, optimised",
        },
        None,
    );
    let built = compile_all(kept, &crates, sources, &toolchain, &runtime);
    report.end("");
    built?;
    let needs = format!("{}\n{}\n", runtime.dir().display(), toolchain.std_dir().display());
    files::write(&kept.bin.join(NEEDS), needs)
}

/// Compiles the crates side by side.
fn compile_all(
    kept: &Kept,
    crates: &[TestCrate],
    sources: &Sources,
    toolchain: &Toolchain,
    runtime: &Runtime,
) -> Result<(), Problem> {
    files::make_dir(&kept.bin)?;
    thread::scope(|scope| {
        let running: Vec<_> =
            crates.iter().map(|made| scope.spawn(move || compile(kept, made, sources, toolchain, runtime))).collect();
        running.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(Problem::new("a build ended early").help("please report it")))
        })
    })
}

fn compile(
    kept: &Kept,
    made: &TestCrate,
    sources: &Sources,
    toolchain: &Toolchain,
    runtime: &Runtime,
) -> Result<(), Problem> {
    let home = made.server.and_then(|server| u32::try_from(server).ok()).map_or(Home::Alone, Home::Server);
    let source = ServiceSource {
        wish: Wish { name: None, port: None },
        crate_name: made.name.clone(),
        files: made.files.clone(),
        assets: Vec::new(),
        sources: Arc::clone(&sources.map),
    };
    let name = kept.binary(home).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = kept.folder.join(name);
    source.write(&folder.join("src"))?;
    let job = Job {
        name: source.crate_name.clone(),
        main: folder.join("src/src/main.rs"),
        output: kept.binary(home),
        work: folder.join("work"),
        profile: match kept.purpose {
            Purpose::Test => Profile::Dev,
            Purpose::Bench => Profile::Quick,
        },
    };
    rustc::compile(toolchain, runtime, &job).map_err(|failed| match failed {
        Failed::Problem(problem) => problem,
        Failed::Invalid(errors) => rustc::bug(&errors, Some(&source)),
    })
}
