//! Layouts of parts of a text.

use crate::{Edit, edits, format, format_range};

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.range.start as usize..edit.range.end as usize, &edit.text);
    }
    text
}

#[test]
fn edits_are_small_and_lead_to_the_layout() {
    let old = "a = 1\nb=[1,2,]\n\n\n\nfn f( ) {a}\n";
    let new = format(old, 100).text;
    let found = edits(old, &new);
    assert_eq!(apply(old, &found), new);
    assert!(found.iter().all(|edit| edit.text.len() <= 2 && edit.range.len() <= 4), "{found:?}");
}

#[test]
fn edits_lead_to_the_layout_of_every_source() {
    for (name, old) in super::corpus::sources() {
        let new = format(&old, 50).text;
        assert_eq!(apply(&old, &edits(&old, &new)), new, "{name}");
    }
}

#[test]
fn a_range_is_laid_out_alone() {
    let old = "a=1\nb=2\nc=3\n";
    let found = format_range(old, 4..5, 100);
    assert_eq!(apply(old, &found), "a=1\nb = 2\nc=3\n");
}
