//! Processes that run tests: each says by lines with a mark which test begins and how it ended; what stands between them a test has printed.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::TestOptions;
use super::cases::{Case, Cases, Home};
use super::outcome::{Ended, Fault};
use super::runner::{Group, Started};
use crate::process::Guarded;
use crate::{Problem, Project};

/// How long a process may take to come to its first test, and to end after its last one.
const PATIENCE: Duration = Duration::from_secs(20);

/// More output than this is not kept.
const LONGEST_OUTPUT: usize = 1 << 20;

/// Tests that one process is to run: positions among the chosen ones.
struct Batch<'g> {
    group: &'g Group,
    tests: Vec<usize>,
}

/// Runs the chosen tests. Gives how each ended, in their order.
pub(super) fn run(
    project: &Project,
    cases: &Cases,
    groups: &[Group],
    options: &TestOptions,
) -> Result<Vec<Ended>, Problem> {
    let queue = Mutex::new(batches(cases, groups, options.jobs.max(1)));
    let ended: Mutex<Vec<Option<Ended>>> = Mutex::new(vec![None; cases.chosen.len()]);
    let mark = mark()?;
    let worker = || -> Result<(), Problem> {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(batch) = next else { return Ok(()) };
            run_batch(project, cases, batch, &mark, &ended)?;
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs.max(1)).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| Err(Problem::new("a worker ended early"))))
    })?;
    let ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(ended.into_iter().map(Option::unwrap_or_default).collect())
}

/// Tests that need nothing share processes, as many as run side by side; each test of a server has a process, and so a server, of its own;
/// tests of the page share a browser, in which each has a page of its own.
fn batches<'g>(cases: &Cases, groups: &'g [Group], jobs: usize) -> VecDeque<Batch<'g>> {
    let mut batches = VecDeque::new();
    for group in groups {
        let tests = cases.chosen.iter().enumerate().filter(|(_, case)| case.home == group.home).map(|(at, _)| at);
        let tests: Vec<usize> = tests.collect();
        let size = match group.home {
            Home::Alone => tests.len().div_ceil(jobs).max(1),
            Home::Server(_) => 1,
            Home::Page => tests.len().max(1),
        };
        batches.extend(tests.chunks(size).map(|tests| Batch { group, tests: tests.to_vec() }));
    }
    batches
}

/// Something that no program writes by accident.
fn mark() -> Result<String, Problem> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| Problem::new(format!("there is no randomness: {error}")))?;
    Ok(format!("\u{1e}{:016x} ", u64::from_le_bytes(bytes)))
}

/// Runs the tests of a batch; after one that took the process down with it, a new process runs the rest.
fn run_batch(
    project: &Project,
    cases: &Cases,
    batch: Batch<'_>,
    mark: &str,
    ended: &Mutex<Vec<Option<Ended>>>,
) -> Result<(), Problem> {
    let mut left: VecDeque<usize> = batch.tests.into();
    while !left.is_empty() {
        let before = left.len();
        let mut run = Run::start(project, cases, batch.group, &left, mark)?;
        while let Some((at, how)) = run.next(cases, &left) {
            left.retain(|other| *other != at);
            if let Some(slot) = ended.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
                *slot = Some(how);
            }
            if left.is_empty() {
                break;
            }
        }
        if left.len() == before {
            return Err(Problem::new("the process of the tests ended before it came to a test").help(run.last_words()));
        }
    }
    Ok(())
}

/// A process at work.
struct Run<'g> {
    child: Guarded,
    lines: Receiver<Vec<u8>>,
    mark: Vec<u8>,
    places: &'g [(String, u32)],
    /// The test that runs, since when, and what it has printed.
    current: Option<(usize, Instant)>,
    output: Vec<u8>,
    is_over: bool,
}

impl<'g> Run<'g> {
    fn start(
        project: &Project,
        cases: &Cases,
        group: &'g Group,
        tests: &VecDeque<usize>,
        mark: &str,
    ) -> Result<Self, Problem> {
        let numbers = tests.iter().filter_map(|at| cases.chosen.get(*at)).map(|case| case.number.to_string());
        let Started { child, lines } = group.runner.start(&numbers.collect::<Vec<_>>(), project, mark)?;
        Ok(Self {
            child,
            lines,
            mark: mark.as_bytes().to_vec(),
            places: &group.places,
            current: None,
            output: Vec::new(),
            is_over: false,
        })
    }

