//! Functions without a name, and parameters.

use super::Parser;
use crate::ast::{Expr, ExprKind, Lambda, LambdaBody, Param, Pattern, PatternKind};
use crate::token::T;

impl Parser<'_> {
    /// Whether `=>` or `->` stands on this line after `n` tokens and may make a lambda.
    pub(super) fn arrow_follows(&mut self, n: usize) -> bool {
        !self.context.no_arrow && matches!(self.nth_kind(n), T::FatArrow | T::Arrow) && !self.nth(n).newline
    }

    /// `x => e`, `x -> e`
    pub(super) fn arrow_lambda(&mut self) -> Expr {
        let start = self.start();
        let pattern = self.binding_pattern();
        self.bump();
        let params = vec![Param { pattern, rest: None, ty: None, default: None }];
        self.finish_lambda(start, params)
    }

    /// Whether the parenthesis that is next holds parameters: they close before an arrow.
    pub(super) fn paren_lambda_follows(&mut self) -> bool {
        let first = self.nth_kind(1);
        let maybe = match first {
            T::RParen => return self.arrow_follows(2),
            T::Ident | T::Underscore => matches!(self.nth_kind(2), T::RParen | T::Comma | T::Colon | T::Eq),
            T::Ellipsis | T::LBrace | T::LBracket => true,
            _ => false,
        };
        maybe && !self.context.no_arrow && self.closer(0).is_some_and(|closer| self.arrow_follows(closer + 1))
    }

    /// `(a, b) => e`
    pub(super) fn paren_lambda(&mut self) -> Expr {
        let start = self.start();
        let params = self.params();
        self.bump();
        self.finish_lambda(start, params)
    }

    fn finish_lambda(&mut self, start: u32, params: Vec<Param>) -> Expr {
        let outer = std::mem::replace(&mut self.implicit, false);
        let body = Box::new(self.body_after_arrow());
        self.implicit = outer;
        let span = self.span_from(start);
        self.expr(span, ExprKind::Lambda(Lambda { params, ret: None, body }))
    }

    /// `fn(a) e`, `async fn(a) -> T { … }`
    pub(super) fn fn_lambda(&mut self) -> Expr {
        let start = self.start();
        let lambda = self.lambda();
        let span = self.span_from(start);
        self.expr(span, ExprKind::Lambda(lambda))
    }

    /// The lambda that `fn` begins.
    pub(super) fn lambda(&mut self) -> Lambda {
        self.eats(T::Async);
        self.bump();
        // A name is allowed where the function is handed over at once; nothing can refer to it.
        if self.at(T::Ident) && self.nth_kind(1) == T::LParen {
            self.bump();
        }
        let params = self.params();
        let ret = self.eats(T::Arrow).then(|| self.ty());
        let outer = std::mem::replace(&mut self.implicit, false);
        let body = if self.at(T::LBrace) { LambdaBody::Block(self.block("the function")) } else { self.open_body() };
        self.implicit = outer;
        Lambda { params, ret, body: Box::new(body) }
    }

    /// `(a, b: T = e, {x, y}, ...rest)`; empty if the parenthesis is missing, which is reported.
    pub(super) fn params(&mut self) -> Vec<Param> {
        let Some(token) = self.eat(T::LParen) else {
            self.expected("`(` and the parameters");
            return Vec::new();
        };
        let open = self.span_of(token);
        let params = self.in_brackets(|p| p.list_of(T::RParen, Self::param));
        self.close(T::RParen, open);
        params
    }

    fn param(&mut self) -> Param {
        let rest = self.eat(T::Ellipsis).map(|token| self.span_of(token));
        let pattern = self.param_pattern();
        let ty = self.eats(T::Colon).then(|| self.ty());
        let default = self.eats(T::Eq).then(|| self.expression());
        Param { pattern, rest, ty, default }
    }

    /// A pattern, or any word as a name.
    fn param_pattern(&mut self) -> Pattern {
        // `mut self` says what assigning through `self` says anyway.
        if self.at(T::Mut) && self.nth_kind(1).is_word() {
            self.bump();
        }
        match self.kind() {
            T::LBrace | T::LBracket | T::LParen | T::Underscore => self.binding_pattern(),
            kind if kind.is_word() => self.name_pattern(),
            _ => {
                self.expected("a parameter");
                let span = self.token_span().at_start();
                Pattern { id: self.id(), span, kind: PatternKind::Error }
            }
        }
    }

    /// Any word as a name that is declared.
    pub(super) fn name_pattern(&mut self) -> Pattern {
        let name = self.expect_name("a name");
        Pattern { id: self.id(), span: name.span, kind: PatternKind::Name(name.name) }
    }
}
