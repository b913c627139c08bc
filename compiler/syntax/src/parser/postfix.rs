//! Operands: names, literals, brackets, and what follows them: calls, fields, elements.

use tova_diagnostics::{Diagnostic, codes};

use super::Parser;
use super::control::BracePlace;
use crate::ast::{Arg, Expr, ExprKind, Ident, ListElement};
use crate::token::T;

impl Parser<'_> {
    /// An operand with its calls, fields and elements.
    pub(super) fn postfix(&mut self) -> Expr {
        let start = self.start();
        let mut expr = self.primary();
        loop {
            let token = self.token();
            let kind = match token.kind {
                T::Dot if self.nth_kind(1).is_word() => {
                    self.bump();
                    let name = self.expect_name("a name");
                    ExprKind::Field { object: Box::new(expr), name, optional: false }
                }
                T::Dot if matches!(self.nth_kind(1), T::Int | T::Float) && !token.newline => {
                    self.bump();
                    expr = self.tuple_fields(start, expr);
                    continue;
                }
                T::Dot => {
                    self.bump();
                    self.expected("the name of a field");
                    return expr;
                }
                T::QuestionDot => {
                    self.bump();
                    let name = self.expect_name("the name of a field");
                    ExprKind::Field { object: Box::new(expr), name, optional: true }
                }
                T::LParen if !token.newline => {
                    let args = self.args();
                    ExprKind::Call { callee: Box::new(expr), args }
                }
                T::LBracket if !token.newline => self.index(expr),
                T::Question if !token.newline => {
                    self.bump();
                    ExprKind::Propagate(Box::new(expr))
                }
                _ => return expr,
            };
            let span = self.span_from(start);
            expr = self.expr(span, kind);
            if !self.grow() {
                return expr;
            }
        }
    }

    /// `.0`, or `.0.1`, which looks like a number.
    fn tuple_fields(&mut self, start: u32, mut object: Expr) -> Expr {
        let token = self.bump();
        let mut at = token.start;
        for digits in self.text_of(token).split('.') {
            let end = at + digits.len() as u32;
            let index_span = self.span(at, end);
            let index = digits.parse().unwrap_or_else(|_| {
                self.report(
                    Diagnostic::error(
                        codes::E0004,
                        index_span,
                        format!("`{digits}` is not the place of a tuple's element"),
                    )
                    .help("count the elements from 0: `pair.0`, `pair.1`"),
                );
                0
            });
            let span = self.span(start, end);
            object = self.expr(span, ExprKind::TupleField { object: Box::new(object), index, index_span });
            at = end + 1;
        }
        object
    }

    /// `(a, name: b, ...c)`
    pub(super) fn args(&mut self) -> Vec<Arg> {
        let token = self.bump();
        let open = self.span_of(token);
        let args = self.in_brackets(|p| p.list_of(T::RParen, Self::arg));
        self.close(T::RParen, open);
        args
    }

    fn arg(&mut self) -> Arg {
        let spread = self.eat(T::Ellipsis).map(|token| self.span_of(token));
        let name = if self.kind().is_word() && self.nth_kind(1) == T::Colon {
            let name = self.word();
            self.bump();
            name
        } else {
            self.column_name()
        };
        Arg { name, spread, value: self.expression() }
    }

    /// `.name =` of an argument that makes a column.
    fn column_name(&mut self) -> Option<Ident> {
        if !(self.at(T::Dot) && self.nth_kind(1).is_word() && self.nth_kind(2) == T::Eq) {
            return None;
        }
        self.bump();
        let name = self.word();
        self.bump();
        name
    }

    /// Elements up to `close`, which is not taken.
    pub(super) fn list_of<R>(&mut self, close: T, mut element: impl FnMut(&mut Self) -> R) -> Vec<R> {
        let mut elements = Vec::new();
        let line = self.indent(self.prev_end());
        while !self.at(close) && !self.at(T::Eof) && !self.line_is_outside(line) {
            let before = self.at;
            elements.push(element(self));
            if self.eats(T::Comma) {
                continue;
            }
            if self.at(close) || self.at == before || !self.missing_comma() {
                break;
            }
        }
        elements
    }

    /// Whether only a comma is missing between two elements of one line, which is reported.
    fn missing_comma(&mut self) -> bool {
        let token = self.token();
        let missing = !token.newline && self.expression_follows() && token.kind != T::LBrace;
        if missing {
            self.report_missing_comma();
        }
        missing
    }

    pub(super) fn report_missing_comma(&mut self) {
        let place = self.span(self.prev_end(), self.prev_end());
        let problem = self.expectation("`,`").help("put a comma between the values").fix("insert `,`", place, ",");
        self.report(problem);
    }

    /// `[i]`, `[a:b:s]`
    fn index(&mut self, object: Expr) -> ExprKind {
        let token = self.bump();
        let open = self.span_of(token);
        let object = Box::new(object);
        let kind = self.in_brackets(|p| {
            let start = p.bound();
            if p.at(T::Colon) || p.at(T::ColonColon) {
                return p.slice(object, start);
            }
            let index = start.unwrap_or_else(|| Box::new(p.missing("an index")));
            ExprKind::Index { object, index }
        });
        self.close(T::RBracket, open);
        kind
    }

    fn slice(&mut self, object: Box<Expr>, start: Option<Box<Expr>>) -> ExprKind {
        if self.eats(T::ColonColon) {
            return ExprKind::Slice { object, start, end: None, step: self.bound() };
        }
        self.bump();
        let end = self.bound();
        let step = self.eats(T::Colon).then(|| self.bound()).flatten();
        ExprKind::Slice { object, start, end, step }
    }

    fn bound(&mut self) -> Option<Box<Expr>> {
        (!matches!(self.kind(), T::Colon | T::ColonColon | T::RBracket)).then(|| Box::new(self.expression()))
    }

    fn primary(&mut self) -> Expr {
        let token = self.token();
        let span = self.span_of(token);
        let simple = |p: &mut Self, kind| {
            p.bump();
            p.expr(span, kind)
        };
        match token.kind {
            T::Ident if self.arrow_follows(1) => self.arrow_lambda(),
            T::Ident if self.throw_follows() => self.throw(),
            T::Ident => {
                let name = self.text_of(token).into();
                simple(self, ExprKind::Name(name))
            }
            T::Underscore if self.arrow_follows(1) => self.arrow_lambda(),
            T::Underscore => simple(self, ExprKind::Placeholder),
            T::Int | T::Float | T::BadNumber => self.number(),
            T::Str => self.string(),
            T::True => simple(self, ExprKind::Bool(true)),
            T::False => simple(self, ExprKind::Bool(false)),
            T::Nil => simple(self, ExprKind::Nil),
            T::LParen => self.paren(),
            T::LBracket => self.list(),
            T::LBrace if self.record_follows(BracePlace::Operand) => self.record(),
            T::LBrace => {
                let block = self.block("a block");
                let span = block.span;
                self.expr(span, ExprKind::Block(block))
            }
            T::Fn => self.fn_lambda(),
            T::Async if self.nth_kind(1) == T::Fn => self.fn_lambda(),
            T::If => self.if_expr(),
            T::Match => self.match_expr(),
            T::Try => self.try_expr(),
            T::Lt if self.element_follows() => self.view(),
            T::Dot if self.nth_kind(1).is_word() => {
                self.implicit = true;
                self.expr(span.at_start(), ExprKind::ImplicitReceiver)
            }
            T::Slash | T::SlashEq => self.regex(),
            // Words with a meaning only in places where this cannot be one.
            T::Let
            | T::Mut
            | T::Var
            | T::Loop
            | T::Import
            | T::Pub
            | T::Export
            | T::Defer
            | T::Catch
            | T::Finally
            | T::Async
                if !self.nth(1).kind.is_word() || self.nth(1).newline =>
            {
                let name = self.text_of(token).into();
                simple(self, ExprKind::Name(name))
            }
            _ => self.missing("a value"),
        }
    }

    /// Reports that an expression is missing here.
    pub(super) fn missing(&mut self, what: &str) -> Expr {
        let (span, found) = self.found();
        self.report(Diagnostic::error(codes::E0007, span, format!("expected {what}, found {found}")));
        self.expr(span.at_start(), ExprKind::Error)
    }

    /// `throw e`, which is a call of `throw`.
    fn throw_follows(&mut self) -> bool {
        self.at_name("throw") && !self.nth(1).newline && matches!(self.nth_kind(1), T::Ident | T::Str | T::LBrace)
    }

    fn throw(&mut self) -> Expr {
        let name = self.expect_name("`throw`");
        let start = name.span.start;
        let callee = Box::new(self.expr(name.span, ExprKind::Name(name.name)));
        let value = self.part();
        let span = self.span_from(start);
        self.expr(span, ExprKind::Call { callee, args: vec![Arg { name: None, spread: None, value }] })
    }

    /// `(e)`, `(a, b)`, `()`, `(a, b) => e`
    fn paren(&mut self) -> Expr {
        if self.paren_lambda_follows() {
            return self.paren_lambda();
        }
        let token = self.bump();
        let open = self.span_of(token);
        let mut single = false;
        let mut elements = self.in_brackets(|p| {
            let elements = p.list_of(T::RParen, Self::part);
            single = elements.len() == 1 && p.prev().is_none_or(|prev| prev.kind != T::Comma);
            elements
        });
        self.close(T::RParen, open);
        let span = self.span_from(open.start);
        let kind = match elements.pop() {
            Some(inner) if single => ExprKind::Paren(Box::new(inner)),
            last => {
                elements.extend(last);
                ExprKind::Tuple(elements)
            }
        };
        self.expr(span, kind)
    }

    /// `[a, ...b]`, `[e for x in xs if c]`
    fn list(&mut self) -> Expr {
        let token = self.bump();
        let open = self.span_of(token);
        let kind = self.in_brackets(|p| {
            let mut clause = None;
            let mut elements = p.list_of(T::RBracket, |p| {
                let element = p.list_element();
                if p.at(T::For) && clause.is_none() {
                    clause = Some(p.comp_clause());
                }
                element
            });
            match (clause, elements.pop()) {
                (Some(clause), Some(element)) => {
                    ExprKind::ListComp { value: Box::new(element.value), clause: Box::new(clause) }
                }
                (_, last) => {
                    elements.extend(last);
                    ExprKind::List(elements)
                }
            }
        });
        self.close(T::RBracket, open);
        let span = self.span_from(open.start);
        self.expr(span, kind)
    }

    fn list_element(&mut self) -> ListElement {
        let spread = self.eat(T::Ellipsis).map(|token| self.span_of(token));
        ListElement { spread, value: self.expression() }
    }
}
