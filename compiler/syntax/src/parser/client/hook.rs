//! `onMount fn() { … }`, `onCleanup(f)`, `onUnmount { … }`

use crate::ast::{ClientDecl, ExprKind};
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn client_hook(&mut self) -> ClientDecl {
        let word = self.expect_name("a word");
        let handler = if self.at(T::LParen) && !self.hook_params_follow() {
            let token = self.bump();
            let open = self.span_of(token);
            let handler = self.in_brackets(Self::expression);
            self.close(T::RParen, open);
            handler
        } else {
            let start = self.start();
            let lambda = self.handler_lambda();
            let span = self.span_from(start);
            self.expr(span, ExprKind::Lambda(lambda))
        };
        ClientDecl::Hook { word, handler }
    }

    fn hook_params_follow(&mut self) -> bool {
        self.closer(0).is_some_and(|closer| self.nth_kind(closer + 1) == T::LBrace && !self.nth(closer + 1).newline)
    }
}
