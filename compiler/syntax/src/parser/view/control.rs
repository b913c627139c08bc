//! `if`, `for` and `match` among children.

use super::children::Until;
use crate::ast::{Child, ChildArm, ChildKind, Expr, ExprKind, Pattern};
use crate::parser::Parser;
use crate::token::T;

impl Parser<'_> {
    /// The control flow at `at` and the offset after it. A word that no head and brace follow is text.
    pub(super) fn control(&mut self, at: u32) -> Option<(Child, u32)> {
        let line = self.rest(at).lines().next().unwrap_or_default();
        let word = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if !matches!(word, "if" | "for" | "match") || !line.contains('{') {
            return None;
        }
        let mark = self.mark();
        self.seek(at);
        let child = match word {
            "if" => self.if_child(at),
            "for" => {
                let fits = self.for_head_fits();
                fits.then(|| self.for_child(at))
            }
            _ => self.match_child(at),
        };
        if child.is_none() {
            self.rewind(mark);
        }
        child
    }

    /// The expression after the word that is next, if a brace follows it.
    fn head_before_brace(&mut self) -> Option<Expr> {
        let mark = self.mark();
        self.bump();
        let head = self.in_braces(Self::head);
        (!self.failed_since(mark) && self.at(T::LBrace)).then_some(head)
    }

    fn if_child(&mut self, start: u32) -> Option<(Child, u32)> {
        let cond = self.head_before_brace()?;
        let mut branches = vec![(cond, self.child_body())];
        let mut else_ = None;
        while else_.is_none() && self.branch_follows() {
            if self.at(T::Else) && self.nth_kind(1) == T::LBrace {
                self.bump();
                else_ = Some(self.child_body());
            } else {
                self.eats(T::Else);
                self.bump();
                let cond = self.in_braces(Self::condition);
                branches.push((cond, self.child_body()));
            }
        }
        let span = self.span_from(start);
        Some((Child { span, kind: ChildKind::If { branches, else_ } }, span.end))
    }

    /// Whether another branch follows; looks at the text, where a quote may be one in prose.
    fn branch_follows(&mut self) -> bool {
        let at = self.skip_space(self.prev_end());
        let rest = self.rest(at);
        let after = rest.strip_prefix("else").map(str::trim_start);
        rest.starts_with("elif ") || after.is_some_and(|after| after.starts_with('{') || after.starts_with("if "))
    }

    /// `{ children }`
    fn child_body(&mut self) -> Vec<Child> {
        let Some(open) = self.open_brace("what is shown") else { return Vec::new() };
        let (children, end) = self.children(self.prev_end(), Until::Brace(open));
        self.seek(end);
        self.close_brace(open);
        // What follows is text again, whatever was looked at.
        let end = self.prev_end();
        self.seek(end);
        children
    }

    /// Whether `for x in` is next; `for` in prose has no `in` after one or two names.
    fn for_head_fits(&mut self) -> bool {
        (1..12).any(|n| self.nth_kind(n) == T::In)
    }

    /// `for x in xs key={x.id} { … }`, which is next.
    pub(super) fn for_child(&mut self, start: u32) -> (Child, u32) {
        self.bump();
        let (targets, iterable) = self.in_braces(|p| {
            let targets = p.for_targets();
            p.expect_in();
            (targets, p.head())
        });
        let mut key = None;
        if self.at_name("key") && self.nth_kind(1) == T::Eq {
            self.bump();
            self.bump();
            key = Some(if self.at(T::LBrace) { self.container() } else { self.missing("`{` and the key") });
        }
        let body = self.child_body();
        let span = self.span_from(start);
        (Child { span, kind: ChildKind::For { targets, iterable, key, body } }, span.end)
    }

    fn match_child(&mut self, start: u32) -> Option<(Child, u32)> {
        let subject = self.head_before_brace()?;
        let open = self.opened();
        let mut arms = Vec::new();
        self.in_braces(|p| {
            loop {
                while p.eats(T::Comma) {}
                if p.block_ends(open) {
                    break;
                }
                let before = p.at;
                arms.push(p.child_arm());
                p.progress(before);
            }
        });
        self.close_brace(open);
        let span = self.span_from(start);
        Some((Child { span, kind: ChildKind::Match { subject, arms } }, span.end))
    }

    fn child_arm(&mut self) -> ChildArm {
        self.entry = self.at;
        let start = self.start();
        let pattern: Pattern = self.pattern();
        let guard = self.guard_of_arm();
        let mut body = Vec::new();
        if !self.arm_arrow() {
            self.skip_statement();
        } else if self.at(T::LBrace) {
            body = self.child_body();
        } else {
            let value = self.expression();
            let span = value.span;
            let kind = match value.kind {
                ExprKind::View(element) => ChildKind::Element(element),
                kind => ChildKind::Expr(Expr { kind, ..value }),
            };
            body.push(Child { span, kind });
        }
        ChildArm { span: self.span_from(start), pattern, guard, body }
    }
}
