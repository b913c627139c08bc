//! Builds the runtime with cargo and says how far it is.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use serde_json::Value;

use super::{Runtime, prune, unpack};
use crate::process::Guarded;
use crate::{Problem, Report, Toolchain, files};

/// Bitcode goes into the libraries so that one build serves `tova dev` and link-time optimised releases alike.
pub(super) const FLAGS: &str = "-Cembed-bitcode=yes";

/// For the runtime alone: its dynamic library shares the standard library with the programs that load it.
pub(super) const LIBRARY_FLAGS: &str = "-Cprefer-dynamic";

/// Unpacks, builds and keeps the two libraries.
pub(super) fn run(toolchain: &Toolchain, runtime: &Runtime, work: &Path, report: &dyn Report) -> Result<(), Problem> {
    let source = work.join("src");
    unpack(&source)?;
    report.begin("Building the server runtime, once for this machine", None);
    let total = package_count(toolchain, &source);
    report.begin("Building the server runtime, once for this machine", total);
    let built = cargo(toolchain, &source, &work.join("target"), report);
    report.end(if built.is_ok() { "  The server runtime is ready" } else { "" });
    let libraries = built?;
    files::make_dir(runtime.dir())?;
    for target in [runtime.static_library(), runtime.dynamic_library()] {
        let name = target.file_name();
        let from = libraries.iter().find(|path| path.file_name() == name);
        let from =
            from.ok_or_else(|| Problem::new(format!("the build of the runtime left no `{}`", target.display())))?;
        files::copy(from, &target)?;
    }
    files::write(&runtime.dir().join(prune::DEPS), work.file_name().unwrap_or_default().as_encoded_bytes())
}

fn command(toolchain: &Toolchain, source: &Path) -> Command {
    let mut command = Command::new(&toolchain.cargo);
    command
        .current_dir(source)
        .env("RUSTC", &toolchain.rustc)
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("CARGO_BUILD_TARGET")
        .stdin(Stdio::null());
    command
}

/// How many packages this machine compiles; fetches their sources when they are not here. Only for the progress bar.
fn package_count(toolchain: &Toolchain, source: &Path) -> Option<u64> {
    let output = command(toolchain, source)
        .args(["metadata", "--format-version=1", "--locked", "--filter-platform", toolchain.host()])
        .output()
        .ok()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(metadata.get("resolve")?.get("nodes")?.as_array()?.len() as u64)
}

/// The files of the runtime's own library.
fn cargo(toolchain: &Toolchain, source: &Path, target: &Path, report: &dyn Report) -> Result<Vec<PathBuf>, Problem> {
    let mut command = command(toolchain, source);
    command
        .args(["rustc", "--release", "--locked", "--lib", "--message-format=json", "--", LIBRARY_FLAGS])
        .env("CARGO_TARGET_DIR", target)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = Guarded::spawn(&mut command).map_err(|error| Problem::io("start", &toolchain.cargo, &error))?;
    let (stdout, errors) = take_pipes(child.child());
    let mut libraries = Vec::new();
    let mut compiler_errors = Vec::new();
    let mut packages = HashSet::new();
    for line in stdout.map(BufReader::new).into_iter().flat_map(|reader| reader.lines().map_while(Result::ok)) {
        let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                let name = message["target"]["name"].as_str().unwrap_or_default();
                if message["target"]["kind"][0] != "custom-build" && packages.insert(message["package_id"].to_string())
                {
                    report.advance(packages.len() as u64, name);
                }
                if name == "tova_server" {
                    libraries.extend(
                        message["filenames"]
                            .as_array()
                            .into_iter()
                            .flatten()
                            .filter_map(Value::as_str)
                            .map(PathBuf::from),
                    );
                }
            }
            Some("compiler-message") if message["message"]["level"] == "error" => {
                compiler_errors.extend(message["message"]["rendered"].as_str().map(str::to_owned));
            }
            _ => {}
        }
    }
    let status = child.wait().map_err(|error| Problem::io("wait for", &toolchain.cargo, &error))?;
    let errors = errors.and_then(|thread| thread.join().ok()).unwrap_or_default();
    if status.success() { Ok(libraries) } else { Err(failure(&errors, &compiler_errors)) }
}

/// The two pipes; standard error is read by a thread so that it never fills up.
fn take_pipes(child: &mut Child) -> (Option<ChildStdout>, Option<thread::JoinHandle<String>>) {
    let errors = child.stderr.take().map(|mut pipe| {
        thread::spawn(move || {
            let mut text = Vec::new();
            let _ = pipe.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    (child.stdout.take(), errors)
}

fn failure(stderr: &str, compiler_errors: &[String]) -> Problem {
    if let Some(first) = compiler_errors.first() {
        return Problem::new(format!("the server runtime does not compile on this machine:\n{first}"))
            .help("this is a mistake in Tova: please report it with the text above");
    }
    let said = stderr.lines().filter(|line| !line.trim_start().starts_with("Compiling")).collect::<Vec<_>>().join("\n");
    let offline = ["failed to download", "Could not resolve host", "spurious network error", "failed to get"];
    let problem = Problem::new(format!("the server runtime could not be built:\n{}", said.trim()));
    if offline.iter().any(|sign| said.contains(sign)) {
        problem.help("the first build fetches libraries from crates.io: check the network or the proxy (HTTPS_PROXY) and run it again")
    } else {
        problem
    }
}
