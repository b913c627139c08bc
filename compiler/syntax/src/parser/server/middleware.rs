//! `middleware fn auth(req, res) { … }`

use crate::ast::MiddlewareDecl;
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn middleware(&mut self) -> MiddlewareDecl {
        self.bump();
        self.eats(T::Fn);
        let name = self.expect_name("the name of the middleware");
        let params = self.params();
        let body = self.block("the middleware");
        MiddlewareDecl { id: self.id(), name, params, body }
    }
}
