//! Running commands and telling about it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Instant;

use tova_tests::paths;

/// Writes a line for the person who started the chore.
#[expect(clippy::print_stdout, reason = "the chores are a command line tool and this is its voice")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A command that starts in the repository, with our own Node before the machine's.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = paths::command(program);
    command.current_dir(paths::root());
    command
}

/// `cargo` with arguments.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Set by the cargo that runs this program; it would make the inner one rebuild crates that look at it.
    cargo.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
    cargo.args(arguments);
    cargo
}

/// Runs a command; its output goes where ours goes.
pub(crate) fn pass(command: &mut Command) -> Result<(), String> {
    say(&format!("$ {}", shown(command)));
    let status = command.status().map_err(|error| format!("{}: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", shown(command))) }
}

/// Runs a command and returns what it prints on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("{}: {error}", shown(command)))?;
    if !output.status.success() {
        return Err(format!("`{}` failed: {}", shown(command), output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// What became of the tests of a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Tally {
    /// Adds the closing line of a test runner, if it is one.
    pub(crate) fn add_line(&mut self, line: &str) {
        // `test result: ok. 3 passed; 0 failed; …`
        let Some(counts) = line.trim_start().strip_prefix("test result: ") else { return };
        for (count, word) in counts.split([';', '.']).filter_map(|part| part.trim().split_once(' ')) {
            match (count.parse::<usize>(), word) {
                (Ok(count), "passed") => self.passed += count,
                (Ok(count), "failed") => self.failed += count,
                _ => {}
            }
        }
    }
}

/// Runs tests, shows what they print, and counts.
pub(crate) fn tests(name: &str, command: &mut Command) -> Tally {
    say(&format!("\n==> {name}\n$ {}", shown(command)));
    let start = Instant::now();
    let tally = counted(command).unwrap_or_else(|error| {
        say(&format!("error: {error}"));
        Tally { passed: 0, failed: 1 }
    });
    say(&format!(
        "<== {name}: {} passed, {} failed, {:.0} s",
        tally.passed,
        tally.failed,
        start.elapsed().as_secs_f64()
    ));
    tally
}

fn counted(command: &mut Command) -> Result<Tally, String> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        echo(stdout, |line| tally.add_line(line));
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    // A command that fails without a failed test did not get as far as its tests.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

fn echo(stream: impl Read, mut see: impl FnMut(&str)) {
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        see(&line);
        say(&line);
    }
}

fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().rsplit('/').next().unwrap_or_default().to_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn closing_lines_are_counted() {
        let mut tally = Tally::default();
        tally.add_line(
            "test result: FAILED. 13 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.05s",
        );
        tally.add_line("test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s");
        tally.add_line("test some::other ... ok");
        assert_eq!(tally, Tally { passed: 17, failed: 2 });
    }
}
