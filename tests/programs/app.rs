//! Examples, built once a run and started by many tests.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tova_tests::http::{Request, Response};
use tova_tests::paths;
use tova_tests::process::{Program, free_ports};

/// The secret of every server that these tests start.
const SECRET: &str = "a secret for tests, long enough to be one";

/// A built program.
pub(crate) struct App {
    name: String,
    dist: PathBuf,
}

/// A running server of a program.
pub(crate) struct Server {
    pub(crate) program: Program,
    pub(crate) port: u16,
    folder: PathBuf,
}

/// The example of this name, built with `tova build --quick` when it is first asked for.
pub(crate) fn example(name: &str) -> Result<Arc<App>, String> {
    type Slot = Arc<OnceLock<Result<Arc<App>, String>>>;
    static BUILT: Mutex<Option<HashMap<String, Slot>>> = Mutex::new(None);
    let slot = {
        let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(built.get_or_insert_default().entry(name.to_owned()).or_default())
    };
    slot.get_or_init(|| build(name).map(Arc::new)).clone()
}

fn build(name: &str) -> Result<App, String> {
    let folder = paths::copy_of_example(name, &format!("build-{name}"));
    let dist = folder.join("dist");
    let mut command = paths::tova_command(["build", "app.tova", "--quick", "--output", "dist"]);
    run(command.current_dir(&folder))?;
    Ok(App { name: name.to_owned(), dist })
}

/// Runs a command to its end and returns its standard output.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{command:?}: {}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// A token that the servers of these tests accept.
pub(crate) fn token() -> Result<String, String> {
    let mut command = paths::tova_command(["token", "--sub", "ada"]);
    command.env("AUTH_SECRET", SECRET).current_dir(paths::root().join("examples/dashboard"));
    Ok(run(&mut command)?.trim().to_owned())
}

impl App {
    /// The page's files.
    pub(crate) fn client(&self) -> PathBuf {
        self.dist.join("client")
    }

    /// The binary of a server; an unnamed server's is called `server`.
    pub(crate) fn binary(&self, server: &str) -> Result<PathBuf, String> {
        let path = self.dist.join(server);
        if path.is_file() {
            return Ok(path);
        }
        let found: Vec<String> = paths_in(&self.dist).iter().map(|path| path.display().to_string()).collect();
        Err(format!("no binary `{server}` of {} among {}", self.name, found.join(", ")))
    }

    /// Starts a server on a port of its own, in an empty folder of this name, and waits until it listens.
    pub(crate) fn start(&self, server: &str, test: &str) -> Result<Server, String> {
        self.start_on(server, test, free_ports(1))
    }

    /// Starts a server on this port.
    pub(crate) fn start_on(&self, server: &str, test: &str, port: u16) -> Result<Server, String> {
        let folder = paths::scratch(&format!("run-{test}-{server}"));
        self.start_in(server, &folder, port)
    }

    /// Starts a server on this port in a folder that may hold a database.
    pub(crate) fn start_in(&self, server: &str, folder: &Path, port: u16) -> Result<Server, String> {
        let mut command = self.command(server, folder, port)?;
        let mut program = Program::start(&mut command).map_err(|error| error.to_string())?;
        program.wait_for_port(port, Duration::from_secs(10))?;
        let server = Server { program, port, folder: folder.to_owned() };
        // Until its start is over, it answers 503 to everything but `/health`.
        tova_tests::wait::until(Duration::from_secs(10), || {
            server.ask(&Request::get("/ready")).ok().filter(|answer| answer.status == 200)
        })
        .ok_or_else(|| format!("never ready; printed:\n{}", server.program.printed()))?;
        Ok(server)
    }

    /// The command that starts a server.
    pub(crate) fn command(&self, server: &str, folder: &Path, port: u16) -> Result<Command, String> {
        let mut command = paths::command(self.binary(server)?);
        command.current_dir(folder).env("HOST", "127.0.0.1").env("AUTH_SECRET", SECRET);
        let variable = if server == "server" { "PORT".to_owned() } else { format!("PORT_{}", server.to_uppercase()) };
        command.env(variable, port.to_string());
        Ok(command)
    }
}

impl Server {
    /// Asks over a connection of its own.
    pub(crate) fn ask(&self, request: &Request) -> Result<Response, String> {
        request.send(self.port).map_err(|error| format!("{error}; the server printed:\n{}", self.program.printed()))
    }

    /// The address of the page.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }

    /// The folder in which it runs.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

fn paths_in(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
