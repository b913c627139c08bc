//! Sources with errors.

use super::random::Random;
use super::{corpus, laws};
use crate::format;

#[test]
fn broken_declarations_stay_as_they_are_and_others_are_laid_out() {
    let source = "fn a( ){1}\nfn b( {\n  x   =  1\n}\n\n\n\nfn c( ){2}\n";
    let formatted = format(source, 100);
    assert_eq!(formatted.text, "fn a() { 1 }\nfn b( {\n  x   =  1\n}\n\nfn c() { 2 }\n");
    assert!(!formatted.diagnostics.is_empty());
}

#[test]
fn in_a_block_only_the_broken_declaration_stays() {
    let source = "server {\n     fn a( ){1}\n     x   = = 2\n     fn b( ){2}\n}\n";
    assert_eq!(format(source, 100).text, "server {\n  fn a() { 1 }\n  x   = = 2\n  fn b() { 2 }\n}\n");
}

#[test]
fn text_behind_a_broken_statement_stays() {
    let source = "a   =   1\nb  =  2   3   4 // why\nc   =   3\n";
    assert_eq!(format(source, 100).text, "a = 1\nb  =  2   3   4 // why\nc = 3\n");
}

#[test]
fn a_source_without_a_layout_is_nothing() {
    assert_eq!(format("", 100).text, "");
    assert_eq!(format("\n\n  \n", 100).text, "");
    assert_eq!(format("\n// alone", 100).text, "// alone\n");
    assert_eq!(format("#!/usr/bin/env tova\nprint( 1 )", 100).text, "#!/usr/bin/env tova\nprint(1)\n");
}

/// A source without one piece of it, or with one twice.
fn damaged(random: &mut Random, text: &str) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let start = places[random.below(places.len())];
    let end = text[start..].char_indices().nth(1 + random.below(6)).map_or(text.len(), |(at, _)| start + at);
    let mut damaged = text.to_owned();
    if random.one_in(4) {
        damaged.insert_str(end, &text[start..end]);
    } else {
        damaged.replace_range(start..end, "");
    }
    damaged
}

#[test]
fn whatever_is_wrong_formatting_again_changes_nothing() {
    let sources: Vec<String> = corpus::sources().into_iter().map(|(_, text)| text).collect();
    let mut random = Random::new(7);
    for _ in 0..laws::rounds(400) {
        let whole = &sources[random.below(sources.len())];
        let source = damaged(&mut random, whole);
        let once = format(&source, 80);
        let twice = format(&once.text, 80);
        assert_eq!(once.text, twice.text, "--- source\n{source}\n---");
        assert_eq!(once.diagnostics.len(), twice.diagnostics.len(), "--- source\n{source}\n---");
    }
}
