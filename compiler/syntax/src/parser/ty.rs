//! Types as they are written.

use tova_source::Span;

use super::Parser;
use crate::ast::{Ident, TypeExpr, TypeExprKind};
use crate::token::{T, Token};

impl Parser<'_> {
    /// A type: `A | B`.
    pub(super) fn ty(&mut self) -> TypeExpr {
        let start = self.start();
        self.eats(T::Bar);
        let first = self.single_type();
        if !self.at(T::Bar) {
            return first;
        }
        let mut members = vec![first];
        while self.eats(T::Bar) {
            members.push(self.single_type());
        }
        let span = self.span_from(start);
        self.type_node(span, TypeExprKind::Union(members))
    }

    fn type_node(&mut self, span: Span, kind: TypeExprKind) -> TypeExpr {
        TypeExpr { id: self.id(), span, kind }
    }

    fn single_type(&mut self) -> TypeExpr {
        let start = self.start();
        let mut ty = match self.nested(Self::bare_type) {
            Some(ty) => ty,
            None => {
                let span = self.token_span().at_start();
                return self.type_node(span, TypeExprKind::Error);
            }
        };
        while self.at(T::Question) && self.same_line() {
            self.bump();
            let span = self.span_from(start);
            ty = self.type_node(span, TypeExprKind::Optional(Box::new(ty)));
            if !self.grow() {
                break;
            }
        }
        ty
    }

    fn bare_type(&mut self) -> TypeExpr {
        let token = self.token();
        match token.kind {
            T::Underscore => {
                self.bump();
                let span = self.span_of(token);
                self.type_node(span, TypeExprKind::Infer)
            }
            T::LBracket => self.list_type(),
            T::LParen => self.paren_type(token),
            T::Fn => {
                self.bump();
                self.fn_type(token)
            }
            T::LBrace => self.record_type(),
            kind if kind.is_word() => self.named_type(),
            _ => {
                self.expected("a type");
                let span = self.span_of(token).at_start();
                self.type_node(span, TypeExprKind::Error)
            }
        }
    }

    fn list_type(&mut self) -> TypeExpr {
        let token = self.bump();
        let open = self.span_of(token);
        let element = Box::new(self.ty());
        self.close(T::RBracket, open);
        let span = self.span_from(token.start);
        self.type_node(span, TypeExprKind::List(element))
    }

    /// `(A, B)`, `(A)`, `(A) -> B`
    fn paren_type(&mut self, token: Token) -> TypeExpr {
        let mut members = self.type_list(T::RParen);
        if self.eats(T::Arrow) {
            let ret = Box::new(self.ty());
            let span = self.span_from(token.start);
            return self.type_node(span, TypeExprKind::Fn { params: members, ret });
        }
        match members.pop() {
            Some(single) if members.is_empty() => single,
            last => {
                members.extend(last);
                let span = self.span_from(token.start);
                self.type_node(span, TypeExprKind::Tuple(members))
            }
        }
    }

    /// `(A, B) -> C` after `fn`; without an arrow nothing is returned.
    fn fn_type(&mut self, token: Token) -> TypeExpr {
        let params = if self.at(T::LParen) { self.type_list(T::RParen) } else { Vec::new() };
        let ret = if self.at(T::Arrow) && self.same_line() {
            self.bump();
            self.ty()
        } else {
            let span = self.span_from(self.prev_end());
            self.type_node(span, TypeExprKind::Tuple(Vec::new()))
        };
        let span = self.span_from(token.start);
        self.type_node(span, TypeExprKind::Fn { params, ret: Box::new(ret) })
    }

    /// Types between brackets, whose opening one is next.
    fn type_list(&mut self, close: T) -> Vec<TypeExpr> {
        let token = self.bump();
        let open = self.span_of(token);
        let types = self.list_of(close, |p| {
            // `(name: T) -> U` tells what the parameter is for.
            if p.kind().is_word() && p.nth_kind(1) == T::Colon {
                p.bump();
                p.bump();
            }
            p.ty()
        });
        self.close(close, open);
        types
    }

    fn record_type(&mut self) -> TypeExpr {
        let open = self.opened();
        let mut fields = Vec::new();
        while !self.block_ends(open) {
            let before = self.at;
            let name = self.expect_name("the name of a field");
            self.expect_colon();
            fields.push((name, self.ty()));
            self.eats(T::Comma);
            if self.at == before {
                break;
            }
        }
        self.close_brace(open);
        let span = self.span_from(open.span.start);
        self.type_node(span, TypeExprKind::Record(fields))
    }

    /// Takes `:` before a type or value.
    pub(super) fn expect_colon(&mut self) {
        if !self.eats(T::Colon) {
            self.expected("`:`");
        }
    }

    fn named_type(&mut self) -> TypeExpr {
        let name = self.expect_name("a type");
        let start = name.span.start;
        let args = if self.at(T::Lt) && self.same_line() { self.type_args() } else { Vec::new() };
        let span = self.span_from(start);
        self.type_node(span, TypeExprKind::Name { name, args })
    }

    fn type_args(&mut self) -> Vec<TypeExpr> {
        self.bump();
        let mut args = Vec::new();
        while !self.at(T::Gt) {
            args.push(self.ty());
            if !self.eats(T::Comma) {
                break;
            }
        }
        self.close_angle();
        args
    }

    /// Takes `>`, also as the first half of `>=`.
    fn close_angle(&mut self) {
        if self.at(T::Ge) {
            let token = self.token();
            self.seek(token.start + 1);
        } else if !self.eats(T::Gt) {
            self.expected("`>`");
        }
    }

    /// `<T, U>` of a declaration.
    pub(super) fn type_params(&mut self) -> Vec<Ident> {
        if !self.eats(T::Lt) {
            return Vec::new();
        }
        let mut params = Vec::new();
        while self.at(T::Ident) {
            params.extend(self.word());
            if !self.eats(T::Comma) {
                break;
            }
        }
        self.close_angle();
        params
    }
}
