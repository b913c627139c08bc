//! Looking at tokens, taking them, and finding the thread again after an error.

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;

use super::{Braces, Parser};
use crate::token::{T, Token};

/// A state to come back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    next_id: u32,
    diagnostics: usize,
    implicit: bool,
}

impl<'s> Parser<'s> {
    /// The token after `n` others.
    pub(super) fn nth(&mut self, n: usize) -> Token {
        while self.tokens.len() <= self.at + n {
            let token = self.lexer.next();
            self.tokens.push(token);
        }
        self.tokens.get(self.at + n).copied().unwrap_or(Token {
            kind: T::Eof,
            newline: false,
            start: self.limit,
            end: self.limit,
        })
    }

    pub(super) fn token(&mut self) -> Token {
        self.nth(0)
    }

    pub(super) fn kind(&mut self) -> T {
        self.nth(0).kind
    }

    pub(super) fn nth_kind(&mut self, n: usize) -> T {
        self.nth(n).kind
    }

    pub(super) fn bump(&mut self) -> Token {
        let token = self.nth(0);
        if token.kind != T::Eof {
            self.at += 1;
        }
        token
    }

    pub(super) fn at(&mut self, kind: T) -> bool {
        self.kind() == kind
    }

    pub(super) fn eat(&mut self, kind: T) -> Option<Token> {
        self.at(kind).then(|| self.bump())
    }

    pub(super) fn eats(&mut self, kind: T) -> bool {
        self.eat(kind).is_some()
    }

    /// Whether this name is next.
    pub(super) fn at_name(&mut self, name: &str) -> bool {
        let token = self.token();
        token.kind == T::Ident && self.text_of(token) == name
    }

    pub(super) fn eat_name(&mut self, name: &str) -> Option<Token> {
        self.at_name(name).then(|| self.bump())
    }

    /// Whether the next token is on the line of the one before.
    pub(super) fn same_line(&mut self) -> bool {
        !self.token().newline
    }

    /// Whether the token after `n` others is `kind` and touches the one before it.
    pub(super) fn touches(&mut self, n: usize, kind: T) -> bool {
        let before = if n == 0 { self.prev_end() } else { self.nth(n - 1).end };
        let token = self.nth(n);
        token.kind == kind && token.start == before
    }

