//! Test binaries: generated, compiled, and kept as long as neither the program nor tova changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::UNIX_EPOCH;

use tova_backend_rust::{Options, TestCrate};

use super::cases::{Cases, Home};
use crate::artifacts::ServiceSource;
use crate::frontend::Sources;
use crate::ports::Wish;
use crate::rustc::{self, Failed, Job, Profile};
use crate::{Problem, Project, Report, Runtime, Toolchain, cache, files};

/// What runs the tests of one home.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Which tests.
    pub(super) home: Home,
    /// The program that takes their numbers.
    pub(super) binary: PathBuf,
}

/// Where the binaries of a program's tests lie.
struct Kept {
    /// The folder of the program.
    folder: PathBuf,
    /// The folder of the binaries of this state of it.
    bin: PathBuf,
}

/// The file that says which folders outside of our own the binaries need.
const NEEDS: &str = "needs";

/// What runs the chosen tests that run natively, built if it is not there.
pub(super) fn prepare(
    project: &Project,
    sources: &Sources,
    cases: &Cases,
    report: &dyn Report,
) -> Result<Vec<Group>, Problem> {
    let mut homes: Vec<Home> = cases.chosen.iter().map(|case| case.home).filter(|home| *home != Home::Page).collect();
    homes.sort_unstable();
    homes.dedup();
    if homes.is_empty() {
        return Ok(Vec::new());
    }
    let kept = Kept::of(project, sources)?;
    if !kept.is_complete(&homes) {
        build(&kept, sources, report)?;
    }
    Ok(homes.into_iter().map(|home| Group { home, binary: kept.binary(home) }).collect())
}

impl Kept {
    fn of(project: &Project, sources: &Sources) -> Result<Self, Problem> {
        let root = project.file.as_deref().unwrap_or(&project.root);
        let identity = std::path::absolute(root).map_err(|error| Problem::io("find", root, &error))?;
        let folder = cache::root()?.join("test").join(cache::key([identity.as_os_str().as_encoded_bytes()]));
        let texts = sources.files.iter().map(|(_, file)| sources.map.file(*file));
        let own = own_version();
        let parts = texts.flat_map(|file| [file.name.as_bytes(), file.text.as_bytes()]).chain([own.as_bytes()]);
        let bin = folder.join("bin").join(cache::key(parts));
        Ok(Self { folder, bin })
    }

    fn binary(&self, home: Home) -> PathBuf {
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
    let checked = sources.check();
    let lowered = tova_ir::lower_tests(&checked);
    if lowered.diagnostics.iter().any(tova_diagnostics::Diagnostic::is_error) {
        report.diagnostics(&sources.map, &lowered.diagnostics);
        return Err(Problem::new("the program has errors"));
    }
    let options = Options { sources: &sources.map, runtime: "../tova-server", page: &[] };
    let crates = tova_backend_rust::emit_tests(&lowered.program, &options);
    drop(checked);
    let toolchain = Toolchain::find()?;
    let runtime = Runtime::ensure(&toolchain, report)?;
    files::remove_dir(&kept.folder.join("bin"))?;
    report.begin("Building the tests", None);
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
        let running: Vec<_> = crates
            .iter()
            .map(|made| scope.spawn(move || compile(kept, made, sources, toolchain, runtime)))
            .collect();
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
        profile: Profile::Dev,
    };
    rustc::compile(toolchain, runtime, &job).map_err(|failed| match failed {
        Failed::Problem(problem) => problem,
        Failed::Invalid(errors) => rustc::bug(&errors, Some(&source)),
    })
}
