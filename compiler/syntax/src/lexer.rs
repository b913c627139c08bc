//! Text to tokens, on demand: the parser says where ordinary text begins again after JSX text, a regular expression or
//! the piece of code inside a string, so no rule of the lexer depends on the token before.

use logos::Logos;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::{FileId, Span};

use crate::ast::{Comment, CommentKind};
use crate::token::{T, Token};

/// How deep strings may nest in the code inside strings.
const MAX_STRING_DEPTH: u32 = 64;

/// Reads tokens from an offset on.
pub(crate) struct Lexer<'s> {
    file: FileId,
    text: &'s str,
    inner: logos::Lexer<'s, T>,
    /// Comments met so far, in order.
    pub(crate) comments: Vec<Comment>,
    /// Problems met so far, in order.
    pub(crate) problems: Vec<Diagnostic>,
}

impl<'s> Lexer<'s> {
    /// A lexer over `text`, at its start or after its `#!` line.
    pub(crate) fn new(file: FileId, text: &'s str) -> Self {
        let mut lexer = Self { file, text, inner: T::lexer(text), comments: Vec::new(), problems: Vec::new() };
        if text.starts_with("#!") {
            lexer.inner.bump(line_end(text, 0));
        }
        lexer
    }

    /// Goes on at `offset`, forgetting what was seen after it; tokens end at `limit`.
    pub(crate) fn seek(&mut self, offset: u32, limit: u32) {
        let text = self.text.get(..limit as usize).unwrap_or(self.text);
        self.inner = T::lexer(text);
        self.inner.bump((offset as usize).min(text.len()));
        while self.comments.last().is_some_and(|comment| comment.span.start >= offset) {
            self.comments.pop();
        }
        while self.problems.last().is_some_and(|problem| problem.span.start >= offset) {
            self.problems.pop();
        }
    }

    /// The next token; [`T::Eof`] at the end, again and again.
    pub(crate) fn next(&mut self) -> Token {
        let mut newline = false;
        loop {
            let kind = self.inner.next();
            let range = self.inner.span();
            let (start, end) = (range.start as u32, range.end as u32);
            match kind {
                None => return Token { kind: T::Eof, newline, start: end, end },
                Some(Err(())) => self.bad_character(start, end),
                Some(Ok(T::Newline)) => newline = true,
                Some(Ok(T::LineComment)) => {
                    let text = self.inner.slice();
                    let doc = text.starts_with("///") && !text.starts_with("////");
                    self.comment(if doc { CommentKind::Doc } else { CommentKind::Line }, start, end);
                }
                Some(Ok(T::BlockComment)) => newline |= self.block_comment(start),
                Some(Ok(T::Str)) => return Token { kind: T::Str, newline, start, end: self.string(start) },
                Some(Ok(kind)) => return Token { kind, newline, start, end },
            }
        }
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end)
    }

    fn comment(&mut self, kind: CommentKind, start: u32, end: u32) {
        let span = self.span(start, end);
        self.comments.push(Comment { span, kind });
    }

    /// Reads a nesting comment to its end; says whether it holds the end of a line.
    fn block_comment(&mut self, start: u32) -> bool {
        let rest = self.inner.remainder();
        let (length, closed) = block_comment_length(rest);
        let newline = rest.get(..length).is_some_and(|inside| inside.contains('\n'));
        self.inner.bump(length);
        let end = start + 2 + length as u32;
        self.comment(CommentKind::Block, start, end);
        if !closed {
            let span = self.span(start, start + 2);
            self.problems
                .push(Diagnostic::error(codes::E0006, span, "this comment is never closed").help("end it with `*/`"));
        }
        newline
    }

    /// Reads a string to its end; returns the offset after it.
    fn string(&mut self, start: u32) -> u32 {
        let text = self.inner.source();
        let opened = self.inner.span().end;
        match literal_end(text, start as usize) {
            Some(end) => {
                self.inner.bump(end - opened);
                end as u32
            }
            None => {
                let end = line_end(text, opened).max(opened);
                self.inner.bump(end - opened);
                let quote = text.get(start as usize..opened).unwrap_or("\"").trim_start_matches(['r', 'f']);
                let span = self.span(start, end as u32);
                self.problems.push(
                    Diagnostic::error(codes::E0002, span, "this string is never closed")
                        .help(format!("end it with `{quote}`")),
                );
                end as u32
            }
        }
    }

    fn bad_character(&mut self, start: u32, end: u32) {
        let shown = self.inner.slice();
        let problem = Diagnostic::error(
            codes::E0005,
            self.span(start, end),
            format!("the character `{shown}` has no meaning here"),
        );
        let problem = match shown {
            "“" | "”" | "„" => {
                problem.help("write a straight quote `\"`").fix("replace it by `\"`", self.span(start, end), "\"")
            }
            "‘" | "’" => {
                problem.help("write a straight quote `'`").fix("replace it by `'`", self.span(start, end), "'")
            }
            "\u{a0}" => {
                problem.help("write an ordinary space").fix("replace it by a space", self.span(start, end), " ")
            }
            "#" => problem.help("a comment begins with `//`"),
            _ => problem.help("remove it"),
        };
        self.problems.push(problem);
    }
}

