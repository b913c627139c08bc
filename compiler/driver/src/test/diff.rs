//! What differs between two values, place by place.

use super::shown::{self, Shown};

/// More differences than this say no more.
const MOST: usize = 12;

/// The differences between the two values of `expected A, found B`, each with its place: `.users[1].name: expected "a", got "b"`.
/// Nothing if the message has no two values, or they differ as wholes, which the message says already.
pub(super) fn of_message(message: &str) -> Vec<String> {
    let Some((expected, found)) = message.lines().last().and_then(shown::of_message) else { return Vec::new() };
    let mut out = Vec::new();
    compare("", &expected, &found, &mut out);
    let hidden = out.len().saturating_sub(MOST);
    if hidden > 0 {
        out.truncate(MOST);
        out.push(format!("and {hidden} more"));
    }
    out
}

/// The two values themselves, as they are shown.
pub(super) fn values_of_message(message: &str) -> Option<(String, String)> {
    let (expected, found) = shown::of_message(message.lines().last()?)?;
    Some((full_text(&expected), full_text(&found)))
}

fn compare(path: &str, expected: &Shown<'_>, found: &Shown<'_>, out: &mut Vec<String>) {
    if expected == found {
        return;
    }
    match (expected, found) {
        (Shown::Items(head, expected), Shown::Items(other, found)) if head == other => {
            compare_items(path, *head == "[", expected, found, out);
        }
        (Shown::Fields(head, expected), Shown::Fields(other, found)) if head == other => {
            compare_fields(path, expected, found, out);
        }
        (Shown::Atom(expected), Shown::Atom(found)) if is_long_text(expected) && is_long_text(found) => {
            compare_lines(path, expected, found, out);
        }
        _ if path.is_empty() => {}
        _ => out.push(format!("{path}: expected {}, got {}", text(expected), text(found))),
    }
}

