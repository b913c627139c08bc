//! Types as they are written.

use tova_syntax::ast::{Ident, TypeExpr, TypeExprKind};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::{Brackets, PARENS};

/// `<A, B>`
const ANGLES: Brackets = Brackets { open: "<", close: ">", kind: Kind::Plain, edge: Piece::SoftLine };

impl Cursor<'_> {
    /// A type.
    pub(crate) fn ty(&mut self, ty: &TypeExpr) {
        // A bar before the first member and parentheses around one type are not in the tree.
        self.leading_bar();
        if self.next < ty.span.start {
            self.token("(");
            self.parameter_name();
            self.ty(ty);
            self.drop(",");
            return self.token(")");
        }
        match &ty.kind {
            TypeExprKind::Name { name, args } => {
                self.literal(name.span);
                if self.at("<") && self.next < ty.span.end {
                    self.brackets(ANGLES, args, Self::ty);
                }
            }
            TypeExprKind::List(element) => {
                self.token("[");
                self.ty(element);
                self.token("]");
            }
            TypeExprKind::Tuple(members) => self.type_list(members),
            TypeExprKind::Fn { params, ret } => self.fn_type(params, ret),
            TypeExprKind::Record(fields) => {
                let how = Brackets { open: "{", close: "}", kind: Kind::Plain, edge: Piece::Line };
                self.brackets(how, fields, |c, (name, ty)| c.named_type(name, ty));
            }
            TypeExprKind::Optional(inner) => {
                self.ty(inner);
                // `??` would be another token.
                if self.slice(self.pos.saturating_sub(1), self.pos) == "?" {
                    self.space();
                }
                self.token("?");
            }
            TypeExprKind::Union(members) => self.union(members),
            TypeExprKind::Infer => self.token("_"),
            TypeExprKind::Error => self.failed = true,
        }
    }

    fn union(&mut self, members: &[TypeExpr]) {
        self.group(Kind::Plain, |c| {
            c.doc.push(Piece::Indent);
            for (index, member) in members.iter().enumerate() {
                if index > 0 {
                    c.line();
                    c.token("|");
                    c.space();
                }
                c.ty(member);
            }
            c.doc.push(Piece::Dedent);
        });
    }

    /// `(A) -> B`, `fn(A) -> B`, `fn(A)`, `fn`
    fn fn_type(&mut self, params: &[TypeExpr], ret: &TypeExpr) {
        self.maybe("fn");
        if self.at("(") {
            self.type_list(params);
        }
        // Without an arrow there is no text for what is returned.
        if ret.span.start != ret.span.end && self.at("->") {
            self.space();
            self.token("->");
            self.space();
            self.ty(ret);
        }
    }

    fn type_list(&mut self, types: &[TypeExpr]) {
        self.brackets(Brackets { kind: Kind::Plain, ..PARENS }, types, |c, ty| {
            c.parameter_name();
            c.ty(ty);
        });
    }

    /// `name:` before a type in parentheses, which tells what a parameter is for.
    fn parameter_name(&mut self) {
        let rest = self.rest();
        let word = rest.trim_start_matches(crate::cursor::continues_word);
        if word.len() < rest.len() && self.after_word_is(":") {
            self.word();
            self.token(":");
            self.space();
        }
    }

    fn named_type(&mut self, name: &Ident, ty: &TypeExpr) {
        self.literal(name.span);
        self.token(":");
        self.space();
        self.ty(ty);
    }

    /// `<T, U>` of a declaration; the names may be absent from the tree.
    pub(crate) fn type_params(&mut self) {
        if !self.at("<") {
            return;
        }
        self.token("<");
        while !self.at(">") && !self.failed {
            self.word();
            if self.at(",") {
                self.drop(",");
                if !self.at(">") {
                    self.doc.comma();
                    self.space();
                }
            }
        }
        self.token(">");
    }
}
