//! `if`, `match` and `try`, which have values.

use tova_source::Span;

use super::stmt::Commas;
use super::{Context, Parser};
use crate::ast::{Block, Catch, Expr, ExprKind, IfExpr, LambdaBody, MatchArm, PatternKind, StmtKind};
use crate::token::T;

impl Parser<'_> {
    /// `if c { … } elif d { … } else { … }`
    pub(super) fn if_expr(&mut self) -> Expr {
        let start = self.start();
        let mut branches = vec![self.branch()];
        let mut else_ = None;
        loop {
            let else_if = self.at(T::Else) && self.nth_kind(1) == T::If;
            if else_if {
                self.bump();
            }
            if else_if || self.at(T::Elif) {
                branches.push(self.branch());
            } else {
                if self.eats(T::Else) {
                    else_ = Some(self.block("`else`"));
                }
                break;
            }
        }
        let span = self.span_from(start);
        self.expr(span, ExprKind::If(IfExpr { branches, else_ }))
    }

    fn branch(&mut self) -> (Expr, Block) {
        self.bump();
        (self.condition(), self.block("what happens then"))
    }

    /// `match e { pattern if guard => body }`
    pub(super) fn match_expr(&mut self) -> Expr {
        let start = self.start();
        self.bump();
        let subject = Box::new(self.head());
        let mut arms = Vec::new();
        if let Some(open) = self.open_brace("the arms") {
            self.in_braces(|p| {
                loop {
                    while p.eat(T::Comma).or_else(|| p.eat(T::Semi)).is_some() {}
                    if p.block_ends(open) {
                        break;
                    }
                    let before = p.at;
                    arms.push(p.match_arm());
                    p.progress(before);
                }
            });
            self.close_brace(open);
        }
        let span = self.span_from(start);
        self.expr(span, ExprKind::Match { subject, arms })
    }

    fn match_arm(&mut self) -> MatchArm {
        self.entry = self.at;
        let start = self.start();
        let pattern = self.pattern();
        let guard = self.guard_of_arm();
        let body = if self.arm_arrow() {
            self.body_after_arrow()
        } else {
            if matches!(pattern.kind, PatternKind::Error) || !self.same_line() {
                self.skip_statement();
            }
            let span = self.span_from(start).at_end();
            LambdaBody::Expr(self.expr(span, ExprKind::Error))
        };
        MatchArm { span: self.span_from(start), pattern, guard, body }
    }

    /// `if guard` of an arm, in which `x =>` ends the guard.
    pub(super) fn guard_of_arm(&mut self) -> Option<Expr> {
        self.eat(T::If)?;
        Some(self.with_context(Context { newline_ends: true, no_arrow: true }, Self::expression))
    }

    /// Takes the `=>` of an arm; false if it is missing, which is reported.
    pub(super) fn arm_arrow(&mut self) -> bool {
        if self.eats(T::FatArrow) {
            return true;
        }
        let mut problem = self.expectation("`=>`").help("an arm is written `pattern => value`");
        if self.at(T::Arrow) {
            problem = problem.fix("replace it by `=>`", self.token_span(), "=>");
        }
        self.report(problem);
        // `->` is a slip; what follows is the body all the same.
        self.eats(T::Arrow)
    }

    /// The body of an arm or of an arrow lambda: a block, a record, or a statement without braces.
    pub(super) fn body_after_arrow(&mut self) -> LambdaBody {
        if self.at(T::LBrace) && !self.record_follows(BracePlace::Body) {
            let block = self.block("the body");
            return LambdaBody::Block(block);
        }
        self.open_body()
    }

    /// An expression or a statement without braces.
    pub(super) fn open_body(&mut self) -> LambdaBody {
        let (start, before) = (self.start(), self.prev_end());
        if self.token().newline && self.indent(start) <= self.indent(before) {
            return LambdaBody::Expr(self.missing("a value"));
        }
        match self.nested(|p| p.simple_stmt(Commas::End)).unwrap_or(StmtKind::Error) {
            StmtKind::Expr(expr) => LambdaBody::Expr(expr),
            kind => LambdaBody::Block(self.block_of(start, kind)),
        }
    }

    /// `try { … } catch e { … } finally { … }`
    pub(super) fn try_expr(&mut self) -> Expr {
        let start = self.start();
        self.bump();
        let body = self.block("what is tried");
        let catch = self.eat(T::Catch).map(|_| Box::new(self.catch()));
        let finally = self.eat(T::Finally).map(|_| self.block("`finally`"));
        if catch.is_none() && finally.is_none() {
            let problem = self.expectation("`catch`").help("`try { … }` needs `catch e { … }` or `finally { … }`");
            self.report(problem);
        }
        let span: Span = self.span_from(start);
        self.expr(span, ExprKind::Try { body, catch, finally })
    }

    fn catch(&mut self) -> Catch {
        let parens = self.eats(T::LParen);
        let name = (!self.at(T::LBrace) && !self.at(T::RParen)).then(|| self.binding_pattern());
        if parens {
            self.eats(T::RParen);
        }
        Catch { name, body: self.block("`catch`") }
    }
}

/// Where a `{` stands whose meaning only its content tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BracePlace {
    /// Where a value is expected.
    Operand,
    /// After `=>`: a single name in braces is a block.
    Body,
    /// At the start of a statement.
    Statement,
}
