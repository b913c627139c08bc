//! What stands between tags: text, quoted text, code, elements, control flow, comments.

use tova_diagnostics::{Diagnostic, codes};

use super::text::{decode_entities, shown_text};
use crate::ast::{Child, ChildKind, Comment, CommentKind, Expr, ExprKind, TemplatePart};
use crate::lexer::{block_comment_length, line_end, literal_end};
use crate::parser::block::Opened;
use crate::parser::{Braces, Parser};
use crate::token::T;

/// What ends a list of children.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// The closing tag of the element that starts at this offset.
    Tag { start: u32 },
    /// The closing brace.
    Brace(Opened),
}

/// What stands before white space, which decides whether one space is shown: on one line, between unquoted text, code and
/// elements it is. A quoted text says itself what is next to it, except towards unquoted text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Text, code, an element or its start.
    Inline,
    /// A quoted text.
    Quoted,
    /// A brace, control flow or a comment.
    Bound,
}

/// What a child is, by its first characters.
enum Begins {
    End,
    Element,
    Code,
    StrayBrace,
    Quoted,
    Comment,
    Text,
}

impl Parser<'_> {
    /// The children from `at` on, and the offset of what ends them.
    pub(super) fn children(&mut self, mut at: u32, until: Until) -> (Vec<Child>, u32) {
        let mut children = Vec::new();
        let mut before = if matches!(until, Until::Tag { .. }) { Before::Inline } else { Before::Bound };
        loop {
            let space = at;
            at = self.skip_space(at);
            let begins = self.child_begins(at, space, until);
            if matches!(begins, Begins::End) {
                return (children, at);
            }
            if matches!(begins, Begins::Element | Begins::Code) && before == Before::Inline {
                self.push_text(&mut children, space, at);
            }
            if matches!(begins, Begins::Text)
                && let Some((child, end)) = self.control(at)
            {
                children.push(child);
                (at, before) = (end, Before::Bound);
                continue;
            }
            let from = if before == Before::Bound { at } else { space };
            before = match begins {
                Begins::Element | Begins::Code | Begins::Text => Before::Inline,
                Begins::Quoted => Before::Quoted,
                Begins::Comment | Begins::StrayBrace | Begins::End => Before::Bound,
            };
            at = match begins {
                Begins::Element => {
                    let element = self.element(at);
                    let span = element.span;
                    children.push(Child { span, kind: ChildKind::Element(Box::new(element)) });
                    span.end
                }
                Begins::Code => self.code_child(at, &mut children),
                Begins::Quoted => self.quoted_child(at, &mut children),
                Begins::Comment => self.comment_at(at),
                Begins::StrayBrace => self.stray_brace(at),
                Begins::Text | Begins::End => {
                    self.check_quote(at);
                    let end = self.text_end(at);
                    self.push_text(&mut children, from, end);
                    end
                }
            };
        }
    }

    fn child_begins(&self, at: u32, space: u32, until: Until) -> Begins {
        let rest = self.rest(at);
        let first = rest.as_bytes().first();
        let newline = at == 0 || self.text.get(space as usize..at as usize).is_some_and(|space| space.contains('\n'));
        match first {
            None => return Begins::End,
            Some(b'}') => return if self.brace_ends(at, until) { Begins::End } else { Begins::StrayBrace },
            _ => {}
        }
        if let Until::Brace(open) = until
            && self.braces == Braces::ByIndentation
            && newline
            && self.indent(at) <= open.indent
        {
            return Begins::End;
        }
        match first {
            Some(b'<') if rest.starts_with("</") => Begins::End,
            Some(b'<') if begins_element(rest) => Begins::Element,
            Some(b'{') => Begins::Code,
            Some(b'/') if rest.starts_with("//") || rest.starts_with("/*") => Begins::Comment,
            Some(b'"' | b'\'') if self.quoted_end(at).is_some() => Begins::Quoted,
            _ => Begins::Text,
        }
    }

    /// Whether a `}` ends the children: always for a list in braces; else if it must belong to something around the
    /// element, by its place.
    fn brace_ends(&self, at: u32, until: Until) -> bool {
        match until {
            Until::Brace(_) => true,
            Until::Tag { start } => {
                self.line_start(start) == self.line_start(at) || self.indent(at) <= self.indent(start)
            }
        }
    }

    fn stray_brace(&mut self, at: u32) -> u32 {
        let span = self.span(at, at + 1);
        self.report(
            Diagnostic::error(codes::E0001, span, "expected a child of the element, found `}`")
                .help("write `{\"}\"}` to show a brace"),
        );
        at + 1
    }

    /// The offset after the quoted text at `at`. An apostrophe that ends nothing on its line is text.
    fn quoted_end(&self, at: u32) -> Option<u32> {
        let text = self.text.get(..self.limit as usize).unwrap_or_default();
        let end = literal_end(text, at as usize)?;
        let rest = self.rest(at);
        let single_line = text.get(at as usize..end).is_some_and(|quoted| !quoted.contains('\n'));
        (rest.starts_with('"') || single_line).then_some(end as u32)
    }

    /// Reports a quote that opens a text and is never closed.
    fn check_quote(&mut self, at: u32) {
        if self.rest(at).starts_with('"') {
            let span = self.span(at, at + 1);
            self.report(Diagnostic::error(codes::E0002, span, "this string is never closed").help("end it with `\"`"));
        }
    }

    fn quoted_child(&mut self, at: u32, children: &mut Vec<Child>) -> u32 {
        self.seek(at);
        let mut value = self.string();
        decode(&mut value);
        let span = value.span;
        children.push(Child { span, kind: ChildKind::Expr(value) });
        span.end
    }

    /// `{e}`; `{}` and `{/* … */}` show nothing.
    fn code_child(&mut self, at: u32, children: &mut Vec<Child>) -> u32 {
        self.seek(at);
        if self.nth_kind(1) == T::RBrace {
            self.bump();
            self.bump();
            return self.prev_end();
        }
        if self.nth_kind(1) == T::For {
            return self.braced_control(at, children);
        }
        let value = self.container();
        let end = self.prev_end();
        children.push(Child { span: self.span(at, end), kind: ChildKind::Expr(value) });
        end
    }

    /// `{for x in xs { … }}`
    fn braced_control(&mut self, at: u32, children: &mut Vec<Child>) -> u32 {
        let open = self.opened();
        let start = self.start();
        let (child, end) = self.for_child(start);
        children.push(child);
        self.seek(end);
        self.close_container(open);
        self.prev_end().max(at + 1)
    }

    /// Keeps the comment at `at`; returns the offset after it.
    pub(super) fn comment_at(&mut self, at: u32) -> u32 {
        let rest = self.rest(at);
        let (end, kind) = if rest.starts_with("/*") {
            let (length, _) = block_comment_length(rest.get(2..).unwrap_or_default());
            (at + 2 + length as u32, CommentKind::Block)
        } else {
            ((line_end(self.text, at as usize) as u32).min(self.limit), CommentKind::Line)
        };
        let span = self.span(at, end);
        self.lexer.seek(at, self.limit);
        self.lexer.comments.push(Comment { span, kind });
        end
    }

    /// The offset after the text run at `at`.
    fn text_end(&self, at: u32) -> u32 {
        let rest = self.rest(at);
        let bytes = rest.as_bytes();
        let mut index = rest.chars().next().map_or(0, char::len_utf8);
        while let Some(&byte) = bytes.get(index) {
            let after = rest.get(index..).unwrap_or_default();
            let space_before =
                index.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_whitespace);
            let stops = match byte {
                b'{' | b'}' => true,
                b'<' => after.starts_with("</") || begins_element(after),
                b'"' => space_before && self.quoted_end(at + index as u32).is_some(),
                b'\n' => line_begins_child(after.trim_start()),
                _ => false,
            };
            if stops {
                break;
            }
            index += 1;
        }
        at + index as u32
    }

    fn push_text(&self, children: &mut Vec<Child>, start: u32, end: u32) {
        let raw = self.text.get(start as usize..end as usize).unwrap_or_default();
        let text = shown_text(if self.rest(end).starts_with(['}', '\n']) { raw.trim_end() } else { raw });
        if !text.is_empty() {
            children.push(Child { span: self.span(start, end), kind: ChildKind::Text(text) });
        }
    }
}

/// Whether a `<` begins an element.
fn begins_element(rest: &str) -> bool {
    rest.chars().nth(1).is_some_and(|c| c.is_alphabetic() || matches!(c, '>' | '_' | '$'))
}

/// Whether a line of text begins with something that is no text.
fn line_begins_child(line: &str) -> bool {
    line.starts_with("//")
        || line.starts_with("/*")
        || line.starts_with('"')
        || ["if ", "for ", "match "].iter().any(|word| line.starts_with(word))
            && line.lines().next().is_some_and(|line| line.contains('{'))
}

fn decode(value: &mut Expr) {
    match &mut value.kind {
        ExprKind::Str(text) => *text = decode_entities(text),
        ExprKind::Template(parts) => {
            for part in parts {
                if let TemplatePart::Text(text, _) = part {
                    *text = decode_entities(text);
                }
            }
        }
        _ => {}
    }
}