/// What both begin and end with is the same; in between, one is compared to the other and the rest of the longer one is over or missing.
fn compare_items(path: &str, is_list: bool, expected: &[Shown<'_>], found: &[Shown<'_>], out: &mut Vec<String>) {
    let place = |index: usize| if is_list { format!("{path}[{index}]") } else { format!("{path}.{index}") };
    let same = |pairs: &mut dyn Iterator<Item = (&Shown<'_>, &Shown<'_>)>| pairs.take_while(|(a, b)| a == b).count();
    let start = same(&mut expected.iter().zip(found));
    let shorter = expected.len().min(found.len());
    let end = if expected.len() == found.len() {
        0
    } else {
        same(&mut expected.iter().rev().zip(found.iter().rev())).min(shorter - start)
    };
    let middle = |items: &[Shown<'_>]| items.len() - end;
    let (last_expected, last_found) = (middle(expected), middle(found));
    for index in start..last_expected.max(last_found) {
        let (wanted, given) =
            (expected.get(index).filter(|_| index < last_expected), found.get(index).filter(|_| index < last_found));
        match (wanted, given) {
            (Some(wanted), Some(given)) => compare(&place(index), wanted, given, out),
            (Some(wanted), None) => out.push(format!("{}: missing, expected {}", place(index), text(wanted))),
            (None, Some(given)) => out.push(format!("{}: not expected, got {}", place(index), text(given))),
            (None, None) => {}
        }
    }
}

fn compare_fields(path: &str, expected: &[(&str, Shown<'_>)], found: &[(&str, Shown<'_>)], out: &mut Vec<String>) {
    let place = |key: &str| if key.starts_with('"') { format!("{path}[{key}]") } else { format!("{path}.{key}") };
    let before = out.len();
    for (key, wanted) in expected {
        match found.iter().find(|(other, _)| other == key) {
            Some((_, given)) => compare(&place(key), wanted, given, out),
            None => out.push(format!("{}: missing, expected {}", place(key), text(wanted))),
        }
    }
    for (key, given) in found.iter().filter(|(key, _)| !expected.iter().any(|(other, _)| other == key)) {
        out.push(format!("{}: not expected, got {}", place(key), text(given)));
    }
    if out.len() == before {
        let order = |fields: &[(&str, Shown<'_>)]| fields.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
        out.push(format!("{}the order differs: expected {}, got {}", named(path), order(expected), order(found)));
    }
}

fn named(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// Whether a text in quotes has several lines.
fn is_long_text(text: &str) -> bool {
    text.starts_with('"') && text.contains("\\n")
}

/// Texts of several lines are compared line by line: `-` is missing, `+` is over.
fn compare_lines(path: &str, expected: &str, found: &str, out: &mut Vec<String>) {
    let lines = |text: &str| -> Vec<String> {
        text.trim_matches('"').split("\\n").map(|line| line.replace("\\\"", "\"").replace("\\\\", "\\")).collect()
    };
    let (expected, found) = (lines(expected), lines(found));
    let start = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let shorter = expected.len().min(found.len());
    let rest = expected.iter().rev().zip(found.iter().rev());
    let end = rest.take_while(|(a, b)| a == b).count().min(shorter - start);
    out.push(format!("{}the texts differ from line {} on", named(path), start + 1));
    let part = |lines: &[String]| lines.get(start..lines.len() - end).unwrap_or_default().to_vec();
    out.extend(part(&expected).into_iter().map(|line| format!("  - {line}")));
    out.extend(part(&found).into_iter().map(|line| format!("  + {line}")));
}

/// A value as it was shown, shortened.
fn text(value: &Shown<'_>) -> String {
    const LONGEST: usize = 120;
    let full = full_text(value);
    if full.chars().count() <= LONGEST {
        return full;
    }
    full.chars().take(LONGEST).chain(['…']).collect()
}

fn full_text(value: &Shown<'_>) -> String {
    let joined = |head: &str, parts: Vec<String>| {
        let (open, close) = match head {
            "[" => ("[", "]"),
            "{" => ("{", "}"),
            "(" => ("(", ")"),
            _ => return format!("{head}({})", parts.join(", ")),
        };
        format!("{open}{}{close}", parts.join(", "))
    };
    match value {
        Shown::Atom(text) => (*text).to_owned(),
        Shown::Items(head, items) => joined(head, items.iter().map(full_text).collect()),
        Shown::Fields(head, fields) => {
            joined(head, fields.iter().map(|(key, value)| format!("{key}: {}", full_text(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of_message;

    #[track_caller]
    fn check(expected: &str, found: &str, differences: &[&str]) {
        assert_eq!(of_message(&format!("expected {expected}, found {found}")), differences);
    }

    #[test]
    fn places_are_named() {
        check(
            r#"{users: [User(name: "c"), User(name: "a")]}"#,
            r#"{users: [User(name: "c"), User(name: "b")]}"#,
            &[r#".users[1].name: expected "a", got "b""#],
        );
        check("(1, 2)", "(1, 3)", &[".1: expected 2, got 3"]);
        check(r#"{"a b": 1}"#, r#"{"a b": 2}"#, &[r#"["a b"]: expected 1, got 2"#]);
        check("Ok([1])", "Ok([2])", &[".0[0]: expected 1, got 2"]);
    }

    #[test]
    fn what_is_missing_or_over_is_found_where_it_is() {
        check("[1, 2, 3, 4]", "[1, 3, 4]", &["[1]: missing, expected 2"]);
        check("[1, 3]", "[1, 2, 3]", &["[1]: not expected, got 2"]);
        check("[]", "[1]", &["[0]: not expected, got 1"]);
        check("{a: 1}", "{b: 1}", &[".a: missing, expected 1", ".b: not expected, got 1"]);
        check("{a: 1, b: 2}", "{b: 2, a: 1}", &["the order differs: expected a, b, got b, a"]);
    }

    #[test]
    fn wholes_that_differ_are_left_to_the_message() {
        check("1", "2", &[]);
        check("[1]", "nil", &[]);
        assert!(of_message("a text\nexpected 1, found 2").is_empty());
        assert_eq!(of_message("a text\nexpected [1], found [2]"), ["[0]: expected 1, got 2"]);
    }

    #[test]
    fn long_texts_are_compared_by_lines() {
        check(r#""one\ntwo\nthree""#, r#""one\n2\nthree""#, &["the texts differ from line 2 on", "  - two", "  + 2"]);
    }
}
