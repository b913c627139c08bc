//! `state n: Int = 0`, `computed twice = n * 2`

use crate::ast::{ClientDecl, Expr, Pattern, TypeExpr};
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn state(&mut self) -> ClientDecl {
        let (name, ty, value) = self.named_value();
        ClientDecl::State { name, ty, value }
    }

    pub(super) fn computed(&mut self) -> ClientDecl {
        let (name, ty, value) = self.named_value();
        ClientDecl::Computed { name, ty, value }
    }

    /// `name: T = e` after the opening word.
    fn named_value(&mut self) -> (Pattern, Option<TypeExpr>, Expr) {
        self.bump();
        let name = self.name_pattern();
        let ty = self.eats(T::Colon).then(|| self.ty());
        let value = if self.eats(T::Eq) {
            self.value()
        } else {
            self.expected("`=` and a value");
            let same_line = self.same_line() && self.expression_follows();
            if same_line { self.expression() } else { self.missing("a value") }
        };
        (name, ty, value)
    }
}
