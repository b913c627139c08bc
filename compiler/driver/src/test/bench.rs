//! `tova bench`: measures the benchmarks of a program, keeps what it found, and compares.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::TestOptions;
use super::cases::{Case, Home, Purpose};
use super::outcome::Ended;
use crate::run::Target;
use crate::{Problem, Project, Report, files};

/// How long a benchmark may take: one of a round that takes long is still one.
const LIMIT: Duration = Duration::from_secs(120);

/// What the user asks for.
#[derive(Clone, Debug, Default)]
pub struct BenchOptions {
    /// Only benchmarks whose names contain this text.
    pub filter: Option<String>,
    /// Keeps what is found under this name.
    pub save: Option<String>,
    /// Compares with what was kept under this name.
    pub baseline: Option<String>,
}

/// What a benchmark took.
#[derive(Clone, Debug)]
pub struct BenchOutcome {
    /// Its name, or its place.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Nanoseconds for a round: the median of all samples.
    pub median: f64,
    /// How far samples are from it: the median of that.
    pub spread: f64,
    /// What was kept before.
    pub comparison: Option<Comparison>,
    /// What went wrong; the numbers mean nothing then.
    pub failure: Option<String>,
}

/// What was kept of a benchmark, and what has become of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The median then.
    pub median: f64,
    /// The change in percent; negative is faster.
    pub percent: f64,
    /// Whether that is more than the samples of one run differ by themselves.
    pub is_clear: bool,
}

/// Less than this many percent is nothing.
const NOTHING: f64 = 3.0;

/// Measures the benchmarks of a program, one after another; nothing if the program has errors, which have been reported then.
///
/// # Errors
/// If something of the machine or the project is in the way, or there is no benchmark, or nothing was kept under the name.
pub fn bench(
    project: &Project,
    options: &BenchOptions,
    report: &dyn Report,
) -> Result<Option<Vec<BenchOutcome>>, Problem> {
    let baseline = options.baseline.as_ref().map(|name| read(project, name)).transpose()?;
    let how = TestOptions { filter: options.filter.clone(), target: Target::Native, jobs: 1, timeout: LIMIT };
    let Some((_, cases, ended)) = super::run(project, (Purpose::Bench, &how), report)? else { return Ok(None) };
    let outcomes: Vec<BenchOutcome> =
        cases.chosen.iter().zip(ended).map(|(case, ended)| outcome(project, case, ended, baseline.as_ref())).collect();
    if let Some(name) = &options.save {
        save(project, name, &outcomes)?;
    }
    Ok(Some(outcomes))
}

fn outcome(
    project: &Project,
    case: &Case,
    ended: Ended,
    baseline: Option<&BTreeMap<String, (f64, f64)>>,
) -> BenchOutcome {
    let median = median(ended.samples.clone());
    let spread = self::median(ended.samples.iter().map(|sample| (sample - median).abs()).collect());
    let failure = match (ended.fault, case.home) {
        (_, Home::Page) => Some("it needs a page, and pages are not measured".to_owned()),
        (Some(fault), _) => Some(fault.message),
        (None, _) if ended.samples.is_empty() => Some("it was not measured".to_owned()),
        (None, _) => None,
    };
    let kept = baseline.and_then(|kept| kept.get(&key(project, &case.file, &case.name)));
    let comparison = kept.filter(|_| failure.is_none()).map(|(before, noise)| compare(*before, *noise, median, spread));
    BenchOutcome { name: case.name.clone(), file: case.file.clone(), median, spread, comparison, failure }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len() % 2, values.get(middle), middle.checked_sub(1).and_then(|before| values.get(before))) {
        (0, Some(upper), Some(lower)) => f64::midpoint(*lower, *upper),
        (_, Some(value), _) => *value,
        _ => 0.0,
    }
}

fn compare(before: f64, noise: f64, now: f64, spread: f64) -> Comparison {
    let percent = if before > 0.0 { (now - before) / before * 100.0 } else { 0.0 };
    // Three spreads to either side hold nearly all samples.
    let is_clear = percent.abs() >= NOTHING && (now - before).abs() > 3.0 * noise.max(spread);
    Comparison { median: before, percent, is_clear }
}

/// A benchmark's name in what is kept: the same from wherever the project is named.
fn key(project: &Project, file: &str, name: &str) -> String {
    let file = Path::new(file).strip_prefix(&project.root).unwrap_or(Path::new(file));
    format!("{}: {name}", file.display())
}

/// Where measurements are kept.
fn kept(project: &Project, name: &str) -> Result<PathBuf, Problem> {
    let is_plain =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) && !name.starts_with('.');
    if !is_plain {
        return Err(Problem::new(format!("`{name}` cannot be the name of a baseline"))
            .help("use letters, digits, `-`, `_` and `.`"));
    }
    Ok(project.state_dir()?.join("bench").join(format!("{name}.json")))
}

fn save(project: &Project, name: &str, outcomes: &[BenchOutcome]) -> Result<(), Problem> {
    let measured = outcomes.iter().filter(|outcome| outcome.failure.is_none());
    let entries = measured.map(|outcome| {
        let numbers = json!({ "median_ns": outcome.median, "spread_ns": outcome.spread });
        (key(project, &outcome.file, &outcome.name), numbers)
    });
    let all: Value = entries.collect::<serde_json::Map<String, Value>>().into();
    files::write(&kept(project, name)?, format!("{all:#}\n"))
}

/// The median and the spread of each benchmark, by file and name.
fn read(project: &Project, name: &str) -> Result<BTreeMap<String, (f64, f64)>, Problem> {
    let path = kept(project, name)?;
    if !path.is_file() {
        return Err(Problem::new(format!("there is no baseline `{name}`"))
            .help(format!("keep one: `tova bench --save {name}`")));
    }
    let broken = |error: serde_json::Error| Problem::new(format!("`{}` is no baseline: {error}", path.display()));
    let all: BTreeMap<String, Value> = serde_json::from_str(&files::read(&path)?).map_err(broken)?;
    let number = |value: &Value, name: &str| value[name].as_f64().unwrap_or(0.0);
    Ok(all.into_iter().map(|(key, value)| (key, (number(&value, "median_ns"), number(&value, "spread_ns")))).collect())
}

#[cfg(test)]
mod tests {
    use super::{compare, median};

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(
            (median(vec![]), median(vec![3.0]), median(vec![9.0, 1.0, 2.0]), median(vec![4.0, 2.0])),
            (0.0, 3.0, 2.0, 3.0)
        );
    }

    #[test]
    fn changes_below_the_noise_are_not_clear() {
        assert!(compare(100.0, 1.0, 120.0, 1.0).is_clear);
        assert!(!compare(100.0, 10.0, 120.0, 1.0).is_clear);
        assert!(!compare(100.0, 0.1, 101.0, 0.1).is_clear);
        assert_eq!(compare(100.0, 1.0, 80.0, 1.0).percent, -20.0);
    }
}
