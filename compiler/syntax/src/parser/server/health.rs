//! `health "/health" { check_db }`

use crate::ast::{Ident, ServerDecl};
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn health(&mut self) -> ServerDecl {
        let start = self.bump().start;
        let path =
            self.quoted_name().unwrap_or_else(|| Ident { name: Default::default(), span: self.span_from(start) });
        let mut checks = Vec::new();
        if self.at(T::LBrace) && self.same_line() {
            let open = self.opened();
            while !self.block_ends(open) {
                let Some(check) = self.expect_word("the name of a check") else { break };
                checks.push(check);
                self.eats(T::Comma);
            }
            self.close_brace(open);
        }
        ServerDecl::Health { span: self.span_from(start), path, checks }
    }
}
