//! Statements.

use tova_diagnostics::{Diagnostic, codes};

use super::control::BracePlace;
use super::{Context, Parser};
use crate::ast::{
    AssignStmt, AssignTarget, BinaryOp, Block, Expr, ExprKind, ForStmt, Ident, LetStmt, Pattern, Stmt, StmtKind,
};
use crate::token::T;

impl Parser<'_> {
    /// A statement of a block; declarations are statements too.
    pub(super) fn stmt(&mut self) -> Stmt {
        self.entry = self.at;
        let start = self.start();
        if let Some(item) = self.declaration() {
            let span = item.span;
            return Stmt { id: self.id(), span, kind: StmtKind::Item(Box::new(item)) };
        }
        let kind = self.nested(Self::stmt_kind).unwrap_or(StmtKind::Error);
        Stmt { id: self.id(), span: self.span_from(start), kind }
    }

    fn stmt_kind(&mut self) -> StmtKind {
        match self.kind() {
            T::Let | T::Mut | T::Var if self.binding_follows() => StmtKind::Let(self.let_stmt()),
            T::For => self.for_stmt(None),
            T::While => self.while_stmt(None),
            T::Loop if self.nth_kind(1) == T::LBrace => self.loop_stmt(None),
            T::Async if self.nth_kind(1) == T::For => {
                self.bump();
                self.for_stmt(None)
            }
            T::Guard => self.guard(),
            T::Defer => self.defer(),
            T::Ident if self.nth_kind(1) == T::Colon && matches!(self.nth_kind(2), T::For | T::While | T::Loop) => {
                self.labelled()
            }
            T::LBrace | T::LBracket | T::LParen if self.pattern_assignment_follows() => self.pattern_assignment(),
            T::Else | T::Elif | T::Catch | T::Finally => self.stray_branch(),
            _ => self.simple_stmt(Commas::Targets),
        }
    }

    /// `return`, `break`, `continue`, an assignment or an expression: what may stand as a body without braces.
    pub(super) fn simple_stmt(&mut self, commas: Commas) -> StmtKind {
        match self.kind() {
            T::Return => {
                self.bump();
                StmtKind::Return(self.value_follows().then(|| self.expression()))
            }
            T::Break => {
                self.bump();
                StmtKind::Break(self.loop_label())
            }
            T::Continue => {
                self.bump();
                StmtKind::Continue(self.loop_label())
            }
            _ => self.expression_or_assignment(commas),
        }
    }

    /// Whether a value stands on the rest of this line.
    fn value_follows(&mut self) -> bool {
        self.same_line() && !matches!(self.kind(), T::RBrace | T::RParen | T::RBracket | T::Semi | T::Comma | T::Eof)
    }

    fn loop_label(&mut self) -> Option<Ident> {
        (self.at(T::Ident) && self.same_line()).then(|| self.word()).flatten()
    }

    fn expression_or_assignment(&mut self, commas: Commas) -> StmtKind {
        let typed = self.at(T::Ident) && self.nth_kind(1) == T::Colon && !self.nth(1).newline;
        if typed && matches!(commas, Commas::Targets) {
            return self.typed_assignment();
        }
        let first = self.expression();
        if self.at(T::Comma) && matches!(commas, Commas::Targets) && is_place(&first) {
            return self.parallel_assignment(first);
        }
        match self.assign_op() {
            Some(op) => self.assignment(vec![AssignTarget::Place(first)], op),
            None => StmtKind::Expr(first),
        }
    }

    /// The operator of an assignment, if one is next: `None` inside for a plain `=`.
    #[expect(
        clippy::option_option,
        reason = "the outer level says whether there is an operator, the inner whether it computes"
    )]
    fn assign_op(&mut self) -> Option<Option<BinaryOp>> {
        Some(match self.kind() {
            T::Eq => None,
            T::PlusEq => Some(BinaryOp::Add),
            T::MinusEq => Some(BinaryOp::Sub),
            T::StarEq => Some(BinaryOp::Mul),
            T::SlashEq => Some(BinaryOp::Div),
            T::PercentEq => Some(BinaryOp::Rem),
            T::AmpEq => Some(BinaryOp::BitAnd),
            T::BarEq => Some(BinaryOp::BitOr),
            T::CaretEq => Some(BinaryOp::BitXor),
            T::ShlEq => Some(BinaryOp::Shl),
            _ => return None,
        })
    }

    fn assignment(&mut self, targets: Vec<AssignTarget>, op: Option<BinaryOp>) -> StmtKind {
        for target in &targets {
            if let AssignTarget::Place(place) = target {
                self.check_place(place);
            }
        }
        let op_token = self.bump();
        let op_span = self.span_of(op_token);
        let mut values = vec![self.value()];
        while targets.len() > 1 && self.eats(T::Comma) {
            values.push(self.expression());
        }
        StmtKind::Assign(AssignStmt { targets, ty: None, op, op_span, values })
    }

    fn check_place(&mut self, place: &Expr) {
        if !is_place(place) && !matches!(place.kind, ExprKind::Error) {
            self.report(
                Diagnostic::error(codes::E0001, place.span, "this cannot stand to the left of `=`")
                    .help("assign to a name, a field or an element; compare with `==`"),
            );
        }
    }

    fn parallel_assignment(&mut self, first: Expr) -> StmtKind {
        let mut targets = vec![AssignTarget::Place(first)];
        while self.eats(T::Comma) {
            let target = self.expression();
            targets.push(AssignTarget::Place(target));
        }
        if self.at(T::Eq) {
            return self.assignment(targets, None);
        }
        self.expected("`=` after the names");
        StmtKind::Error
    }

    /// `x: Int = 1`
    fn typed_assignment(&mut self) -> StmtKind {
        let name = self.expect_name("a name");
        let place = self.expr(name.span, ExprKind::Name(name.name));
        self.bump();
        let ty = self.ty();
        if !self.at(T::Eq) {
            self.expected("`=` and a value");
            return StmtKind::Error;
        }
        match self.assignment(vec![AssignTarget::Place(place)], None) {
            StmtKind::Assign(assign) => StmtKind::Assign(AssignStmt { ty: Some(ty), ..assign }),
            other => other,
        }
    }

    /// Whether the bracket that is next closes before `=`.
    fn pattern_assignment_follows(&mut self) -> bool {
        self.closer(0).is_some_and(|closer| self.nth_kind(closer + 1) == T::Eq)
    }

    fn pattern_assignment(&mut self) -> StmtKind {
        let pattern = self.binding_pattern();
        if self.at(T::Eq) {
            return self.assignment(vec![AssignTarget::Pattern(pattern)], None);
        }
        self.expected("`=`");
        StmtKind::Error
    }

    /// Whether `let`, `mut` or `var` opens a binding and is not a name.
    fn binding_follows(&mut self) -> bool {
        !self.nth(1).newline
            && (self.nth_kind(1).is_word()
                || matches!(self.nth_kind(1), T::LBrace | T::LBracket | T::LParen | T::Underscore))
    }

    fn let_stmt(&mut self) -> LetStmt {
        let keyword = self.bump();
        // `let mut x` is how other languages say it; it is as good as `mut x`.
        let mutable = keyword.kind != T::Let || (self.nth_kind(1).is_word() && self.eats(T::Mut));
        let mut targets = vec![self.binding_pattern()];
        while self.eats(T::Comma) {
            targets.push(self.binding_pattern());
        }
        let ty = self.eats(T::Colon).then(|| self.ty());
        let mut values = Vec::new();
        if self.eats(T::Eq) {
            values.push(self.value());
            while targets.len() > 1 && self.eats(T::Comma) {
                values.push(self.expression());
            }
        } else {
            self.expected("`=` and a value");
        }
        LetStmt { keyword: self.span_of(keyword), mutable, targets, ty, values }
    }

    fn labelled(&mut self) -> StmtKind {
        let label = self.word();
        self.bump();
        match self.kind() {
            T::For => self.for_stmt(label),
            T::While => self.while_stmt(label),
            _ => self.loop_stmt(label),
        }
    }

    fn for_stmt(&mut self, label: Option<Ident>) -> StmtKind {
        self.bump();
        let targets = self.for_targets();
        self.expect_in();
        let iterable = self.head();
        let when = self.eat_name("when").map(|_| self.head());
        let body = self.block("the loop");
        let else_ = self.eat(T::Else).map(|_| self.block("`else`"));
        StmtKind::For(ForStmt { label, targets, iterable, when, body, else_ })
    }

    /// `x`, `i, x`, `[a, b]`, `{a, b}`, `(a, b)` before `in`.
    pub(super) fn for_targets(&mut self) -> Vec<Pattern> {
        let mut targets = vec![self.binding_pattern()];
        while self.eats(T::Comma) {
            targets.push(self.binding_pattern());
        }
        targets
    }

    pub(super) fn expect_in(&mut self) {
        if self.eats(T::In) {
            return;
        }
        let mut problem = self.expectation("`in`").help("a loop is written `for x in xs { … }`");
        // `for x of xs`, as JavaScript has it.
        let of = self.eat_name("of");
        if let Some(of) = of {
            problem = problem.fix("replace it by `in`", self.span_of(of), "in");
        }
        self.report(problem);
    }

    /// The value after `=` or `=>`: on the same line or a deeper one, else it is missing.
    pub(super) fn value(&mut self) -> Expr {
        let (token, before) = (self.token(), self.prev_end());
        if token.newline && self.indent(token.start) <= self.indent(before) {
            return self.missing("a value");
        }
        self.expression()
    }

    /// An expression before a block.
    pub(super) fn head(&mut self) -> Expr {
        self.with_context(Context { newline_ends: true, no_arrow: true }, Self::expression)
    }

    /// An expression that decides, before a block. A single `=` is taken for `==`.
    pub(super) fn condition(&mut self) -> Expr {
        if self.at(T::LBrace) && (self.nth_kind(1) == T::RBrace || !self.record_follows(BracePlace::Operand)) {
            return self.missing("a condition");
        }
        let cond = self.head();
        if let Some(eq) = self.eat(T::Eq) {
            let span = self.span_of(eq);
            self.report(
                Diagnostic::error(codes::E0001, span, "expected `==`, found `=`")
                    .help("`=` assigns; compare with `==`")
                    .fix("replace it by `==`", span, "=="),
            );
            self.head();
        }
        cond
    }

    fn while_stmt(&mut self, label: Option<Ident>) -> StmtKind {
        self.bump();
        let cond = self.condition();
        StmtKind::While { label, cond, body: self.block("the loop") }
    }

    fn loop_stmt(&mut self, label: Option<Ident>) -> StmtKind {
        self.bump();
        StmtKind::Loop { label, body: self.block("the loop") }
    }

    fn guard(&mut self) -> StmtKind {
        self.bump();
        let cond = self.condition();
        if !self.eats(T::Else) {
            let problem = self.expectation("`else`").help("a guard is written `guard condition else { … }`");
            self.report(problem);
        }
        StmtKind::Guard { cond, body: self.block("what happens otherwise") }
    }

    fn defer(&mut self) -> StmtKind {
        self.bump();
        if self.at(T::LBrace) {
            return StmtKind::Defer(self.block("what is deferred"));
        }
        let stmt = self.one_stmt();
        StmtKind::Defer(stmt)
    }

    /// A statement without braces, as a block of one.
    pub(super) fn one_stmt(&mut self) -> Block {
        let start = self.start();
        let kind = self.simple_stmt(Commas::End);
        self.block_of(start, kind)
    }

    pub(super) fn block_of(&mut self, start: u32, kind: StmtKind) -> Block {
        let span = self.span_from(start);
        let stmt = Stmt { id: self.id(), span, kind };
        Block { id: self.id(), span, stmts: vec![stmt] }
    }

    /// `else` and the like without what they belong to; their block is read, so that nothing in it is lost.
    fn stray_branch(&mut self) -> StmtKind {
        self.expected("a statement");
        self.bump();
        if self.at(T::LBrace) {
            let block = self.block("a block");
            let span = block.span;
            return StmtKind::Expr(self.expr(span, ExprKind::Block(block)));
        }
        self.skip_statement();
        StmtKind::Error
    }
}

/// What a comma after an expression means.
#[derive(Clone, Copy)]
pub(super) enum Commas {
    /// More targets of an assignment.
    Targets,
    /// The end of the statement, which stands in a list.
    End,
}

/// Whether something can be assigned to.
fn is_place(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Name(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::TupleField { .. }
            | ExprKind::Placeholder
    )
}
