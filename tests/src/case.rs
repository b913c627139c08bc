//! Case files: a `.tova` source with directives in its first comment lines, and its expected result beside it.
//!
//! ```tova
//! // stage: ir
//! fn double(x) { x * 2 } //~ W0201 never used
//! ```
//!
//! A `//~` comment names a problem that the line must have, by code and words of its message; `//~^` means the line above.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The source file.
    pub path: PathBuf,
    /// Folder and file name, for people.
    pub name: String,
    /// The source text.
    pub text: String,
    /// `// name: value` lines at the top.
    pub directives: Vec<(String, String)>,
}

/// One problem of a program as cases compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Line, from 1.
    pub line: usize,
    /// The code.
    pub code: String,
    /// The whole message.
    pub message: String,
}

/// A `//~` comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Line, from 1.
    pub line: usize,
    /// The code.
    pub code: String,
    /// Words of the message.
    pub words: String,
}

impl Case {
    /// Reads a case below `folder`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(path: &Path, folder: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.strip_prefix(folder).unwrap_or(path).with_extension("").display().to_string();
        let directives = text
            .lines()
            .map_while(|line| line.strip_prefix("//"))
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        Ok(Self { path: path.to_owned(), name, text, directives })
    }

    /// The value of a directive.
    #[must_use]
    pub fn directive(&self, name: &str) -> Option<&str> {
        self.directives.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The problems that the source says it has.
    #[must_use]
    pub fn expected(&self) -> Vec<Expected> {
        let mut expected = Vec::new();
        for (number, line) in self.text.lines().enumerate() {
            for note in line.split("//~").skip(1) {
                let (note, line) = note.strip_prefix('^').map_or((note, number + 1), |above| (above, number));
                let (code, words) = note.trim().split_once(' ').unwrap_or((note.trim(), ""));
                expected.push(Expected { line, code: code.to_owned(), words: words.trim().to_owned() });
            }
        }
        expected
    }

    /// Compares a result with the accepted one, or accepts it when `BLESS=1` is set.
    ///
    /// # Errors
    /// The difference.
    pub fn compare(&self, stage: &str, result: &str) -> Result<(), String> {
        let wanted = format!("---- source\n{}\n---- {stage}\n{}\n", self.text.trim_end(), trimmed(result));
        let lines = result.lines().count();
        if lines > 120 {
            return Err(format!("{lines} lines are too many for a reader; make the case smaller"));
        }
        accept(&self.path.with_extension("snap"), &wanted)
    }
}

/// Compares a text with the accepted one in `path`, or accepts it when `BLESS=1` is set.
///
/// # Errors
/// The difference.
pub fn accept(path: &Path, text: &str) -> Result<(), String> {
    let accepted = fs::read_to_string(path).unwrap_or_default();
    if accepted == text {
        return Ok(());
    }
    if env::var_os("BLESS").is_some_and(|value| value == "1") {
        return fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()));
    }
    Err(format!("not as accepted in {} (BLESS=1 accepts):\n{}", path.display(), difference(&accepted, text)))
}

/// Compares the problems that were found with the ones that the source announces.
///
/// # Errors
/// One line for each that is missing and each that nobody announced.
pub fn compare_problems(expected: &[Expected], found: &[Found]) -> Result<(), String> {
    let mut open: Vec<&Found> = found.iter().collect();
    let mut wrong = String::new();
    for wanted in expected {
        let position = open.iter().position(|found| {
            found.line == wanted.line && found.code == wanted.code && found.message.contains(&wanted.words)
        });
        if let Some(position) = position {
            open.remove(position);
        } else {
            let _ = writeln!(wrong, "line {}: missing {} {}", wanted.line, wanted.code, wanted.words);
        }
    }
    for found in open {
        let _ = writeln!(wrong, "line {}: unannounced {} {}", found.line, found.code, found.message);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

/// The lines around which two texts differ: what they have in common at both ends is left out.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = (old.len() - start).min(new.len() - start);
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let mut text = format!("  (after {start} equal lines)\n");
    for (sign, lines) in [('-', &old), ('+', &new)] {
        for line in lines.iter().take(lines.len() - end).skip(start) {
            let _ = writeln!(text, "{sign} {line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Case, Expected, Found, compare_problems};
    use std::path::PathBuf;

    fn case(text: &str) -> Case {
        Case { path: PathBuf::new(), name: String::new(), text: text.to_owned(), directives: Vec::new() }
    }

    #[test]
    fn annotations_name_their_own_line_or_the_line_above() {
        let expected = case("a //~ E0201 `a` is not\nb\n//~^ E0202 mutable\n").expected();
        assert_eq!(
            expected,
            [
                Expected { line: 1, code: "E0201".into(), words: "`a` is not".into() },
                Expected { line: 2, code: "E0202".into(), words: "mutable".into() },
            ]
        );
    }

    #[test]
    fn a_problem_that_nobody_announced_is_an_error_and_so_is_a_missing_one() {
        let expected = case("a //~ E0201 not defined\n").expected();
        let found = Found { line: 1, code: "E0201".into(), message: "`a` is not defined".into() };
        assert!(compare_problems(&expected, std::slice::from_ref(&found)).is_ok());
        assert!(compare_problems(&expected, &[]).is_err());
        assert!(compare_problems(&[], &[found]).is_err());
    }
}
