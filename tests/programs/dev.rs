//! `tova dev`: what it prints, how edits arrive, how it ends.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use libtest_mimic::Trial;
use rustix::process::Signal;
use serde_json::json;
use tova_tests::http::Request;
use tova_tests::load::Load;
use tova_tests::process::{Program, descendants, free_ports, is_running, kill};
use tova_tests::{browser, paths, wait};

use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("dev: tells what it starts and where", tells),
        trial("dev: an edit of the page arrives and its state stays", client_edit),
        trial("dev: an edit of a server under load fails no request", server_edit),
        trial("dev: a broken edit shows over the page and the old program serves", broken_edit),
        trial("dev: a start with errors shows them on the page and goes on when they are mended", broken_start),
        trial("dev: SIGINT and SIGTERM leave no child", signals),
        trial("dev: a server that crashes is started again", crash),
        trial("dev: a taken port is one clear line", taken_port),
    ]
}

/// One server and one page; the tests edit it.
const PROGRAM: &str = r#"server {
  fn value() {
    return { value: 1 }
  }

  route GET "/value" => value
}

client {
  state count = 0

  component App {
    <main>
      <h1>"One"</h1>
      <p class="count">"{count}"</p>
      <button on:click={fn() count += 1}>"More"</button>
    </main>
  }
}
"#;

/// The first start builds the runtime, if no test has before.
const FIRST_START: Duration = Duration::from_secs(900);
const SOON: Duration = Duration::from_secs(20);

struct Dev {
    program: Program,
    port: u16,
    source: PathBuf,
}

impl Dev {
    /// Starts `tova dev` on [`PROGRAM`] in a folder of this name.
    fn start(name: &str) -> Result<Self, String> {
        let folder = paths::scratch(&format!("dev-{name}"));
        fs::write(folder.join("app.tova"), PROGRAM).map_err(|error| error.to_string())?;
        let port = free_ports(1);
        let program = Program::start(&mut dev(&folder, port)).map_err(|error| error.to_string())?;
        let mut dev = Self { program, port, source: folder.join("app.tova") };
        dev.program.wait_for("server process(es) running", FIRST_START)?;
        same("the first answer", dev.value()?, 1)?;
        Ok(dev)
    }

    fn value(&self) -> Result<i64, String> {
        let answer = Request::get("/value")
            .send(self.port)
            .map_err(|error| format!("{error}; tova dev printed:\n{}", self.program.printed()))?;
        answer.json()["value"].as_i64().ok_or(format!("{} {}", answer.status, answer.text()))
    }

    fn edit(&self, old: &str, new: &str) -> Result<(), String> {
        let text = fs::read_to_string(&self.source).map_err(|error| error.to_string())?;
        holds(old, text.contains(old))?;
        fs::write(&self.source, text.replacen(old, new, 1)).map_err(|error| error.to_string())
    }

    fn wait_for_value(&self, value: i64) -> Result<(), String> {
        wait::until(SOON, || self.value().ok().filter(|found| *found == value))
            .map(drop)
            .ok_or_else(|| format!("{value} never came; tova dev printed:\n{}", self.program.printed()))
    }

    fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

fn dev(folder: &Path, port: u16) -> std::process::Command {
    let mut command = paths::tova_command(["dev", ".", "--port", &port.to_string()]);
    command.current_dir(folder);
    command
}

fn tells() -> Result<(), String> {
    let folder = paths::copy_of_example("dashboard", "dev-dashboard");
    let port = free_ports(2);
    let mut program = Program::start(&mut dev(&folder, port)).map_err(|error| error.to_string())?;
    let second = port + 1;
    program.wait_for(&format!("-> server:events: http://localhost:{second}"), FIRST_START)?;
    let printed = program.printed();
    let wanted = [
        format!("  Starting server:api on port {port}"),
        format!("  Starting server:events on port {second}"),
        String::new(),
        "  2 server process(es) running".to_owned(),
        format!("    -> server:api: http://localhost:{port}"),
        format!("    -> server:events: http://localhost:{second}"),
    ];
    holds(&printed, printed.contains(&wanted.join("\n")))?;
    let page = Request::get("/").send(port).map_err(|error| error.to_string())?;
    same("the page", page.status, 200)?;
    let users = Request::get("/api/users").send(port).map_err(|error| error.to_string())?;
    same("the middleware", users.status, 401)
}

fn client_edit() -> Result<(), String> {
    let dev = Dev::start("client-edit")?;
    let browser = browser::shared()?;
    let name = "dev-client-edit";
    browser.run("page.open", &json!({ "page": name, "url": dev.url() }))?;
    for _ in 0..3 {
        browser.run("page.click", &json!({ "page": name, "selector": "button" }))?;
    }
    browser.run("page.shows", &json!({ "page": name, "selector": ".count", "texts": ["3"] }))?;
    browser.run("page.mark", &json!({ "page": name }))?;
    let servers = descendants(dev.program.id());
    dev.edit("\"One\"", "\"Two\"")?;
    browser.run("page.shows", &json!({ "page": name, "selector": "h1", "texts": ["Two"] }))?;
    browser.run("page.shows", &json!({ "page": name, "selector": ".count", "texts": ["3"] }))?;
    same("not reloaded", browser.run("page.isMarked", &json!({ "page": name }))?, json!(true))?;
    browser.run("page.click", &json!({ "page": name, "selector": "button" }))?;
    browser.run("page.shows", &json!({ "page": name, "selector": ".count", "texts": ["4"] }))?;
    same("the server was left alone", descendants(dev.program.id()), servers)?;
    browser.run("page.close", &json!({ "page": name })).map(drop)
}

fn server_edit() -> Result<(), String> {
    let dev = Dev::start("server-edit")?;
    let load = Load::start(dev.port, &Request::get("/value"), 4);
    for value in 2..=4 {
        dev.edit(&format!("value: {}", value - 1), &format!("value: {value}"))?;
        dev.wait_for_value(value)?;
    }
    std::thread::sleep(Duration::from_millis(500));
    let tally = load.stop();
    same("failed requests", tally.failures, Vec::new())?;
    holds(&format!("{} answers", tally.answered), tally.answered > 100)
}

fn broken_edit() -> Result<(), String> {
    let dev = Dev::start("broken-edit")?;
    let browser = browser::shared()?;
    let name = "dev-broken-edit";
    browser.run("page.open", &json!({ "page": name, "url": dev.url() }))?;
    browser.run("page.shows", &json!({ "page": name, "selector": "h1", "texts": ["One"] }))?;
    dev.edit("value: 1", "value: valeu")?;
    browser.run("page.contains", &json!({ "page": name, "text": "E0201" }))?;
    let printed = wait::until(SOON, || Some(dev.program.printed()).filter(|printed| printed.contains("E0201")));
    holds("the terminal shows it", printed.is_some())?;
    same("the old program serves", dev.value()?, 1)?;
    dev.edit("value: valeu", "value: 5")?;
    dev.wait_for_value(5)?;
    browser.run("page.gone", &json!({ "page": name, "text": "E0201" }))?;
    browser.run("page.close", &json!({ "page": name })).map(drop)
}

fn broken_start() -> Result<(), String> {
    let folder = paths::scratch("dev-broken-start");
    let source = folder.join("app.tova");
    fs::write(&source, PROGRAM.replace("value: 1", "value: valeu")).map_err(|error| error.to_string())?;
    let port = free_ports(1);
    let mut program = Program::start(&mut dev(&folder, port)).map_err(|error| error.to_string())?;
    program.wait_for("Not built", FIRST_START)?;
    holds("the terminal shows the error", program.printed().contains("E0201"))?;
    let answer = Request::get("/value").send(port).map_err(|error| error.to_string())?;
    same("who asks too early", answer.status, 503)?;
    let (browser, name) = (browser::shared()?, "dev-broken-start");
    browser.run("page.open", &json!({ "page": name, "url": format!("http://localhost:{port}/") }))?;
    browser.run("page.contains", &json!({ "page": name, "text": "E0201" }))?;
    let load = Load::start_expecting(503, port, &Request::get("/other"), 1);
    fs::write(&source, PROGRAM).map_err(|error| error.to_string())?;
    program.wait_for("server process(es) running", FIRST_START)?;
    // The page loads itself again in the middle of a question.
    let shown = json!({ "page": name, "selector": "h1", "texts": ["One"] });
    let shown = wait::until(SOON, || browser.run("page.shows", &shown).ok());
    holds("the page is the program's", shown.is_some())?;
    browser.run("page.close", &json!({ "page": name }))?;
    let refused: Vec<String> = load.stop().failures.into_iter().filter(|failure| failure.contains("refused")).collect();
    same("refused connections", refused, Vec::new())
}

fn signals() -> Result<(), String> {
    for (name, signal) in [("int", Signal::INT), ("term", Signal::TERM)] {
        let mut dev = Dev::start(&format!("signal-{name}"))?;
        let children = descendants(dev.program.id());
        holds("there is a server process", !children.is_empty())?;
        dev.program.signal(signal);
        dev.program.wait(Duration::from_secs(8)).ok_or(format!("{name}: still running after eight seconds"))?;
        let left = wait::until(Duration::from_secs(2), || {
            let left: BTreeSet<u32> = children.iter().copied().filter(|child| is_running(*child)).collect();
            left.is_empty().then_some(())
        });
        holds(&format!("{name}: children are left of {children:?}"), left.is_some())?;
        holds("nobody listens", TcpListener::bind(("127.0.0.1", dev.port)).is_ok())?;
    }
    Ok(())
}

fn crash() -> Result<(), String> {
    let dev = Dev::start("crash")?;
    let before = descendants(dev.program.id());
    for child in &before {
        kill(*child);
    }
    dev.wait_for_value(1)?;
    let after = descendants(dev.program.id());
    holds(&format!("another process than {before:?}: {after:?}"), !after.is_empty() && after.is_disjoint(&before))
}

fn taken_port() -> Result<(), String> {
    let port = free_ports(1);
    let _owner = TcpListener::bind(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    let folder = paths::scratch("dev-taken");
    fs::write(folder.join("app.tova"), PROGRAM).map_err(|error| error.to_string())?;
    let mut program = Program::start(&mut dev(&folder, port)).map_err(|error| error.to_string())?;
    let status = program.wait(FIRST_START).ok_or("still running although the port is taken")?;
    let printed = program.printed();
    holds("the start fails", !status.success())?;
    holds(&printed, printed.contains(&port.to_string()) && !printed.contains("panicked"))
}
