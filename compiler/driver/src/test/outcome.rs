//! How tests ended.

use std::time::Duration;

use tova_source::SourceMap;

use super::cases::Case;
use super::diff;

/// How a run of tests ended.
#[derive(Clone, Debug)]
pub struct TestRun {
    /// Each test, in the order of the program.
    pub outcomes: Vec<TestOutcome>,
    /// How many tests the filter left out.
    pub left_out: usize,
    /// How long it took as a whole, building included.
    pub elapsed: Duration,
}

impl TestRun {
    /// How many tests failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.failure.is_some()).count()
    }
}

/// How one test ended.
#[derive(Clone, Debug)]
pub struct TestOutcome {
    /// Its name, or one made from its place.
    pub name: String,
    /// Its file.
    pub file: String,
    /// The line of the declaration.
    pub line: u32,
    /// How long it took.
    pub duration: Duration,
    /// What it printed.
    pub output: String,
    /// What went wrong; nothing if it passed.
    pub failure: Option<Failure>,
}

/// What went wrong in a test.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What it says.
    pub message: String,
    /// Where it happened, if that is known.
    pub place: Option<FailurePlace>,
    /// The values of an assertion as they are shown: the expected one and the one that was found.
    pub values: Option<(String, String)>,
    /// What differs between them, place by place.
    pub differences: Vec<String>,
}

impl Failure {
    /// The message without the values of an assertion.
    #[must_use]
    pub fn headline(&self) -> &str {
        if self.values.is_none() {
            return &self.message;
        }
        self.message.rsplit_once('\n').map_or("", |(headline, _)| headline)
    }
}

/// A line of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailurePlace {
    /// The file.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What stands there.
    pub text: String,
}

/// What the process of a test said of its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended {
    pub(super) duration: Duration,
    pub(super) output: String,
    pub(super) fault: Option<Fault>,
    /// What a benchmark took: nanoseconds for a round, sample by sample.
    pub(super) samples: Vec<f64>,
}

/// What stopped a test.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) file: Option<String>,
    pub(super) line: u32,
}

impl Fault {
    /// A fault of which only this is known.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), file: None, line: 0 }
    }
}

impl Ended {
    /// What this means for the test.
    pub(super) fn outcome(self, case: &Case, place: &dyn Fn(&str, u32) -> Option<FailurePlace>) -> TestOutcome {
        let failure = self.fault.map(|fault| Failure {
            values: diff::values_of_message(&fault.message),
            differences: diff::of_message(&fault.message),
            place: fault.file.and_then(|file| place(&file, fault.line)),
            message: fault.message,
        });
        TestOutcome {
            name: case.name.clone(),
            file: case.file.clone(),
            line: case.line,
            duration: self.duration,
            output: self.output,
            failure,
        }
    }
}

/// The line of the program that a fault names. Generated code knows its files without their folders.
pub(super) fn place(sources: &SourceMap, file: &str, line: u32) -> Option<FailurePlace> {
    let is_it = |name: &str| name == file || name.rsplit(['/', '\\']).next() == Some(file);
    let (_, found) = sources.files().find(|(_, source)| is_it(&source.name))?;
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let text = found.text.lines().nth(index).unwrap_or_default().trim().to_owned();
    Some(FailurePlace { file: found.name.clone(), line, text })
}
