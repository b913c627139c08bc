//! A list of 1,000 rows, beside the same page in JavaScript by hand.

use std::fs;
use std::time::Duration;

use serde_json::json;
use tova_tests::process::{Program, free_ports};
use tova_tests::{browser, paths};

use super::Tova;
use super::table::Figure;

/// Script time of each operation in one Chromium, the pages in turns.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let folder = paths::scratch("bench-list");
    let list = paths::root().join("benches/list");
    fs::copy(list.join("app.tova"), folder.join("app.tova")).map_err(|error| error.to_string())?;
    let dist = tova.build(&folder)?;
    for file in ["vanilla.html", "vanilla.js"] {
        fs::copy(list.join(file), dist.join("client").join(file)).map_err(|error| error.to_string())?;
    }
    let port = free_ports(1);
    let mut server = paths::command("node");
    server.arg(paths::root().join("tests/browser/files.mjs")).arg(dist.join("client")).arg(port.to_string());
    let mut server = Program::start(&mut server).map_err(|error| error.to_string())?;
    server.wait_for_port(port, Duration::from_secs(5))?;

    let address = format!("http://localhost:{port}");
    let pages = json!({ "tova": format!("{address}/index.html"), "vanilla": format!("{address}/vanilla.html") });
    let times = browser::shared()?.run("list.measure", &json!({ "pages": pages, "rounds": 30 }))?;
    let mut figures = Vec::new();
    for operation in ["create", "prepend", "swap", "clear"] {
        let time = |page: &str| times[page][operation].as_f64().unwrap_or(f64::NAN);
        let (ours, theirs) = (time("tova"), time("vanilla"));
        let figure = Figure::at_most(format!("1,000 rows: {operation}"), ours / theirs, 1.15, "×");
        figures.push(figure.of(&format!("Tova {ours:.3} ms, vanilla {theirs:.3} ms")));
    }
    Ok(figures)
}
