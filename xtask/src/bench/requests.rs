//! CPU time of a request, beside hand-written services.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use tova_tests::http::Request;
use tova_tests::process::{Program, free_ports};
use tova_tests::{paths, wait};

use super::table::Figure;
use super::{Tova, median};
use crate::run::{cargo, pass, say};
use crate::setup;

/// Rounds in which every service takes its turn.
const ROUNDS: usize = 7;
/// Requests of one turn.
const REQUESTS: usize = 40_000;
/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;
/// Clock ticks of `/proc` in a second on every Linux.
const TICKS: f64 = 100.0;

const PATHS: &[(&str, &str)] = &[("hello", "/hello"), ("JSON", "/orders/7"), ("100 rows from SQLite", "/items")];

/// A running service.
pub(crate) struct Service {
    name: &'static str,
    /// The process.
    pub(crate) program: Program,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Service {
    /// Starts a service in a folder and waits until it answers.
    pub(crate) fn start(name: &'static str, mut command: Command, folder: &Path, port: u16) -> Result<Self, String> {
        // Nobody logs single requests here: the hand-written services do not either.
        command.current_dir(folder).env("PORT", port.to_string()).env("HOST", "127.0.0.1").env("LOG_LEVEL", "warn");
        command.env("AUTH_SECRET", "a secret for benchmarks, long enough to be one").stderr(Stdio::null());
        let mut program = Program::start(&mut command).map_err(|error| error.to_string())?;
        program.wait_for_port(port, Duration::from_secs(10))?;
        let answers = wait::until(Duration::from_secs(10), || {
            Request::get("/ready").send(port).ok().filter(|answer| answer.status != 503)
        });
        answers.ok_or(format!("{name} never became ready"))?;
        Ok(Self { name, program, port })
    }

    /// CPU seconds that the process has used.
    fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.program.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        // After the name: state is field 0, user time 11, system time 12.
        let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
        (ticks(11) + ticks(12)) / TICKS
    }

    /// Microseconds of CPU time for one request, over a whole turn.
    fn turn(&self, path: &str) -> Result<f64, String> {
        let before = self.cpu();
        ask(self.port, path, REQUESTS)?;
        Ok((self.cpu() - before) / REQUESTS as f64 * 1e6)
    }
}

/// Generated service, axum, and Bun if it is to be had, in turns.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let services = services(tova)?;
    for service in &services {
        fill(service)?;
        compare_answers(&services, service)?;
    }
    let mut figures = Vec::new();
    for (name, path) in PATHS {
        let mut times = vec![Vec::new(); services.len()];
        for _ in 0..ROUNDS {
            for (service, times) in services.iter().zip(&mut times) {
                times.push(service.turn(path)?);
            }
        }
        let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
        let parts: Vec<String> =
            services.iter().zip(&medians).map(|(service, time)| format!("{} {time:.1} µs", service.name)).collect();
        say(&format!("{name}: {}", parts.join(", ")));
        let limits = [("axum", 1.10), ("Bun", 1.0)];
        for (index, (other, limit)) in limits.iter().enumerate().take(services.len() - 1) {
            let ratio = medians.first().unwrap_or(&f64::NAN) / medians.get(index + 1).unwrap_or(&f64::NAN);
            let figure = Figure::at_most(format!("{name}, CPU per request / {other}"), ratio, *limit, "×");
            figures.push(figure.of(&parts.join(", ")));
        }
    }
    Ok(figures)
}

fn services(tova: &Tova) -> Result<Vec<Service>, String> {
    let benches = paths::root().join("benches");
    let own = paths::scratch("bench-service");
    fs::copy(benches.join("service/app.tova"), own.join("app.tova")).map_err(|error| error.to_string())?;
    let dist = tova.build(&own)?;
    let mut services = vec![Service::start("Tova", paths::command(dist.join("server")), &own, free_ports(1))?];

    let target = paths::target().join("benches");
    let manifest = benches.join("axum/Cargo.toml");
    pass(cargo(["build", "--release", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(&target))?;
    let axum = paths::command(target.join("release/tova-bench-axum"));
    services.push(Service::start("axum", axum, &paths::scratch("bench-axum"), free_ports(1))?);

    if setup::bun() {
        let mut bun = paths::command("bun");
        bun.arg(benches.join("bun/server.ts"));
        services.push(Service::start("Bun", bun, &paths::scratch("bench-bun"), free_ports(1))?);
    } else {
        say("no Bun on this machine");
    }
    Ok(services)
}

/// Puts 100 rows into the service's database.
fn fill(service: &Service) -> Result<(), String> {
    for number in 1..=100 {
        let item = format!("{{\"name\":\"Item number {number}\",\"price\":{number}.25,\"stock\":{}}}", number * 3);
        let answer = Request::post_json("/items", &item).send(service.port).map_err(|error| error.to_string())?;
        if answer.status / 100 != 2 {
            return Err(format!("{}: {} {}", service.name, answer.status, answer.text()));
        }
    }
    Ok(())
}

/// A comparison is worth nothing if the answers differ.
fn compare_answers(services: &[Service], service: &Service) -> Result<(), String> {
    for (_, path) in PATHS {
        let ask = |service: &Service| Request::get(path).send(service.port).map_err(|error| error.to_string());
        let first = services.first().ok_or("no service")?;
        let (ours, theirs) = (ask(first)?, ask(service)?);
        if ours.status != 200 || (ours.text() != theirs.text() && first.name != service.name) {
            return Err(format!(
                "{path}: {} says {}, {} says {}",
                first.name,
                ours.text(),
                service.name,
                theirs.text()
            ));
        }
    }
    Ok(())
}

/// Asks this many times over connections that stay open.
fn ask(port: u16, path: &str, requests: usize) -> Result<(), String> {
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
            thread::spawn(move || repeat(port, request.as_bytes(), requests / CONNECTIONS))
        })
        .collect();
    for worker in workers {
        worker.join().map_err(|_| "a client panicked")?.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn repeat(port: u16, request: &[u8], times: usize) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut buffer = vec![0; 64 * 1024];
    for _ in 0..times {
        stream.write_all(request)?;
        read_answer(&mut stream, &mut buffer)?;
    }
    Ok(())
}

/// Reads one answer with a `content-length`, and little else, so that the client stays cheap.
fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    let mut length = 0;
    let mut whole = usize::MAX;
    while length < whole {
        if length == buffer.len() {
            buffer.resize(length * 2, 0);
        }
        let read = stream.read(buffer.get_mut(length..).unwrap_or_default())?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        length += read;
        let bytes = buffer.get(..length).unwrap_or_default();
        if whole == usize::MAX
            && let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).to_ascii_lowercase();
            let body =
                head.split("content-length:").nth(1).and_then(|rest| rest.lines().next()?.trim().parse::<usize>().ok());
            let body = body.ok_or_else(|| std::io::Error::other(format!("no content-length in {head}")))?;
            if !head.starts_with("http/1.1 200") {
                return Err(std::io::Error::other(head));
            }
            whole = end + 4 + body;
        }
    }
    Ok(())
}
