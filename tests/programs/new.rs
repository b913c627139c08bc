//! `tova new`, `tova init` and `tova completions`.

use std::fs;

use libtest_mimic::Trial;
use tova_tests::paths;

use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("new: a program with a server and a page is checked, built, and its tests pass", || made("fullstack")),
        trial("new: a service is checked, built, and its tests pass", || made("api")),
        trial("new: a page is checked, built, and its tests pass", || made("client")),
        trial("new: a script is checked, run, and its tests pass", || made("script")),
        trial("new: a folder that exists is left alone", kept),
        trial("completions: every shell has a script that knows the commands", completions),
        trial("doc: a program and the standard library are documented", doc),
        trial("doctor: what is missing is named with its cure", doctor),
    ]
}

/// Runs `tova` in a folder: whether it ended well, and what it wrote.
fn tova(folder: &std::path::Path, arguments: &[&str]) -> Result<(bool, String), String> {
    let mut command = paths::tova_command::<0>([]);
    let output = command.args(arguments).current_dir(folder).output().map_err(|error| error.to_string())?;
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Ok((output.status.success(), text))
}

fn made(template: &str) -> Result<(), String> {
    let folder = paths::scratch(&format!("new-{template}"));
    let (ok, text) = tova(&folder, &["new", "first-try", "--template", template])?;
    holds(&text, ok && text.contains("cd first-try"))?;
    let program = folder.join("first-try");
    for file in ["README.md", ".gitignore", "tova.toml"] {
        holds(file, program.join(file).is_file())?;
    }
    for arguments in [["check"].as_slice(), &["fmt", "--check"], &["test"]] {
        let (ok, text) = tova(&program, arguments)?;
        holds(&format!("{arguments:?}: {text}"), ok)?;
    }
    if template == "script" {
        let (ok, text) = tova(&program, &["run", "main.tova"])?;
        return holds(&text, ok && text.contains("3 the"));
    }
    let (ok, text) = tova(&program, &["build", "--quick"])?;
    holds(&text, ok && program.join("dist").is_dir())
}

fn kept() -> Result<(), String> {
    let folder = paths::scratch("new-kept");
    fs::create_dir_all(folder.join("taken")).map_err(|error| error.to_string())?;
    let (ok, text) = tova(&folder, &["new", "taken"])?;
    holds(&text, !ok && text.contains("exists already"))?;
    let (ok, text) = tova(&folder, &["new", "My App"])?;
    holds(&text, !ok && text.contains("tova new my-app"))?;
    let (ok, text) = tova(&folder, &["init", "taken", "--template", "client"])?;
    holds(&text, ok && folder.join("taken/app.tova").is_file())?;
    let (ok, text) = tova(&folder, &["init", "taken"])?;
    holds(&text, !ok && text.contains("holds a program already"))
}

fn completions() -> Result<(), String> {
    let folder = paths::scratch("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (ok, text) = tova(&folder, &["completions", shell])?;
        same(shell, (ok, text.contains("message-format")), (true, true))?;
    }
    Ok(())
}

fn doctor() -> Result<(), String> {
    let folder = paths::copy_of_example("todo", "doctor");
    let free = tova_tests::process::free_ports(1);
    fs::write(folder.join("tova.toml"), format!("[dev]\nport = {free}\n")).map_err(|error| error.to_string())?;
    let (ok, text) = tova(&folder, &["doctor"])?;
    holds(
        &text,
        ok && text.contains("no errors") && text.contains(&format!("{free} free")) && text.contains("todo.db"),
    )?;
    let _owner = std::net::TcpListener::bind(("127.0.0.1", free)).map_err(|error| error.to_string())?;
    let (ok, text) = tova(&folder, &["doctor"])?;
    holds(&text, !ok && text.contains(&format!("{free} is taken by")) && text.contains("1 thing to mend"))
}

fn doc() -> Result<(), String> {
    let folder = paths::copy_of_example("dashboard", "doc");
    let (ok, text) = tova(&folder, &["doc"])?;
    let page = fs::read_to_string(folder.join("docs/index.html")).map_err(|error| format!("{error}: {text}"))?;
    holds(&page, ok && page.contains("<a href=\"#type.User\">User</a>"))?;
    let (ok, text) = tova(&folder, &["doc", "--std", "--format", "json"])?;
    holds(&text, ok && text.contains("\"signature\":\"fn isEmpty<T>(xs: [T]) -> Bool\""))
}
