//! The figures that we hold ourselves to, each beside what it is to reach.
//!
//! Ratios are measured side by side in one run: the programs take turns, so that a noisy moment meets both. Nothing here fails a build; a
//! figure on a busy machine is a bound and not a verdict.

mod bundle;
mod check;
mod editor;
mod edits;
mod generate;
mod list;
mod memory;
mod requests;
mod start;
mod table;

use std::path::{Path, PathBuf};
use std::time::Instant;

use tova_tests::paths;

use crate::run::{cargo, pass, say};
use crate::setup;
use table::Figure;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only this group: check, editor, bundle, memory, requests, list, edits, scale, start. May be repeated.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

/// A group of figures that are measured together.
type Group = (&'static str, fn(&Tova) -> Result<Vec<Figure>, String>);

const GROUPS: &[Group] = &[
    ("check", check::measure),
    ("editor", editor::measure),
    ("bundle", bundle::measure),
    ("memory", memory::measure),
    ("requests", requests::measure),
    ("list", list::measure),
    ("edits", edits::measure),
    ("scale", edits::measure_scale),
    ("start", start::measure),
];

/// The release build of the command.
pub(crate) struct Tova {
    binary: PathBuf,
}

impl Tova {
    /// The command with arguments.
    fn command<const N: usize>(&self, arguments: [&str; N]) -> std::process::Command {
        let mut command = paths::command(&self.binary);
        command.args(arguments);
        command
    }

    /// Builds a program in release mode and returns the folder of the results.
    fn build(&self, folder: &Path) -> Result<PathBuf, String> {
        let dist = folder.join("dist");
        pass(self.command(["build", "app.tova", "--output", "dist"]).current_dir(folder))?;
        Ok(dist)
    }
}

/// Measures and prints one table.
pub(crate) fn bench(arguments: &Arguments) -> Result<(), String> {
    if let Some(unknown) = arguments.only.iter().find(|only| !GROUPS.iter().any(|(name, _)| name == only)) {
        return Err(format!("there is no group `{unknown}`"));
    }
    setup::setup()?;
    pass(&mut cargo(["build", "--release", "-p", "tova-cli", "-p", "tova-bench-front-end"]))?;
    let tova = Tova { binary: paths::target().join("release/tova") };
    let mut figures = Vec::new();
    for (name, measure) in GROUPS {
        if arguments.only.is_empty() || arguments.only.iter().any(|only| only == name) {
            say(&format!("\n==> {name}"));
            let start = Instant::now();
            match measure(&tova) {
                Ok(measured) => figures.extend(measured),
                Err(error) => figures.push(Figure::missing(name, &error)),
            }
            say(&format!("<== {name}: {:.0} s", start.elapsed().as_secs_f64()));
        }
    }
    say("");
    table::lines(&figures).iter().for_each(|line| say(line));
    Ok(())
}

/// The middle value.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
