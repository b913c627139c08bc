//! `tova run`: the top-level statements of a script.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use crate::artifacts::{Loaded, ScriptSource, ServiceSource};
use crate::rustc::{self, Failed, Job, Profile};
use crate::{Problem, Project, Report, Runtime, Toolchain, cache, files};

/// Where a script runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// As a native binary.
    Native,
    /// As WebAssembly under Node.
    Wasm,
}

/// The oldest Node that knows garbage-collected WebAssembly and its strings.
const NODE_FLOOR: u32 = 24;

/// Runs a script to its end and gives its exit status.
///
/// # Errors
/// If something of the machine or the project is in the way.
pub fn run(project: &Project, target: Target, report: &dyn Report) -> Result<u8, Problem> {
    if project.file.is_none() {
        return Err(Problem::new(format!("`{}` is a folder", project.root.display()))
            .help("name the file to run: `tova run FILE`"));
    }
    let (loaded, script) = Loaded::for_run(project, target)?;
    if !loaded.diagnostics.is_empty() {
        report.diagnostics(&loaded.sources.map, &loaded.diagnostics);
    }
    let Some(script) = script else { return Ok(1) };
    let file = project.file.as_deref().unwrap_or(&project.root);
    let identity = std::path::absolute(file).map_err(|error| Problem::io("find", file, &error))?;
    let folder = cache::root()?.join("run").join(cache::key([identity.as_os_str().as_encoded_bytes()]));
    match script {
        ScriptSource::Empty => Err(Problem::new(format!(
            "`{}` has no statements at its top level, so there is nothing to run",
            file.display()
        ))
        .help("a program of blocks is started by `tova dev`")),
        ScriptSource::Native(source) => native(&source, &folder, report),
        ScriptSource::Wasm(bundle) => wasm(&bundle, &folder),
    }
}

fn native(source: &ServiceSource, folder: &Path, report: &dyn Report) -> Result<u8, Problem> {
    let binary = compiled(source, folder, report)?;
    let status = Command::new(&binary).status().map_err(|error| Problem::io("start", &binary, &error))?;
    Ok(code(status))
}

/// The binary of a script, built if it is not there.
pub(crate) fn compiled(source: &ServiceSource, folder: &Path, report: &dyn Report) -> Result<PathBuf, Problem> {
    let toolchain = Toolchain::find()?;
    let runtime = Runtime::ensure(&toolchain, report)?;
    let key = cache::key(source.parts().chain([runtime.key.as_bytes()]));
    let job = Job {
        name: source.crate_name.clone(),
        main: folder.join("src/src/main.rs"),
        output: folder.join("bin").join(key),
        work: folder.join("work"),
        profile: Profile::Dev,
    };
    if !job.output.is_file() {
        let _ = files::remove_dir(&folder.join("bin"));
        source.write(&folder.join("src"))?;
        rustc::compile(&toolchain, &runtime, &job).map_err(|failed| match failed {
            Failed::Problem(problem) => problem,
            Failed::Invalid(errors) => rustc::bug(&errors, Some(source)),
        })?;
    }
    Ok(job.output)
}

fn wasm(bundle: &[(String, Vec<u8>)], folder: &Path) -> Result<u8, Problem> {
    let node = node()?;
    let folder = folder.join("wasm");
    for (path, content) in bundle {
        files::write_if_changed(&folder.join(path), content)?;
    }
    let main = bundle.iter().map(|(path, _)| path).find(|path| path.ends_with(".mjs") || path.ends_with(".js"));
    let main = main.ok_or_else(|| Problem::new("the script's bundle has no JavaScript to start"))?;
    let status =
        Command::new(&node).arg(folder.join(main)).status().map_err(|error| Problem::io("start", &node, &error))?;
    Ok(code(status))
}

/// This machine's Node, if it is new enough.
pub(crate) fn node() -> Result<PathBuf, Problem> {
    let cure = format!(
        "install Node {NODE_FLOOR} or newer: https://nodejs.org, or `npm install -g node@{NODE_FLOOR}`; or run it natively: `--target native`"
    );
    let output = Command::new("node").arg("--version").output();
    let output = output.map_err(|_| {
        Problem::new("WebAssembly scripts run under Node, and `node` is not installed").help(cure.as_str())
    })?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= NODE_FLOOR) {
        return Ok(PathBuf::from("node"));
    }
    Err(Problem::new(format!("Node {NODE_FLOOR} or newer is needed, found {version}")).help(cure))
}

/// The status as a shell gives it.
fn code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
