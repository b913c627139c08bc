//! Expressions: operators, pipes, literals.
//!
//! A line may end before an operator, where the next line goes on with the expression whatever is around it. `-` is the
//! exception, since a line may begin with a negative number: the lines of operands with `-` among them end after the operators.

use tova_source::Span;
use tova_syntax::ast::{BinaryOp, Expr, ExprKind, ListElement};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::{Brackets, PARENS};

impl Cursor<'_> {
    /// An expression.
    pub(crate) fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Nil
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Template(_)
            | ExprKind::Regex { .. }
            | ExprKind::Name(_)
            | ExprKind::Placeholder => self.literal(expr.span),
            ExprKind::ImplicitReceiver => {}
            ExprKind::List(elements) => {
                let kind = self.kind_of_brackets(expr.span);
                let how = Brackets { open: "[", close: "]", kind, edge: Piece::SoftLine };
                self.brackets(how, elements, Self::list_element);
            }
            ExprKind::ListComp { value, clause } => self.list_comp(value, clause),
            ExprKind::Record(entries) => self.record(expr.span, entries),
            ExprKind::RecordComp { key, value, clause } => self.record_comp(key, value, clause),
            ExprKind::Tuple(elements) => self.tuple_of(elements, Self::expr),
            ExprKind::Paren(inner) => self.paren(inner),
            ExprKind::ImplicitFn(inner) => self.expr(inner),
            ExprKind::Field { .. }
            | ExprKind::TupleField { .. }
            | ExprKind::Index { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Call { .. }
            | ExprKind::Propagate(_) => self.postfix(expr),
            ExprKind::Unary { op_span, operand, .. } => self.unary(*op_span, operand),
            ExprKind::Binary { .. } | ExprKind::Chain { .. } => self.binary(expr),
            ExprKind::Range { start, end, inclusive } => self.range(start, end, *inclusive),
            ExprKind::Is { value, name, negated } => {
                self.expr(value);
                self.space();
                self.token("is");
                self.space();
                if *negated {
                    self.token("not");
                    self.space();
                }
                self.dotted_to(name.span.end);
            }
            ExprKind::Pipe { .. } => self.pipe(expr),
            ExprKind::Await(inner) => {
                self.token("await");
                self.space();
                self.expr(inner);
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::If(if_) => self.if_expr(if_),
            ExprKind::Match { subject, arms } => self.match_expr(subject, arms),
            ExprKind::Try { body, catch, finally } => self.try_expr(body, catch.as_deref(), finally.as_ref()),
            ExprKind::Block(block) => self.block(block),
            ExprKind::View(element) => self.element(element),
            ExprKind::Error => self.failed = true,
        }
    }

    /// An expression after `=`, `:` or `=>`: one that has no brackets of its own may begin on the next line.
    pub(crate) fn value(&mut self, value: &Expr) {
        if !begins_on_its_own_line(value) {
            self.space();
            return self.expr(value);
        }
        self.group(Kind::Hug, |c| {
            // On the next line it must stand deeper than the line before, or it would be missing.
            c.doc.push(Piece::IndentFromLine);
            c.line();
            c.lead();
            c.expr(value);
            c.doc.push(Piece::Dedent);
        });
    }

    fn list_element(&mut self, element: &ListElement) {
        if element.spread.is_some() {
            self.token("...");
        }
        self.expr(&element.value);
    }

    /// `(e)`; what has brackets of its own is not moved away from the parenthesis.
    fn paren(&mut self, inner: &Expr) {
        self.token("(");
        if begins_on_its_own_line(inner) || matches!(inner.kind, ExprKind::Pipe { .. }) {
            self.group(Kind::Hug, |c| {
                c.indented(|c| {
                    c.soft_line();
                    c.lead();
                    c.expr(inner);
                    c.dangling(false);
                });
                c.soft_line();
            });
        } else {
            self.expr(inner);
        }
        self.token(PARENS.close);
    }

    fn unary(&mut self, op: Span, operand: &Expr) {
        self.literal(op);
        if self.slice(op.start, op.end) == "not" {
            self.space();
        }
        self.expr(operand);
    }

    fn range(&mut self, start: &Expr, end: &Expr, inclusive: bool) {
        self.expr(start);
        self.token(if inclusive { "..=" } else { ".." });
        // Three dots would be another token.
        if self.peek() == b'.' {
            self.space();
        }
        self.expr(end);
    }

    /// Operands of operators that bind alike, each on its line if they do not fit on one.
    fn binary(&mut self, expr: &Expr) {
        let mut rest = Vec::new();
        let first = operands(expr, &mut rest);
        let subtracts = rest.iter().any(|(op, ..)| *op == BinaryOp::Sub);
        self.group(Kind::Hug, |c| {
            c.expr(first);
            c.indented(|c| {
                for (op, span, operand) in rest.iter().rev() {
                    if subtracts {
                        c.space();
                        c.operator(*op, *span);
                        c.line();
                    } else {
                        c.line();
                        c.operator(*op, *span);
                        c.space();
                    }
                    c.expr(operand);
                }
            });
        });
    }

    fn operator(&mut self, op: BinaryOp, span: Span) {
        if op == BinaryOp::NotIn {
            self.token("not");
            self.space();
            self.token("in");
        } else {
            self.literal(span);
        }
    }

    /// `a |> f |> g`: on one line, or each step on its own, where the writer has begun to.
    fn pipe(&mut self, expr: &Expr) {
        let (mut first, mut steps) = (expr, Vec::new());
        while let ExprKind::Pipe { value, step } = &first.kind {
            steps.push(&**step);
            first = value;
        }
        let mut end = first.span.end;
        let mut broken = false;
        for step in steps.iter().rev() {
            broken |= self.slice(end, step.span.start).contains('\n');
            end = step.span.end;
        }
        self.group(if steps.len() == 1 { Kind::Hug } else { Kind::Plain }, |c| {
            if broken {
                c.doc.break_open();
            }
            c.expr(first);
            c.indented(|c| {
                for step in steps.iter().rev() {
                    c.line();
                    c.token("|>");
                    c.space();
                    c.expr(step);
                }
            });
        });
    }
}

