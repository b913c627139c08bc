//! `on_error fn(err, req, res) { … }`, `on_start { … }`

use crate::ast::{Lambda, LambdaBody, ServerDecl};
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    /// Whether a function or a body follows the word that is next.
    pub(super) fn hook_follows(&mut self) -> bool {
        match self.nth_kind(1) {
            T::Fn | T::Async | T::LBrace => true,
            T::LParen => self.closer(1).is_some_and(|closer| self.nth_kind(closer + 1) == T::LBrace),
            _ => false,
        }
    }

    pub(super) fn server_hook(&mut self) -> ServerDecl {
        let word = self.expect_name("a word");
        let handler = self.handler_lambda();
        ServerDecl::Hook { word, handler, id: self.id() }
    }

    /// `fn(a) { … }`, `(a) { … }` or `{ … }`.
    pub(in crate::parser) fn handler_lambda(&mut self) -> Lambda {
        if matches!(self.kind(), T::Fn | T::Async) {
            return self.lambda();
        }
        let params = if self.at(T::LParen) { self.params() } else { Vec::new() };
        let body = Box::new(LambdaBody::Block(self.block("the handler")));
        Lambda { params, ret: None, body }
    }
}
