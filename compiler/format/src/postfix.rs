//! What follows an operand: calls, fields, elements.
//!
//! A line may end before `.name` and `?.name`, and before nothing else: `(`, `[`, `?` and `.0` on a new line begin something new.

use tova_syntax::ast::{Arg, Expr, ExprKind};

use crate::cursor::Cursor;
use crate::doc::Kind;
use crate::list::PARENS;

/// How many links a chain may have to be walked by recursion.
const SHORT: usize = 8;

impl Cursor<'_> {
    /// An operand and what follows it.
    pub(crate) fn postfix(&mut self, expr: &Expr) {
        if self.is_simple(expr) {
            if let Some(inner) = inner(expr) {
                self.expr(inner);
            }
            return self.link(expr);
        }
        self.chain(expr);
    }

    /// Whether this is a short chain on one line, with no place where its line could end.
    fn is_simple(&self, expr: &Expr) -> bool {
        let (mut root, mut links, mut calls) = (expr, 0, 0);
        while let Some(before) = inner(root) {
            links += 1;
            calls += usize::from(matches!(root.kind, ExprKind::Call { .. }) && is_field(before));
            root = before;
        }
        links <= SHORT && calls < 2 && self.is_one_line(root.span.to(expr.span))
    }

    fn chain(&mut self, expr: &Expr) {
        let mut links = Vec::new();
        let mut root = expr;
        while let Some(inner) = inner(root) {
            links.push(root);
            root = inner;
        }
        links.reverse();
        let broken = self.broken_by_writer(&links);
        let calls =
            links.iter().filter(|link| matches!(&link.kind, ExprKind::Call { callee, .. } if is_field(callee))).count();
        if !broken && calls < 2 {
            self.expr(root);
            for link in &links {
                self.link(link);
            }
            return;
        }
        self.group(Kind::Hug, |c| {
            if broken {
                c.doc.break_open();
            }
            c.expr(root);
            c.indented(|c| c.links(root, &links));
        });
    }

    /// The links of a chain, with a place for a line end before each call of a method.
    fn links(&mut self, root: &Expr, links: &[&Expr]) {
        let mut attached = stays_with_first_call(root);
        for (index, link) in links.iter().enumerate() {
            let called = links.get(index + 1).is_some_and(|next| matches!(next.kind, ExprKind::Call { .. }));
            if is_field(link) && (called || self.newline_follows()) {
                let first = index == 0 && matches!(root.kind, ExprKind::ImplicitReceiver);
                if !first && (!attached || self.newline_follows()) {
                    self.soft_line();
                }
                attached = false;
            }
            self.link(link);
        }
    }

    /// Whether the writer has begun a line with `.name`.
    fn broken_by_writer(&self, links: &[&Expr]) -> bool {
        links.iter().any(|link| match (&link.kind, inner(link)) {
            (ExprKind::Field { name, .. }, Some(object)) => {
                !matches!(object.kind, ExprKind::ImplicitReceiver)
                    && self.slice(object.span.end, name.span.start).contains('\n')
                    && self.line_ends_between(object.span.end)
            }
            _ => false,
        })
    }

    fn link(&mut self, link: &Expr) {
        // `?.` and `??` would be other tokens.
        if matches!(self.peek(), b'.' | b'?') && self.slice(self.pos.saturating_sub(1), self.pos) == "?" {
            self.space();
        }
        match &link.kind {
            ExprKind::Field { name, optional, .. } => {
                self.token(if *optional { "?." } else { "." });
                self.literal(name.span);
            }
            ExprKind::TupleField { index_span, object, .. } => {
                // `1.0` would be a number.
                if matches!(object.kind, ExprKind::Int(_)) {
                    self.space();
                }
                self.token(".");
                self.literal(*index_span);
            }
            ExprKind::Index { index, .. } => {
                self.token("[");
                self.expr(index);
                self.token("]");
            }
            ExprKind::Slice { start, end, step, .. } => {
                self.token("[");
                for bound in [start, end, step] {
                    if let Some(bound) = bound {
                        self.expr(bound);
                    }
                    self.maybe(":");
                }
                self.token("]");
            }
            ExprKind::Call { args, .. } if self.at("(") => self.args(args),
            // `throw e`
            ExprKind::Call { args, .. } => {
                self.space();
                args.iter().for_each(|arg| self.arg(arg));
            }
            ExprKind::Propagate(_) => self.token("?"),
            _ => self.failed = true,
        }
    }

    /// `(a, name: b, ...c)`
    pub(crate) fn args(&mut self, args: &[Arg]) {
        self.brackets(PARENS, args, Self::arg);
    }

    fn arg(&mut self, arg: &Arg) {
        if arg.spread.is_some() {
            self.token("...");
        }
        if let Some(name) = &arg.name {
            // `.name = e` makes a column.
            let column = self.maybe(".");
            self.literal(name.span);
            if column {
                self.space();
                self.token("=");
            } else {
                self.token(":");
            }
            self.space();
        }
        self.expr(&arg.value);
    }

    /// An argument whose name, if it has one, is not in the tree.
    pub(crate) fn bare_arg(&mut self, value: &Expr) {
        self.maybe("...");
        if self.next < value.span.start {
            self.word();
            self.token(":");
            self.space();
        }
        self.expr(value);
    }
}

/// What a link of a chain follows; none if this is no link.
fn inner(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Field { object, .. }
        | ExprKind::TupleField { object, .. }
        | ExprKind::Index { object, .. }
        | ExprKind::Slice { object, .. } => Some(object),
        ExprKind::Call { callee, .. } => Some(callee),
        ExprKind::Propagate(inner) => Some(inner),
        _ => None,
    }
}

fn is_field(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Field { .. })
}

/// `User.where(…)` and `.trim()` stay together.
fn stays_with_first_call(root: &Expr) -> bool {
    match &root.kind {
        ExprKind::Name(name) => name == "self" || name.starts_with(char::is_uppercase),
        ExprKind::ImplicitReceiver => true,
        _ => false,
    }
}
