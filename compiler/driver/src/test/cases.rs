//! Which tests a program has, and which of them are to run.

use std::time::Duration;

use tova_check::Checked;
use tova_check::tables::{Place, TestInfo};
use tova_diagnostics::Diagnostic;

use super::TestOptions;
use crate::frontend::Sources;
use crate::project::TestFiles;
use crate::{Problem, Project, Report};

/// The tests of a program.
#[derive(Debug)]
pub(super) struct Cases {
    /// Those that are to run, in the order of the program.
    pub(super) chosen: Vec<Case>,
    /// How many others there are.
    pub(super) left_out: usize,
}

/// A test.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// Its name, or one made from its place.
    pub(super) name: String,
    /// The file, as the user would write it.
    pub(super) file: String,
    /// The line of the declaration.
    pub(super) line: u32,
    /// Where it runs.
    pub(super) home: Home,
    /// Its number among the tests of its home, which is how a harness knows it.
    pub(super) number: usize,
    /// How long it may take.
    pub(super) timeout: Duration,
}

/// Where a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// Anywhere.
    Alone,
    /// Within the server with this index.
    Server(u32),
    /// In a page.
    Page,
}

/// The tests of a program that are to run; nothing if the program has errors, which have been reported then.
pub(super) fn of_program(
    project: &Project,
    sources: &Sources,
    options: &TestOptions,
    report: &dyn Report,
) -> Result<Option<Cases>, Problem> {
    let checked = sources.check();
    let broken = checked.diagnostics.iter().any(Diagnostic::is_error);
    if !checked.diagnostics.is_empty() {
        report.diagnostics(&sources.map, &checked.diagnostics);
    }
    if broken {
        return Ok(None);
    }
    let all = all(project, sources, &checked, options);
    if all.is_empty() {
        let place = project.file.as_deref().unwrap_or(&project.root).display();
        return Err(Problem::new(format!("there are no tests in `{place}`")).help(
            "write one: test \"adds\" { assertEq(1 + 1, 2) }, in a file of the program or in one named `…_test.tova`",
        ));
    }
    let wanted = |case: &Case| options.filter.as_ref().is_none_or(|filter| case.name.contains(filter.as_str()));
    let count = all.len();
    let chosen: Vec<Case> = all.into_iter().filter(wanted).collect();
    if let (true, Some(filter)) = (chosen.is_empty(), &options.filter) {
        return Err(Problem::new(format!("no test has `{filter}` in its name"))
            .help(format!("without --filter there are {count}")));
    }
    Ok(Some(Cases { left_out: count - chosen.len(), chosen }))
}

fn all(project: &Project, sources: &Sources, checked: &Checked<'_>, options: &TestOptions) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for info in &checked.tests {
        let home = match info.place {
            Place::Shared => Home::Alone,
            Place::Server(server) => Home::Server(server),
            Place::Client => Home::Page,
        };
        let number = cases.iter().filter(|case| case.home == home).count();
        cases.push(case(number, home, info, sources, options));
    }
    if let TestFiles::Only(only) = &project.tests {
        let only = only.to_string_lossy();
        cases.retain(|case| case.file == *only);
    }
    cases
}

fn case(number: usize, home: Home, info: &TestInfo<'_>, sources: &Sources, options: &TestOptions) -> Case {
    let file = sources.map.file(info.span.file).name.clone();
    let line = sources.map.location(info.decl.keyword).start.line;
    let name = info.decl.name.as_ref().map_or_else(|| format!("test at {file}:{line}"), |name| name.name.to_string());
    let own = info.timeout.and_then(|limit| u64::try_from(limit).ok()).map(Duration::from_millis);
    Case { name, file, line, home, number, timeout: own.unwrap_or(options.timeout) }
}
