//! `tova` as a command: what it prints and how it ends.

use libtest_mimic::Trial;
use serde_json::Value;
use std::fs;
use std::process::{Command, Output};

use tova_tests::paths;

use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("check: 0 for a good program and 1 for a bad one", check_status),
        trial("check: errors as JSON lines", check_json),
        trial("check: all errors of a file in one run", check_many),
        trial("check: a missing file is one clear message", missing_file),
        trial("explain: shows a page, and suggests one", explain),
        trial("help: every command has a line", help),
        trial("token: a JSON web token", token),
    ]
}

fn output(command: &mut Command) -> Result<Output, String> {
    command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A program of one file, in a folder of its own.
fn program(name: &str, source: &str) -> Result<std::path::PathBuf, String> {
    let path = paths::scratch(name).join("app.tova");
    fs::write(&path, source).map_err(|error| error.to_string())?;
    Ok(path)
}

fn check(path: &std::path::Path, json: bool) -> Result<Output, String> {
    let mut command = paths::tova_command(["check"]);
    command.arg(path);
    if json {
        command.args(["--message-format", "json"]);
    }
    output(&mut command)
}

fn check_status() -> Result<(), String> {
    for example in ["hello", "counter", "todo", "dashboard"] {
        let result = check(&paths::root().join("examples").join(example), false)?;
        holds(&format!("{example}: {}{}", text(&result.stdout), text(&result.stderr)), result.status.success())?;
    }
    let bad = program("check-status", "print(usres)\n")?;
    let result = check(&bad, false)?;
    same("status", result.status.code(), Some(1))?;
    let report = text(&result.stdout) + &text(&result.stderr);
    holds(&report, report.contains("E0201") && report.contains("usres"))
}

fn check_json() -> Result<(), String> {
    let bad = program("check-json", "users = [1]\n\nprint(usres)\n")?;
    let result = check(&bad, true)?;
    same("status", result.status.code(), Some(1))?;
    let lines = text(&result.stdout);
    let problem = lines.lines().next().ok_or("nothing on standard output")?;
    let problem: Value = serde_json::from_str(problem).map_err(|error| format!("{error}: {problem}"))?;
    let fields =
        ["code", "severity", "message", "file", "line", "column", "end_line", "end_column", "labels", "help", "fix"];
    for field in fields {
        holds(&format!("{field} in {problem}"), problem.get(field).is_some())?;
    }
    let place = ["line", "column", "end_line", "end_column"].map(|field| problem[field].as_u64().unwrap_or_default());
    same("place", place, [3, 7, 3, 12])?;
    same("code", problem["code"].as_str(), Some("E0201"))?;
    holds("the suggestion", problem["help"].as_str().is_some_and(|help| help.contains("users")))
}

fn check_many() -> Result<(), String> {
    let source = "fn a() { nope1 }\nfn b( { 1 }\nfn c() { nope2 }\n";
    let result = check(&program("check-many", source)?, true)?;
    let report = text(&result.stdout);
    holds(&report, report.contains("nope1") && report.contains("nope2") && report.contains("E00"))
}

fn missing_file() -> Result<(), String> {
    let result = check(&paths::scratch("check-missing").join("nope.tova"), false)?;
    holds("it fails", !result.status.success())?;
    let report = text(&result.stderr);
    holds(&report, report.contains("nope.tova") && !report.contains("panicked"))
}

fn explain() -> Result<(), String> {
    let page = output(&mut paths::tova_command(["explain", "E0201"]))?;
    holds("the page", page.status.success() && text(&page.stdout).contains("E0201"))?;
    let unknown = output(&mut paths::tova_command(["explain", "E9999"]))?;
    holds("no such code", !unknown.status.success() && text(&unknown.stderr).contains("E9999"))
}

fn help() -> Result<(), String> {
    let help = text(&output(&mut paths::tova_command(["--help"]))?.stdout);
    for command in ["bench", "build", "check", "dev", "explain", "run", "test", "token"] {
        holds(&help, help.lines().any(|line| line.trim_start().starts_with(command) && line.trim().len() > 20))?;
        let own = output(&mut paths::tova_command([command, "--help"]))?;
        holds(command, own.status.success())?;
    }
    Ok(())
}

fn token() -> Result<(), String> {
    let token = crate::app::token()?;
    same("three parts", token.split('.').count(), 3)
}
