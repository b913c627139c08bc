//! Compiles one generated crate with `rustc` itself, against the built runtime.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::artifacts::ServiceSource;
use crate::process::Guarded;
use crate::{Problem, Runtime, Toolchain, files};

/// How a crate is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For `tova dev`: quickly, linked to the dynamic runtime.
    Dev,
    /// Optimised, without link-time optimisation.
    Quick,
    /// Optimised as a whole.
    Release,
}

/// One crate to compile.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The crate's name; letters, digits and `_`.
    pub(crate) name: String,
    /// Its `main.rs`.
    pub(crate) main: PathBuf,
    /// The binary to make.
    pub(crate) output: PathBuf,
    /// Where work in progress lies; of this crate and profile alone.
    pub(crate) work: PathBuf,
    /// How to compile.
    pub(crate) profile: Profile,
}

/// An error of `rustc` in generated code.
#[derive(Clone, Debug)]
pub(crate) struct RustError {
    /// The message.
    pub(crate) message: String,
    /// The generated file.
    pub(crate) file: Option<PathBuf>,
    /// Its line, from 1.
    pub(crate) line: u32,
    /// All that `rustc` says about it.
    pub(crate) rendered: String,
}

/// Why there is no binary.
#[derive(Clone, Debug)]
pub(crate) enum Failed {
    /// Something of the machine.
    Problem(Problem),
    /// Generated code that is not valid: a mistake of ours.
    Invalid(Vec<RustError>),
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Compiles the crate; the binary appears at once when it is complete.
pub(crate) fn compile(toolchain: &Toolchain, runtime: &Runtime, job: &Job) -> Result<(), Failed> {
    files::make_dir(&job.work)?;
    // Always the same path: another one each time makes rustc work twice as long.
    let fixed = job.work.join("binary");
    let mut command = command(toolchain, runtime, job);
    command.arg("-o").arg(&fixed).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = Guarded::spawn(&mut command).map_err(|error| Problem::io("start", &toolchain.rustc, &error))?;
    let mut messages = Vec::new();
    if let Some(mut pipe) = child.child().stderr.take() {
        let _ = pipe.read_to_end(&mut messages);
    }
    let status = child.wait().map_err(|error| Problem::io("wait for", &toolchain.rustc, &error))?;
    if !status.success() {
        return Err(failure(&String::from_utf8_lossy(&messages), &status.to_string()));
    }
    if let Some(parent) = job.output.parent() {
        files::make_dir(parent)?;
    }
    files::move_file(&fixed, &job.output)?;
    Ok(())
}

fn command(toolchain: &Toolchain, runtime: &Runtime, job: &Job) -> Command {
    let mut command = Command::new(&toolchain.rustc);
    command
        .arg(&job.main)
        .args(["--edition=2024", "--crate-type=bin", "--error-format=json", "--cap-lints=allow"])
        .arg(format!("--crate-name={}", job.name))
        .args(tova_backend_rust::RUSTC_FLAGS)
        .arg("-L")
        .arg(format!("dependency={}", runtime.deps().display()))
        .env_remove("RUSTC_BOOTSTRAP");
    match job.profile {
        Profile::Dev => {
            let rpath = |dir: &Path| format!("-Clink-arg=-Wl,-rpath,{}", dir.display());
            command
                .arg(format!("--extern=tova_server={}", runtime.dynamic_library().display()))
                .args(["-Cprefer-dynamic", "-Cdebuginfo=line-tables-only"])
                .arg(format!("-Cincremental={}", job.work.join("incremental").display()))
                .args([rpath(runtime.dir()), rpath(&toolchain.std_dir())]);
        }
        Profile::Quick | Profile::Release => {
            command
                .arg(format!("--extern=tova_server={}", runtime.static_library().display()))
                .args(["-Copt-level=3", "-Cstrip=debuginfo"]);
            if let Some(folder) = job.main.ancestors().nth(2) {
                // The same binary wherever it is built.
                command.arg(format!("--remap-path-prefix={}={}", folder.display(), job.name));
            }
            if job.profile == Profile::Release {
                command.args(["-Clto=fat", "-Ccodegen-units=1"]);
            }
        }
    }
    command
}

fn failure(messages: &str, status: &str) -> Failed {
    let errors: Vec<RustError> =
        messages.lines().filter_map(|line| read_error(&serde_json::from_str(line).ok()?)).collect();
    if errors.is_empty() {
        let text = if messages.trim().is_empty() { status } else { messages.trim() };
        return Failed::Problem(Problem::new(format!("rustc failed: {text}")));
    }
    if let Some(linker) = errors.iter().find(|error| error.message.starts_with("linking with")) {
        return Failed::Problem(Problem::new(format!("the program could not be linked:\n{}", linker.rendered)));
    }
    Failed::Invalid(errors)
}

fn read_error(message: &Value) -> Option<RustError> {
    if message["level"] != "error" || message["message"].as_str()?.starts_with("aborting due to") {
        return None;
    }
    let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let primary = spans.iter().find(|span| span["is_primary"] == true);
    Some(RustError {
        message: message["message"].as_str()?.to_owned(),
        file: primary.and_then(|span| span["file_name"].as_str()).map(PathBuf::from),
        line: primary
            .and_then(|span| span["line_start"].as_u64())
            .and_then(|line| u32::try_from(line).ok())
            .unwrap_or(0),
        rendered: message["rendered"].as_str().unwrap_or_default().to_owned(),
    })
}

/// Generated code that is not valid is a mistake of ours: says so, with what a report needs.
pub(crate) fn bug(errors: &[RustError], source: Option<&ServiceSource>) -> Problem {
    let mut text = "compiler bug: the generated Rust code is not valid".to_owned();
    for error in errors.iter().take(3) {
        match source.and_then(|source| source.place(error)) {
            Some(place) => text.push_str(&format!("\n{place}: {}", error.message)),
            None => text.push_str(&format!("\n{}", error.message)),
        }
        text.push_str(&format!("\n{}", error.rendered.trim_end()));
    }
    Problem::new(text).help("please report it with the text above and the lines of the program that it names")
}
