//! From saving a file to its effect, under `tova dev`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use tova_tests::http::Request;
use tova_tests::load::Load;
use tova_tests::process::{Program, free_ports};
use tova_tests::{browser, paths, wait};

use super::table::Figure;
use super::{Tova, check, generate, median};

const ROUNDS: usize = 15;
/// Time for the watcher and the machine to calm down between two edits.
const PAUSE: Duration = Duration::from_millis(400);

/// Edits of the dashboard.
pub(crate) fn measure(tova: &Tova) -> Result<Vec<Figure>, String> {
    let source = dashboard()?;
    let times = Session::start(tova, "dashboard", &source)?.measure("/api/users")?;
    Ok(vec![
        Figure::at_most("client edit → page updated", times.client, 100.0, "ms"),
        Figure::at_most("server edit → new code answers", times.server, 350.0, "ms"),
        Figure::at_most("requests that failed meanwhile", times.failures as f64, 0.0, "")
            .of(&format!("{} answered", times.answered)),
    ])
}

/// The same on a program ten times as long.
pub(crate) fn measure_scale(tova: &Tova) -> Result<Vec<Figure>, String> {
    let small = dashboard()?;
    let large = generate::many_dashboards(10 * small.lines().count());
    let growth = large.lines().count() as f64 / small.lines().count() as f64;
    let before = Session::start(tova, "scale-1", &small)?.measure("/api/users")?;
    let after = Session::start(tova, "scale-10", &large)?.measure("/api/users0")?;
    let checks = |source: &str| -> Result<f64, String> {
        let path = paths::scratch("bench-scale").join("app.tova");
        fs::write(&path, source).map_err(|error| error.to_string())?;
        check::check_time(tova, &path.display().to_string())
    };
    let (check_small, check_large) = (checks(&small)?, checks(&large)?);
    let parts = |before: f64, after: f64| format!("{before:.0} → {after:.0} ms");
    Ok(vec![
        Figure::at_most(format!("{growth:.1} × the lines: check"), check_large / check_small, growth, "×")
            .of(&parts(check_small, check_large)),
        Figure::at_most(format!("{growth:.1} × the lines: client edit"), after.client / before.client, 2.0, "×")
            .of(&parts(before.client, after.client)),
        Figure::at_most(format!("{growth:.1} × the lines: server edit"), after.server / before.server, 2.0, "×")
            .of(&parts(before.server, after.server)),
    ])
}

fn dashboard() -> Result<String, String> {
    fs::read_to_string(paths::root().join("examples/dashboard/app.tova")).map_err(|error| error.to_string())
}

/// Medians in milliseconds, and what became of the requests beside the server edits.
struct Times {
    client: f64,
    server: f64,
    answered: usize,
    failures: usize,
}

/// A running `tova dev`.
struct Session {
    program: Program,
    source: PathBuf,
    port: u16,
    page: String,
}

impl Session {
    fn start(tova: &Tova, name: &str, source: &str) -> Result<Self, String> {
        let folder = paths::scratch(&format!("bench-edits-{name}"));
        let path = folder.join("app.tova");
        let port = free_ports(2);
        // The page connects to the second server wherever that is.
        let source = source.replace("localhost:3001", &format!("localhost:{}", port + 1));
        fs::write(&path, source).map_err(|error| error.to_string())?;
        let mut command = tova.command(["dev", ".", "--port", &port.to_string()]);
        let mut program = Program::start(command.current_dir(&folder)).map_err(|error| error.to_string())?;
        program.wait_for("-> server:events", Duration::from_secs(900))?;
        Ok(Self { program, source: path, port, page: format!("bench-{name}") })
    }

    /// Edits the page, then the middleware that refuses requests to `path`.
    fn measure(&self, path: &str) -> Result<Times, String> {
        let url = format!("http://localhost:{}/", self.port);
        browser::shared()?.run("page.open", &json!({ "page": self.page, "url": url }))?;
        let client = self.client_edits()?;
        browser::shared()?.run("page.close", &json!({ "page": self.page }))?;
        let request = Request::get(path);
        let load = Load::start_expecting(401, self.port, &request, 4);
        let server = self.server_edits(&request);
        let tally = load.stop();
        Ok(Times { client, server: server?, answered: tally.answered, failures: tally.failures.len() })
    }

    fn client_edits(&self) -> Result<f64, String> {
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            let heading = format!("Dashboard {round}");
            let page = json!({ "page": self.page, "selector": "h1", "text": heading });
            browser::shared()?.run("edits.watch", &page)?;
            let saved = self.replace("<h1>\"", "\"</h1>", &heading)?;
            let seen = browser::shared()?.run("edits.seen", &page).map_err(|error| self.told(&error))?;
            times.push(seen.as_f64().unwrap_or(f64::NAN) - saved);
            std::thread::sleep(PAUSE);
        }
        Ok(median(&mut times))
    }

    fn server_edits(&self, request: &Request) -> Result<f64, String> {
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            let answer = format!("Unauthorized {round}");
            self.replace("return { error: \"", "\" }\n    }\n    req.user", &answer)?;
            let saved = Instant::now();
            wait::until(Duration::from_secs(20), || {
                request.send(self.port).ok().filter(|found| found.text().contains(&answer))
            })
            .ok_or_else(|| self.told("the edit never arrived"))?;
            times.push(saved.elapsed().as_secs_f64() * 1000.0);
            std::thread::sleep(PAUSE);
        }
        Ok(median(&mut times))
    }

    /// Replaces what stands between two texts, and returns when, in milliseconds since 1970.
    fn replace(&self, before: &str, after: &str, new: &str) -> Result<f64, String> {
        let text = fs::read_to_string(&self.source).map_err(|error| error.to_string())?;
        let (head, rest) = text.split_once(before).ok_or(format!("no {before} in the program"))?;
        let (_, tail) = rest.split_once(after).ok_or(format!("no {after} in the program"))?;
        save(&self.source, &format!("{head}{before}{new}{after}{tail}"))
    }

    fn told(&self, error: &str) -> String {
        format!("{error}\n{}", self.program.printed())
    }
}

fn save(path: &Path, text: &str) -> Result<f64, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| error.to_string())?;
    Ok(now.as_secs_f64() * 1000.0)
}
