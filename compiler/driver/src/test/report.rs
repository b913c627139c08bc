//! Runs of tests for other tools: JUnit's XML, and JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::outcome::{Failure, TestOutcome, TestRun};

/// A run as one JSON object: `{tests: [{name, file, line, status, ms, output?, failure?}], passed, failed, ms}`.
#[must_use]
pub fn to_json(run: &TestRun) -> String {
    let tests: Vec<Value> = run.outcomes.iter().map(json_of).collect();
    let failed = run.failed();
    let all = json!({
        "tests": tests,
        "passed": run.outcomes.len() - failed,
        "failed": failed,
        "left_out": run.left_out,
        "ms": milliseconds(run.elapsed),
    });
    format!("{all:#}\n")
}

fn json_of(outcome: &TestOutcome) -> Value {
    let mut test = json!({
        "name": outcome.name,
        "file": outcome.file,
        "line": outcome.line,
        "status": if outcome.failure.is_some() { "failed" } else { "passed" },
        "ms": milliseconds(outcome.duration),
    });
    if !outcome.output.is_empty() {
        test["output"] = outcome.output.as_str().into();
    }
    if let Some(failure) = &outcome.failure {
        test["failure"] = json!({
            "message": failure.message,
            "file": failure.place.as_ref().map(|place| place.file.as_str()),
            "line": failure.place.as_ref().map(|place| place.line),
            "source": failure.place.as_ref().map(|place| place.text.as_str()),
            "differences": failure.differences,
        });
    }
    test
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// A run as JUnit's XML: a test suite for each file.
#[must_use]
pub fn to_junit(run: &TestRun) -> String {
    let mut files: Vec<&str> = Vec::new();
    for outcome in &run.outcomes {
        if !files.contains(&outcome.file.as_str()) {
            files.push(&outcome.file);
        }
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let head = counts(run.outcomes.iter());
    let _ = writeln!(out, "<testsuites {head}>");
    for file in files {
        let tests = || run.outcomes.iter().filter(|outcome| outcome.file == file);
        let _ = writeln!(out, "  <testsuite name=\"{}\" {}>", escaped(file), counts(tests()));
        tests().for_each(|outcome| case(&mut out, outcome));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn counts<'o>(outcomes: impl Iterator<Item = &'o TestOutcome>) -> String {
    let (mut tests, mut failures, mut time) = (0, 0, Duration::ZERO);
    for outcome in outcomes {
        tests += 1;
        failures += usize::from(outcome.failure.is_some());
        time += outcome.duration;
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"{:.6}\"", time.as_secs_f64())
}

fn case(out: &mut String, outcome: &TestOutcome) {
    let _ = write!(
        out,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{1}\" line=\"{}\" time=\"{:.6}\"",
        escaped(&outcome.name),
        escaped(&outcome.file),
        outcome.line,
        outcome.duration.as_secs_f64()
    );
    if outcome.failure.is_none() && outcome.output.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if let Some(failure) = &outcome.failure {
        let first = failure.message.lines().next().unwrap_or_default();
        let text = escaped(&details(failure));
        let _ = writeln!(out, "      <failure message=\"{}\">{text}</failure>", escaped(first));
    }
    if !outcome.output.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", escaped(&outcome.output));
    }
    out.push_str("    </testcase>\n");
}

fn details(failure: &Failure) -> String {
    let mut text = failure.message.clone();
    if let Some(place) = &failure.place {
        let _ = write!(text, "\nat {}:{}: {}", place.file, place.line, place.text);
    }
    for line in &failure.differences {
        let _ = write!(text, "\n{line}");
    }
    text
}

/// A text as XML may hold it: characters that XML does not know are left out.
fn escaped(text: &str) -> String {
    let known = |c: &char| *c >= ' ' && !matches!(*c, '\u{fffe}' | '\u{ffff}') || matches!(*c, '\n' | '\t' | '\r');
    let mut out = String::new();
    for c in text.chars().filter(known) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{to_json, to_junit};
    use crate::test::outcome::{Failure, FailurePlace, TestOutcome, TestRun};

    fn run() -> TestRun {
        let test = |name: &str, failure| TestOutcome {
            name: name.to_owned(),
            file: "app.tova".to_owned(),
            line: 3,
            duration: Duration::from_micros(1500),
            output: String::new(),
            failure,
        };
        let failure = Failure {
            message: "expected \"<b>\", found 1\u{1}".to_owned(),
            place: Some(FailurePlace { file: "app.tova".to_owned(), line: 4, text: "assertEq(1, \"<b>\")".to_owned() }),
            values: None,
            differences: vec![".a: expected 1, got 2".to_owned()],
        };
        TestRun {
            outcomes: vec![test("adds", None), test("fails & falls", Some(failure))],
            left_out: 0,
            elapsed: Duration::from_millis(12),
        }
    }

    #[test]
    fn junit_is_well_formed() {
        let xml = to_junit(&run());
        assert!(
            xml.contains(r#"<testsuite name="app.tova" tests="2" failures="1" errors="0" time="0.003000">"#),
            "{xml}"
        );
        assert!(
            xml.contains(r#"<testcase name="adds" classname="app.tova" file="app.tova" line="3" time="0.001500"/>"#)
        );
        assert!(xml.contains("<failure message=\"expected &quot;&lt;b&gt;&quot;, found 1\">"), "{xml}");
        assert!(xml.contains("at app.tova:4: assertEq(1, &quot;&lt;b&gt;&quot;)\n.a: expected 1, got 2</failure>"));
    }

    #[test]
    fn json_has_what_a_tool_needs() {
        let value: serde_json::Value = serde_json::from_str(&to_json(&run())).expect("JSON");
        assert_eq!((value["passed"].as_u64(), value["failed"].as_u64()), (Some(1), Some(1)));
        assert_eq!(value["tests"][0]["ms"], 1.5);
        assert_eq!(value["tests"][1]["failure"]["line"], 4);
        assert_eq!(value["tests"][1]["failure"]["differences"][0], ".a: expected 1, got 2");
    }
}
