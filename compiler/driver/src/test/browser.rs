//! A page with tests in it, and the browser that shows it.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;

use super::page_server::PageServer;
use super::runner::Started;
use super::servers::Servers;
use crate::process::Guarded;
use crate::{Problem, files};

/// Names under which browsers of this kind are installed.
const BROWSERS: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell"];

/// What a browser is started with: no window, nothing of its own to do.
const ARGUMENTS: [&str; 13] = [
    "--headless",
    // The page is the user's own program, and in containers there is no sandbox to have.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
];

/// A page with tests.
#[derive(Debug)]
pub(super) struct Page {
    browser: PathBuf,
    /// Where browsers keep what they need while they run.
    profiles: PathBuf,
    server: PageServer,
}

impl Page {
    /// A page of these files, paths with their first `/`.
    pub(super) fn new(files: Vec<(String, Vec<u8>)>, profiles: PathBuf, servers: Servers) -> Result<Self, Problem> {
        Ok(Self { browser: find_browser()?, profiles, server: PageServer::start(files, servers)? })
    }

    /// Starts a browser that runs the tests of these numbers.
    pub(super) fn start(&self, numbers: &[String], mark: &str) -> Result<Started, Problem> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (sender, lines) = mpsc::channel();
        self.server.tell(sender, mark);
        files::remove_dir(&self.profiles)?;
        let profile = self.profiles.join(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
        let mut command = Command::new(&self.browser);
        command
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("http://{}/#{}", self.server.address(), numbers.join(",")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = Guarded::spawn(&mut command).map_err(|error| Problem::io("start", &self.browser, &error))?;
        Ok(Started { child, lines })
    }
}

/// The browser of this machine.
pub(crate) fn find_browser() -> Result<PathBuf, Problem> {
    if let Some(named) = std::env::var_os("TOVA_BROWSER").filter(|name| !name.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let apps = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let installed = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    installed.chain(apps.map(PathBuf::from)).find(|file| file.is_file()).ok_or_else(|| {
        Problem::new("tests of components run in Chromium, and there is none on this machine").help(
            "install it: `apt install chromium`, `dnf install chromium` or https://www.google.com/chrome; or name one by TOVA_BROWSER=PATH",
        )
    })
}
