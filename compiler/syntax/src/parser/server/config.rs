//! `db { adapter: "sqlite" }` and every other block of settings.

use crate::ast::{ConfigDecl, ConfigEntry, Ident};
use crate::parser::Parser;
use crate::parser::control::BracePlace;
use crate::token::T;

/// The words that open a block of settings also when the block is empty or broken.
const CONFIG_WORDS: &[&str] = &[
    "auth",
    "cache",
    "compression",
    "config",
    "cors",
    "csp",
    "csrf",
    "db",
    "rate_limit",
    "session",
    "sessions",
    "static",
    "tls",
    "upload",
    "uploads",
];

impl Parser<'_> {
    /// Whether the word that is next and its `{` begin a block of settings: the word or the content says so.
    pub(super) fn config_follows(&mut self) -> bool {
        let token = self.token();
        if CONFIG_WORDS.contains(&self.text_of(token)) {
            return true;
        }
        let key = self.nth_kind(2).is_word() && self.nth_kind(3) == T::Colon;
        key && !matches!(self.nth_kind(4), T::For | T::While | T::Loop)
    }

    pub(super) fn config(&mut self) -> ConfigDecl {
        let word = self.expect_name("a word");
        let entries = self.config_entries();
        ConfigDecl { id: self.id(), word, entries }
    }

    fn config_entries(&mut self) -> Vec<ConfigEntry> {
        let Some(open) = self.open_brace("the settings") else { return Vec::new() };
        let mut entries = Vec::new();
        self.in_braces(|p| {
            loop {
                while p.eat(T::Comma).or_else(|| p.eat(T::Semi)).is_some() {}
                if p.block_ends(open) {
                    break;
                }
                let before = p.at;
                match p.config_entry() {
                    Some(entry) => entries.push(entry),
                    None => p.skip_statement(),
                }
                p.progress(before);
            }
        });
        self.close_brace(open);
        entries
    }

    /// `key: value`; none if it is not one, which is reported.
    pub(super) fn config_entry(&mut self) -> Option<ConfigEntry> {
        self.entry = self.at;
        let key = self.expect_word("a setting")?;
        if self.at(T::LBrace) && self.same_line() && self.record_follows(BracePlace::Operand) {
            // `health { path: "/" }` inside a block, without its colon.
            return Some(ConfigEntry { key, value: self.record() });
        }
        if !self.eats(T::Colon) {
            let problem = self.expectation("`:` and a value").help("a setting is written `key: value`");
            self.report(problem);
            return None;
        }
        Some(ConfigEntry { key, value: self.value() })
    }

    /// `static "/url" => "dir" fallback "file"`, which says the same as `static { path: …, dir: …, fallback: … }`.
    pub(super) fn static_files(&mut self) -> ConfigDecl {
        let word = self.expect_name("a word");
        let path = self.string();
        let mut entries = vec![entry("path", path)];
        if self.eats(T::FatArrow) {
            let dir = self.expression();
            entries.push(entry("dir", dir));
        } else {
            self.expected("`=>` and a folder");
        }
        if self.eat_name("fallback").is_some() {
            let file = self.expression();
            entries.push(entry("fallback", file));
        }
        if self.at(T::LBrace) && self.same_line() {
            entries.extend(self.config_entries());
        }
        ConfigDecl { id: self.id(), word, entries }
    }
}

fn entry(key: &str, value: crate::ast::Expr) -> ConfigEntry {
    ConfigEntry { key: Ident { name: key.into(), span: value.span }, value }
}
