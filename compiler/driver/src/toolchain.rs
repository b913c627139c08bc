//! The Rust toolchain of this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Problem;

/// The oldest Rust that generated crates and the runtime build with.
const FLOOR: (u32, u32) = (1, 95);

/// Where the tools are, and which they are.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler itself, not the proxy of rustup.
    pub(crate) rustc: PathBuf,
    /// Cargo itself.
    pub(crate) cargo: PathBuf,
    /// Where the standard library is.
    pub(crate) sysroot: PathBuf,
    /// What `rustc -vV` says: the identity of everything that it compiles.
    pub(crate) version: String,
}

impl Toolchain {
    /// Finds `rustc`, `cargo` and a linker.
    ///
    /// # Errors
    /// One problem that names everything missing, with the cure of each.
    pub fn find() -> Result<Self, Problem> {
        check_present()?;
        let sysroot = PathBuf::from(ask("rustc", &["--print", "sysroot"])?);
        let direct = |name: &str| {
            let path = sysroot.join("bin").join(name);
            if path.is_file() { path } else { PathBuf::from(name) }
        };
        let (rustc, cargo) = (direct("rustc"), direct("cargo"));
        let version = ask(&rustc, &["-vV"])?;
        check_version(&version)?;
        Ok(Self { rustc, cargo, sysroot, version })
    }

    /// The folder that holds the dynamic standard library.
    pub(crate) fn std_dir(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(self.host()).join("lib")
    }

    /// The machine that it compiles for: `x86_64-unknown-linux-gnu`.
    pub(crate) fn host(&self) -> &str {
        self.version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default()
    }
}

/// All tools that are missing, in one problem.
fn check_present() -> Result<(), Problem> {
    let rust: Vec<&str> = ["rustc", "cargo"].into_iter().filter(|tool| on_path(tool).is_none()).collect();
    let linker = if on_path("cc").is_none() { vec!["cc"] } else { Vec::new() };
    let mut cures = Vec::new();
    if !rust.is_empty() {
        cures.push("Rust (rustc, cargo): https://rustup.rs, or `curl --proto '=https' -sSf https://sh.rustup.rs | sh`");
    }
    if !linker.is_empty() {
        cures.push(if cfg!(target_os = "macos") {
            "a C compiler (cc): `xcode-select --install`"
        } else {
            "a C compiler (cc): `apt install build-essential`, `dnf install gcc` or `pacman -S gcc`"
        });
    }
    if cures.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = rust.iter().chain(&linker).map(|tool| format!("`{tool}`")).collect();
    let verb = if missing.len() == 1 { "is" } else { "are" };
    Err(Problem::new(format!("servers are compiled with Rust, and {} {verb} not installed", missing.join(" and ")))
        .help(format!("install {}", cures.join("\n"))))
}

fn on_path(tool: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(tool)).find(|file| file.is_file())
}

/// The trimmed output of a tool.
fn ask(tool: impl AsRef<Path>, args: &[&str]) -> Result<String, Problem> {
    let tool = tool.as_ref();
    let failed = |why: String| {
        Problem::new(format!("`{} {}` failed: {why}", tool.display(), args.join(" ")))
            .help("check the Rust installation: `rustup show`, or install it from https://rustup.rs")
    };
    let output = Command::new(tool).args(args).output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn check_version(version: &str) -> Result<(), Problem> {
    let release = version.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or_default();
    let mut numbers = release.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found >= FLOOR {
        return Ok(());
    }
    let (major, minor) = FLOOR;
    Err(Problem::new(format!("Rust {major}.{minor} or newer is needed, found {release}"))
        .help("`rustup update stable`"))
}

#[cfg(test)]
mod tests {
    use super::check_version;

    #[test]
    fn old_compilers_are_named() {
        assert!(check_version("rustc 1.95.0\nrelease: 1.95.0\n").is_ok());
        assert!(check_version("release: 2.0.0-nightly").is_ok());
        let problem = check_version("release: 1.80.1").expect_err("too old");
        assert_eq!(problem.message, "Rust 1.95 or newer is needed, found 1.80.1");
    }
}
