//! `if`, `match` and `try`, which have values.

use tova_syntax::ast::{Block, Catch, Expr, IfExpr, LambdaBody, MatchArm, Pattern};

use crate::block::{Braces, bare_stmt};
use crate::cursor::Cursor;
use crate::doc::Kind;

/// What stands before a block of a choice.
enum Head<'t> {
    If(&'t Expr),
    ElseIf(&'t Expr),
    Else,
    Try,
    Catch(Option<&'t Pattern>),
    Finally,
}

impl Cursor<'_> {
    /// `if c { … } elif d { … } else { … }`
    pub(crate) fn if_expr(&mut self, if_: &IfExpr) {
        let mut branches = Vec::new();
        for (index, (cond, body)) in if_.branches.iter().enumerate() {
            branches.push((if index == 0 { Head::If(cond) } else { Head::ElseIf(cond) }, body));
        }
        branches.extend(if_.else_.as_ref().map(|body| (Head::Else, body)));
        self.choice(&branches);
    }

    /// `try { … } catch e { … } finally { … }`
    pub(crate) fn try_expr(&mut self, body: &Block, catch: Option<&Catch>, finally: Option<&Block>) {
        let mut branches = vec![(Head::Try, body)];
        branches.extend(catch.map(|catch| (Head::Catch(catch.name.as_ref()), &catch.body)));
        branches.extend(finally.map(|body| (Head::Finally, body)));
        self.choice(&branches);
    }

    /// Blocks that are all on one line, or all on lines of their own.
    fn choice(&mut self, branches: &[(Head<'_>, &Block)]) {
        let blocks: Vec<&Block> = branches.iter().map(|(_, block)| *block).collect();
        if self.braces_of(&blocks) == Braces::Lines {
            for (head, block) in branches {
                self.head(head);
                self.lines_block(block);
            }
            return;
        }
        for (index, (head, block)) in branches.iter().enumerate() {
            self.head(head);
            self.token("{");
            if index == 0 {
                self.doc.open(Kind::Brackets);
            }
            self.one_line_body(block);
            if index + 1 == branches.len() {
                self.doc.close();
            }
            self.token("}");
        }
    }

    fn head(&mut self, head: &Head<'_>) {
        match head {
            Head::If(cond) => self.condition("if", cond),
            Head::ElseIf(cond) => {
                self.space();
                if self.at_word("elif") {
                    self.condition("elif", cond);
                } else {
                    self.token("else");
                    self.space();
                    self.condition("if", cond);
                }
            }
            Head::Else => {
                self.space();
                self.token("else");
            }
            Head::Try => self.token("try"),
            Head::Catch(name) => {
                self.space();
                self.token("catch");
                self.caught(*name);
            }
            Head::Finally => {
                self.space();
                self.token("finally");
            }
        }
        self.space();
    }

    fn condition(&mut self, word: &str, cond: &Expr) {
        self.token(word);
        self.space();
        self.expr(cond);
    }

    /// `e`, `(e)`, `()` or nothing.
    fn caught(&mut self, name: Option<&Pattern>) {
        let parens = self.at("(") && name.is_none_or(|name| self.next < name.span.start);
        if parens || name.is_some() {
            self.space();
        }
        if parens {
            self.token("(");
        }
        if let Some(name) = name {
            self.pattern(name);
        }
        if parens {
            self.token(")");
        }
    }

    /// `match e { pattern if guard => body }`
    pub(crate) fn match_expr(&mut self, subject: &Expr, arms: &[MatchArm]) {
        self.token("match");
        self.space();
        self.expr(subject);
        self.space();
        let last = arms.last().map_or(self.next, |arm| arm.span.end);
        self.braced_lines(arms, last, Self::arm);
    }

    fn arm(&mut self, arm: &MatchArm) {
        self.pattern(&arm.pattern);
        self.guard_of_arm(arm.guard.as_ref());
        self.space();
        self.token("=>");
        match &arm.body {
            LambdaBody::Expr(value) => self.value(value),
            LambdaBody::Block(block) => {
                self.space();
                match bare_stmt(block) {
                    Some(stmt) => self.stmt(stmt),
                    None => self.block(block),
                }
            }
        }
    }

    /// `if guard` after the pattern of an arm.
    pub(crate) fn guard_of_arm(&mut self, guard: Option<&Expr>) {
        if let Some(guard) = guard {
            self.space();
            self.condition("if", guard);
        }
    }
}