/// The offset of the end of the line that holds `offset`.
pub(crate) fn line_end(text: &str, offset: usize) -> usize {
    text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| offset + length)
}

/// The length of a comment's text after its `/*`, and whether it is closed.
pub(crate) fn block_comment_length(rest: &str) -> (usize, bool) {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (0, 1u32);
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'/', Some(b'*')) => (at, depth) = (at + 2, depth + 1),
            (b'*', Some(b'/')) => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            return (at, true);
        }
    }
    (bytes.len(), false)
}

/// The offset after the string that begins at `start`; none if it is never closed. One that runs over lines and has a word
/// or a quote right after it has lost its end: what closes it opens the next string.
pub(crate) fn literal_end(text: &str, start: usize) -> Option<usize> {
    let end = string_end(text, start, 0)?;
    let whole = text.get(start..end)?;
    let triple = whole.trim_start_matches('f').starts_with("\"\"\"");
    let joined = text.get(end..)?.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '"' | '\''));
    (triple || !joined || !whole.contains('\n')).then_some(end)
}

/// The offset after the string that begins at `start`; none if it is never closed.
pub(crate) fn string_end(text: &str, start: usize, depth: u32) -> Option<usize> {
    if depth > MAX_STRING_DEPTH {
        return None;
    }
    let bytes = text.as_bytes();
    let prefix = usize::from(matches!(bytes.get(start), Some(b'r' | b'f')));
    let raw = bytes.get(start) == Some(&b'r');
    let quote = *bytes.get(start + prefix)?;
    let triple = !raw && quote == b'"' && text.get(start + prefix..).is_some_and(|rest| rest.starts_with("\"\"\""));
    let mut at = start + prefix + if triple { 3 } else { 1 };
    loop {
        match *bytes.get(at)? {
            b'\\' if !raw => at += 2,
            b'{' if !raw && quote == b'"' => match hole_end(text, at, depth) {
                Some(end) => at = end,
                // A brace that is never closed: the string ends where it would without it.
                None => return next_quote(text, at),
            },
            byte if byte == quote && !triple => return Some(at + 1),
            b'"' if triple && bytes.get(at + 1) == Some(&b'"') && bytes.get(at + 2) == Some(&b'"') => {
                return Some(at + 3);
            }
            _ => at += 1,
        }
    }
}

/// The offset after the next double quote on the line.
fn next_quote(text: &str, at: usize) -> Option<usize> {
    let line = text.get(at..line_end(text, at))?;
    line.find('"').map(|length| at + length + 1)
}

/// The offset after the `}` that closes the `{` at `open`, where both stand in a string; strings inside are skipped.
pub(crate) fn hole_end(text: &str, open: usize, depth: u32) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut braces) = (open + 1, 1u32);
    loop {
        match *bytes.get(at)? {
            b'{' => (at, braces) = (at + 1, braces + 1),
            b'}' => (at, braces) = (at + 1, braces - 1),
            b'"' | b'\'' => at = string_end(text, at, depth + 1)?,
            _ => at += 1,
        }
        if braces == 0 {
            return Some(at);
        }
    }
}
