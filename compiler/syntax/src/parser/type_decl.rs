//! `type T { … }` and `type T = …`; fields are shared with models.

use super::Parser;
use super::pattern::is_upper;
use crate::ast::{FieldDecl, TypeBody, TypeDecl, Validator, VariantDecl, VariantField};
use crate::token::T;

impl Parser<'_> {
    pub(super) fn type_decl(&mut self) -> TypeDecl {
        self.bump();
        let name = self.expect_name("the name of the type");
        let params = self.type_params();
        let body = if self.eats(T::Eq) { self.type_alias() } else { self.type_body() };
        let mut derives = Vec::new();
        if self.at_name("derive") && self.nth_kind(1) == T::LBracket {
            self.bump();
            let token = self.bump();
            let open = self.span_of(token);
            derives = self.in_brackets(|p| p.list_of(T::RBracket, |p| p.expect_name("the name of a trait")));
            self.close(T::RBracket, open);
        }
        TypeDecl { id: self.id(), name, params, body, derives }
    }

    /// `= T`, or variants with fields between bars.
    fn type_alias(&mut self) -> TypeBody {
        let bars = usize::from(self.at(T::Bar));
        if self.nth_kind(bars) == T::Ident && self.nth_kind(bars + 1) == T::LParen {
            let mut variants = Vec::new();
            self.eats(T::Bar);
            loop {
                variants.push(self.variant());
                if !self.eats(T::Bar) {
                    return TypeBody::Enum(variants, Vec::new());
                }
            }
        }
        let ty = self.ty();
        if self.at_name("where") && self.nth_kind(1) == T::LBrace {
            self.expected("the end of the type");
            self.bump();
            self.block("the rules");
        }
        TypeBody::Alias(ty)
    }

    fn type_body(&mut self) -> TypeBody {
        let Some(open) = self.open_brace("the fields or variants") else { return TypeBody::Error };
        let (mut fields, mut variants) = (Vec::new(), Vec::new());
        self.in_braces(|p| {
            loop {
                while p.eat(T::Comma).or_else(|| p.eat(T::Semi)).or_else(|| p.eat(T::Bar)).is_some() {}
                if p.block_ends(open) {
                    break;
                }
                let before = p.at;
                p.entry = before;
                if p.field_decl_follows() {
                    fields.push(p.field_decl());
                } else if p.kind().is_word() {
                    variants.push(p.variant());
                } else {
                    p.expected("a field or a variant");
                    p.skip_statement();
                }
                p.progress(before);
            }
        });
        self.close_brace(open);
        if variants.is_empty() { TypeBody::Record(fields) } else { TypeBody::Enum(variants, fields) }
    }

    fn field_decl_follows(&mut self) -> bool {
        if self.at(T::At) {
            return true;
        }
        let lower = self.token();
        let lower = self.text_of(lower).chars().next().is_some_and(|first| !first.is_uppercase());
        // `name String` has lost its colon; `Red Green` are two variants.
        self.kind().is_word()
            && (self.nth_kind(1) == T::Colon || (lower && self.nth_kind(1).is_word() && !self.nth(1).newline))
    }

    /// `name: T = e { required, min(2) }`
    pub(super) fn field_decl(&mut self) -> FieldDecl {
        let start = self.start();
        let docs = self.docs_before(start);
        let attributes = self.attributes();
        let name = self.expect_name("the name of a field");
        self.expect_colon();
        let ty = self.ty();
        let default = self.eats(T::Eq).then(|| self.expression());
        let validators = if self.at(T::LBrace) && self.same_line() { self.validators() } else { Vec::new() };
        FieldDecl { id: self.id(), span: self.span_from(start), docs, attributes, name, ty, default, validators }
    }

    fn validators(&mut self) -> Vec<Validator> {
        let open = self.opened();
        let mut validators = Vec::new();
        while !self.block_ends(open) {
            let start = self.start();
            self.eats(T::Async);
            let Some(name) = self.expect_word("the name of a rule") else { break };
            let parens = self.at(T::LParen) && self.same_line();
            let args = if parens { self.args().into_iter().map(|arg| arg.value).collect() } else { Vec::new() };
            validators.push(Validator { span: self.span_from(start), name, args });
            self.eats(T::Comma);
        }
        self.close_brace(open);
        validators
    }

    /// `Circle(r: Float)`, `Dot`
    fn variant(&mut self) -> VariantDecl {
        let start = self.start();
        let docs = self.docs_before(start);
        let name = self.expect_name("the name of a variant");
        let mut fields = Vec::new();
        if self.at(T::LParen) && self.same_line() {
            let token = self.bump();
            let open = self.span_of(token);
            fields = self.in_brackets(|p| p.list_of(T::RParen, Self::variant_field));
            self.close(T::RParen, open);
        }
        VariantDecl { id: self.id(), span: self.span_from(start), docs, name, fields }
    }

    fn variant_field(&mut self) -> VariantField {
        let named = self.kind().is_word() && matches!(self.nth_kind(1), T::Colon | T::Comma | T::RParen);
        if !named {
            return VariantField { name: None, ty: Some(self.ty()) };
        }
        let mark = self.mark();
        let name = self.expect_name("a name");
        if self.eats(T::Colon) {
            return VariantField { name: Some(name), ty: Some(self.ty()) };
        }
        if is_upper(&name) {
            self.rewind(mark);
            return VariantField { name: None, ty: Some(self.ty()) };
        }
        VariantField { name: Some(name), ty: None }
    }
}
