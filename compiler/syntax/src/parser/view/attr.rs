//! The attributes of an opening tag.

use tova_diagnostics::{Diagnostic, codes};

use super::TagEnd;
use crate::ast::{Attr, AttrKind, Expr, ExprKind, Ident};
use crate::parser::Parser;
use crate::parser::block::Opened;
use crate::token::T;

/// What a directive's name is made of besides letters and digits.
const NAME: &[char] = &['_', '$', '-', '@'];
/// What the name of a class may hold besides: utility classes are called `w-1/2` and `md:flex`.
const CLASS: &[char] = &['_', '$', '-', '@', '/', ':', '.', '[', ']', '%', '#', '!'];

impl Parser<'_> {
    /// The attributes from `at` on, the offset after the tag, and how it ended.
    /// An element's `onclick` is an event, a component's is a prop.
    pub(super) fn attrs(&mut self, mut at: u32, component: bool) -> (Vec<Attr>, u32, TagEnd) {
        let mut attrs = Vec::new();
        loop {
            at = self.skip_space(at);
            let rest = self.rest(at);
            let before = at;
            match rest.bytes().next() {
                Some(b'>') => return (attrs, at + 1, TagEnd::Open),
                Some(b'/') if rest.starts_with("/>") => return (attrs, at + 2, TagEnd::SelfClosing),
                Some(b'/') if rest.starts_with("//") || rest.starts_with("/*") => {
                    at = self.comment_at(at);
                    continue;
                }
                None | Some(b'<' | b'}') => {
                    self.tag_not_closed(at);
                    return (attrs, at, TagEnd::Open);
                }
                Some(b'{') => at = self.braced_attr(at, &mut attrs),
                Some(b'.') if rest.starts_with("...") => {
                    self.seek(at + 3);
                    let value = self.in_brackets(Self::postfix);
                    at = self.prev_end();
                    attrs.push(Attr { span: self.span(before, at), kind: AttrKind::Spread(value) });
                }
                Some(_) => at = self.named_attr(at, component, &mut attrs),
            }
            if at == before {
                at = self.unexpected_in_tag(at);
            }
        }
    }

    fn tag_not_closed(&mut self, at: u32) {
        let place = self.span(at, (at + 1).min(self.limit));
        self.report(
            Diagnostic::error(codes::E0003, place, "expected `>` to end the tag")
                .help("end the tag with `>`, or with `/>` if it has no content"),
        );
    }

    fn unexpected_in_tag(&mut self, at: u32) -> u32 {
        let shown = self.rest(at).chars().next().unwrap_or(' ');
        let end = at + shown.len_utf8() as u32;
        let span = self.span(at, end);
        self.report(
            Diagnostic::error(codes::E0001, span, format!("expected an attribute or `>`, found `{shown}`"))
                .help("an attribute is written `name=\"text\"` or `name={value}`"),
        );
        end
    }

    /// `{...e}`, or `{name}` for `name={name}`.
    fn braced_attr(&mut self, at: u32, attrs: &mut Vec<Attr>) -> u32 {
        self.seek(at);
        let open = self.opened();
        let spread = self.eats(T::Ellipsis);
        if !spread && self.at(T::RBrace) {
            self.bump();
            return self.prev_end();
        }
        let value = self.in_braces(Self::expression);
        self.close_container(open);
        let end = self.prev_end();
        let span = self.span(at, end);
        let kind = match &value.kind {
            ExprKind::Name(name) if !spread => {
                AttrKind::Plain { name: Ident { name: name.clone(), span: value.span }, value: Some(value) }
            }
            _ => {
                if !spread && !matches!(value.kind, ExprKind::Error) {
                    self.report(
                        Diagnostic::error(codes::E0001, value.span, "expected an attribute, found only a value")
                            .help("write `name={value}`, or `{...record}` for all fields of a record"),
                    );
                }
                AttrKind::Spread(value)
            }
        };
        attrs.push(Attr { span, kind });
        end
    }

    /// Takes the `}` after code in JSX, past what does not belong if the brace is near.
    pub(super) fn close_container(&mut self, open: Opened) {
        if matches!(self.kind(), T::RBrace | T::Eof | T::Lt | T::Gt) || self.token().newline {
            self.close_brace(open);
        } else {
            self.close(T::RBrace, open.span);
        }
    }

    /// A name in an opening tag.
    fn name_at(&self, at: u32, extra: &[char]) -> Ident {
        let rest = self.rest(at);
        let fits = |(index, c): (usize, char)| {
            let slash_ends = c == '/' && rest.get(index..).is_some_and(|rest| rest.starts_with("/>"));
            (c.is_alphanumeric() || extra.contains(&c)) && !slash_ends
        };
        let length = rest.char_indices().find(|&pair| !fits(pair)).map_or(rest.len(), |(index, _)| index);
        Ident { name: rest.get(..length).unwrap_or_default().into(), span: self.span(at, at + length as u32) }
    }

    fn named_attr(&mut self, at: u32, component: bool, attrs: &mut Vec<Attr>) -> u32 {
        if self.rest(at).starts_with(['"', '\'']) {
            return self.quoted_attr(at, attrs);
        }
        let name = self.name_at(at, NAME);
        if name.name.is_empty() {
            return at;
        }
        let mut end = name.span.end;
        let directive = self.rest(end).starts_with(':') && !matches!(name.name.as_str(), "xlink" | "xml" | "xmlns");
        let kind = if directive {
            self.directive(name, &mut end)
        } else {
            let name = if self.rest(end).starts_with(':') {
                let local = self.name_at(end + 1, NAME);
                end = local.span.end;
                Ident { name: ecow::eco_format!("{}:{}", name.name, local.name), span: name.span.to(local.span) }
            } else {
                name
            };
            let value = self.attr_value(&mut end);
            plain_or_event(name, value, component)
        };
        attrs.push(Attr { span: self.span(at, end), kind });
        end
    }

    /// `"name"="value"`
    fn quoted_attr(&mut self, at: u32, attrs: &mut Vec<Attr>) -> u32 {
        self.seek(at);
        let Some((name, token)) = self.plain_string() else { return at };
        let name = Ident { name, span: self.span_of(token) };
        let mut end = self.prev_end();
        let value = self.attr_value(&mut end);
        attrs.push(Attr { span: self.span(at, end), kind: AttrKind::Plain { name, value } });
        end
    }

    /// `namespace:name.modifier={e}` after the namespace.
    fn directive(&mut self, namespace: Ident, end: &mut u32) -> AttrKind {
        let class = namespace.name == "class";
        let name = self.name_at(*end + 1, if class { CLASS } else { NAME });
        *end = name.span.end;
        let mut modifiers = Vec::new();
        while !class && self.rest(*end).starts_with('.') {
            let modifier = self.name_at(*end + 1, NAME);
            *end = modifier.span.end;
            modifiers.push(modifier);
        }
        let value = self.attr_value(end);
        let or_name = |p: &mut Self, value: Option<Expr>, name: &Ident| {
            value.unwrap_or_else(|| p.expr(name.span, ExprKind::Name(name.name.clone())))
        };
        match namespace.name.as_str() {
            "on" => {
                let handler = or_name(self, value, &name);
                AttrKind::On { event: name, modifiers, handler }
            }
            "bind" => {
                let place = or_name(self, value, &name);
                AttrKind::Bind { property: name, place }
            }
            "class" => {
                let value = or_name(self, value, &name);
                AttrKind::Class { name, value }
            }
            _ => AttrKind::Directive { namespace, name, value },
        }
    }

    /// `="text"` or `={e}`, if one follows.
    fn attr_value(&mut self, end: &mut u32) -> Option<Expr> {
        let eq = self.skip_space(*end);
        if !self.rest(eq).starts_with('=') {
            return None;
        }
        let at = self.skip_space(eq + 1);
        self.seek(at);
        let value = match self.kind() {
            T::LBrace => self.container(),
            T::Str => self.string(),
            _ => self.bare_value(),
        };
        *end = self.prev_end();
        Some(value)
    }

    /// `{e}` that is next.
    pub(super) fn container(&mut self) -> Expr {
        let open = self.opened();
        let value = self.in_braces(|p| if p.at(T::RBrace) { p.missing("a value") } else { p.expression() });
        self.close_container(open);
        value
    }

    /// A value without quotes or braces, which is reported and taken as meant.
    fn bare_value(&mut self) -> Expr {
        let problem = self.expectation("a value in quotes or braces").help("write `name=\"text\"` or `name={value}`");
        self.report(problem);
        if matches!(self.kind(), T::Ident | T::Int | T::Float | T::True | T::False | T::Nil) {
            return self.postfix();
        }
        let span = self.token_span().at_start();
        self.expr(span, ExprKind::Error)
    }
}

/// `onclick={f}` and `onClick={f}` of an element mean `on:click={f}`.
fn plain_or_event(name: Ident, value: Option<Expr>, component: bool) -> AttrKind {
    match (name.name.strip_prefix("on"), value) {
        (Some(event), Some(handler)) if !component && event.len() > 1 && event.chars().all(char::is_alphabetic) => {
            AttrKind::On {
                event: Ident { name: event.to_lowercase().into(), span: name.span },
                modifiers: Vec::new(),
                handler,
            }
        }
        (_, value) => AttrKind::Plain { name, value },
    }
}
