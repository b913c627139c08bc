//! What changed between two layouts of a text, short enough to read.

use std::fmt::Write as _;
use std::ops::Range;

/// How many places are shown.
const PLACES: usize = 4;
/// How many lines of a place are shown.
const LINES: usize = 8;

/// Lines that changed, as lines of the old text and of the new one.
struct Place {
    old: Range<usize>,
    new: Range<usize>,
}

/// The first places that differ, old lines after `-` and new ones after `+`.
pub(crate) fn short(old: &str, new: &str) -> String {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let places = places(old, new);
    let mut text = String::new();
    for place in places.iter().take(PLACES) {
        let place = trimmed(place, &old_lines, &new_lines);
        let _ = writeln!(text, "    line {}", place.old.start + 1);
        lines(&mut text, '-', old_lines.get(place.old).unwrap_or_default());
        lines(&mut text, '+', new_lines.get(place.new).unwrap_or_default());
    }
    if places.len() > PLACES {
        let _ = writeln!(text, "    … and {} more places", places.len() - PLACES);
    }
    text.truncate(text.trim_end().len());
    text
}

fn lines(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines.iter().take(LINES) {
        let _ = writeln!(text, "    {sign} {line}");
    }
    if lines.len() > LINES {
        let _ = writeln!(text, "    {sign} … {} more lines", lines.len() - LINES);
    }
}

/// The places of the edits; those that share a line are one.
fn places(old: &str, new: &str) -> Vec<Place> {
    let line_of = |text: &str, at: usize| text.get(..at).unwrap_or_default().matches('\n').count();
    let mut places: Vec<Place> = Vec::new();
    let mut moved = 0isize;
    for edit in tova_format::edits(old, new) {
        let (start, end) = (edit.range.start as usize, edit.range.end as usize);
        let new_start = start.saturating_add_signed(moved);
        let new_end = new_start + edit.text.len();
        moved += edit.text.len() as isize - (end - start) as isize;
        let place = Place {
            old: line_of(old, start)..line_of(old, end) + 1,
            new: line_of(new, new_start)..line_of(new, new_end) + 1,
        };
        match places.last_mut() {
            Some(last) if place.old.start < last.old.end => {
                last.old.end = last.old.end.max(place.old.end);
                last.new.end = last.new.end.max(place.new.end);
            }
            _ => places.push(place),
        }
    }
    places
}

/// A place without the lines at its ends that are the same.
fn trimmed(place: &Place, old: &[&str], new: &[&str]) -> Place {
    let old_part = old.get(place.old.start..place.old.end.min(old.len())).unwrap_or_default();
    let new_part = new.get(place.new.start..place.new.end.min(new.len())).unwrap_or_default();
    let first = old_part.iter().zip(new_part).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old_part.get(first..).unwrap_or_default(), new_part.get(first..).unwrap_or_default());
    let last = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |start: usize, rest: &[&str]| start + first..start + first + rest.len() - last;
    Place { old: part(place.old.start, old_rest), new: part(place.new.start, new_rest) }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn only_lines_that_differ_are_shown() {
        let old = "a = 1\nb=2\nc = 3\n\n\n\nd = 4\n";
        let new = "a = 1\nb = 2\nc = 3\n\nd = 4\n";
        assert_eq!(short(old, new), "    line 2\n    - b=2\n    + b = 2\n    line 5\n    - \n    -");
    }
}
