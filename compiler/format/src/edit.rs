//! What changed between two layouts of one text, as edits.

use std::ops::Range;

/// A piece of the old text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Offsets in bytes of the old text.
    pub range: Range<u32>,
    /// The new text.
    pub text: String,
}

/// The edits that turn `old` into `new`, in order, each as small as the two texts allow.
///
/// Both are layouts of the same tokens, so all but white space and commas is alike, and one pass over both finds the
/// differences. Where a comment has moved to another place, one edit covers the rest of what differs.
#[must_use]
pub fn edits(old: &str, new: &str) -> Vec<Edit> {
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if a.get(i) == b.get(j) {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let back = a.get(..i).unwrap_or_default().iter().rev().take_while(|byte| is_loose(**byte)).count();
        let (start, new_start) = (i - back, j - back);
        (i, j) = (skip_loose(a, i), skip_loose(b, j));
        if a.get(i) != b.get(j) {
            found.extend(rest(old, new, start, new_start));
            return found;
        }
        found.push(edit(new, start..i, new_start..j));
    }
    found
}

/// One edit for all that differs from `start` on, without what the ends of both texts share.
fn rest(old: &str, new: &str, start: usize, new_start: usize) -> Option<Edit> {
    let (before, after) = (old.get(start..)?, new.get(new_start..)?);
    let shared = before.bytes().rev().zip(after.bytes().rev()).take_while(|(a, b)| a == b).count();
    let shared = (0..=shared).rev().find(|shared| {
        before.is_char_boundary(before.len() - shared) && after.is_char_boundary(after.len() - shared)
    })?;
    Some(edit(new, start..old.len() - shared, new_start..new.len() - shared))
}

fn edit(new: &str, range: Range<usize>, new_range: Range<usize>) -> Edit {
    let text = new.get(new_range).unwrap_or_default().to_owned();
    Edit { range: range.start as u32..range.end as u32, text }
}

/// Whether formatting may add or remove this.
fn is_loose(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b';' | b'|')
}

fn skip_loose(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| is_loose(**byte)).count()
}

/// The edits that touch the lines of `range`.
pub(crate) fn within(edits: Vec<Edit>, text: &str, range: Range<u32>) -> Vec<Edit> {
    let bytes = text.as_bytes();
    let start = (range.start as usize).min(bytes.len());
    let end = (range.end.max(range.start) as usize).min(bytes.len());
    let first = bytes.get(..start).unwrap_or_default().iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let last =
        bytes.get(end..).unwrap_or_default().iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + end);
    edits.into_iter().filter(|edit| edit.range.start as usize <= last && edit.range.end as usize >= first).collect()
}
