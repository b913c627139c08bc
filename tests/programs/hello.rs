//! `examples/hello`: one server, one route.

use libtest_mimic::Trial;
use serde_json::json;
use std::net::TcpListener;
use std::time::Duration;

use rustix::process::Signal;
use tova_tests::http::{Connection, Request};
use tova_tests::process::{Program, free_ports};
use tova_tests::{paths, wait};

use crate::app::example;
use crate::{holds, same, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("hello: the route answers", answers),
        trial("hello: SIGTERM lets the running request finish", drains),
        trial("hello: a taken port is one clear line", taken_port),
    ]
}

fn answers() -> Result<(), String> {
    let server = example("hello")?.start("server", "hello-answers")?;
    let answer = server.ask(&Request::get("/hello/Ada%20L%C3%B6"))?;
    same("status", answer.status, 200)?;
    same("body", answer.json(), json!({ "message": "Hello, Ada Lö!" }))?;
    same("type", answer.header("content-type"), Some("application/json"))?;
    holds("a request id", answer.header("x-request-id").is_some_and(|id| !id.is_empty()))?;

    let missing = server.ask(&Request::get("/helo/Ada"))?;
    same("unknown path", (missing.status, missing.json()["error"]["code"].as_str()), (404, Some("NOT_FOUND")))?;
    let wrong = server.ask(&Request::post_json("/hello/Ada", "{}"))?;
    same("unknown method", wrong.status, 405)?;
    same("health", server.ask(&Request::get("/health"))?.status, 200)?;

    // Log lines are written in batches.
    let line = wait::until(Duration::from_secs(2), || {
        server.program.printed().lines().find(|line| line.contains("/helo/Ada")).map(ToOwned::to_owned)
    });
    let line = line.ok_or_else(|| format!("no log line in:\n{}", server.program.printed()))?;
    let line: serde_json::Value = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
    same("logged status", &line["status"], &json!(404))
}

fn drains() -> Result<(), String> {
    let mut server = example("hello")?.start("server", "hello-drains")?;
    let mut running = Connection::open(server.port).map_err(|error| error.to_string())?;
    let request = Request::get("/hello/late").bytes();
    let (first, rest) = request.split_at(20);
    running.send_bytes(first).map_err(|error| error.to_string())?;
    std::thread::sleep(Duration::from_millis(100));
    server.program.signal(Signal::TERM);
    std::thread::sleep(Duration::from_millis(100));
    running.send_bytes(rest).map_err(|error| error.to_string())?;
    let answer = running.read().map_err(|error| format!("the running request got no answer: {error}"))?;
    same("the running request", answer.status, 200)?;
    let status = server.program.wait(Duration::from_secs(6)).ok_or("still running six seconds after SIGTERM")?;
    holds("it ends well", status.success())?;
    holds("nobody listens any more", Connection::open(server.port).is_err())
}

fn taken_port() -> Result<(), String> {
    let port = free_ports(1);
    let _owner = TcpListener::bind(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    let app = example("hello")?;
    let folder = paths::scratch("run-hello-taken");
    let mut second = Program::start(&mut app.command("server", &folder, port)?).map_err(|error| error.to_string())?;
    let status = second.wait(Duration::from_secs(5)).ok_or("still running although the port is taken")?;
    holds("the start fails", !status.success())?;
    let printed = second.printed();
    holds(&format!("names the port: {printed}"), printed.contains(&port.to_string()))?;
    holds(&format!("no panic: {printed}"), !printed.contains("panicked"))
}
