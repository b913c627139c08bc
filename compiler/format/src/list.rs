//! What stands between brackets, separated by commas or lines.

use tova_source::Span;

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};

/// Brackets and what is next to them.
#[derive(Clone, Copy)]
pub(crate) struct Brackets {
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
    /// How what is in them is broken.
    pub(crate) kind: Kind,
    /// What stands inside next to each bracket: [`Piece::Line`] or [`Piece::SoftLine`].
    pub(crate) edge: Piece,
}

/// `(a, b)` of calls and parameters.
pub(crate) const PARENS: Brackets = Brackets { open: "(", close: ")", kind: Kind::Hug, edge: Piece::SoftLine };

impl Cursor<'_> {
    /// Elements separated by commas, the last one followed by a comma where each has its line.
    pub(crate) fn brackets<T>(&mut self, how: Brackets, elements: &[T], each: impl FnMut(&mut Self, &T)) {
        self.token(how.open);
        if elements.is_empty() {
            return self.close_empty(how.close);
        }
        self.doc.open(how.kind);
        self.doc.push(Piece::Indent);
        self.doc.push(how.edge);
        self.elements(elements, each);
        self.doc.push(Piece::TrailingComma);
        self.close_brackets(how);
    }

    /// The elements of [`Cursor::brackets`].
    pub(crate) fn elements<T>(&mut self, elements: &[T], mut each: impl FnMut(&mut Self, &T)) {
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.separator();
                self.line_or_empty();
            }
            self.lead();
            each(self, element);
        }
        self.drop(",");
    }

    /// A comma, whether the source has one or a new line or `;` in its place.
    fn separator(&mut self) {
        if self.at(",") {
            self.token(",");
        } else {
            self.drop(";");
            self.doc.comma();
        }
    }

    /// A line end of the innermost group; the empty line of the source is kept in a block.
    fn line_or_empty(&mut self) {
        if self.doc.in_block() { self.next_line() } else { self.line() }
    }

    fn close_brackets(&mut self, how: Brackets) {
        self.dangling(false);
        self.doc.push(Piece::Dedent);
        let edge = if self.doc.in_block() { Piece::HardLine } else { how.edge };
        self.doc.push(edge);
        self.doc.close();
        self.token(how.close);
    }

    /// The closing bracket of brackets without elements, after the comments that they may hold.
    pub(crate) fn close_empty(&mut self, close: &str) {
        while self.drop(",") || self.drop(";") {}
        if self.holds_comments() {
            self.group(Kind::Block, |c| {
                c.indented(|c| {
                    c.hard_line();
                    c.dangling(true);
                });
                c.hard_line();
            });
        }
        self.token(close);
    }

    /// The least that brackets need to be broken: the writer did it, or a comment in them needs the end of a line.
    pub(crate) fn breaks_after_open(&self, span: Span) -> bool {
        let inside = self.slice(span.start, span.end).get(1..).unwrap_or_default();
        let first = inside.trim_start_matches([' ', '\t', '\r']);
        first.starts_with('\n') || self.has_line_comment_before(span.end) || self.doc.is_waiting()
    }

    /// Elements in braces, each on its line without commas, or all on one line with commas between them. `last` is where the
    /// last one ends.
    pub(crate) fn braced_lines<T>(&mut self, elements: &[T], last: u32, mut each: impl FnMut(&mut Self, &T)) {
        let one_line = !self.slice(self.next, last.max(self.next)).contains('\n') && !self.doc.is_waiting();
        self.token("{");
        self.drop_separators();
        if elements.is_empty() {
            return self.close_empty("}");
        }
        self.doc.open(if one_line { Kind::Brackets } else { Kind::Block });
        self.doc.push(Piece::Indent);
        self.doc.push(if one_line { Piece::Line } else { Piece::HardLine });
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.doc.push(Piece::FlatComma);
                self.line_or_empty();
            }
            self.lead();
            each(self, element);
            self.drop_separators();
        }
        self.close_brackets(Brackets { open: "{", close: "}", kind: Kind::Block, edge: Piece::Line });
    }

    /// Leaves out what separates the lines of a block.
    pub(crate) fn drop_separators(&mut self) {
        while self.drop(",") || self.drop(";") || (self.at("|") && !self.at("||") && self.drop("|")) {}
    }
}
