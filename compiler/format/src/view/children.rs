//! What stands between tags.
//!
//! White space with a line end in it shows nothing, so a line may end wherever there is no white space or where the writer
//! has ended one. A space on a line is shown next to text, and between code and elements; such a space stays what it is.

use tova_syntax::ast::{Child, ChildKind};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};

/// What encloses children.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edges {
    /// Tags: spaces next to them may be shown.
    Tag,
    /// Braces: there is a space next to them, which is not shown.
    Brace,
}

/// What stands next to white space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Edge,
    Text,
    /// White space next to it is not shown.
    Comment,
    Other,
}

impl Cursor<'_> {
    /// The children up to the closing tag or brace, which is not taken.
    pub(crate) fn children(&mut self, children: &[Child], edges: Edges, one_line: bool) {
        if self.shows_nothing(children) {
            return;
        }
        let kind = if one_line { Kind::Brackets } else { Kind::Block };
        self.group(kind, |c| c.children_in_group(children, edges));
    }

    fn shows_nothing(&self, children: &[Child]) -> bool {
        children.is_empty() && !self.holds_comments() && !self.at("{") && !self.doc.is_waiting()
    }

    /// The same, in an open group that decides about their lines.
    pub(crate) fn children_in_group(&mut self, children: &[Child], edges: Edges) {
        if self.shows_nothing(children) {
            return;
        }
        self.doc.push(Piece::Indent);
        let mut content = Content { edges, before: Side::Edge, shown_space: false };
        for child in children {
            self.child(child, &mut content);
        }
        self.comments_and_holes(u32::MAX, &mut content);
        self.doc.push(Piece::Dedent);
        content.close(self);
    }

    fn child(&mut self, child: &Child, content: &mut Content) {
        let span = child.span;
        match &child.kind {
            ChildKind::Text(_) => {
                let raw = self.slice(span.start, span.end);
                let start = span.start + (raw.len() - raw.trim_start().len()) as u32;
                let text = raw.trim();
                if text.is_empty() {
                    self.comments_and_holes(span.start, content);
                    content.shown_space = true;
                    return;
                }
                self.comments_and_holes(start, content);
                content.gap(self, Side::Text, start);
                self.text_lines(start, text);
            }
            ChildKind::Expr(_)
            | ChildKind::Element(_)
            | ChildKind::If { .. }
            | ChildKind::For { .. }
            | ChildKind::Match { .. } => {
                self.comments_and_holes(span.start, content);
                content.gap(self, Side::Other, self.next);
                self.child_kind(child);
            }
        }
    }

    fn child_kind(&mut self, child: &Child) {
        match &child.kind {
            ChildKind::Expr(value) if self.at("{") => self.hole(value),
            ChildKind::Expr(value) => self.literal(value.span),
            ChildKind::Element(element) => self.element(element),
            ChildKind::Text(_) => {}
            ChildKind::If { branches, else_ } => self.if_child(child.span, branches, else_.as_deref()),
            ChildKind::For { targets, iterable, key, body } => {
                let braced = self.next < child.span.start;
                if braced {
                    self.token("{");
                }
                self.for_child(child.span, (targets, iterable, key.as_ref()), body);
                if braced {
                    self.token("}");
                }
            }
            ChildKind::Match { subject, arms } => self.match_child(subject, arms),
        }
    }

    /// Text, line by line as the writer has broken it.
    fn text_lines(&mut self, start: u32, text: &str) {
        let mut at = start;
        let mut empty = false;
        for (index, line) in text.split('\n').enumerate() {
            let shown = line.trim();
            let begin = at + (line.len() - line.trim_start().len()) as u32;
            at += line.len() as u32 + 1;
            if shown.is_empty() {
                empty = true;
                continue;
            }
            if index > 0 {
                self.doc.push(Piece::TextLine { empty });
            }
            empty = false;
            self.doc.text(self.source, begin, begin + shown.len() as u32);
        }
        self.pass(start + text.len() as u32);
    }

    /// Comments, and braces with nothing or only comments in them, up to `end`.
    fn comments_and_holes(&mut self, end: u32, content: &mut Content) {
        loop {
            if let Some(start) = self.next_comment().filter(|start| *start < end) {
                content.gap(self, Side::Comment, start);
                self.comment();
            } else if self.next < end && self.at("{") && self.is_empty_hole() {
                content.gap(self, Side::Other, self.next);
                self.empty_hole();
            } else {
                return;
            }
        }
    }

    fn empty_hole(&mut self) {
        self.token("{");
        let comments = self.has_line_comment_before(self.next) || self.doc.is_waiting();
        if comments {
            self.close_empty("}");
        } else {
            while self.next_comment().is_some() {
                self.comment();
            }
            self.token("}");
        }
    }
}

/// How far a list of children has come.
struct Content {
    edges: Edges,
    before: Side,
    /// Whether the white space that follows is shown although no text is next to it.
    shown_space: bool,
}

impl Content {
    /// What stands between the last child and what begins at `start`.
    fn gap(&mut self, c: &mut Cursor<'_>, after: Side, start: u32) {
        let space = c.slice(c.pos, start);
        let (before, shown) = (self.before, std::mem::take(&mut self.shown_space));
        let text = before == Side::Text || after == Side::Text;
        let comment = before == Side::Comment || after == Side::Comment;
        self.before = after;
        if space.contains('\n') {
            if before == Side::Edge {
                c.hard_line();
            } else if before == Side::Text {
                let empty = space.bytes().filter(|byte| *byte == b'\n').count() > 1;
                c.doc.push(Piece::TextLine { empty });
            } else {
                c.line_between(start);
            }
        } else if before == Side::Edge && self.edges == Edges::Brace {
            c.line();
        } else if !space.is_empty() && (text || shown) {
            c.space();
        } else if before == Side::Edge {
            c.soft_line();
        } else if !space.is_empty() || comment {
            c.doc.push(if text { Piece::Space } else { Piece::FillSpace });
        } else if !text {
            c.doc.push(Piece::FillLine);
        }
    }

    /// What stands between the last child and the end.
    fn close(&self, c: &mut Cursor<'_>) {
        let space = c.slice(c.pos, c.next);
        let text_waits = self.before == Side::Text && c.doc.is_waiting();
        if self.before == Side::Text && (space.contains('\n') || (text_waits && space.is_empty())) {
            c.doc.break_open();
            c.doc.push(Piece::TextLine { empty: false });
        } else if space.contains('\n') {
            c.hard_line();
        } else if self.edges == Edges::Brace {
            c.line();
        } else if !space.is_empty() && self.before == Side::Text {
            c.space();
        } else {
            c.soft_line();
        }
    }
}
