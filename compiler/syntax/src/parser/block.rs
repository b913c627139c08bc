//! Braces and the lists between them.

use tova_diagnostics::Diagnostic;
use tova_source::Span;

use super::{Braces, Parser};
use crate::ast::{Block, Item, Stmt};
use crate::token::T;

/// A brace that was opened.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    pub(super) span: Span,
    /// The indentation of its line.
    pub(super) indent: u32,
}

impl Parser<'_> {
    /// Takes `{`; none if it is missing, which is reported. Where indentation counts, a deeper next line stands for it.
    pub(super) fn open_brace(&mut self, what: &str) -> Option<Opened> {
        if self.at(T::LBrace) {
            return Some(self.opened());
        }
        self.expected(&format!("`{{` to begin {what}"));
        self.brackets_broken = true;
        let (start, end) = (self.token().start, self.prev_end());
        let indent = self.indent(end);
        let deeper = self.token().newline && self.indent(start) > indent;
        (self.braces == Braces::ByIndentation && deeper).then(|| Opened { span: self.span(end, end), indent })
    }

    /// Takes the `{` that is next.
    pub(super) fn opened(&mut self) -> Opened {
        let token = self.bump();
        Opened { span: self.span_of(token), indent: self.indent(token.start) }
    }

    /// Whether the content of `open` ends here: at its brace, at the end, or, where indentation counts, at a line that
    /// is not inside.
    pub(super) fn block_ends(&mut self, open: Opened) -> bool {
        matches!(self.kind(), T::RBrace | T::Eof) || self.line_is_outside(open.indent)
    }

    /// Whether, where indentation counts, a new line begins that is indented no more than `indent`.
    pub(super) fn line_is_outside(&mut self, indent: u32) -> bool {
        let token = self.token();
        self.braces == Braces::ByIndentation && token.newline && self.indent(token.start) <= indent
    }

    /// Takes the `}` of `open`, or reports that it is missing.
    pub(super) fn close_brace(&mut self, open: Opened) {
        let token = self.token();
        let outer = self.braces == Braces::ByIndentation && token.newline && self.indent(token.start) < open.indent;
        if token.kind == T::RBrace && !outer {
            self.bump();
        } else {
            self.missing_closer(T::RBrace, open.span);
        }
    }

    /// `{ statements }`; an empty block where the brace is missing.
    pub(super) fn block(&mut self, what: &str) -> Block {
        let start = self.start();
        let Some(open) = self.open_brace(what) else {
            return Block { id: self.id(), span: self.span(start, start), stmts: Vec::new() };
        };
        self.block_from(open)
    }

    /// The rest of a block whose brace was taken.
    pub(super) fn block_from(&mut self, open: Opened) -> Block {
        let stmts = self.nested(|p| p.in_braces(|p| p.stmts(open))).unwrap_or_default();
        self.close_brace(open);
        Block { id: self.id(), span: self.span_from(open.span.start), stmts }
    }

    fn stmts(&mut self, open: Opened) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        if self.elided() {
            return stmts;
        }
        loop {
            while self.eats(T::Semi) {}
            if self.block_ends(open) {
                return stmts;
            }
            let before = self.at;
            stmts.push(self.stmt());
            self.end_of_statement();
            self.progress(before);
        }
    }

    /// `{ items }` of a block that holds declarations.
    pub(super) fn items(&mut self, what: &str) -> Vec<Item> {
        let Some(open) = self.open_brace(what) else { return Vec::new() };
        let items = self.nested(|p| p.in_braces(|p| p.items_until(open))).unwrap_or_default();
        self.close_brace(open);
        items
    }

    fn items_until(&mut self, open: Opened) -> Vec<Item> {
        let mut items = Vec::new();
        if self.elided() {
            return items;
        }
        loop {
            while self.eats(T::Semi) {}
            if self.block_ends(open) {
                return items;
            }
            self.item_into(&mut items);
        }
    }

    /// The items of a file.
    pub(super) fn items_to_end(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            while self.eats(T::Semi) {}
            match self.kind() {
                T::Eof => return items,
                T::RBrace => {
                    self.brackets_broken = true;
                    self.entry = self.at;
                    self.expected("a declaration or a statement");
                    self.bump();
                }
                _ => self.item_into(&mut items),
            }
        }
    }

    fn item_into(&mut self, items: &mut Vec<Item>) {
        let before = self.at;
        items.push(self.item());
        self.end_of_statement();
        self.progress(before);
    }

    /// Takes a token if none was taken since `before`, so that every loop ends.
    pub(super) fn progress(&mut self, before: usize) {
        if self.at == before {
            self.bump();
        }
    }

    /// `...` as the whole content of a block leaves it out.
    fn elided(&mut self) -> bool {
        let elided = self.at(T::Ellipsis) && self.nth_kind(1) == T::RBrace;
        if elided {
            self.bump();
        }
        elided
    }

    /// Sees to it that a statement ends: with its line, `;`, or the block around it. What ends with a brace or a tag
    /// needs no more.
    fn end_of_statement(&mut self) {
        let token = self.token();
        if token.newline || matches!(token.kind, T::Semi | T::RBrace | T::Eof) {
            return;
        }
        let closed = self.prev().is_some_and(|prev| matches!(prev.kind, T::RBrace | T::Semi));
        let opens = matches!(token.kind, T::Pub | T::At) || (token.kind == T::Fn && self.nth_kind(1).is_word());
        if closed || opens {
            return;
        }
        let problem = self.expectation("the end of the statement");
        let problem = self.foreign_word(problem);
        self.report(problem);
        // A block is read for what it holds.
        if token.kind != T::LBrace {
            self.skip_statement();
        }
    }

    /// Adds how Tova says what the word before the problem says in other languages.
    fn foreign_word(&mut self, problem: Diagnostic) -> Diagnostic {
        let Some(word) = self.prev().filter(|prev| prev.kind == T::Ident) else { return problem };
        let ours = match self.text_of(word) {
            "const" | "val" | "final" => "a name is declared by `name = value`, or by `mut name = value` if it changes",
            "function" | "def" | "func" | "fun" => "a function is written `fn name(parameters) { … }`",
            "class" | "struct" | "enum" | "record" => "a type is written `type Name { … }`",
            "new" => "an object of the host is made by `Name.new(…)`, a record by `Name(…)`",
            "switch" | "case" | "when" => "a choice is written `match value { pattern => result }`",
            "elsif" | "elseif" => "write `elif` or `else if`",
            "unless" => "write `if not …`",
            "do" | "until" | "foreach" => "a loop is written `for x in xs { … }` or `while condition { … }`",
            "throws" | "raise" => "an error is raised by `throw \"message\"`",
            "route" => "a route is written `route GET \"/path\" => handler`",
            _ => return problem,
        };
        problem.help(ours)
    }
}
