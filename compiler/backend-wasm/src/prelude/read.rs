//! Reads s-expressions. `;` starts a comment.

use ecow::{EcoString, eco_format};

use super::Outcome;

/// A word, a text or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Word(EcoString),
    Text(EcoString),
    List(Vec<Form>),
}

impl Form {
    /// The first word of a list, or nothing.
    pub(super) fn head(&self) -> &str {
        self.word(0).unwrap_or("")
    }

    pub(super) fn at(&self, index: usize) -> Outcome<&Self> {
        match self {
            Self::List(items) => items.get(index).ok_or_else(|| eco_format!("`({} …)` is too short", self.head())),
            Self::Word(word) | Self::Text(word) => Err(eco_format!("a list is expected at `{word}`")),
        }
    }

    pub(super) fn word(&self, index: usize) -> Outcome<&str> {
        match self {
            Self::List(items) => match items.get(index) {
                Some(Self::Word(word)) => Ok(word),
                _ => Err(eco_format!("a word is expected at {index} in {self:?}")),
            },
            Self::Word(word) | Self::Text(word) => Err(eco_format!("a list is expected at `{word}`")),
        }
    }

    pub(super) fn is_word(&self, index: usize, word: &str) -> bool {
        self.word(index).is_ok_and(|found| found == word)
    }

    pub(super) fn slice(&self, from: usize) -> &[Self] {
        match self {
            Self::List(items) => items.get(from..).unwrap_or_default(),
            Self::Word(_) | Self::Text(_) => &[],
        }
    }

    pub(super) fn rest(&self, from: usize) -> impl Iterator<Item = &Self> {
        self.slice(from).iter()
    }
}

/// All forms of a text.
pub(super) fn forms(text: &str) -> Outcome<Vec<Form>> {
    let mut open: Vec<Vec<Form>> = vec![Vec::new()];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            ';' => rest.split_once('\n').map_or("", |(_, after)| after),
            '(' => {
                open.push(Vec::new());
                &rest[1..]
            }
            ')' => {
                let done = open.pop().ok_or("a closing bracket too many")?;
                open.last_mut().ok_or("a closing bracket too many")?.push(Form::List(done));
                &rest[1..]
            }
            '"' => {
                let (inside, after) = rest[1..].split_once('"').ok_or("a text without end")?;
                push(&mut open, Form::Text(inside.into()))?;
                after
            }
            c if c.is_whitespace() => rest.trim_start(),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "();\"".contains(c)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                push(&mut open, Form::Word(word.into()))?;
                after
            }
        };
    }
    let all = open.pop().unwrap_or_default();
    if open.is_empty() { Ok(all) } else { Err("a closing bracket is missing".into()) }
}

fn push(open: &mut [Vec<Form>], form: Form) -> Outcome<()> {
    open.last_mut().ok_or("a closing bracket too many")?.push(form);
    Ok(())
}
