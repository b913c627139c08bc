//! `model User { name: String, table: "people" }`

use crate::ast::ModelDecl;
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn model(&mut self) -> ModelDecl {
        self.bump();
        let name = self.expect_name("the name of the model");
        let (mut columns, mut settings) = (Vec::new(), Vec::new());
        // A model without a body takes its columns from the type of its name.
        let body = self.at(T::LBrace)
            || (self.same_line() && !matches!(self.kind(), T::RBrace | T::Eof | T::Semi))
            || self.deeper_line();
        if let Some(open) = body.then(|| self.open_brace("the columns")).flatten() {
            self.in_braces(|p| {
                loop {
                    while p.eat(T::Comma).or_else(|| p.eat(T::Semi)).is_some() {}
                    if p.block_ends(open) {
                        break;
                    }
                    let before = p.at;
                    if p.at(T::At) || p.column_follows() {
                        columns.push(p.field_decl());
                    } else if let Some(entry) = p.config_entry() {
                        settings.push(entry);
                    } else {
                        p.skip_statement();
                    }
                    p.progress(before);
                }
            });
            self.close_brace(open);
        }
        ModelDecl { id: self.id(), name, columns, settings }
    }

    fn deeper_line(&mut self) -> bool {
        let token = self.token();
        token.newline && token.kind != T::Eof && self.indent(token.start) > self.indent(self.prev_end())
    }

    /// Whether a type follows the key: an upper-case name, alone or in brackets. The names of other models after
    /// `belongs_to` and `has_many` are no types of columns.
    fn column_follows(&mut self) -> bool {
        let key = self.token();
        if !key.kind.is_word() || self.nth_kind(1) != T::Colon || matches!(self.text_of(key), "belongs_to" | "has_many")
        {
            return false;
        }
        let mut n = 2;
        while matches!(self.nth_kind(n), T::LBracket | T::LParen) {
            n += 1;
        }
        let value = self.nth(n);
        value.kind == T::Ident && self.text_of(value).starts_with(|first: char| first.is_uppercase())
    }
}
