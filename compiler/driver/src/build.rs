//! `tova build`: binaries for production, the page's files, and the generated crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use crate::artifacts::{Artifacts, Loaded, ServiceSource};
use crate::rustc::{self, Failed, Job, Profile};
use crate::{Problem, Project, Report, Runtime, Toolchain, files, runtime};

/// What the user asks for.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The folder to make.
    pub output: PathBuf,
    /// Whether to leave out link-time optimisation.
    pub quick: bool,
}

/// Builds the program into the output folder, which is replaced as a whole. Whether the program was free of errors.
///
/// # Errors
/// If something of the machine or the project is in the way.
pub fn build(project: &Project, options: &BuildOptions, report: &dyn Report) -> Result<bool, Problem> {
    let started = Instant::now();
    check_output(&options.output)?;
    let loaded = Loaded::for_release(project)?;
    if !loaded.diagnostics.is_empty() {
        report.diagnostics(&loaded.sources.map, &loaded.diagnostics);
    }
    let Some(artifacts) = loaded.artifacts else { return Ok(false) };
    if artifacts.services.is_empty() && artifacts.page.is_none() {
        return Err(Problem::new("the program has neither a server nor a client block, so there is nothing to build")
            .help("run a script with `tova run FILE`"));
    }
    let output = std::path::absolute(&options.output).map_err(|error| Problem::io("find", &options.output, &error))?;
    let staging = Staging::new(&output)?;
    if let Some(page) = &artifacts.page {
        for (path, content) in &page.files {
            files::write(&staging.path().join("client").join(path), content)?;
        }
    }
    if !artifacts.services.is_empty() {
        write_crates(&staging.path().join("src"), &artifacts)?;
        compile_all(project, options, &artifacts, staging.path(), report)?;
    }
    staging.publish()?;
    report.line(&summary(&options.output, &artifacts, started));
    Ok(true)
}

/// Refuses to replace a folder that `tova build` did not make.
fn check_output(output: &Path) -> Result<(), Problem> {
    let Ok(mut entries) = fs::read_dir(output) else {
        return if output.exists() {
            Err(Problem::new(format!("`{}` is a file", output.display())).help("name a folder with --output"))
        } else {
            Ok(())
        };
    };
    let is_ours = output.join("client").is_dir() || output.join("src/tova-server").is_dir();
    if is_ours || entries.next().is_none() {
        return Ok(());
    }
    Err(Problem::new(format!(
        "`{}` holds files that `tova build` did not make, and it would replace them",
        output.display()
    ))
    .help("name another folder with --output, or remove this one"))
}

/// A folder beside the output that goes away unless it is published.
struct Staging {
    folder: PathBuf,
    output: PathBuf,
}

impl Staging {
    fn new(output: &Path) -> Result<Self, Problem> {
        let folder = files::beside(output, "new");
        files::remove_dir(&folder)?;
        files::make_dir(&folder)?;
        Ok(Self { folder, output: output.to_path_buf() })
    }

    fn path(&self) -> &Path {
        &self.folder
    }

    fn publish(self) -> Result<(), Problem> {
        files::replace_dir(&self.folder, &self.output)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Writes the generated crates, each with the versions that the runtime was tested with, and the runtime's sources beside them:
/// `cargo build --release` in one of their folders needs nothing else.
fn write_crates(folder: &Path, artifacts: &Artifacts) -> Result<(), Problem> {
    runtime::unpack(&folder.join("tova-server"))?;
    for service in &artifacts.services {
        let own = folder.join(&service.crate_name);
        service.write(&own)?;
        files::write(&own.join("Cargo.lock"), runtime::content("Cargo.lock"))?;
    }
    Ok(())
}

/// Compiles all servers side by side.
fn compile_all(
    project: &Project,
    options: &BuildOptions,
    artifacts: &Artifacts,
    staging: &Path,
    report: &dyn Report,
) -> Result<(), Problem> {
    let toolchain = Toolchain::find()?;
    let runtime = Runtime::ensure(&toolchain, report)?;
    let profile = if options.quick { Profile::Quick } else { Profile::Release };
    let work = project.state_dir()?.join("build");
    let work = std::path::absolute(&work).map_err(|error| Problem::io("find", &work, &error))?;
    let count = artifacts.services.len();
    report.begin(&format!("Compiling {count} server{}", if count == 1 { "" } else { "s" }), Some(count as u64));
    let (toolchain, runtime, work) = (&toolchain, &runtime, &work);
    let outcome = thread::scope(|scope| {
        let threads: Vec<_> = artifacts
            .services
            .iter()
            .map(|service| {
                let job = job(service, profile, staging, work);
                (service, scope.spawn(move || rustc::compile(toolchain, runtime, &job)))
            })
            .collect();
        let mut outcome = Ok(());
        for (done, (service, thread)) in (1..).zip(threads) {
            let result = thread
                .join()
                .unwrap_or_else(|_| Err(Failed::Problem(Problem::new("a thread of the build ended early"))));
            report.advance(done, &service.wish.label());
            outcome = outcome.and(result.map_err(|failed| match failed {
                Failed::Problem(problem) => problem,
                Failed::Invalid(errors) => rustc::bug(&errors, Some(service)),
            }));
        }
        outcome
    });
    report.end("");
    outcome
}

fn job(service: &ServiceSource, profile: Profile, staging: &Path, work: &Path) -> Job {
    let folder = if profile == Profile::Quick { "quick" } else { "release" };
    Job {
        name: service.crate_name.clone(),
        main: staging.join("src").join(&service.crate_name).join("src/main.rs"),
        output: staging.join(service.binary_name()),
        work: work.join(folder).join(&service.crate_name),
        profile,
    }
}

/// What is in the output folder now.
fn summary(output: &Path, artifacts: &Artifacts, started: Instant) -> String {
    let mut text = format!("  Built {} in {:.1} s", output.display(), started.elapsed().as_secs_f64());
    let line = |path: PathBuf, what: &str| format!("\n    -> {}: {what}", path.display());
    for service in &artifacts.services {
        let path = output.join(service.binary_name());
        let size = fs::metadata(&path).map_or(0.0, |about| about.len() as f64 / 1e6);
        text.push_str(&line(path, &format!("{}, {size:.1} MB", service.wish.label())));
    }
    if artifacts.page.is_some() {
        text.push_str(&line(output.join("client"), "the page"));
    }
    if !artifacts.services.is_empty() {
        text.push_str(&line(output.join("src"), "the generated crates, for `cargo build --release`"));
    }
    text
}
