//! `tova test`: finds the tests of a program, builds what runs them, runs them side by side, and says how they ended.

mod bench;
mod browser;
mod cases;
mod diff;
mod native;
mod outcome;
mod page_server;
mod process;
pub mod report;
mod runner;
mod servers;
mod shown;
mod wasm;
mod watch;

use std::time::{Duration, Instant};

use cases::{Cases, Purpose};
use outcome::Ended;

use crate::frontend::Sources;
use crate::run::Target;
use crate::{Problem, Project, Report};

pub use bench::{BenchOptions, BenchOutcome, Comparison, bench};
pub(crate) use browser::find_browser;
pub use outcome::{Failure, FailurePlace, TestOutcome, TestRun};
pub use watch::TestWatch;

/// What the user asks for.
#[derive(Clone, Debug)]
pub struct TestOptions {
    /// Only tests whose names contain this text.
    pub filter: Option<String>,
    /// Where they run.
    pub target: Target,
    /// How many processes run side by side.
    pub jobs: usize,
    /// How long a test may take that does not say it itself.
    pub timeout: Duration,
}

/// Runs the tests of a program; nothing if the program has errors, which have been reported then.
///
/// # Errors
/// If something of the machine or the project is in the way, or there is no test.
pub fn test(project: &Project, options: &TestOptions, report: &dyn Report) -> Result<Option<TestRun>, Problem> {
    let started = Instant::now();
    let Some((sources, cases, ended)) = run(project, (Purpose::Test, options), report)? else { return Ok(None) };
    let place = |file: &str, line: u32| outcome::place(&sources.map, file, line);
    let outcomes = cases.chosen.iter().zip(ended).map(|(case, ended)| ended.outcome(case, &place)).collect();
    Ok(Some(TestRun { outcomes, left_out: cases.left_out, elapsed: started.elapsed() }))
}

/// Runs tests or benchmarks; nothing if the program has errors.
fn run(
    project: &Project,
    (purpose, options): (Purpose, &TestOptions),
    report: &dyn Report,
) -> Result<Option<(Sources, Cases, Vec<Ended>)>, Problem> {
    let sources = Sources::load(project)?;
    let Some(cases) = cases::of_program(project, &sources, (purpose, options), report)? else { return Ok(None) };
    let groups = runner::prepare(project, &sources, &cases, (purpose, options), report)?;
    let ended = process::run(project, &cases, &groups, options)?;
    Ok(Some((sources, cases, ended)))
}
