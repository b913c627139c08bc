//! What the tests need and a fresh machine lacks.

use std::fs;
use std::path::Path;

use tova_tests::paths;

use crate::editors;
use crate::run::{command, output, pass, say};

/// A Node that runs WasmGC; a distribution's own is often too old.
const NODE: &str = "26.10.0";
/// Drives the browser.
const PLAYWRIGHT: &str = "1.65.1";
/// The newest Bun that the benchmarks compare with.
const BUN: &str = "1.4.5";

/// Installs Chromium by the system's packages, Node and what runs on it into the folders where it is used.
pub(crate) fn setup() -> Result<(), String> {
    if paths::find_program(&["chromium", "chromium-browser", "google-chrome"]).is_none() {
        apt(&["chromium"])?;
    }
    node()?;
    npm_packages(&[("playwright-core", PLAYWRIGHT)])?;
    editors::packages()
}

/// Installs npm by the system's packages, and with it Node into the build folder.
pub(crate) fn node() -> Result<(), String> {
    if paths::find_program(&["npm"]).is_none() {
        apt(&["nodejs", "npm"])?;
    }
    npm_packages(&[("node", NODE)])?;
    let node = output(command("node").arg("--version"))?;
    if node.trim() != format!("v{NODE}") {
        return Err(format!("the installed Node says it is {}, not v{NODE}", node.trim()));
    }
    Ok(())
}

/// Installs Bun for the benchmarks; `false` if this machine cannot have it.
pub(crate) fn bun() -> bool {
    npm_packages(&[("bun", BUN)]).is_ok() && output(command("bun").arg("--version")).is_ok()
}

fn apt(packages: &[&str]) -> Result<(), String> {
    say(&format!("Installing {} (Debian packages); the tests need it", packages.join(" and ")));
    let quiet = ["-y", "-q"];
    pass(command("apt-get").arg("update").args(quiet))?;
    // Recommended packages of a browser are printers, fonts and a desktop: three times the size.
    pass(command("apt-get").arg("install").args(quiet).arg("--no-install-recommends").args(packages))
}

/// Installs npm packages into the build folder unless they are there in these versions.
fn npm_packages(packages: &[(&str, &str)]) -> Result<(), String> {
    let folder = paths::tools();
    let missing: Vec<String> = packages
        .iter()
        .filter(|(name, version)| installed(&folder, name).as_deref() != Some(version))
        .map(|(name, version)| format!("{name}@{version}"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("Installing {} (npm packages) into {}", missing.join(" and "), folder.display()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // Without a manifest of its own npm would look for one in the folders above.
    let manifest = folder.join("package.json");
    if !manifest.exists() {
        fs::write(&manifest, "{ \"private\": true }\n").map_err(|error| error.to_string())?;
    }
    pass(
        command("npm").args(["install", "--no-audit", "--no-fund", "--save-exact"]).args(&missing).current_dir(&folder),
    )
}

fn installed(folder: &Path, package: &str) -> Option<String> {
    let manifest = fs::read_to_string(folder.join("node_modules").join(package).join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}
