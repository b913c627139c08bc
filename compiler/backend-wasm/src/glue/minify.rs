//! Makes a script smaller: comments go, and spaces between what does not need them. Made for our own scripts, in which every statement
//! ends in a semicolon or brace and a regular expression stands behind a bracket or operator.

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
    let mut out = String::with_capacity(script.len());
    let mut spaced = false;
    for piece in (Pieces { rest: script, before: ' ' }) {
        let text = match piece {
            Piece::Space | Piece::Comment => {
                spaced = true;
                continue;
            }
            Piece::Literal(text) | Piece::Word(text) | Piece::Sign(text) => text,
        };
        let (before, after) = (out.chars().last().unwrap_or(' '), text.chars().next().unwrap_or(' '));
        let would_join = (is_word(before) && is_word(after)) || (before == after && matches!(before, '+' | '-'));
        if spaced && would_join {
            out.push(' ');
        }
        spaced = false;
        if after == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push_str(text);
    }
    out
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
