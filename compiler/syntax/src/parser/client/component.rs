//! `component Name(params) { … }`

use crate::ast::ComponentDecl;
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn component(&mut self) -> ComponentDecl {
        self.bump();
        let mut name = self.expect_name("the name of the component");
        while self.eats(T::Dot) {
            let part = self.expect_name("a name");
            name.name = ecow::eco_format!("{}.{}", name.name, part.name);
            name.span = name.span.to(part.span);
        }
        let params = if self.at(T::LParen) { self.params() } else { Vec::new() };
        let body = self.block("the component");
        ComponentDecl { id: self.id(), name, params, body }
    }
}
