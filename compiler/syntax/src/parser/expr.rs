//! Expressions: operators by binding power.

use super::Parser;
use crate::ast::{BinaryOp, Expr, ExprKind, Ident, UnaryOp};
use crate::token::{T, Token};

// Binding powers, loosest first.
const PIPE: u8 = 1;
const COALESCE: u8 = 2;
const OR: u8 = 3;
const AND: u8 = 4;
const NOT: u8 = 5;
const BIT_OR: u8 = 6;
const BIT_XOR: u8 = 7;
const BIT_AND: u8 = 8;
const COMPARE: u8 = 9;
const MEMBER: u8 = 10;
const RANGE: u8 = 11;
const SHIFT: u8 = 12;
const ADD: u8 = 13;
const MULTIPLY: u8 = 14;
const POWER: u8 = 15;
const UNARY: u8 = 16;

/// An operator between operands.
#[derive(Clone, Copy)]
enum Infix {
    Binary(BinaryOp),
    Compare(BinaryOp),
    Range { inclusive: bool },
    Is,
    Pipe,
}

impl Parser<'_> {
    /// A whole expression. `.name` without a receiver makes it a function of one.
    pub(super) fn expression(&mut self) -> Expr {
        let outer = std::mem::replace(&mut self.implicit, false);
        let start = self.start();
        let body = self.part();
        let implicit = std::mem::replace(&mut self.implicit, outer);
        if !implicit {
            return body;
        }
        let span = self.span_from(start);
        self.expr(span, ExprKind::ImplicitFn(Box::new(body)))
    }

    /// An expression that is part of another, whose receiver it shares.
    pub(super) fn part(&mut self) -> Expr {
        match self.nested(|p| p.binary(PIPE)) {
            Some(expr) => expr,
            None => {
                let span = self.token_span().at_start();
                self.expr(span, ExprKind::Error)
            }
        }
    }

    /// An operand and all that binds to it at least as tightly as `min`.
    fn binary(&mut self, min: u8) -> Expr {
        let start = self.start();
        let mut left = self.prefix();
        while let Some((infix, power, tokens)) = self.infix().filter(|(_, power, _)| *power >= min) {
            let op_start = self.start();
            for _ in 0..tokens {
                self.bump();
            }
            let op_span = self.span_from(op_start);
            let kind = match infix {
                Infix::Binary(op) => {
                    let right_min = if op == BinaryOp::Pow { power } else { power + 1 };
                    let right = Box::new(self.operand(right_min));
                    ExprKind::Binary { op, op_span, left: Box::new(left), right }
                }
                Infix::Compare(op) => {
                    let right = self.operand(power + 1);
                    self.chain(left, (op, op_span, right))
                }
                Infix::Range { inclusive } => {
                    let end = Box::new(self.operand(power + 1));
                    ExprKind::Range { start: Box::new(left), end, inclusive }
                }
                Infix::Is => self.is(left),
                Infix::Pipe => ExprKind::Pipe { value: Box::new(left), step: Box::new(self.pipe_step()) },
            };
            let span = self.span_from(start);
            left = self.expr(span, kind);
            if !self.grow() {
                break;
            }
        }
        left
    }

    fn operand(&mut self, min: u8) -> Expr {
        self.nested(|p| p.binary(min)).unwrap_or_else(|| {
            let span = self.span_from(self.prev_end());
            self.expr(span, ExprKind::Error)
        })
    }

    /// `a < b <= c`, after its first comparison.
    fn chain(&mut self, first: Expr, comparison: (BinaryOp, tova_source::Span, Expr)) -> ExprKind {
        let mut rest = vec![comparison];
        while let Some((Infix::Compare(op), power, tokens)) = self.infix() {
            let op_start = self.start();
            for _ in 0..tokens {
                self.bump();
            }
            let op_span = self.span_from(op_start);
            rest.push((op, op_span, self.operand(power + 1)));
        }
        if rest.len() > 1 {
            return ExprKind::Chain { first: Box::new(first), rest };
        }
        match rest.pop() {
            Some((op, op_span, right)) => {
                ExprKind::Binary { op, op_span, left: Box::new(first), right: Box::new(right) }
            }
            None => first.kind,
        }
    }

    /// `is Circle`, `is not nil`, after `is`.
    fn is(&mut self, value: Expr) -> ExprKind {
        let negated = self.eats(T::Not);
        let name = self.expect_name("the name of a type or variant");
        ExprKind::Is { value: Box::new(value), name: self.dotted_rest(name), negated }
    }

    /// `.Rest` of `Color.Red`: only the last part names a variant.
    fn dotted_rest(&mut self, mut name: Ident) -> Ident {
        while self.at(T::Dot) && self.same_line() && self.nth_kind(1).is_word() {
            self.bump();
            name = self.expect_name("a name");
        }
        name
    }

    fn pipe_step(&mut self) -> Expr {
        let outer = std::mem::replace(&mut self.implicit, false);
        let start = self.start();
        let step = self.operand(COALESCE);
        let implicit = std::mem::replace(&mut self.implicit, outer);
        if !implicit {
            return step;
        }
        let span = self.span_from(start);
        self.expr(span, ExprKind::ImplicitFn(Box::new(step)))
    }

    /// The operator that is next, its power and the number of its tokens.
    fn infix(&mut self) -> Option<(Infix, u8, usize)> {
        let token = self.token();
        if token.newline && self.context.newline_ends && self.line_begins_statement(token) {
            return None;
        }
        let binary = |op, power| Some((Infix::Binary(op), power, 1));
        let compare = |op| Some((Infix::Compare(op), COMPARE, 1));
        match token.kind {
            T::Pipe => Some((Infix::Pipe, PIPE, 1)),
            T::Coalesce => binary(BinaryOp::Coalesce, COALESCE),
            T::Or | T::BarBar => binary(BinaryOp::Or, OR),
            T::And | T::AmpAmp => binary(BinaryOp::And, AND),
            T::Bar => binary(BinaryOp::BitOr, BIT_OR),
            T::Caret => binary(BinaryOp::BitXor, BIT_XOR),
            T::Amp => binary(BinaryOp::BitAnd, BIT_AND),
            T::EqEq | T::EqEqEq => compare(BinaryOp::Eq),
            T::Ne | T::NeEq => compare(BinaryOp::Ne),
            // The end of a tag after code whose `}` is missing.
            T::Lt if self.touches(1, T::Slash) => None,
            T::Lt => compare(BinaryOp::Lt),
            T::Le => compare(BinaryOp::Le),
            T::Gt if self.touches(1, T::Lt) => None,
            T::Gt => self.greater(),
            T::Ge => compare(BinaryOp::Ge),
            T::In => binary(BinaryOp::In, MEMBER),
            T::Not if self.nth_kind(1) == T::In => Some((Infix::Binary(BinaryOp::NotIn), MEMBER, 2)),
            T::Is => Some((Infix::Is, MEMBER, 1)),
            T::DotDot => Some((Infix::Range { inclusive: false }, RANGE, 1)),
            T::DotDotEq => Some((Infix::Range { inclusive: true }, RANGE, 1)),
            T::Shl => binary(BinaryOp::Shl, SHIFT),
            T::Plus => binary(BinaryOp::Add, ADD),
            T::Minus => binary(BinaryOp::Sub, ADD),
            T::PlusPlus => binary(BinaryOp::Concat, ADD),
            T::Star => binary(BinaryOp::Mul, MULTIPLY),
            T::Slash => binary(BinaryOp::Div, MULTIPLY),
            T::Percent => binary(BinaryOp::Rem, MULTIPLY),
            T::StarStar => binary(BinaryOp::Pow, POWER),
            _ => None,
        }
    }

    /// `>`, `>>` or `>>>`; the last two are no tokens of their own, so that `Map<K, [V<T>]>` closes well.
    fn greater(&mut self) -> Option<(Infix, u8, usize)> {
        if !self.touches(1, T::Gt) {
            return Some((Infix::Compare(BinaryOp::Gt), COMPARE, 1));
        }
        if self.touches(2, T::Gt) {
            return Some((Infix::Binary(BinaryOp::UShr), SHIFT, 3));
        }
        Some((Infix::Binary(BinaryOp::Shr), SHIFT, 2))
    }

    /// Whether an operator at the start of a line begins something new: a negative number, an element.
    fn line_begins_statement(&mut self, token: Token) -> bool {
        match token.kind {
            T::Minus => true,
            T::Lt => self.element_follows(),
            _ => false,
        }
    }

    fn prefix(&mut self) -> Expr {
        let token = self.token();
        let (op, power) = match token.kind {
            T::Not | T::Bang => (UnaryOp::Not, NOT),
            T::Minus => (UnaryOp::Neg, UNARY),
            T::Tilde => (UnaryOp::BitNot, UNARY),
            T::Await => return self.await_expr(),
            _ => return self.postfix(),
        };
        self.bump();
        if op == UnaryOp::Neg
            && let Some(smallest) = self.smallest_int(token)
        {
            return smallest;
        }
        let operand = Box::new(self.operand(power));
        let span = self.span_from(token.start);
        self.expr(span, ExprKind::Unary { op, op_span: self.span_of(token), operand })
    }

    fn await_expr(&mut self) -> Expr {
        let token = self.bump();
        let value = Box::new(self.operand(UNARY));
        let span = self.span_from(token.start);
        self.expr(span, ExprKind::Await(value))
    }

    /// Whether the token can begin an expression.
    pub(super) fn expression_follows(&mut self) -> bool {
        match self.kind() {
            T::Lt => self.element_follows(),
            T::Dot => self.nth_kind(1).is_word(),
            kind => {
                matches!(
                    kind,
                    T::Ident
                        | T::Underscore
                        | T::Int
                        | T::Float
                        | T::BadNumber
                        | T::Str
                        | T::LParen
                        | T::LBracket
                        | T::LBrace
                        | T::Minus
                        | T::Bang
                        | T::Tilde
                        | T::Not
                        | T::True
                        | T::False
                        | T::Nil
                        | T::Fn
                        | T::If
                        | T::Match
                        | T::Try
                        | T::Await
                        | T::Async
                        | T::Slash
                )
            }
        }
    }
}
