//! Blocks of statements, and how statements follow each other.

use tova_syntax::ast::{Block, Stmt};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};

/// How the braces of a block, or of all branches of a choice, are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Braces {
    /// `{ statement }`, if it fits.
    OneLine,
    /// The statements on lines of their own.
    Lines,
}

impl Cursor<'_> {
    /// `{ statements }`
    pub(crate) fn block(&mut self, block: &Block) {
        let braces = self.braces_of(&[block]);
        if braces == Braces::OneLine {
            self.token("{");
            self.group(Kind::Brackets, |c| c.one_line_body(block));
            self.token("}");
        } else {
            self.lines_block(block);
        }
    }

    /// A block, or the only statement of one that has no braces.
    pub(crate) fn block_or_stmt(&mut self, block: &Block) {
        match bare_stmt(block) {
            Some(stmt) => self.stmt(stmt),
            None => self.block(block),
        }
    }

    /// How to lay out blocks that belong together: on one line if they are so in the source.
    pub(crate) fn braces_of(&self, blocks: &[&Block]) -> Braces {
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return Braces::Lines };
        let one_line = self.is_one_line(first.span.to(last.span)) && !self.doc.is_waiting();
        let short = blocks.iter().all(|block| block.stmts.len() == 1);
        if one_line && short { Braces::OneLine } else { Braces::Lines }
    }

    /// The statement between the braces of a block, and the lines or spaces next to them.
    pub(crate) fn one_line_body(&mut self, block: &Block) {
        self.indented(|c| {
            c.line();
            c.stmts(&block.stmts);
            c.dangling(false);
        });
        self.line();
    }

    /// A block on lines of its own.
    pub(crate) fn lines_block(&mut self, block: &Block) {
        self.token("{");
        while self.drop(";") {}
        if block.stmts.is_empty() {
            if self.at("...") {
                self.space();
                self.token("...");
                self.space();
                return self.token("}");
            }
            return self.close_empty("}");
        }
        self.group(Kind::Block, |c| {
            c.indented(|c| {
                c.hard_line();
                c.stmts(&block.stmts);
                c.dangling(false);
            });
            c.hard_line();
        });
        self.token("}");
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for (index, stmt) in stmts.iter().enumerate() {
            if index > 0 {
                self.next_line();
            }
            self.lead();
            self.stmt(stmt);
            self.end_of_statement();
        }
    }

    /// Leaves out the semicolons after a statement. One stays before what would otherwise go on with the statement.
    pub(crate) fn end_of_statement(&mut self) {
        let semicolon = self.next;
        let mut found = false;
        while self.drop(";") {
            found = true;
        }
        if found && matches!(self.peek(), b'/' | b'.') {
            self.doc.text(self.source, semicolon, semicolon + 1);
        }
    }

    /// A list of lines at the level of a file or of a block of declarations.
    pub(crate) fn sequence<T>(&mut self, elements: &[T], mut each: impl FnMut(&mut Self, &T, Option<&T>)) {
        while self.drop(";") {}
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.next_line();
            }
            self.lead();
            each(self, element, elements.get(index + 1));
            self.end_of_statement();
        }
    }

    /// Declarations in braces, each on lines of its own.
    pub(crate) fn braced_sequence<T>(&mut self, elements: &[T], each: impl FnMut(&mut Self, &T, Option<&T>)) {
        self.token("{");
        if elements.is_empty() {
            while self.drop(";") {}
            if self.maybe("...") {
                return self.token("}");
            }
            return self.close_empty("}");
        }
        self.group(Kind::Block, |c| {
            c.indented(|c| {
                c.hard_line();
                c.sequence(elements, each);
                c.dangling(false);
            });
            c.doc.push(Piece::HardLine);
        });
        self.token("}");
    }
}

/// The statement of a block that has no braces.
pub(crate) fn bare_stmt(block: &Block) -> Option<&Stmt> {
    match block.stmts.as_slice() {
        [stmt] if stmt.span == block.span => Some(stmt),
        _ => None,
    }
}
