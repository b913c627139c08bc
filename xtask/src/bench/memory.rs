//! What an idle server needs.

use std::fs;
use std::time::Duration;

use tova_tests::http::Request;
use tova_tests::paths;
use tova_tests::process::free_ports;

use super::Tova;
use super::requests::Service;
use super::table::Figure;

/// Resident memory of the todo example's server after a few requests.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let folder = paths::copy_of_example("todo", "bench-memory");
    let dist = tova.build(&folder)?;
    let service = Service::start("tova", paths::command(dist.join("server")), &folder, free_ports(1))?;
    for _ in 0..10 {
        Request::rpc("list_todos", &serde_json::json!([])).send(service.port).map_err(|error| error.to_string())?;
    }
    std::thread::sleep(Duration::from_secs(1));
    let status =
        fs::read_to_string(format!("/proc/{}/status", service.program.id())).map_err(|error| error.to_string())?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse::<f64>().ok());
    let mebibytes = kilobytes.ok_or("no VmRSS")? / 1024.0;
    Ok(vec![Figure::at_most("idle memory of a server", mebibytes, 10.0, "MiB")])
}
