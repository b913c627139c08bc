//! Texts: lengths and indices count Unicode scalar values.

use super::list::out_of_range;
use super::{List, fault};

/// A text: up to 15 bytes inline, longer ones shared.
pub type Str = ecow::EcoString;

/// How many characters there are.
#[must_use]
pub fn len(s: &str) -> i64 {
    let count = if s.is_ascii() { s.len() } else { s.chars().count() };
    count as i64
}

/// In upper case.
#[must_use]
pub fn upper(s: &str) -> Str {
    s.to_uppercase().into()
}

/// In lower case.
#[must_use]
pub fn lower(s: &str) -> Str {
    s.to_lowercase().into()
}

/// White space as JavaScript's `trim` sees it.
const fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}' || c == '\u{feff}'
}

/// Without white space at both ends.
#[must_use]
pub fn trim(s: &str) -> Str {
    s.trim_matches(is_space).into()
}

/// Without white space at the start.
#[must_use]
pub fn trim_start(s: &str) -> Str {
    s.trim_start_matches(is_space).into()
}

/// Without white space at the end.
#[must_use]
pub fn trim_end(s: &str) -> Str {
    s.trim_end_matches(is_space).into()
}

/// The pieces between the separators; an empty separator gives the characters.
#[must_use]
pub fn split(s: &str, separator: &str) -> List<Str> {
    if separator.is_empty() { chars(s) } else { s.split(separator).map(Str::from).collect() }
}

/// With every occurrence of `from` replaced by `to`.
#[must_use]
pub fn replace(s: &str, from: &str, to: &str) -> Str {
    s.replace(from, to).into()
}

/// The index of the first occurrence of `part`.
#[must_use]
pub fn index_of(s: &str, part: &str) -> Option<i64> {
    let at = s.find(part)?;
    s.get(..at).map(len)
}

/// The characters, each as a text.
#[must_use]
pub fn chars(s: &str) -> List<Str> {
    s.chars().map(one).collect()
}

fn one(c: char) -> Str {
    let mut text = Str::new();
    text.push(c);
    text
}

/// The pieces between white space.
#[must_use]
pub fn words(s: &str) -> List<Str> {
    s.split(is_space).filter(|word| !word.is_empty()).map(Str::from).collect()
}

/// The text `n` times.
#[must_use]
#[track_caller]
pub fn repeat(s: &str, n: i64) -> Str {
    match usize::try_from(n) {
        Ok(n) if s.len().saturating_mul(n) <= 1 << 30 => s.repeat(n).into(),
        Ok(_) => fault("the repeated text is too long"),
        Err(_) => fault("a text cannot be repeated a negative number of times"),
    }
}

/// The character at `index`, negative from the end.
#[must_use]
pub fn at(s: &str, index: i64) -> Option<Str> {
    let index = if index < 0 { index.checked_add(len(s))? } else { index };
    let index = usize::try_from(index).ok()?;
    s.chars().nth(index).map(one)
}

/// The character at `index`, negative from the end; a fault if there is none.
#[must_use]
#[track_caller]
pub fn item(s: &str, index: i64) -> Str {
    match at(s, index) {
        Some(found) => found,
        None => out_of_range(index, "a string", len(s)),
    }
}

/// Some of the characters, by Python's rules.
#[must_use]
#[track_caller]
pub fn slice(s: &str, start: Option<i64>, end: Option<i64>, step: Option<i64>) -> Str {
    let chars: Vec<char> = s.chars().collect();
    super::slice::picks(chars.len(), start, end, step).map(|at| chars[at]).collect::<String>().into()
}

/// From `start` up to `end`, negative from the end.
#[must_use]
pub fn part(s: &str, start: i64, end: Option<i64>) -> Str {
    slice(s, Some(start), end, None)
}

/// Whether `part` occurs in it.
#[must_use]
pub fn contains(s: &str, part: &str) -> bool {
    s.contains(part)
}

/// Whether it starts with `prefix`.
#[must_use]
pub fn starts_with(s: &str, prefix: &str) -> bool {
    s.starts_with(prefix)
}

/// Whether it ends with `suffix`.
#[must_use]
pub fn ends_with(s: &str, suffix: &str) -> bool {
    s.ends_with(suffix)
}

/// Filled up to `width` characters at the start.
#[must_use]
pub fn pad_start(s: &str, width: i64, fill: &str) -> Str {
    let mut out = padding(s, width, fill);
    out.push_str(s);
    out
}

/// Filled up to `width` characters at the end.
#[must_use]
pub fn pad_end(s: &str, width: i64, fill: &str) -> Str {
    let mut out = Str::from(s);
    out.push_str(&padding(s, width, fill));
    out
}

fn padding(s: &str, width: i64, fill: &str) -> Str {
    let missing = usize::try_from(width.saturating_sub(len(s))).unwrap_or(0);
    fill.chars().cycle().take(missing).collect::<String>().into()
}

/// The integer at its start, after white space; nil if there is none or it does not fit.
#[must_use]
pub fn to_int(s: &str) -> Option<i64> {
    let s = s.trim_start_matches(is_space);
    let unsigned = s.strip_prefix(['-', '+']).unwrap_or(s);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    s.get(..s.len() - unsigned.len() + digits)?.parse().ok()
}

/// The number that it spells; nil if it is none.
#[must_use]
pub fn to_float(s: &str) -> Option<f64> {
    let s = s.trim_matches(is_space);
    match s {
        "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // `inf` and `nan` are words to Rust.
        _ if s.bytes().any(|b| b.is_ascii_alphabetic() && !matches!(b, b'e' | b'E')) => None,
        _ => s.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{at, index_of, item, len, pad_start, slice, split, to_float, to_int};
    use crate::value::{attempt, show};

    #[test]
    fn indices_count_scalar_values() {
        assert_eq!((len("añ😀"), index_of("añ😀", "😀"), at("añ😀", -1)), (3, Some(2), Some("😀".into())));
        assert_eq!(slice("añ😀b", Some(1), Some(-1), None), "ñ😀");
        assert_eq!(slice("abc", None, None, Some(-1)), "cba");
        let message = attempt(|| Ok(item("ab", 2))).unwrap_err().message;
        assert_eq!(message, "index 2 is out of range for a string of length 2");
    }

    #[test]
    fn numbers_are_read_from_texts() {
        assert_eq!((to_int(" -12ab"), to_int("x"), to_int("99999999999999999999")), (Some(-12), None, None));
        assert_eq!(
            (to_float("1.5 "), to_float("1e3"), to_float("nan"), to_float("")),
            (Some(1.5), Some(1000.0), None, None)
        );
    }

    #[test]
    fn pieces_and_padding() {
        assert_eq!(show(&split("a,,b", ",")), r#"["a", "", "b"]"#);
        assert_eq!(show(&split("ab", "")), r#"["a", "b"]"#);
        assert_eq!((pad_start("7", 3, "ab"), pad_start("long", 2, " ")), ("ab7".into(), "long".into()));
    }
}
