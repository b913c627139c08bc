//! `type T { … }`, `type T = …`, and the fields that types share with models.

use tova_syntax::ast::{FieldDecl, TypeBody, TypeDecl, Validator, VariantDecl, VariantField};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::{Brackets, PARENS};

/// A field or a variant; a type that has both keeps them in two lists.
enum Member<'t> {
    Field(&'t FieldDecl),
    Variant(&'t VariantDecl),
}

impl Member<'_> {
    fn start(&self) -> u32 {
        self.span().start
    }

    fn span(&self) -> tova_source::Span {
        match self {
            Self::Field(field) => field.span,
            Self::Variant(variant) => variant.span,
        }
    }
}

impl Cursor<'_> {
    /// A declaration of a type.
    pub(crate) fn type_decl(&mut self, decl: &TypeDecl) {
        self.token("type");
        self.space();
        self.literal(decl.name.span);
        self.type_params();
        self.space();
        match &decl.body {
            TypeBody::Record(fields) => self.members(&[], fields),
            TypeBody::Enum(variants, _) if self.at("=") => self.variants_between_bars(variants),
            TypeBody::Enum(variants, fields) => self.members(variants, fields),
            TypeBody::Alias(ty) => {
                self.token("=");
                self.space();
                self.ty(ty);
            }
            TypeBody::Error => self.failed = true,
        }
        if self.at_word("derive") && !decl.derives.is_empty() {
            self.space();
            self.token("derive");
            self.space();
            let how = Brackets { open: "[", close: "]", kind: Kind::Plain, edge: Piece::SoftLine };
            self.brackets(how, &decl.derives, |c, name| c.literal(name.span));
        }
    }

    fn members(&mut self, variants: &[VariantDecl], fields: &[FieldDecl]) {
        let fields = fields.iter().map(Member::Field);
        let mut members: Vec<Member<'_>> = variants.iter().map(Member::Variant).chain(fields).collect();
        members.sort_by_key(Member::start);
        let last = members.last().map_or(self.next, |member| member.span().end);
        self.braced_lines(&members, last, |c, member| match member {
            Member::Field(field) => c.field_decl(field),
            Member::Variant(variant) => c.variant(variant),
        });
    }

    /// `= A(x: Int) | B`
    fn variants_between_bars(&mut self, variants: &[VariantDecl]) {
        self.token("=");
        self.space();
        self.group(Kind::Plain, |c| {
            c.doc.push(Piece::Indent);
            for (index, variant) in variants.iter().enumerate() {
                if index > 0 {
                    c.line();
                    c.token("|");
                    c.space();
                } else {
                    c.leading_bar();
                }
                c.variant(variant);
            }
            c.doc.push(Piece::Dedent);
        });
    }

    /// `name: T = e { required, min(2) }`
    pub(crate) fn field_decl(&mut self, field: &FieldDecl) {
        self.attributes(&field.attributes);
        self.literal(field.name.span);
        self.token(":");
        self.space();
        self.ty(&field.ty);
        if let Some(default) = &field.default {
            self.space();
            self.token("=");
            self.space();
            self.expr(default);
        }
        if self.at("{") && self.next < field.span.end {
            self.space();
            let how = Brackets { open: "{", close: "}", kind: Kind::Brackets, edge: Piece::Line };
            self.brackets(how, &field.validators, Self::validator);
        }
    }

    fn validator(&mut self, rule: &Validator) {
        if self.at_word("async") && self.next < rule.name.span.start {
            self.token("async");
            self.space();
        }
        self.literal(rule.name.span);
        if self.at("(") && self.next < rule.span.end {
            self.brackets(PARENS, &rule.args, Self::bare_arg);
        }
    }

    /// `Circle(r: Float)`
    fn variant(&mut self, variant: &VariantDecl) {
        self.literal(variant.name.span);
        if self.at("(") && self.next < variant.span.end {
            self.brackets(PARENS, &variant.fields, Self::variant_field);
        }
    }

    fn variant_field(&mut self, field: &VariantField) {
        if let Some(name) = &field.name {
            self.literal(name.span);
        }
        if field.name.is_some() && field.ty.is_some() {
            self.token(":");
            self.space();
        }
        if let Some(ty) = &field.ty {
            self.ty(ty);
        }
    }
}
