//! Which tests a program has, and which of them are to run.

use std::path::Path;
use std::time::Duration;

use tova_check::Checked;
use tova_check::tables::{Place, ServerInfo};
use tova_diagnostics::Diagnostic;
use tova_source::Span;
use tova_syntax::ast::{Ident, Stmt, StmtKind};

use super::TestOptions;
use crate::frontend::Sources;
use crate::project::{TestFiles, is_test};
use crate::{Problem, Project, Report};

/// The tests of a program.
#[derive(Debug)]
pub(super) struct Cases {
    /// Those that are to run, in the order of the program.
    pub(super) chosen: Vec<Case>,
    /// How many others there are.
    pub(super) left_out: usize,
    /// The servers that the page calls.
    pub(super) called: Vec<u32>,
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

/// What is done with what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Tests run once.
    Test,
    /// Benchmarks are measured.
    Bench,
}

impl Purpose {
    /// One of them in a message.
    fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Bench => "benchmark",
        }
    }

    /// How one is written.
    fn example(self) -> &'static str {
        match self {
            Self::Test => "test \"adds\" { assertEq(1 + 1, 2) }",
            Self::Bench => "bench \"adds\" { add(1, 2) }",
        }
    }
}

/// A test or benchmark in the program's text.
struct Found<'c> {
    name: Option<&'c Ident>,
    keyword: Span,
    place: Place,
    timeout: Option<i64>,
}

/// The tests or benchmarks of a program that are to run; nothing if the program has errors, which have been reported then.
pub(super) fn of_program(
    project: &Project,
    sources: &Sources,
    (purpose, options): (Purpose, &TestOptions),
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
    idle_statements(sources, &checked, report);
    let all = all(project, sources, &found(&checked, purpose), options);
    if all.is_empty() {
        let place = project.file.as_deref().unwrap_or(&project.root).display();
        return Err(Problem::new(format!("there are no {}s in `{place}`", purpose.word())).help(format!(
            "write one: {}, in a file of the program or in one named `…_test.tova`",
            purpose.example()
        )));
    }
    let wanted = |case: &Case| options.filter.as_ref().is_none_or(|filter| case.name.contains(filter.as_str()));
    let count = all.len();
    let chosen: Vec<Case> = all.into_iter().filter(wanted).collect();
    if let (true, Some(filter)) = (chosen.is_empty(), &options.filter) {
        let message = format!("no {} has `{filter}` in its name", purpose.word());
        return Err(Problem::new(message).help(format!("without --filter there are {count}")));
    }
    let is_called = |info: &ServerInfo<'_>| !(info.rpcs.is_empty() && info.test_rpcs.is_empty());
    let called = checked.servers.iter().zip(0..).filter(|(info, _)| is_called(info)).map(|(_, index)| index).collect();
    Ok(Some(Cases { left_out: count - chosen.len(), chosen, called }))
}

/// What stands at the top of a file of tests runs at no time: says so, because it was meant to.
fn idle_statements(sources: &Sources, checked: &Checked<'_>, report: &dyn Report) {
    for (path, file) in sources.files.iter().filter(|(path, _)| is_test(path)) {
        let runs = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Expr(_) | StmtKind::For(_) | StmtKind::While { .. });
        let idle = checked.script.iter().find(|stmt| stmt.span.file == *file && runs(stmt));
        if let Some(stmt) = idle {
            let line = sources.map.location(stmt.span).start.line;
            let message = format!("the statement at {}:{line} does not run: it stands in no test", path.display());
            report.problem(&Problem::new(message).help("put it into `test \"name\" { … }`"));
        }
    }
}

fn found<'c>(checked: &'c Checked<'_>, purpose: Purpose) -> Vec<Found<'c>> {
    match purpose {
        Purpose::Test => checked
            .tests
            .iter()
            .map(|info| Found {
                name: info.decl.name.as_ref(),
                keyword: info.decl.keyword,
                place: info.place,
                timeout: info.timeout,
            })
            .collect(),
        Purpose::Bench => checked
            .benches
            .iter()
            .map(|info| Found {
                name: info.decl.name.as_ref(),
                keyword: info.decl.keyword,
                place: info.place,
                timeout: None,
            })
            .collect(),
    }
}

fn all(project: &Project, sources: &Sources, found: &[Found<'_>], options: &TestOptions) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for one in found {
        let home = match one.place {
            Place::Shared => Home::Alone,
            Place::Server(server) => Home::Server(server),
            Place::Client => Home::Page,
        };
        let number = cases.iter().filter(|case| case.home == home).count();
        let file = sources.map.file(one.keyword.file).name.clone();
        let line = sources.map.location(one.keyword).start.line;
        let name = one.name.map_or_else(|| format!("{file}:{line}"), |name| name.name.to_string());
        let own = one.timeout.and_then(|limit| u64::try_from(limit).ok()).map(Duration::from_millis);
        cases.push(Case { name, file, line, home, number, timeout: own.unwrap_or(options.timeout) });
    }
    if let TestFiles::Only(only) = &project.tests {
        // However the user named it.
        let identity = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let only = identity(only);
        cases.retain(|case| identity(Path::new(&case.file)) == only);
    }
    cases
}
