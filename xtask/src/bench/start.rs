//! From a fresh clone to a running dashboard.

use std::env;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tova_tests::paths;
use tova_tests::process::Program;

use super::Tova;
use super::table::Figure;
use crate::run::{command, pass, say};

/// The README's first command in a clone, with a home that has no cache.
pub(crate) fn measure(_: &Tova) -> Result<Vec<Figure>, String> {
    for port in [3000, 3001] {
        TcpListener::bind(("127.0.0.1", port)).map_err(|_| format!("port {port} is taken"))?;
    }
    let folder = paths::scratch("bench-start");
    let (clone, home) = (folder.join("clone"), folder.join("home"));
    std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    pass(command("git").args(["clone", "-q", "."]).arg(&clone))?;
    let first = serving(&mut readme(&clone, &home))?;
    let second = serving(&mut dev(&clone, &home))?;
    Ok(vec![
        Figure::at_most("fresh clone → dashboard serving", first / 60.0, 5.0, "min"),
        Figure::at_most("second start", second, 1.0, "s"),
    ])
}

fn readme(clone: &Path, home: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "-p", "tova-cli", "--", "dev", "examples/dashboard"]);
    at_home(cargo, clone, home)
}

fn dev(clone: &Path, home: &Path) -> Command {
    let mut tova = Command::new(clone.join("target/release/tova"));
    tova.args(["dev", "examples/dashboard"]);
    at_home(tova, clone, home)
}

/// The toolchain stays; every cache is empty.
fn at_home(mut command: Command, clone: &Path, home: &Path) -> Command {
    let real = env::var_os("HOME").unwrap_or_default();
    let rustup = env::var_os("RUSTUP_HOME").unwrap_or_else(|| Path::new(&real).join(".rustup").into());
    command.current_dir(clone).env("HOME", home).env("RUSTUP_HOME", rustup).env("CARGO_HOME", home.join(".cargo"));
    for variable in ["CARGO_TARGET_DIR", "XDG_CACHE_HOME", "RUSTFLAGS", "CARGO"] {
        command.env_remove(variable);
    }
    command
}

/// Seconds until the page is served.
fn serving(command: &mut Command) -> Result<f64, String> {
    let start = Instant::now();
    let mut program = Program::start(command).map_err(|error| error.to_string())?;
    program.wait_for("-> server:events: http://localhost:3001", Duration::from_secs(1200))?;
    program.wait_for_port(3000, Duration::from_secs(5))?;
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("serving after {seconds:.1} s"));
    Ok(seconds)
}
