//! The laws, and where they are tried.

use tova_source::FileId;
use tova_syntax::Parsed;
use tova_syntax::ast::NodeId;

use super::random::Random;
use super::{corpus, generate, mutate};
use crate::broken::layout;

fn parse(text: &str) -> Parsed {
    tova_syntax::parse(FileId(0), text, NodeId(0))
}

/// Formats a source without errors and says which law does not hold.
pub(super) fn check(text: &str, width: u32) -> Result<(), String> {
    let parsed = parse(text);
    let (once, kept) = layout(text, &parsed, width);
    let again = parse(&once);
    let fails = |law: &str, more: &str| {
        Err(format!("{law} (width {width})\n{more}\n--- source\n{text}\n--- formatted\n{once}\n---"))
    };
    if kept > 0 {
        return fails("a rule does not know what is written here", "");
    }
    if let Some(problem) = again.diagnostics.first() {
        return fails(
            "the result has an error",
            &format!("{} at\n{}", problem.message, lines_around(&once, problem.span.start)),
        );
    }
    let (tree, tree_again) = (tova_syntax::dump(&parsed.module), tova_syntax::dump(&again.module));
    if tree != tree_again {
        return fails("the tree is another one", &first_difference(&tree, &tree_again));
    }
    let (tokens, tokens_again) = (solid(text, &parsed), solid(&once, &again));
    if tokens != tokens_again {
        return fails("the tokens are others", &first_difference(&tokens, &tokens_again));
    }
    let (comments, comments_again) = (comments(text, &parsed), comments(&once, &again));
    if comments != comments_again {
        return fails("the comments are others", &format!("{comments:?}\n{comments_again:?}"));
    }
    let (twice, _) = layout(&once, &again, width);
    if twice != once {
        return fails("formatting again changes the result", &first_difference(&once, &twice));
    }
    if let Some(line) = once.lines().find(|line| line.ends_with(' '))
        && !["\"", "'", "/*", "style", "css"].iter().any(|kept| once.contains(kept))
    {
        return fails("a line ends with a space", line);
    }
    Ok(())
}

/// All that is no white space, comment or optional punctuation.
fn solid(text: &str, parsed: &Parsed) -> String {
    let mut kept = String::new();
    let mut at = 0;
    for comment in &parsed.module.comments {
        kept.push_str(text.get(at..comment.span.start as usize).unwrap_or_default());
        at = at.max(comment.span.end as usize);
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept.retain(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '|' | '\u{feff}'));
    kept
}

/// The texts of all comments. Line comments are in order; a block comment may pass others that wait for the end of the line.
fn comments(text: &str, parsed: &Parsed) -> Vec<String> {
    let texts = parsed.module.comments.iter().map(|comment| {
        let text = text.get(comment.span.start as usize..comment.span.end as usize).unwrap_or_default();
        text.trim_end().to_owned()
    });
    let (mut lines, mut blocks): (Vec<_>, Vec<_>) = texts.partition(|text| text.starts_with("//"));
    blocks.sort();
    lines.extend(blocks);
    lines
}

/// The text at a place, two lines before and after.
fn lines_around(text: &str, offset: u32) -> String {
    let line = text.get(..offset as usize).unwrap_or_default().matches('\n').count();
    text.lines().skip(line.saturating_sub(2)).take(5).collect::<Vec<_>>().join("\n")
}

fn first_difference(left: &str, right: &str) -> String {
    let at = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.chars().skip(at.saturating_sub(60)).take(120).collect::<String>();
    format!("{}\n   instead of\n{}", around(right), around(left))
}

fn is_clean(text: &str) -> bool {
    parse(text).diagnostics.is_empty()
}

/// How many declarations have documentation.
fn documented(text: &str) -> usize {
    tova_syntax::dump(&parse(text).module).matches("(doc ").count()
}

/// How many more rounds than usual: `TOVA_FUZZ=100 cargo test --release -p tova-format`.
pub(super) fn rounds(usual: usize) -> usize {
    let factor = std::env::var("TOVA_FUZZ").ok().and_then(|factor| factor.parse().ok()).unwrap_or(1);
    usual * factor
}

/// Runs trials until some fail, and shows the shortest of these.
fn all_hold(trials: impl Iterator<Item = (String, u32)>) {
    let mut failed: Vec<String> = Vec::new();
    for (text, width) in trials {
        failed.extend(check(&text, width).err());
        if failed.len() >= 20 {
            break;
        }
    }
    failed.sort_by_key(String::len);
    assert!(failed.is_empty(), "{} failed; the shortest:\n{}", failed.len(), failed[0]);
}

#[test]
fn hold_for_every_source_of_the_repository() {
    let sources = corpus::sources().into_iter().map(|(_, text)| text).filter(|text| is_clean(text));
    all_hold(sources.flat_map(|text| [(text.clone(), 100), (text.clone(), 60), (text, 20)]));
}

/// Generated programs that have no errors.
pub(super) fn generated(count: usize) -> impl Iterator<Item = String> {
    (0..count as u64).map(generate::program).filter(|text| is_clean(text))
}

#[test]
fn hold_for_generated_programs() {
    let programs = generated(rounds(700)).enumerate();
    all_hold(programs.map(|(number, text)| (text, [100, 40, 20][number % 3])));
}

/// Changed sources that are still without errors.
fn changed<'a>(
    count: usize,
    seed: u64,
    change: impl Fn(&mut Random, &str) -> String + 'a,
) -> impl Iterator<Item = (String, u32)> + 'a {
    let mut sources: Vec<String> =
        corpus::sources().into_iter().map(|(_, text)| text).filter(|text| is_clean(text)).collect();
    sources.extend(generated(60));
    let mut random = Random::new(seed);
    let mut made = 0;
    let tries = count * 20;
    std::iter::from_fn(move || {
        for _ in 0..tries {
            if made == count {
                return None;
            }
            let source = &sources[random.below(sources.len())];
            let text = change(&mut random, source);
            // A `///` comment that has lost its declaration may find another one.
            if is_clean(&text) && documented(&text) == documented(source) {
                made += 1;
                return Some((text, [100, 60, 20][random.below(3)]));
            }
        }
        None
    })
}

#[test]
fn hold_however_the_source_is_laid_out() {
    all_hold(changed(rounds(400), 1, mutate::white_space));
}

#[test]
fn no_comment_is_lost_wherever_it_stands() {
    all_hold(changed(rounds(800), 2, mutate::comments));
}

#[test]
fn hold_however_the_source_is_laid_out_and_commented() {
    all_hold(changed(rounds(400), 3, |random, text| {
        let text = mutate::white_space(random, text);
        mutate::comments(random, &text)
    }));
}
