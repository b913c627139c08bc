//! `env PORT: Int = 3000`

use crate::ast::EnvDecl;
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn env(&mut self) -> EnvDecl {
        self.bump();
        let name = self.expect_name("the name of the variable");
        self.expect_colon();
        let ty = self.ty();
        let default = self.eats(T::Eq).then(|| self.expression());
        EnvDecl { id: self.id(), name, ty, default }
    }
}
