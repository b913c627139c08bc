//! `{ … }` as a value, and how to tell it from a block.

use tova_diagnostics::{Diagnostic, codes};

use super::Parser;
use super::control::BracePlace;
use crate::ast::{CompClause, Expr, ExprKind, Ident, RecordEntry};
use crate::token::T;

impl Parser<'_> {
    /// Whether the `{` that is next begins a record and not a block.
    pub(super) fn record_follows(&mut self, place: BracePlace) -> bool {
        match self.nth_kind(1) {
            T::RBrace => place != BracePlace::Body,
            T::Ellipsis => self.nth_kind(2) != T::RBrace,
            T::Str | T::Int => self.nth_kind(2) == T::Colon || self.comprehension_follows(),
            T::LBracket => {
                self.closer(1).is_some_and(|closer| self.nth_kind(closer + 1) == T::Colon)
                    || self.comprehension_follows()
            }
            kind if kind.is_word() => match self.nth_kind(2) {
                T::Colon => !matches!(self.nth_kind(3), T::For | T::While | T::Loop) && !self.typed_binding_follows(),
                T::Comma => self.names_follow(),
                T::RBrace => kind == T::Ident && place != BracePlace::Body,
                _ => self.comprehension_follows(),
            },
            _ => self.comprehension_follows(),
        }
    }

    /// Whether `{ name: T = e` is the start of a block that declares `name`.
    fn typed_binding_follows(&mut self) -> bool {
        self.nth(1).newline && self.nth_kind(3) == T::Ident && self.nth_kind(4) == T::Eq
    }

    /// Whether `{ a, b, …` is a list of names, entries and spreads up to its end; `a, b = …` is a statement.
    fn names_follow(&mut self) -> bool {
        let mut n = 1;
        while self.nth_kind(n).is_word() {
            match self.nth_kind(n + 1) {
                T::Comma => n += 2,
                T::Colon | T::RBrace => return true,
                _ => return false,
            }
        }
        matches!(self.nth_kind(n), T::RBrace | T::Ellipsis | T::Str | T::LBracket)
    }

    /// Whether `{ e: v for …` follows, with a key that is no plain word.
    fn comprehension_follows(&mut self) -> bool {
        let (mut n, mut colon) = (1, false);
        loop {
            let token = self.nth(n);
            match token.kind {
                T::Colon => colon = true,
                T::For => return colon,
                T::LParen | T::LBracket | T::LBrace => match self.closer(n) {
                    Some(closer) => n = closer,
                    None => return false,
                },
                T::RBrace | T::RParen | T::RBracket | T::Eof | T::Semi | T::Eq | T::Comma | T::FatArrow => {
                    return false;
                }
                _ if token.newline && n > 1 && !colon => return false,
                kind if kind.opens_statement() => return false,
                _ => {}
            }
            n += 1;
        }
    }

    /// `{ a: 1, "b": 2, [k]: 3, ...r, name }`, `{ k: v for k, v in m }`
    pub(super) fn record(&mut self) -> Expr {
        let open = self.opened();
        let start = open.span.start;
        let kind = self.in_brackets(|p| {
            let mut entries = Vec::new();
            let mut comprehension = None;
            while !p.block_ends(open) {
                let before = p.at;
                match p.entry() {
                    Entry::Plain(entry) => entries.push(entry),
                    Entry::Comprehension(kind) => comprehension = Some(kind),
                }
                if p.eats(T::Comma) || p.eats(T::Semi) {
                    continue;
                }
                // A new line separates entries as well as a comma does.
                if p.at == before || !p.entry_follows() {
                    break;
                }
                if !p.token().newline {
                    p.report_missing_comma();
                }
            }
            comprehension.unwrap_or(ExprKind::Record(entries))
        });
        self.close_record(open);
        let span = self.span_from(start);
        self.expr(span, kind)
    }

    fn close_record(&mut self, open: super::block::Opened) {
        let token = self.token();
        if !matches!(token.kind, T::RBrace | T::Eof) && !token.newline {
            self.close(T::RBrace, open.span);
        } else {
            self.close_brace(open);
        }
    }

    fn entry_follows(&mut self) -> bool {
        matches!(self.kind(), T::Ellipsis | T::Str | T::Int | T::LBracket) || self.kind().is_word()
    }

    fn entry(&mut self) -> Entry {
        let token = self.token();
        match token.kind {
            T::Ellipsis => {
                self.bump();
                let span = self.span_of(token);
                Entry::Plain(RecordEntry::Spread { span, value: self.expression() })
            }
            T::LBracket if self.closer(0).is_some_and(|closer| self.nth_kind(closer + 1) == T::Colon) => {
                self.computed_key()
            }
            T::Str | T::Int if self.nth_kind(1) == T::Colon => self.quoted_field(),
            kind if kind.is_word() && self.nth_kind(1) == T::Colon => {
                let name = self.expect_name("a name");
                self.field_value(name)
            }
            kind if kind.is_word() && matches!(self.nth_kind(1), T::Comma | T::RBrace) => self.short(),
            kind if kind.is_word() && self.nth(1).newline => self.short(),
            _ => self.comprehension(),
        }
    }

    fn short(&mut self) -> Entry {
        let name = self.expect_name("a name");
        let value = self.expr(name.span, ExprKind::Name(name.name.clone()));
        Entry::Plain(RecordEntry::Short { name, value })
    }

    fn computed_key(&mut self) -> Entry {
        self.bump();
        let key = self.expression();
        self.eats(T::RBracket);
        self.eats(T::Colon);
        let value = self.expression();
        Entry::Plain(RecordEntry::Computed { key, value })
    }

    fn quoted_field(&mut self) -> Entry {
        let token = self.token();
        let key = if token.kind == T::Str { self.string() } else { self.number() };
        self.bump();
        let value = self.expression();
        if self.at(T::For) {
            return self.with_clause(key, value);
        }
        let name = match &key.kind {
            ExprKind::Str(name) => name.clone(),
            ExprKind::Template(_) => return Entry::Plain(RecordEntry::Computed { key, value }),
            _ => self.text_of(token).into(),
        };
        Entry::Plain(RecordEntry::Field { name: Ident { name, span: key.span }, value })
    }

    fn field_value(&mut self, name: Ident) -> Entry {
        self.bump();
        let value = self.expression();
        if self.at(T::For) {
            let key = self.expr(name.span, ExprKind::Name(name.name));
            return self.with_clause(key, value);
        }
        Entry::Plain(RecordEntry::Field { name, value })
    }

    /// `e: v for …` with any expression as key.
    fn comprehension(&mut self) -> Entry {
        let start = self.start();
        let key = self.expression();
        if self.eats(T::Colon) {
            let value = self.expression();
            if self.at(T::For) {
                return self.with_clause(key, value);
            }
            return Entry::Plain(RecordEntry::Computed { key, value });
        }
        let span = self.span_from(start);
        let found = self.token();
        let found = self.describe(found);
        self.report(
            Diagnostic::error(codes::E0001, span, format!("expected `name: value` in a record, then found {found}"))
                .help("write `name: value`, or `name` alone for a value of the same name"),
        );
        Entry::Plain(RecordEntry::Spread { span, value: key })
    }

    fn with_clause(&mut self, key: Expr, value: Expr) -> Entry {
        let clause = Box::new(self.comp_clause());
        Entry::Comprehension(ExprKind::RecordComp { key: Box::new(key), value: Box::new(value), clause })
    }

    /// `for k, v in e if c`
    pub(super) fn comp_clause(&mut self) -> CompClause {
        self.bump();
        let targets = self.for_targets();
        self.expect_in();
        let iterable = self.expression();
        let cond = self.eat(T::If).map(|_| self.expression());
        CompClause { targets, iterable, cond }
    }
}

/// What stands between the commas of a record.
enum Entry {
    Plain(RecordEntry),
    Comprehension(ExprKind),
}
