//! `examples/counter`: a page without a server.

use libtest_mimic::Trial;
use serde_json::json;
use std::fs;
use std::time::Duration;

use tova_tests::process::{Program, free_ports};
use tova_tests::{browser, paths};

use crate::app::example;
use crate::{holds, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("counter: the build is a page alone", page_alone), trial("counter: clicks in the browser", clicks)]
}

fn page_alone() -> Result<(), String> {
    let client = example("counter")?.client();
    let page = fs::read_to_string(client.join("index.html")).map_err(|error| error.to_string())?;
    holds("the page loads a module script", page.contains("type=\"module\""))?;
    let modules = paths::files_below(&client, "wasm");
    holds(&format!("one module: {modules:?}"), modules.len() == 1)
}

fn clicks() -> Result<(), String> {
    let folder = paths::copy_of_example("counter", "dev-counter-clicks");
    let port = free_ports(1);
    let mut command = paths::tova_command(["dev", ".", "--port", &port.to_string()]);
    let mut dev = Program::start(command.current_dir(&folder)).map_err(|error| error.to_string())?;
    dev.wait_for_port(port, Duration::from_secs(60))?;
    let url = format!("http://localhost:{port}/");
    browser::shared()?.run("counter.clicks", &json!({ "url": url })).map(drop)
}
