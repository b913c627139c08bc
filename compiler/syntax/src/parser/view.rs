//! JSX elements. Tags and text are read from the file's bytes, since white space, quotes and words mean other things
//! there than in code; the code between braces is read as ordinary text.

mod attr;
mod children;
mod control;
mod text;

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;

use self::children::Until;
use super::MAX_NESTING;
use super::Parser;
use super::pattern::is_upper;
use crate::ast::{Element, Expr, ExprKind, Ident};
use crate::token::T;

/// Elements that have no content and need no `/>`.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// How an opening tag ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TagEnd {
    /// `>`
    Open,
    /// `/>`
    SelfClosing,
}

impl<'s> Parser<'s> {
    /// Whether the `<` that is next begins an element: a name or `>` touches it.
    pub(super) fn element_follows(&mut self) -> bool {
        if !self.at(T::Lt) {
            return false;
        }
        let next = self.nth(1);
        next.start == self.token().end && (next.kind.is_word() || next.kind == T::Gt)
    }

    /// The element that is next, as an expression.
    pub(super) fn view(&mut self) -> Expr {
        let start = self.start();
        self.forget_from(start);
        let element = self.element(start);
        let span = element.span;
        self.seek(span.end);
        self.expr(span, ExprKind::View(Box::new(element)))
    }

    /// The element whose `<` stands at `start`.
    fn element(&mut self, start: u32) -> Element {
        let element = if self.nesting < MAX_NESTING { self.nested(|p| p.element_at(start)) } else { None };
        element.unwrap_or_else(|| {
            // Nothing after it can be told apart from its content.
            self.too_deep();
            Element {
                span: self.span(start, self.limit),
                tag: None,
                attrs: Vec::new(),
                children: Vec::new(),
                closing: None,
            }
        })
    }

    fn element_at(&mut self, start: u32) -> Element {
        let tag = self.tag_name(start + 1);
        let name_end = tag.as_ref().map_or(start + 1, |tag| tag.span.end);
        // The code of an attribute may hold elements of its own.
        let component = tag.as_ref().is_some_and(is_upper);
        let (attrs, mut end, how) = self.attrs(name_end, component);
        let mut element = Element { span: self.span(start, end), tag, attrs, children: Vec::new(), closing: None };
        let name = element.tag.as_ref().map(|tag| tag.name.clone()).unwrap_or_default();
        if how == TagEnd::Open && !VOID.contains(&name.as_str()) {
            self.open_tags.push(name);
            (element.children, end) = self.children(end, Until::Tag { start });
            self.open_tags.pop();
            (element.closing, end) = self.closing_tag(&element, end);
        }
        element.span = self.span(start, end);
        element
    }

    /// `</name>` at `at`, or a report that it is missing.
    fn closing_tag(&mut self, element: &Element, at: u32) -> (Option<Span>, u32) {
        let opening =
            element.tag.as_ref().map_or(self.span(element.span.start, element.span.start + 1), |tag| tag.span);
        let shown = element.tag.as_ref().map(|tag| tag.name.clone()).unwrap_or_default();
        if !self.rest(at).starts_with("</") {
            let problem = Diagnostic::error(codes::E0008, opening, format!("`<{shown}>` is never closed"))
                .help(format!("close it with `</{shown}>`"));
            self.report(problem);
            return (None, at);
        }
        let closing = self.tag_name(at + 2);
        let found = closing.as_ref().map(|tag| tag.name.clone()).unwrap_or_default();
        let span = closing.as_ref().map_or(self.span(at, at + 2), |tag| tag.span);
        if found != shown {
            let problem = Diagnostic::error(codes::E0008, span, format!("expected `</{shown}>`, found `</{found}>`"))
                .also(opening, "opened here")
                .help(format!("close `<{shown}>` first"));
            self.report(problem);
            if self.open_tags.contains(&found) {
                return (None, at);
            }
            let after = self.skip_space(self.tag_end(span.end));
            if self.tag_name(after + 2).is_some_and(|tag| tag.name == shown) && self.rest(after).starts_with("</") {
                return (None, self.tag_end(after + 2 + shown.len() as u32));
            }
        }
        let end = self.skip_space(span.end);
        if self.rest(end).starts_with('>') {
            return (Some(span), end + 1);
        }
        let place = self.span(span.end, span.end);
        self.report(
            Diagnostic::error(codes::E0003, place, "expected `>` to end the closing tag")
                .help("close it with `>`")
                .fix("insert `>`", place, ">"),
        );
        (Some(span), span.end)
    }

    /// The offset after the `>` at `at`, if there is one.
    fn tag_end(&self, at: u32) -> u32 {
        let end = self.skip_space(at);
        if self.rest(end).starts_with('>') { end + 1 } else { at }
    }

    /// The name of a tag at `at`; none for a fragment.
    fn tag_name(&self, at: u32) -> Option<Ident> {
        let rest = self.rest(at);
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.' | ':')))
            .unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        (length > 0).then(|| Ident { name: name.into(), span: self.span(at, at + length as u32) })
    }

    /// The text from `at` on.
    fn rest(&self, at: u32) -> &'s str {
        self.text.get(at as usize..self.limit as usize).unwrap_or_default()
    }

    /// The offset of what follows white space at `at`.
    fn skip_space(&self, at: u32) -> u32 {
        let rest = self.rest(at);
        at + (rest.len() - rest.trim_start().len()) as u32
    }
}
