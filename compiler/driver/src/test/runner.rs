//! What runs tests: binaries, Node, a browser.

use std::io::PipeReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use tova_diagnostics::Diagnostic;
use tova_ir::Program;
use tova_source::Span;

use super::cases::{Cases, Home, Purpose};
use super::native::{self, Kept};
use super::servers::Servers;
use super::{TestOptions, browser, wasm};
use crate::frontend::Sources;
use crate::process::Guarded;
use crate::run::Target;
use crate::{Problem, Project, Report};

/// What runs the tests of one home.
#[derive(Debug)]
pub(super) struct Group {
    /// Which tests.
    pub(super) home: Home,
    /// How.
    pub(super) runner: Runner,
    /// The file and line of each place that faults name by number.
    pub(super) places: Vec<(String, u32)>,
}

/// What runs tests.
#[derive(Debug)]
pub(super) enum Runner {
    /// A program of its own.
    Binary(PathBuf),
    /// This script, under this Node.
    Node { node: PathBuf, script: PathBuf },
    /// A page.
    Page(browser::Page),
}

/// A started process, and what it says line by line.
pub(super) struct Started {
    pub(super) child: Guarded,
    pub(super) lines: Receiver<Vec<u8>>,
}

/// What runs the chosen tests.
pub(super) fn prepare(
    project: &Project,
    sources: &Sources,
    cases: &Cases,
    (purpose, options): (Purpose, &TestOptions),
    report: &dyn Report,
) -> Result<Vec<Group>, Problem> {
    let mut homes: Vec<Home> = cases.chosen.iter().map(|case| case.home).collect();
    homes.sort_unstable();
    homes.dedup();
    let kept = Kept::of(project, sources, purpose)?;
    let is_wasm = |home: &Home| match home {
        Home::Alone => options.target == Target::Wasm,
        Home::Server(_) => false,
        Home::Page => true,
    };
    let (through_wasm, natively): (Vec<Home>, Vec<Home>) = homes.into_iter().partition(is_wasm);
    let called = if through_wasm.contains(&Home::Page) { cases.called.as_slice() } else { &[] };
    let needed: Vec<Home> = natively.iter().copied().chain(called.iter().copied().map(Home::Server)).collect();
    native::prepare(&kept, &needed, sources, report)?;
    let native = |home: &Home| Group { home: *home, runner: Runner::Binary(kept.binary(*home)), places: Vec::new() };
    let mut groups: Vec<Group> = natively.iter().map(native).collect();
    if !through_wasm.is_empty() {
        let program = program_with_tests(sources, report)?;
        let servers = || called.iter().map(|server| (*server, kept.binary(Home::Server(*server)))).collect();
        for home in through_wasm {
            groups.push(match home {
                Home::Page => wasm::page(&program, sources, &kept, Servers::new(servers(), &project.root))?,
                Home::Alone | Home::Server(_) => wasm::script(&program, sources, &kept)?,
            });
        }
    }
    Ok(groups)
}

/// The program with its tests.
pub(super) fn program_with_tests(sources: &Sources, report: &dyn Report) -> Result<Program, Problem> {
    let checked = sources.check();
    let lowered = tova_ir::lower_tests(&checked);
    if lowered.diagnostics.iter().any(Diagnostic::is_error) {
        report.diagnostics(&sources.map, &lowered.diagnostics);
        return Err(Problem::new("the program has errors"));
    }
    Ok(lowered.program)
}

/// The files and lines of places.
pub(super) fn places(sources: &Sources, spans: &[Span]) -> Vec<(String, u32)> {
    let place = |span: &Span| (sources.map.file(span.file).name.clone(), sources.map.location(*span).start.line);
    spans.iter().map(place).collect()
}

impl Runner {
    /// Starts a process that runs the tests of these numbers.
    pub(super) fn start(&self, numbers: &[String], project: &Project, mark: &str) -> Result<Started, Problem> {
        match self {
            Self::Binary(binary) => start(Command::new(binary).args(numbers), project, mark),
            Self::Node { node, script } => start(Command::new(node).arg(script).args(numbers), project, mark),
            Self::Page(page) => page.start(numbers, mark),
        }
    }
}

/// Starts a process whose output, errors included, comes line by line.
fn start(command: &mut Command, project: &Project, mark: &str) -> Result<Started, Problem> {
    start_in(command, &project.root, mark)
}

/// The same in a folder.
pub(super) fn start_in(command: &mut Command, folder: &Path, mark: &str) -> Result<Started, Problem> {
    let program = PathBuf::from(command.get_program());
    let failed = |error: std::io::Error| Problem::io("start", &program, &error);
    let (reader, writer) = std::io::pipe().map_err(failed)?;
    let errors = writer.try_clone().map_err(failed)?;
    command.current_dir(folder).env("TOVA_TEST_MARK", mark).stdin(Stdio::null()).stdout(writer).stderr(errors);
    for (name, value) in [("LOG_LEVEL", "warn"), ("AUTH_SECRET", "the secret of the tests")] {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    let child = Guarded::spawn(command).map_err(failed)?;
    // The pipe ends with the child once nobody here holds its other end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Ok(Started { child, lines: lines_of(reader) })
}

/// The lines of a pipe, line ends included, read by a thread that ends with it.
fn lines_of(pipe: PipeReader) -> Receiver<Vec<u8>> {
    use std::io::{BufRead as _, BufReader};

    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if sender.send(line).is_err() => return,
                Ok(_) => {}
            }
        }
    });
    receiver
}
