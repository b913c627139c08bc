//! `tova doctor`: whether this machine has what programs need, and what to do where it has not.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use tova_diagnostics::Diagnostic;
use tova_ir::{Adapter, ExprKind, FnId, Program};

use crate::frontend::Sources;
use crate::ports::{self, Wish};
use crate::{Problem, Project, Runtime, Toolchain, cache, files, owner, run, test};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub state: State,
    /// What was looked at: `Rust`.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub cure: Option<String>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// Missing, and not everybody needs it.
    Optional,
    /// Missing, and programs need it.
    Bad,
}

impl Finding {
    fn good(what: &'static str, found: impl Into<String>) -> Self {
        Self { state: State::Good, what, found: found.into(), cure: None }
    }

    fn lacking(state: State, what: &'static str, problem: Problem) -> Self {
        Self { state, what, found: problem.message, cure: problem.help }
    }
}

/// Looks at the machine, and at the program at `path` if there is one.
#[must_use]
pub fn doctor(path: &Path) -> Vec<Finding> {
    let mut findings = toolchain();
    findings.push(writable_cache());
    let project = Project::find(path);
    let program = project.as_ref().ok().and_then(program_of);
    findings.extend(project.as_ref().ok().and_then(|project| project_finding(project, program.is_some())));
    let port = project.as_ref().ok().and_then(|project| project.config.port);
    findings.extend(free_ports(program.as_ref(), port));
    if let (Ok(project), Some(program)) = (&project, &program) {
        findings.extend(databases(&project.root, program));
    }
    findings.push(match run::node() {
        Ok(node) => Finding::good("Node", format!("{} ({})", node.display(), first_line(&node, "--version"))),
        Err(problem) => Finding::lacking(State::Optional, "Node", problem),
    });
    findings.push(match test::find_browser() {
        Ok(browser) => Finding::good("Browser", browser.display().to_string()),
        Err(problem) => Finding::lacking(State::Optional, "Browser", problem),
    });
    findings
}

fn toolchain() -> Vec<Finding> {
    let toolchain = match Toolchain::find() {
        Ok(toolchain) => toolchain,
        Err(problem) => return vec![Finding::lacking(State::Bad, "Rust", problem)],
    };
    let release = toolchain.version.lines().next().unwrap_or_default();
    let runtime = match Runtime::is_built(&toolchain) {
        Ok(true) => "built for this compiler",
        Ok(false) => "not built yet: the first start does that, in a minute or two",
        Err(_) => "unknown: there is no cache",
    };
    vec![
        Finding::good("Rust", format!("{release} in {}", toolchain.sysroot.display())),
        Finding::good("C compiler", first_line(Path::new("cc"), "--version")),
        Finding::good("Runtime", runtime),
    ]
}

/// The first line that a tool says of itself.
fn first_line(tool: &Path, argument: &str) -> String {
    let output = Command::new(tool).arg(argument).output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).lines().next().unwrap_or("no version").trim().to_owned()
}

/// Where the cache is, how large, and whether it can be written.
fn writable_cache() -> Finding {
    let root = match cache::root() {
        Ok(root) => root,
        Err(problem) => return Finding::lacking(State::Bad, "Cache", problem),
    };
    let probe = files::beside(&root.join("probe"), "new");
    if let Err(problem) = files::write(&probe, "") {
        return Finding::lacking(State::Bad, "Cache", problem.help("set TOVA_CACHE to a folder that can be written"));
    }
    let _ = fs::remove_file(&probe);
    let size: u64 =
        files::list(&root).unwrap_or_default().iter().filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum();
    Finding::good("Cache", format!("{} ({:.0} MB; it may be deleted at any time)", root.display(), size as f64 / 1e6))
}

/// The checked program, if it has no errors.
fn program_of(project: &Project) -> Option<Program> {
    let sources = Sources::load(project).ok()?;
    let checked = sources.check();
    if checked.diagnostics.iter().any(Diagnostic::is_error) {
        return None;
    }
    Some(tova_ir::lower(&checked).program)
}

fn project_finding(project: &Project, is_good: bool) -> Option<Finding> {
    project.entries().ok()?;
    let name = project.name();
    Some(if is_good {
        Finding::good("Program", format!("{name}: no errors"))
    } else {
        Finding {
            state: State::Bad,
            what: "Program",
            found: format!("{name} has errors"),
            cure: Some("`tova check` shows them".to_owned()),
        }
    })
}

/// Whether the servers of the program can listen where they want to.
fn free_ports(program: Option<&Program>, first: Option<u16>) -> Vec<Finding> {
    let servers = program.map(|program| program.servers.as_slice()).unwrap_or_default();
    let named =
        |server: &tova_ir::Server| Wish { name: server.name.as_ref().map(ToString::to_string), port: server.port };
    let mut wishes: Vec<Wish> = servers.iter().map(named).collect();
    if wishes.is_empty() {
        wishes.push(Wish { name: None, port: None });
    }
    let ports = match ports::assign(&wishes, first, |name| std::env::var(name).ok()) {
        Ok(ports) => ports,
        Err(problem) => return vec![Finding::lacking(State::Bad, "Ports", problem)],
    };
    let taken = ports.iter().filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, **port)).is_err());
    let mut findings: Vec<Finding> = taken
        .map(|port| Finding {
            state: State::Bad,
            what: "Ports",
            found: format!("{port} is taken by {}", owner::of(*port).unwrap_or_else(|| "another process".to_owned())),
            cure: Some(format!(
                "stop that process, or use another port: `tova dev --port {}`",
                port.saturating_add(1000)
            )),
        })
        .collect();
    if findings.is_empty() {
        let all: Vec<String> = ports.iter().map(ToString::to_string).collect();
        findings.push(Finding::good("Ports", format!("{} free", all.join(", "))));
    }
    findings
}

/// Whether the database files of the program can be opened and written.
fn databases(root: &Path, program: &Program) -> Vec<Finding> {
    let with_database = program.servers.iter().filter_map(|server| Some((server, server.db.as_ref()?)));
    with_database
        .filter(|(_, db)| db.adapter == Adapter::Sqlite)
        .map(|(server, db)| match db.target {
            None => database(root, &format!("{}.db", server.name.as_deref().unwrap_or("app"))),
            Some(target) => literal(program, target).map_or_else(
                || Finding::good("Database", "its file is computed when the server starts"),
                |file| database(root, file),
            ),
        })
        .collect()
}

/// The text that a function without parameters gives, if it is written there.
fn literal(program: &Program, function: FnId) -> Option<&str> {
    let mut body = &program.functions.get(function.0 as usize)?.body;
    while let ExprKind::Block(exprs) = &body.kind
        && let [only] = exprs.as_slice()
    {
        body = only;
    }
    if let ExprKind::Str(text) = &body.kind { Some(text) } else { None }
}

fn database(root: &Path, file: &str) -> Finding {
    let path = root.join(file);
    let outcome = if path.exists() {
        fs::OpenOptions::new().read(true).append(true).open(&path).map(|_| "can be written")
    } else {
        let folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let probe = files::beside(&path, "probe");
        fs::create_dir_all(&folder).and_then(|()| fs::write(&probe, "")).map(|()| {
            let _ = fs::remove_file(&probe);
            "is made at the first start"
        })
    };
    match outcome {
        Ok(fate) => Finding::good("Database", format!("{} {fate}", path.display())),
        Err(error) => Finding::lacking(State::Bad, "Database", Problem::io("write", &path, &error)),
    }
}
