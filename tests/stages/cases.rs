//! `tests/snapshots/AREA/CASE.tova`: what a stage makes of a source.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use tova_tests::case::{Case, compare_problems};
use tova_tests::paths;

use crate::stage::{self, Outcome, Stage};

/// One test a case, and one for results whose source is gone.
pub(crate) fn trials() -> Vec<Trial> {
    let folder = paths::root().join("tests/snapshots");
    let mut trials: Vec<Trial> = paths::files_below(&folder, "tova")
        .into_iter()
        .map(|path| {
            let folder = folder.clone();
            let name = path.strip_prefix(&folder).unwrap_or(&path).with_extension("").display().to_string();
            Trial::test(name, move || Ok(check(&path, &folder)?))
        })
        .collect();
    let programs = ["examples", "tests/language"].map(|folder| paths::files_below(&paths::root().join(folder), "tova"));
    // A file of tests is no program without the others.
    let is_program = |path: &PathBuf| !path.to_string_lossy().ends_with("_test.tova");
    trials.extend(programs.into_iter().flatten().filter(is_program).map(|path| {
        let name = format!("no problem in {}", path.strip_prefix(paths::root()).unwrap_or(&path).display());
        Trial::test(name, move || Ok(is_clean(&path)?))
    }));
    let formatted = ["stdlib", "examples", "benches", "tests/language", "tests/pages", "compiler/driver/templates"];
    let formatted = formatted.map(|folder| paths::files_below(&paths::root().join(folder), "tova"));
    trials.extend(formatted.into_iter().flatten().map(|path| {
        let name = format!("{} is formatted", path.strip_prefix(paths::root()).unwrap_or(&path).display());
        Trial::test(name, move || Ok(is_formatted(&path)?))
    }));
    trials.push(Trial::test("every result has its source", move || Ok(orphans(&folder)?)));
    trials
}

fn check(path: &Path, folder: &Path) -> Result<(), String> {
    let case = Case::read(path, folder)?;
    let stage = Stage::of(&case)?;
    match stage.run(&case)? {
        Outcome::Text(text) => case.compare(stage.name(), &text),
        Outcome::Problems(found) => compare_problems(&case.expected(), &found),
    }
}

fn is_clean(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let listed = stage::check(&text).listed();
    if listed.is_empty() { Ok(()) } else { Err(listed) }
}

fn is_formatted(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let formatted = tova_format::format(&text, tova_format::DEFAULT_WIDTH).text;
    let line = text.lines().zip(formatted.lines()).position(|(old, new)| old != new);
    if text == formatted { Ok(()) } else { Err(format!("line {}: run `tova fmt`", line.map_or(0, |line| line + 1))) }
}

fn orphans(folder: &Path) -> Result<(), String> {
    let lonely: Vec<String> = paths::files_below(folder, "snap")
        .into_iter()
        .filter(|path| !path.with_extension("tova").exists())
        .map(|path| path.display().to_string())
        .collect();
    if lonely.is_empty() { Ok(()) } else { Err(format!("no source beside {}", lonely.join(", "))) }
}
