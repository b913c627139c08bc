//! JSX: elements and their attributes.

mod children;
mod control;

use tova_source::Span;
use tova_syntax::ast::{Attr, AttrKind, Element, Expr, ExprKind};

use crate::cursor::Cursor;
use crate::doc::Kind;

use self::children::Edges;

impl Cursor<'_> {
    /// An element with all that it holds.
    pub(crate) fn element(&mut self, element: &Element) {
        let name_end = element.tag.as_ref().map_or(element.span.start + 1, |tag| tag.span.end);
        if self.next != element.span.start {
            self.failed = true;
            return;
        }
        self.literal_to(name_end);
        let closed = if element.tag.is_some() {
            self.rest_of_tag(&element.attrs)
        } else {
            // `<>` is in one piece.
            self.token(">");
            false
        };
        if closed || self.failed {
            return;
        }
        let Some(closing) = element.closing else { return };
        let content_end = if element.tag.is_some() { closing.start.saturating_sub(2) } else { closing.start };
        let one_line = !self.slice(self.pos, content_end).contains('\n');
        self.children(&element.children, Edges::Tag, one_line);
        self.token("</");
        if element.tag.is_some() {
            self.literal(closing);
        }
        self.token(">");
    }

    /// The attributes and the end of an opening tag; says whether the tag closes itself.
    fn rest_of_tag(&mut self, attrs: &[Attr]) -> bool {
        if attrs.is_empty() && !self.doc.is_waiting() && !self.holds_comments() {
            let closed = self.at("/>");
            if closed {
                self.space();
            }
            self.token(if closed { "/>" } else { ">" });
            return closed;
        }
        self.doc.open(Kind::Hug);
        if self.newline_follows() {
            self.doc.break_open();
        }
        self.indented(|c| {
            for attr in attrs {
                c.line();
                c.lead();
                c.attr(attr);
            }
            c.dangling(false);
        });
        let closed = self.at("/>");
        if closed {
            self.line();
        } else {
            self.soft_line();
        }
        self.token(if closed { "/>" } else { ">" });
        self.doc.close();
        closed
    }

    fn attr(&mut self, attr: &Attr) {
        if self.next != attr.span.start {
            self.failed = true;
            return;
        }
        match &attr.kind {
            AttrKind::Spread(value) if self.at("...") => {
                self.token("...");
                self.expr(value);
            }
            AttrKind::Spread(value) => {
                self.token("{");
                self.token("...");
                self.expr(value);
                self.close_hole();
            }
            AttrKind::Plain { value, .. } => self.named_attr(attr.span, value.as_ref()),
            AttrKind::On { handler, .. } => self.named_attr(attr.span, Some(handler)),
            AttrKind::Bind { place, .. } => self.named_attr(attr.span, Some(place)),
            AttrKind::Class { value, .. } => self.named_attr(attr.span, Some(value)),
            AttrKind::Directive { value, .. } => self.named_attr(attr.span, value.as_ref()),
        }
    }

    /// `name`, `name="text"`, `name={e}`, `{name}`
    fn named_attr(&mut self, span: Span, value: Option<&Expr>) {
        if let (true, Some(value)) = (self.at("{"), value) {
            return self.hole(value);
        }
        let quote = self.rest().chars().next().filter(|first| matches!(first, '"' | '\''));
        if quote.is_some() {
            self.string();
        } else {
            let text = self.slice(span.start, span.end);
            let length = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
            self.literal_to(span.start + length as u32);
        }
        if let Some(value) = value
            && self.at("=")
        {
            self.token("=");
            self.attr_value(value);
        }
    }

    fn attr_value(&mut self, value: &Expr) {
        if self.at("{") { self.hole(value) } else { self.literal(value.span) }
    }

    /// `{e}`
    pub(crate) fn hole(&mut self, value: &Expr) {
        self.token("{");
        match hole_layout(value) {
            Some(kind) => self.group(kind, |c| {
                c.indented(|c| {
                    c.soft_line();
                    c.lead();
                    c.expr(value);
                    c.dangling(false);
                });
                c.soft_line();
            }),
            None => self.expr(value),
        }
        self.close_hole();
    }

    /// The `}` after code. No comment may wait beyond it, since it would become text.
    fn close_hole(&mut self) {
        let comments = self.holds_comments();
        self.dangling(false);
        if comments || self.doc.is_waiting() {
            self.doc.break_open();
            self.hard_line();
        }
        self.token("}");
    }
}

/// How the code in a hole may begin on the next line; none if it has brackets of its own to break.
fn hole_layout(value: &Expr) -> Option<Kind> {
    match &value.kind {
        ExprKind::Pipe { value, .. } if matches!(value.kind, ExprKind::Pipe { .. }) => Some(Kind::Plain),
        ExprKind::Pipe { .. } | ExprKind::Binary { .. } | ExprKind::Chain { .. } => Some(Kind::Hug),
        _ => None,
    }
}
