//! `if`, `for` and `match` among children.
//!
//! What tells them from text is the `{` on their first line, so no line may end before it.

use tova_source::Span;
use tova_syntax::ast::{Child, ChildArm, ChildKind, Expr, Pattern};

use super::children::Edges;
use crate::cursor::Cursor;
use crate::doc::Kind;

/// The names, what is walked, and the key.
type ForHead<'t> = (&'t [Pattern], &'t Expr, Option<&'t Expr>);

impl Cursor<'_> {
    /// `if c { … } elif d { … } else { … }`
    pub(super) fn if_child(&mut self, span: Span, branches: &[(Expr, Vec<Child>)], else_: Option<&[Child]>) {
        let one_line = self.is_one_line(span);
        let last = branches.len() + usize::from(else_.is_some()) - 1;
        let bodies = branches.iter().map(|(cond, body)| (Some(cond), body.as_slice()));
        for (index, (cond, body)) in bodies.chain(else_.map(|body| (None, body))).enumerate() {
            self.branch_head(index, cond);
            if !one_line {
                self.child_body(body, false);
                continue;
            }
            // All on one line, or none.
            self.token("{");
            if index == 0 {
                self.doc.open(Kind::Brackets);
            }
            self.children_in_group(body, Edges::Brace);
            if index == last {
                self.doc.close();
            }
            self.token("}");
        }
    }

    fn branch_head(&mut self, index: usize, cond: Option<&Expr>) {
        if index > 0 {
            self.space();
        }
        self.group(Kind::Rigid, |c| {
            if index > 0 && c.at_word("elif") {
                c.token("elif");
            } else if index > 0 {
                c.token("else");
            }
            if let Some(cond) = cond {
                if c.at_word("if") {
                    if index > 0 {
                        c.space();
                    }
                    c.token("if");
                }
                c.space();
                c.expr(cond);
            }
            c.space();
        });
    }

    /// `{ children }`
    fn child_body(&mut self, children: &[Child], one_line: bool) {
        self.token("{");
        self.children(children, Edges::Brace, one_line);
        self.token("}");
    }

    /// `for x in xs key={x.id} { … }`
    pub(super) fn for_child(&mut self, span: Span, (targets, iterable, key): ForHead<'_>, body: &[Child]) {
        self.group(Kind::Rigid, |c| {
            c.for_head(targets, iterable);
            if let Some(key) = key {
                c.space();
                c.token("key");
                c.token("=");
                c.hole(key);
            }
            c.space();
        });
        let one_line = self.is_one_line(span);
        self.child_body(body, one_line);
    }

    /// `match e { pattern => child }`
    pub(super) fn match_child(&mut self, subject: &Expr, arms: &[ChildArm]) {
        self.group(Kind::Rigid, |c| {
            c.token("match");
            c.space();
            c.expr(subject);
            c.space();
        });
        let last = arms.last().map_or(self.next, |arm| arm.span.end);
        self.braced_lines(arms, last, Self::child_arm);
    }

    fn child_arm(&mut self, arm: &ChildArm) {
        self.pattern(&arm.pattern);
        self.guard_of_arm(arm.guard.as_ref());
        self.space();
        self.token("=>");
        match arm.body.as_slice() {
            [Child { kind: ChildKind::Expr(value), span }] if self.next == span.start && !self.at("{") => {
                self.value(value)
            }
            [Child { kind: ChildKind::Element(element), .. }] if !self.at("{") => {
                self.space();
                self.element(element);
            }
            children => {
                let one_line = !self.slice(self.next, arm.span.end).contains('\n');
                self.space();
                self.child_body(children, one_line);
            }
        }
    }
}
