//! `effect { … }`

use crate::ast::ClientDecl;
use crate::parser::Parser;

impl Parser<'_> {
    pub(super) fn effect(&mut self) -> ClientDecl {
        self.bump();
        let body = self.block("the effect");
        ClientDecl::Effect { id: self.id(), body }
    }
}
