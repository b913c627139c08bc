//! `tova test`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use tova_driver::{Failure, Problem, Project, Target, TestOptions, TestOutcome, TestRun, TestWatch, test_report};

use super::Outcome;
use crate::render;
use crate::terminal::{self, Terminal};

/// Run the tests of a program
///
/// Tests are `test "name" { … }` blocks, in any file of the program or in files named `…_test.tova`. Ends with 1 if one fails.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folders whose `.tova` files are one program, `.tova` files, or files of tests
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Run only tests whose names contain this text
    #[arg(long, short, value_name = "TEXT")]
    filter: Option<String>,
    /// Where tests run that need neither a server nor a page
    #[arg(long, value_name = "TARGET", value_enum, default_value_t = On::Native)]
    target: On,
    /// How many tests run side by side [default: as many as there are processors]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    /// How long a test may take that does not say it itself, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 5000)]
    timeout: u64,
    /// Run the tests again after each change
    #[arg(long, short)]
    watch: bool,
    /// Write a report for other tools, to standard output unless --output names a file
    #[arg(long, value_name = "FORMAT", value_enum)]
    report: Option<Format>,
    /// The file of the report
    #[arg(long, value_name = "FILE", requires = "report")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum On {
    Native,
    Wasm,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Junit,
    Json,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        if self.watch {
            return self.watch();
        }
        let all_passed = self.once()?;
        Ok(if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Runs the tests again after each change, until the user ends it.
    fn watch(self) -> Outcome {
        let mut watch = TestWatch::new()?;
        loop {
            if let Err(problem) = self.once() {
                render::problem(&problem);
            }
            for path in &self.paths {
                watch.add(&Project::find_tests(path)?)?;
            }
            terminal::print("\n  waiting for changes, Ctrl-C ends it\n");
            watch.wait();
        }
    }

    /// Runs the tests once; whether all passed.
    fn once(&self) -> Result<bool, Problem> {
        let report = Terminal::default();
        let options = self.options();
        let mut all = TestRun { outcomes: Vec::new(), left_out: 0, elapsed: Duration::ZERO };
        let mut broken = false;
        for path in &self.paths {
            match tova_driver::test(&Project::find_tests(path)?, &options, &report)? {
                Some(run) => {
                    all.outcomes.extend(run.outcomes);
                    all.left_out += run.left_out;
                    all.elapsed += run.elapsed;
                }
                None => broken = true,
            }
        }
        if !broken || !all.outcomes.is_empty() {
            self.show(&all)?;
        }
        Ok(!broken && all.failed() == 0)
    }

    fn options(&self) -> TestOptions {
        let processors = || std::thread::available_parallelism().map_or(2, usize::from);
        TestOptions {
            filter: self.filter.clone(),
            target: match self.target {
                On::Native => Target::Native,
                On::Wasm => Target::Wasm,
            },
            jobs: self.jobs.unwrap_or_else(processors),
            timeout: Duration::from_millis(self.timeout),
        }
    }

    /// Shows how it went: to people, unless standard output is for a tool.
    fn show(&self, run: &TestRun) -> Result<(), Problem> {
        let text = match self.report {
            Some(Format::Junit) => Some(test_report::to_junit(run)),
            Some(Format::Json) => Some(test_report::to_json(run)),
            None => None,
        };
        match (text, &self.output) {
            (Some(text), None) => {
                terminal::print(text.trim_end());
                return Ok(());
            }
            (Some(text), Some(file)) => {
                std::fs::write(file, text).map_err(|error| Problem::io("write", file, &error))?;
            }
            (None, _) => {}
        }
        let style = Style { coloured: terminal::stdout_is_coloured() };
        terminal::print(&style.run(run));
        Ok(())
    }
}

/// How a run looks on a terminal.
struct Style {
    coloured: bool,
}

const RED: &str = "31";
const GREEN: &str = "32";
const DIM: &str = "2";
const BOLD: &str = "1";

impl Style {
    fn paint(&self, colour: &str, text: &str) -> String {
        if self.coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn run(&self, run: &TestRun) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut file = "";
        for outcome in &run.outcomes {
            if outcome.file != file {
                file = &outcome.file;
                lines.push(self.paint(BOLD, file));
            }
            lines.push(self.line(outcome));
        }
        for outcome in &run.outcomes {
            if let Some(failure) = &outcome.failure {
                lines.push(String::new());
                self.failure(outcome, failure, &mut lines);
            }
        }
        lines.push(String::new());
        lines.push(self.summary(run));
        lines.join("\n")
    }

    /// `  ok    adds  0.2 ms`
    fn line(&self, outcome: &TestOutcome) -> String {
        let word = match outcome.failure {
            None => self.paint(GREEN, "ok  "),
            Some(_) => self.paint(RED, "FAIL"),
        };
        format!("  {word}  {}  {}", outcome.name, self.paint(DIM, &time(outcome.duration)))
    }

    fn failure(&self, outcome: &TestOutcome, failure: &Failure, lines: &mut Vec<String>) {
        let place = failure.place.as_ref().map_or((&outcome.file, outcome.line), |place| (&place.file, place.line));
        let head = format!("{}  {}", self.paint(RED, "FAIL"), self.paint(BOLD, &outcome.name));
        lines.push(format!("{head}  {}", self.paint(DIM, &format!("{}:{}", place.0, place.1))));
        if let Some(place) = failure.place.as_ref().filter(|place| !place.text.is_empty()) {
            lines.push(format!("  {} {}", self.paint(DIM, &format!("{} |", place.line)), place.text));
        }
        for line in failure.headline().lines() {
            lines.push(format!("  {line}"));
        }
        if let Some((expected, found)) = &failure.values {
            lines.push(format!("  expected  {}", self.paint(GREEN, expected)));
            lines.push(format!("  found     {}", self.paint(RED, found)));
        }
        for line in &failure.differences {
            lines.push(format!("  {line}"));
        }
        if !outcome.output.trim_end().is_empty() {
            lines.push(self.paint(DIM, "  it printed:"));
            lines.extend(outcome.output.trim_end().lines().map(|line| format!("    {line}")));
        }
    }

    fn summary(&self, run: &TestRun) -> String {
        let failed = run.failed();
        let passed = run.outcomes.len() - failed;
        let mut parts = Vec::new();
        if failed > 0 {
            parts.push(self.paint(RED, &format!("{failed} failed")));
        }
        if passed > 0 || failed == 0 {
            parts.push(self.paint(GREEN, &format!("{passed} passed")));
        }
        if run.left_out > 0 {
            parts.push(format!("{} left out", run.left_out));
        }
        format!("{} in {}", parts.join(", "), time(run.elapsed))
    }
}

fn time(time: Duration) -> String {
    match time.as_micros() {
        micros @ 0..10_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        micros @ 10_000..1_000_000 => format!("{} ms", micros / 1000),
        micros => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}
