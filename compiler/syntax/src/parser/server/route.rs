//! `route GET "/users/:id" with auth -> User => get_user`

use crate::ast::{Expr, ExprKind, RouteDecl};
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    pub(super) fn route(&mut self) -> RouteDecl {
        self.bump();
        let mut method = self.expect_name("a method");
        method.name = method.name.to_uppercase();
        let (path, path_span) = match self.plain_string() {
            Some((path, token)) => {
                let span = self.span_of(token);
                if let Some(problem) = super::path::problem(&path, span) {
                    self.report(problem);
                }
                (path, span)
            }
            None => Default::default(),
        };
        let (mut body, mut ret, mut guards) = (None, None, Vec::new());
        loop {
            if self.at_name("body") && self.nth_kind(1) == T::Colon {
                self.bump();
                self.bump();
                body = Some(self.ty());
            } else if self.eat_name("with").is_some() {
                self.guards(&mut guards);
            } else if self.eats(T::Arrow) {
                ret = Some(self.ty());
            } else {
                break;
            }
        }
        let handler = self.route_handler();
        if self.at_name("with") && self.same_line() {
            self.bump();
            self.guards(&mut guards);
        }
        RouteDecl { id: self.id(), method, path, path_span, body, guards, ret, handler }
    }

    fn route_handler(&mut self) -> Expr {
        if self.eats(T::FatArrow) {
            return self.value();
        }
        let place = self.span(self.prev_end(), self.prev_end());
        let problem =
            self.expectation("`=>` and a handler").help("a route is written `route GET \"/path\" => handler`");
        self.report(problem);
        if self.at(T::Ident) && self.same_line() {
            return self.expression();
        }
        self.expr(place, ExprKind::Error)
    }

    /// `auth, role("admin")`
    fn guards(&mut self, guards: &mut Vec<Expr>) {
        loop {
            let name = self.expect_name("the name of a guard");
            let start = name.span.start;
            let mut guard = self.expr(name.span, ExprKind::Name(name.name));
            if self.at(T::LParen) && self.same_line() {
                let args = self.args();
                let span = self.span_from(start);
                guard = self.expr(span, ExprKind::Call { callee: Box::new(guard), args });
            }
            guards.push(guard);
            if !self.eats(T::Comma) {
                return;
            }
        }
    }
}
