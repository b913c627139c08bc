//! `tests/pages`: small pages without servers, built, and driven by the scenario of the same name.

use std::fs;
use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::json;
use tova_tests::process::{Program, free_ports};
use tova_tests::{browser, paths};

use crate::app::run;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("pages: lists keep nodes and state", || page("list", "list")),
        trial("pages: lists move what must move", || page("list", "moves")),
        trial("pages: branches", || page("branch", "branch")),
        trial("pages: a fault takes nothing else away", || page("faults", "faults")),
        trial("pages: effects", || page("effects", "effects")),
        trial("pages: attributes", || page("attributes", "attributes")),
        trial("pages: events", || page("events", "events")),
        trial("pages: values", || page("values", "values")),
    ]
}

fn page(name: &str, scenario: &str) -> Result<(), String> {
    let folder = paths::scratch(&format!("page-{scenario}"));
    let source = paths::root().join("tests/pages").join(format!("{name}.tova"));
    fs::copy(source, folder.join("app.tova")).map_err(|error| error.to_string())?;
    let mut command = paths::tova_command(["build", "app.tova", "--quick", "--output", "dist"]);
    run(command.current_dir(&folder))?;
    let port = free_ports(1);
    let mut server = paths::command("node");
    server.arg(paths::root().join("tests/browser/files.mjs")).arg(folder.join("dist/client")).arg(port.to_string());
    let mut server = Program::start(&mut server).map_err(|error| error.to_string())?;
    server.wait_for_port(port, Duration::from_secs(5))?;
    let url = format!("http://localhost:{port}/");
    browser::shared()?.run(&format!("views.{scenario}"), &json!({ "url": url })).map(drop)
}