    /// The next test that has ended, and how; nothing when the process is over.
    fn next(&mut self, cases: &Cases, left: &VecDeque<usize>) -> Option<(usize, Ended)> {
        while !self.is_over {
            let limit = self.current.and_then(|(at, since)| Some((cases.chosen.get(at)?.timeout, since)));
            let wait = limit.map_or(PATIENCE, |(limit, since)| limit.saturating_sub(since.elapsed()));
            match self.lines.recv_timeout(wait) {
                Ok(line) => {
                    if let Some(ended) = self.line(&line, cases, left) {
                        return Some(ended);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return self.too_slow(limit.map(|(limit, _)| limit)),
                Err(RecvTimeoutError::Disconnected) => return self.gone(),
            }
        }
        None
    }

    /// A line: of the harness, or of the test that runs.
    fn line(&mut self, line: &[u8], cases: &Cases, left: &VecDeque<usize>) -> Option<(usize, Ended)> {
        let Some(at) = line.windows(self.mark.len()).position(|window| window == self.mark) else {
            self.print(line);
            return None;
        };
        let (printed, rest) = line.split_at(at);
        self.print(printed);
        let said: Value = serde_json::from_slice(rest.get(self.mark.len()..).unwrap_or_default()).ok()?;
        let number = |name: &str| said[name].as_u64().and_then(|number| usize::try_from(number).ok());
        if let Some(number) = number("start") {
            let is_it = |at: &usize| cases.chosen.get(*at).is_some_and(|case: &Case| case.number == number);
            self.current = left.iter().copied().find(is_it).map(|at| (at, Instant::now()));
            self.output.clear();
            return None;
        }
        number("end")?;
        let (at, _) = self.current.take()?;
        let place = number("place").and_then(|place| self.places.get(place));
        let line = said["line"].as_u64().and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
        let fault = said["message"].as_str().map(|message| Fault {
            message: message.to_owned(),
            file: place.map(|(file, _)| file.clone()).or_else(|| said["file"].as_str().map(str::to_owned)),
            line: place.map_or(line, |(_, line)| *line),
        });
        let duration = Duration::from_micros(said["micros"].as_u64().unwrap_or(0));
        let rounds = said["rounds"].as_f64().unwrap_or(1.0);
        let samples = said["samples"].as_array().into_iter().flatten().filter_map(Value::as_f64);
        let samples = samples.map(|sample| sample / rounds).collect();
        Some((at, Ended { duration, output: self.printed(), fault, samples }))
    }

    fn print(&mut self, text: &[u8]) {
        if self.output.len() < LONGEST_OUTPUT {
            self.output.extend_from_slice(text);
        }
    }

    fn printed(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.output)).into_owned()
    }

    /// The test that runs has had its time; its process ends with it.
    fn too_slow(&mut self, limit: Option<Duration>) -> Option<(usize, Ended)> {
        self.is_over = true;
        let _ = self.child.child().kill();
        let _ = self.child.wait();
        let (at, since) = self.current.take()?;
        let limit = limit.unwrap_or(PATIENCE).as_millis();
        let fault = Fault::new(format!("it took longer than {limit} ms and was stopped"));
        Some((at, Ended { duration: since.elapsed(), output: self.printed(), fault: Some(fault), samples: Vec::new() }))
    }

    /// The process has ended, by itself or with the test that ran.
    fn gone(&mut self) -> Option<(usize, Ended)> {
        self.is_over = true;
        let status = self.child.wait().ok();
        let (at, since) = self.current.take()?;
        let how = status.map_or_else(|| "unknown".to_owned(), |status| status.to_string());
        let hint = if self.output.windows(14).any(|window| window == b"stack overflow") || how.contains("signal: 6") {
            ": was it an endless recursion?"
        } else {
            ""
        };
        let fault = Fault::new(format!("it ended the whole process ({how}){hint}"));
        Some((at, Ended { duration: since.elapsed(), output: self.printed(), fault: Some(fault), samples: Vec::new() }))
    }

    /// What the process said when it came to no test.
    fn last_words(&mut self) -> String {
        let said = self.printed();
        if said.trim().is_empty() { "please report it".to_owned() } else { said.trim().to_owned() }
    }
}
