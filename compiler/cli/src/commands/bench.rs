//! `tova bench`

use std::path::PathBuf;
use std::process::ExitCode;

use tova_driver::{BenchOptions, BenchOutcome, Comparison, Project};

use super::Outcome;
use crate::terminal::{self, Terminal};

/// Measure the benchmarks of a program
///
/// Benchmarks are `bench "name" { … }` blocks. Each is optimised as `tova build --quick` does it and runs as often as it takes to measure it well;
/// what is shown is the median of a round, and how far samples are from it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder whose `.tova` files are one program, a `.tova` file, or a file of tests
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// Measure only benchmarks whose names contain this text
    #[arg(long, short, value_name = "TEXT")]
    filter: Option<String>,
    /// Keep what is found under this name, in `.tova/bench/`
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    /// Compare with what was kept under this name
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
}

impl Arguments {
    pub(crate) fn run(self) -> Outcome {
        let options = BenchOptions { filter: self.filter, save: self.save, baseline: self.baseline };
        let outcomes = tova_driver::bench(&Project::find_tests(&self.path)?, &options, &Terminal::default())?;
        let Some(outcomes) = outcomes else { return Ok(ExitCode::FAILURE) };
        let width = outcomes.iter().map(|outcome| outcome.name.chars().count()).max().unwrap_or(0);
        let mut file = "";
        for outcome in &outcomes {
            if outcome.file != file {
                file = &outcome.file;
                terminal::print(file);
            }
            terminal::print(&line(outcome, width, options.baseline.as_deref().unwrap_or_default()));
        }
        let failed = outcomes.iter().any(|outcome| outcome.failure.is_some());
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn line(outcome: &BenchOutcome, width: usize, baseline: &str) -> String {
    let name = format!("  {:width$}", outcome.name);
    if let Some(failure) = &outcome.failure {
        return format!("{name}  {}", paint("31", failure));
    }
    let compared = outcome.comparison.map(|comparison| format!("  {}", compared(comparison, baseline)));
    format!("{name}  {:>10} ± {}{}", time(outcome.median), time(outcome.spread), compared.unwrap_or_default())
}

/// `12.3 % faster than main (1.2 µs)`
fn compared(comparison: Comparison, baseline: &str) -> String {
    let before = time(comparison.median);
    if !comparison.is_clear {
        return format!("as {baseline} ({before})");
    }
    let (word, colour) = if comparison.percent < 0.0 { ("faster", "32") } else { ("slower", "31") };
    paint(colour, &format!("{:.1} % {word} than {baseline} ({before})", comparison.percent.abs()))
}

fn paint(colour: &str, text: &str) -> String {
    if terminal::stdout_is_coloured() { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Nanoseconds with three digits and a unit.
fn time(nanoseconds: f64) -> String {
    let units = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)];
    let (unit, size) = units.into_iter().rev().find(|(_, size)| nanoseconds >= *size).unwrap_or(("ns", 1.0));
    let value = nanoseconds / size;
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_have_three_digits() {
        let shown = [0.5, 1.234, 45.67, 999.0, 12_345.0, 1_500_000.0, 2e9].map(time);
        assert_eq!(shown, ["0.50 ns", "1.23 ns", "45.7 ns", "999 ns", "12.3 µs", "1.50 ms", "2.00 s"]);
    }
}
