//! One Chromium for a whole test run, driven by `tests/browser/driver.mjs`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::paths;

/// A browser that runs scenarios, one after the other.
pub struct Browser {
    driver: Mutex<Driver>,
}

struct Driver {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The browser of this process, started when it is first asked for.
///
/// # Errors
/// If Node, its library or Chromium is missing.
pub fn shared() -> Result<&'static Browser, String> {
    static BROWSER: OnceLock<Result<Browser, String>> = OnceLock::new();
    BROWSER.get_or_init(Browser::start).as_ref().map_err(Clone::clone)
}

impl Browser {
    /// Starts the driver, which starts Chromium.
    ///
    /// # Errors
    /// If Node, its library or Chromium is missing.
    pub fn start() -> Result<Self, String> {
        let chromium = paths::find_program(&["chromium", "chromium-browser", "google-chrome"])
            .ok_or("no Chromium on this machine; `cargo xtask setup` installs it")?;
        if !paths::tools().join("node_modules/playwright-core").is_dir() {
            return Err("no browser driver in the build folder; `cargo xtask setup` installs it".to_owned());
        }
        // The driver ends when its standard input does, so it cannot outlive the test process.
        let mut child = paths::command("node")
            .arg(paths::root().join("tests/browser/driver.mjs"))
            .env("TOVA_TOOLS", paths::tools())
            .env("CHROMIUM", chromium)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("node does not start: {error}"))?;
        let questions = child.stdin.take().ok_or("the driver has no standard input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("the driver has no standard output")?);
        Ok(Self { driver: Mutex::new(Driver { child, questions, answers }) })
    }

    /// Runs a scenario, `file.function`, and returns what it returns.
    ///
    /// # Errors
    /// What the scenario found wrong.
    pub fn run(&self, scenario: &str, arguments: &Value) -> Result<Value, String> {
        let mut driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        let question = json!({ "run": scenario, "arguments": arguments });
        writeln!(driver.questions, "{question}").map_err(|error| format!("the driver is gone: {error}"))?;
        let mut line = String::new();
        driver.answers.read_line(&mut line).map_err(|error| format!("the driver is gone: {error}"))?;
        let mut answer: Value =
            serde_json::from_str(&line).map_err(|_| format!("the driver said {line:?} to {scenario}"))?;
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(format!("{scenario}: {error}")),
            None => Ok(answer.get_mut("value").map(Value::take).unwrap_or_default()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let driver = self.driver.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = driver.questions.write_all(b"{\"run\":\"exit\"}\n");
        let _ = driver.child.wait();
    }
}
