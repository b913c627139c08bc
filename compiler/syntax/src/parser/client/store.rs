//! `store Cart { … }`

use crate::ast::ClientDecl;
use crate::parser::Parser;

impl Parser<'_> {
    pub(super) fn store(&mut self) -> ClientDecl {
        self.bump();
        let name = self.expect_name("the name of the store");
        let items = self.items("the store");
        ClientDecl::Store { id: self.id(), name, items }
    }
}