    pub(super) fn text_of(&self, token: Token) -> &'s str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    pub(super) fn token_span(&mut self) -> Span {
        let token = self.token();
        self.span_of(token)
    }

    pub(super) fn start(&mut self) -> u32 {
        self.token().start
    }

    /// The offset after the last token taken.
    pub(super) fn prev_end(&self) -> u32 {
        self.prev().map_or(0, |token| token.end)
    }

    pub(super) fn prev(&self) -> Option<Token> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied()
    }

    /// From `start` to the last token taken.
    pub(super) fn span_from(&self, start: u32) -> Span {
        Span::new(self.file, start, self.prev_end().max(start))
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end)
    }

    /// Goes on with ordinary text at `offset`, as if a token had ended there.
    pub(super) fn seek(&mut self, offset: u32) {
        self.tokens.truncate(self.at);
        self.lexer.seek(offset, self.limit);
        if self.prev_end() != offset {
            self.tokens.push(Token { kind: T::Semi, newline: false, start: offset, end: offset });
            self.at += 1;
        }
    }

    /// Forgets what was looked at from `offset` on, where text begins that is no code: what looked like a comment in it is none.
    pub(super) fn forget_from(&mut self, offset: u32) {
        self.lexer.seek(offset, self.limit);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { at: self.at, next_id: self.next_id, diagnostics: self.diagnostics.len(), implicit: self.implicit }
    }

    /// Undoes what was read since `mark`; only ordinary text may have been read.
    pub(super) fn rewind(&mut self, mark: Mark) {
        self.at = mark.at;
        self.next_id = mark.next_id;
        self.diagnostics.truncate(mark.diagnostics);
        self.implicit = mark.implicit;
    }

    /// Drops what was reported since `mark`.
    pub(super) fn forget_problems(&mut self, mark: Mark) {
        self.diagnostics.truncate(mark.diagnostics);
    }

    pub(super) fn failed_since(&self, mark: Mark) -> bool {
        self.diagnostics.len() > mark.diagnostics
    }

    /// The offset of the start of the line that holds `offset`.
    pub(super) fn line_start(&self, offset: u32) -> u32 {
        let after = self.line_starts.partition_point(|start| *start <= offset);
        after.checked_sub(1).and_then(|line| self.line_starts.get(line)).copied().unwrap_or(0)
    }

    /// The width of the white space before the first word of the line that holds `offset`.
    pub(super) fn indent(&self, offset: u32) -> u32 {
        let rest = self.text.get(self.line_start(offset) as usize..).unwrap_or_default();
        rest.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count() as u32
    }

    /// The index, counted from the next token, of the bracket that closes the one after `open` others; none if the
    /// brackets do not match.
    pub(super) fn closer(&mut self, open: usize) -> Option<usize> {
        let mut stack = Vec::new();
        let mut n = open;
        loop {
            match self.nth_kind(n) {
                T::LParen => stack.push(T::RParen),
                T::LBracket => stack.push(T::RBracket),
                T::LBrace => stack.push(T::RBrace),
                T::Eof => return None,
                kind @ (T::RParen | T::RBracket | T::RBrace) if stack.pop() != Some(kind) => return None,
                _ => {}
            }
            if stack.is_empty() {
                return Some(n);
            }
            n += 1;
        }
    }

    /// Takes the closing bracket of the one at `open`, past what does not belong if that is near.
    pub(super) fn close(&mut self, kind: T, open: Span) {
        if self.eats(kind) {
            return;
        }
        self.missing_closer(kind, open);
        if let Some(distance) = self.near_closer(kind) {
            for _ in 0..=distance {
                self.bump();
            }
        }
    }

    /// How many tokens, not many, stand before `kind` on this line, if none of them ends a block.
    fn near_closer(&mut self, kind: T) -> Option<usize> {
        let mut n = 0;
        while n < 64 {
            let token = self.nth(n);
            match token.kind {
                _ if token.newline => return None,
                found if found == kind => return Some(n),
                T::Eof | T::RParen | T::RBracket | T::RBrace => return None,
                T::LParen | T::LBracket | T::LBrace => n = self.closer(n)?,
                _ => {}
            }
            n += 1;
        }
        None
    }

    /// Reports that the closing bracket is not here.
    pub(super) fn missing_closer(&mut self, kind: T, open: Span) {
        let closer = match kind {
            T::RParen => ")",
            T::RBracket => "]",
            _ => "}",
        };
        self.brackets_broken = true;
        let (span, found) = self.found();
        let insert = self.span(self.prev_end(), self.prev_end());
        self.report(
            Diagnostic::error(codes::E0003, span, format!("expected `{closer}`, found {found}"))
                .also(open, "opened here")
                .help(format!("close it with `{closer}`"))
                .fix(format!("insert `{closer}`"), insert, closer),
        );
    }

    /// Skips the rest of a broken statement: to the end of its line, or to what closes the block around it.
    pub(super) fn skip_statement(&mut self) {
        let mut taken = false;
        loop {
            let token = self.token();
            match token.kind {
                T::Eof | T::RBrace => return,
                T::Semi => {
                    self.bump();
                    return;
                }
                _ if token.newline && taken => return,
                T::LBrace if taken => return self.skip_block_or_stay(),
                T::LBrace => self.skip_group(),
                T::LParen | T::LBracket if self.braces == Braces::AsWritten => self.skip_group(),
                _ => drop(self.bump()),
            }
            taken = true;
        }
    }

    /// Skips the rest of a statement with all that it holds; to the end, if its brackets are not closed.
    pub(super) fn skip_whole_statement(&mut self) {
        loop {
            let token = self.token();
            match token.kind {
                T::Eof | T::RBrace | T::RParen | T::RBracket | T::Semi => return,
                T::LParen | T::LBracket | T::LBrace => {
                    let count = self.closer(0).unwrap_or(usize::MAX);
                    for _ in 0..=count {
                        if self.bump().kind == T::Eof {
                            return;
                        }
                    }
                }
                _ => drop(self.bump()),
            }
            if self.token().newline {
                return;
            }
        }
    }

    /// Skips a bracket and what it holds if it is closed, else the bracket alone.
    fn skip_group(&mut self) {
        let count = self.closer(0).unwrap_or(0);
        for _ in 0..=count {
            self.bump();
        }
    }

    /// Leaves a block on the same line for the next statement to read.
    fn skip_block_or_stay(&mut self) {
        if !self.same_line() || self.closer(0).is_none() {
            self.bump();
        }
    }
}
