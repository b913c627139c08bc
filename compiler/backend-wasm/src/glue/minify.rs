//! Makes a script smaller: comments go, spaces between what does not need them, and long names. Made for our own scripts, in which
//! every statement ends in a semicolon or brace, a regular expression stands behind a bracket or operator, and names with an
//! underscore are those of parts, never of members.

use std::collections::HashMap;

/// A piece of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Space,
    Comment,
    /// A text, template or regular expression.
    Literal(&'a str),
    Word(&'a str),
    Sign(&'a str),
}

/// The script without what people need.
pub(super) fn minify(script: &str) -> String {
    let mut out = Output::default();
    let mut short: HashMap<&str, String> = HashMap::new();
    for piece in (Pieces { rest: script, before: ' ' }) {
        match piece {
            Piece::Space | Piece::Comment => out.spaced = true,
            Piece::Word(word) if word.contains('_') => {
                let number = short.len();
                let name = short.entry(word).or_insert_with(|| format!("${number}")).clone();
                out.push(&name);
            }
            Piece::Literal(text) | Piece::Word(text) | Piece::Sign(text) => out.push(text),
        }
    }
    out.finish()
}

/// A script in the making.
#[derive(Default)]
struct Output {
    text: String,
    /// Whether there was a space before what comes.
    spaced: bool,
    /// A semicolon that may yet become a comma, or be left out.
    ended: bool,
    /// For each open brace: whether the present statement declares constants.
    constant: Vec<bool>,
    /// Whether a statement begins.
    begins: bool,
}

impl Output {
    fn push(&mut self, text: &str) {
        if self.ended {
            self.ended = false;
            // Constants one after another are one statement.
            if text == "const" && self.constant.last() == Some(&true) {
                self.text.push(',');
                self.spaced = false;
                return;
            }
            if text != "}" {
                self.text.push(';');
            }
            self.begins = true;
        }
        if self.begins || self.constant.is_empty() {
            self.begins = false;
            self.constant.pop();
            self.constant.push(text == "const");
        }
        let (before, after) = (self.text.chars().last().unwrap_or(' '), text.chars().next().unwrap_or(' '));
        let would_join = (is_word(before) && is_word(after)) || (before == after && matches!(before, '+' | '-'));
        if std::mem::take(&mut self.spaced) && would_join {
            self.text.push(' ');
        }
        if text == "=>" {
            self.unwrap_parameter();
        }
        match text {
            ";" if self.text.ends_with([';', '(']) || self.is_in_loop_head() => self.text.push(';'),
            ";" => self.ended = true,
            "{" => {
                self.text.push('{');
                self.constant.push(false);
                self.begins = true;
            }
            "}" => {
                self.text.push('}');
                self.constant.pop();
                self.begins = false;
            }
            other => self.text.push_str(other),
        }
    }

    /// `(n)=>` is `n=>`, unless a word stands before it. The arrow is about to be written.
    fn unwrap_parameter(&mut self) {
        let Some(inside) = self.text.strip_suffix(')') else { return };
        let Some((before, name)) = inside.rsplit_once('(') else { return };
        if !name.is_empty() && name.chars().all(is_word) && !before.ends_with(is_word) {
            self.text = format!("{before}{name}");
        }
    }

    /// Whether a bracket of `for (…)` is open: its semicolons stay.
    fn is_in_loop_head(&self) -> bool {
        let Some(start) = self.text.rfind("for(") else { return false };
        let head = self.text.get(start + 3..).unwrap_or_default();
        head.matches('(').count() > head.matches(')').count() && !head.contains('{')
    }

    fn finish(mut self) -> String {
        if self.ended {
            self.text.push(';');
        }
        self.text
    }
}

/// The names that a definition mentions, members left out.
pub(super) fn names(script: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut is_member = false;
    for piece in (Pieces { rest: script, before: ' ' }) {
        match piece {
            Piece::Word(word) => {
                if !is_member {
                    names.push(word);
                }
                is_member = false;
            }
            Piece::Sign(sign) => is_member = sign == ".",
            Piece::Literal(text) => {
                is_member = false;
                if let Some(inside) = text.strip_prefix('`') {
                    names.extend(inside.split(|c| !is_word(c)));
                }
            }
            Piece::Space | Piece::Comment => {}
        }
    }
    names
}

/// Cuts a script into pieces.
struct Pieces<'a> {
    rest: &'a str,
    /// The last sign or letter before.
    before: char,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let first = self.rest.chars().next()?;
        let len = match first {
            c if c.is_whitespace() => {
                let len = self.rest.find(|c: char| !c.is_whitespace()).unwrap_or(self.rest.len());
                self.take(len);
                return Some(Piece::Space);
            }
            '/' if self.rest.starts_with("//") => {
                let len = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(len);
                return Some(Piece::Comment);
            }
            '/' if self.rest.starts_with("/*") => {
                let len = self.rest.find("*/").map_or(self.rest.len(), |at| at + 2);
                self.take(len);
                return Some(Piece::Comment);
            }
            '"' | '\'' | '`' => self.literal(first),
            '/' if "(=:,?&|!>".contains(self.before) => self.expression(),
            c if is_word(c) => self.rest.find(|c: char| !is_word(c)).unwrap_or(self.rest.len()),
            '.' if self.rest.starts_with("...") => 3,
            '=' if self.rest.starts_with("=>") => 2,
            c => c.len_utf8(),
        };
        let text = self.take(len);
        self.before = text.chars().last().unwrap_or(' ');
        Some(match first {
            '"' | '\'' | '`' => Piece::Literal(text),
            '/' if len > 1 => Piece::Literal(text),
            c if is_word(c) => Piece::Word(text),
            _ => Piece::Sign(text),
        })
    }
}

impl<'a> Pieces<'a> {
    fn take(&mut self, len: usize) -> &'a str {
        let (text, rest) = self.rest.split_at(len);
        self.rest = rest;
        text
    }

    /// The length of a text or template.
    fn literal(&self, quote: char) -> usize {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => return at + 1,
                _ => {}
            }
        }
        self.rest.len()
    }

    /// The length of a regular expression with its flags.
    fn expression(&self) -> usize {
        let (mut escaped, mut in_class, mut closed) = (false, false, false);
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if closed && !c.is_alphabetic() => return at,
                _ if closed => {}
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => closed = true,
                _ => {}
            }
        }
        self.rest.len()
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}
