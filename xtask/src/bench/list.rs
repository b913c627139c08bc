//! A list of 1,000 rows, beside the same page in JavaScript by hand.

use std::fs;
use std::time::Duration;

use serde_json::json;
use tova_tests::process::{Program, free_ports};
use tova_tests::{browser, paths};

use super::Tova;
use super::table::Figure;

/// Script time of each operation, the pages side by side in one Chromium.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let folder = paths::scratch("bench-list");
    let list = paths::root().join("benches/list");
    fs::copy(list.join("app.tova"), folder.join("app.tova")).map_err(|error| error.to_string())?;
    let dist = tova.build(&folder)?;
    for file in ["vanilla.html", "vanilla.js", "frames.html"] {
        fs::copy(list.join(file), dist.join("client").join(file)).map_err(|error| error.to_string())?;
    }
    let port = free_ports(1);
    let mut server = paths::command("node");
    server.arg(paths::root().join("tests/browser/files.mjs")).arg(dist.join("client")).arg(port.to_string());
    let mut server = Program::start(&mut server).map_err(|error| error.to_string())?;
    server.wait_for_port(port, Duration::from_secs(5))?;

    let origin = format!("http://localhost:{port}");
    let frames = json!({ "tova": "index.html", "vanilla": "vanilla.html" });
    let question = json!({ "origin": origin, "frames": frames, "base": "vanilla", "rounds": 100 });
    let results = browser::shared()?.run("list.measure", &question)?;
    let mut figures = Vec::new();
    for operation in ["create", "prepend", "swap", "clear"] {
        let time = |page: &str| results[operation][page]["time"].as_f64().unwrap_or(f64::NAN);
        let ratio = results[operation]["tova"]["ratio"].as_f64().unwrap_or(f64::NAN);
        let figure = Figure::at_most(format!("1,000 rows: {operation}"), ratio, 1.15, "×");
        figures.push(figure.of(&format!("Tova {:.3} ms, vanilla {:.3} ms", time("tova"), time("vanilla"))));
    }
    Ok(figures)
}
