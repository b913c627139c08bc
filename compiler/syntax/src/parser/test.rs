//! `test "name" timeout=500 { … }`, `bench "name" { … }` and the hooks of tests.

use super::Parser;
use crate::ast::{BenchDecl, HookTime, ItemKind, TestDecl, TestHook};
use crate::token::T;

impl Parser<'_> {
    /// Whether the word that is next begins a test: a block, a name or a time limit follows.
    pub(super) fn test_follows(&mut self) -> bool {
        let named = usize::from(self.nth_kind(1) == T::Str);
        self.named_block_follows() || self.timeout_at(1 + named)
    }

    /// Whether `timeout =` stands after `n` tokens on the same line.
    fn timeout_at(&mut self, n: usize) -> bool {
        let token = self.nth(n);
        let word = token.kind == T::Ident && !token.newline && self.text_of(token) == "timeout";
        word && self.nth_kind(n + 1) == T::Eq
    }

    pub(super) fn test_decl(&mut self) -> TestDecl {
        let token = self.bump();
        let keyword = self.span_of(token);
        let name = self.quoted_name();
        let timeout = self.timeout_at(0).then(|| {
            self.bump();
            self.bump();
            self.head()
        });
        let body = self.block("the test");
        TestDecl { id: self.id(), keyword, name, timeout, body }
    }

    pub(super) fn bench_decl(&mut self) -> BenchDecl {
        let token = self.bump();
        let keyword = self.span_of(token);
        let name = self.quoted_name();
        let body = self.block("what is measured");
        BenchDecl { id: self.id(), keyword, name, body }
    }

    pub(super) fn test_hook(&mut self, time: HookTime) -> ItemKind {
        let token = self.bump();
        let keyword = self.span_of(token);
        let body = self.block("the hook");
        ItemKind::TestHook(TestHook { id: self.id(), keyword, time, body })
    }
}