/// The first operand of a chain of operators that bind alike; the others go to `rest`, last first.
fn operands<'e>(expr: &'e Expr, rest: &mut Vec<(BinaryOp, Span, &'e Expr)>) -> &'e Expr {
    match &expr.kind {
        ExprKind::Chain { first, rest: others } => {
            rest.extend(others.iter().rev().map(|(op, span, operand)| (*op, *span, operand)));
            first
        }
        ExprKind::Binary { op, op_span, left, right } => {
            rest.push((*op, *op_span, right));
            let mut left = &**left;
            while let ExprKind::Binary { op: inner, op_span, left: first, right } = &left.kind
                && level(*inner) == level(*op)
                && level(*op).is_some()
            {
                rest.push((*inner, *op_span, right));
                left = first;
            }
            left
        }
        _ => expr,
    }
}

/// Operators of one level are laid out alike; none for those that do not chain to the left.
fn level(op: BinaryOp) -> Option<u8> {
    match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Concat => Some(0),
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => Some(1),
        BinaryOp::And => Some(2),
        BinaryOp::Or => Some(3),
        BinaryOp::Coalesce => Some(4),
        BinaryOp::BitAnd => Some(5),
        BinaryOp::BitOr => Some(6),
        BinaryOp::BitXor => Some(7),
        BinaryOp::Shl | BinaryOp::Shr | BinaryOp::UShr => Some(8),
        BinaryOp::Pow
        | BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::In
        | BinaryOp::NotIn => None,
    }
}

/// Whether a value that does not fit is better moved to a line of its own than broken where it stands.
fn begins_on_its_own_line(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Binary { .. }
        | ExprKind::Chain { .. }
        | ExprKind::Is { .. }
        | ExprKind::Range { .. }
        | ExprKind::Unary { .. }
        | ExprKind::Name(_)
        | ExprKind::Str(_)
        | ExprKind::Template(_)
        | ExprKind::Regex { .. } => true,
        ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => begins_on_its_own_line(object),
        ExprKind::ImplicitFn(inner) | ExprKind::Await(inner) | ExprKind::Propagate(inner) => {
            begins_on_its_own_line(inner)
        }
        ExprKind::Nil
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::List(_)
        | ExprKind::ListComp { .. }
        | ExprKind::Record(_)
        | ExprKind::RecordComp { .. }
        | ExprKind::Tuple(_)
        | ExprKind::Paren(_)
        | ExprKind::ImplicitReceiver
        | ExprKind::Index { .. }
        | ExprKind::Slice { .. }
        | ExprKind::Call { .. }
        | ExprKind::Pipe { .. }
        | ExprKind::Placeholder
        | ExprKind::Lambda(_)
        | ExprKind::If(_)
        | ExprKind::Match { .. }
        | ExprKind::Try { .. }
        | ExprKind::Block(_)
        | ExprKind::View(_)
        | ExprKind::Error => false,
    }
}
