//! Patterns: of `match`, where an upper-case name is a variant, and of bindings, where every word is a name.

use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;

use super::Parser;
use crate::ast::{FieldPattern, Ident, Pattern, PatternElement, PatternKind, VariantArg};
use crate::token::{T, Token};

/// What a name in a pattern is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// A variant if it begins with an upper-case letter.
    Match,
    /// Always declared.
    Bind,
}

impl Parser<'_> {
    /// A pattern of `match`: `a | b`.
    pub(super) fn pattern(&mut self) -> Pattern {
        let start = self.start();
        self.eats(T::Bar);
        let first = self.deeper_pattern(Names::Match);
        if !self.at(T::Bar) {
            return first;
        }
        let mut choices = vec![first];
        while self.eats(T::Bar) {
            choices.push(self.deeper_pattern(Names::Match));
        }
        let span = self.span_from(start);
        self.pattern_node(span, PatternKind::Or(choices))
    }

    /// A pattern that declares names: of a binding, a parameter or a loop.
    pub(super) fn binding_pattern(&mut self) -> Pattern {
        self.deeper_pattern(Names::Bind)
    }

    fn pattern_node(&mut self, span: Span, kind: PatternKind) -> Pattern {
        Pattern { id: self.id(), span, kind }
    }

    fn inner(&mut self, names: Names) -> Pattern {
        if names == Names::Match { self.pattern() } else { self.binding_pattern() }
    }

    fn deeper_pattern(&mut self, names: Names) -> Pattern {
        match self.nested(|p| p.single_pattern(names)) {
            Some(pattern) => pattern,
            None => {
                let span = self.token_span().at_start();
                self.pattern_node(span, PatternKind::Error)
            }
        }
    }

    fn single_pattern(&mut self, names: Names) -> Pattern {
        let token = self.token();
        let span = self.span_of(token);
        let simple = |p: &mut Self, kind| {
            p.bump();
            p.pattern_node(span, kind)
        };
        match token.kind {
            T::Underscore => simple(self, PatternKind::Wildcard),
            T::LBracket => self.list_pattern(names),
            T::LParen => self.tuple_pattern(names),
            T::LBrace => self.record_pattern(names),
            kind if names == Names::Bind && kind.is_word() => self.name_pattern(),
            T::True => simple(self, PatternKind::Bool(true)),
            T::False => simple(self, PatternKind::Bool(false)),
            T::Nil => simple(self, PatternKind::Nil),
            T::Int | T::Float | T::Minus => self.number_pattern(),
            T::Str => self.string_pattern(),
            T::Ident => self.named_pattern(),
            _ => {
                self.not_a_pattern(names);
                self.pattern_node(span.at_start(), PatternKind::Error)
            }
        }
    }

    fn not_a_pattern(&mut self, names: Names) {
        let what = if names == Names::Match { "a pattern" } else { "a name" };
        let mut problem = self.expectation(what);
        if self.at(T::Else) {
            problem = problem.help("the arm for everything else is written `_ => …`");
        }
        self.report(problem);
    }

    /// `3`, `-1`, `2.5`, `1..10`
    fn number_pattern(&mut self) -> Pattern {
        let start = self.start();
        let first = self.signed();
        let kind = match (first, self.kind()) {
            (Number::Int(from), T::DotDot | T::DotDotEq) => {
                let inclusive = self.bump().kind == T::DotDotEq;
                match self.signed() {
                    Number::Int(to) => PatternKind::Range { start: from, end: to, inclusive },
                    _ => {
                        let span = self.span_from(start);
                        self.report(Diagnostic::error(codes::E0001, span, "expected a range between two integers"));
                        PatternKind::Error
                    }
                }
            }
            (Number::Int(value), _) => PatternKind::Int(value),
            (Number::Float(value), _) => PatternKind::Float(value),
            (Number::None, _) => PatternKind::Error,
        };
        let span = self.span_from(start);
        self.pattern_node(span, kind)
    }

    fn signed(&mut self) -> Number {
        let minus = self.eat(T::Minus);
        if let Some(minus) = minus
            && let Some(smallest) = self.smallest_int(minus)
            && let crate::ast::ExprKind::Int(value) = smallest.kind
        {
            return Number::Int(value);
        }
        let token = self.token();
        match token.kind {
            T::Int => {
                self.bump();
                let value = self.int_value(token);
                Number::Int(if minus.is_some() { -value } else { value })
            }
            T::Float => {
                self.bump();
                let value = self.float_value(token);
                Number::Float(if minus.is_some() { -value } else { value })
            }
            _ => {
                self.expected("a number");
                Number::None
            }
        }
    }

    /// `"s"`, `"/api" ++ rest`
    fn string_pattern(&mut self) -> Pattern {
        let start = self.start();
        let text = self.plain_string().map(|(text, _)| text).unwrap_or_default();
        let kind = if self.eats(T::PlusPlus) {
            PatternKind::Prefix { prefix: text, rest: Box::new(self.deeper_pattern(Names::Match)) }
        } else {
            PatternKind::Str(text)
        };
        let span = self.span_from(start);
        self.pattern_node(span, kind)
    }

    /// `name`, `name: T`, `Dot`, `Circle(r)`, `Color.Red`
    fn named_pattern(&mut self) -> Pattern {
        let start = self.start();
        let mut name = self.expect_name("a name");
        while self.at(T::Dot) && self.nth_kind(1).is_word() {
            self.bump();
            name = self.expect_name("the name of a variant");
        }
        let kind = if self.at(T::LParen) && self.same_line() {
            PatternKind::Variant { name, args: self.variant_args() }
        } else if is_upper(&name) {
            PatternKind::Variant { name, args: Vec::new() }
        } else if self.eats(T::Colon) {
            PatternKind::Typed { name: name.name, ty: self.ty() }
        } else {
            PatternKind::Name(name.name)
        };
        let span = self.span_from(start);
        self.pattern_node(span, kind)
    }

    fn variant_args(&mut self) -> Vec<VariantArg> {
        let token = self.bump();
        let open = self.span_of(token);
        let args = self.in_brackets(|p| p.list_of(T::RParen, Self::variant_arg));
        self.close(T::RParen, open);
        args
    }

    fn variant_arg(&mut self) -> VariantArg {
        let named = self.kind().is_word() && self.nth_kind(1) == T::Colon && !self.type_follows(2);
        let name = named.then(|| {
            let name = self.expect_name("a name");
            self.bump();
            name
        });
        VariantArg { name, pattern: self.pattern() }
    }

    /// Whether the token after `n` others looks like the name of a type.
    fn type_follows(&mut self, n: usize) -> bool {
        let token = self.nth(n);
        matches!(self.text_of(token), "Int" | "Float" | "String" | "Bool" | "Any")
    }

    fn list_pattern(&mut self, names: Names) -> Pattern {
        let token = self.bump();
        let open = self.span_of(token);
        let elements = self.in_brackets(|p| {
            p.list_of(T::RBracket, |p| {
                let rest = p.eat(T::Ellipsis).map(|token| p.span_of(token));
                PatternElement { rest, pattern: p.inner(names) }
            })
        });
        self.close(T::RBracket, open);
        let span = self.span_from(token.start);
        self.pattern_node(span, PatternKind::List(elements))
    }

    fn tuple_pattern(&mut self, names: Names) -> Pattern {
        let token = self.bump();
        let open = self.span_of(token);
        let mut elements = self.in_brackets(|p| p.list_of(T::RParen, |p| p.inner(names)));
        let comma = self.prev().is_some_and(|prev| prev.kind == T::Comma);
        self.close(T::RParen, open);
        match elements.pop() {
            Some(single) if elements.is_empty() && !comma => single,
            last => {
                elements.extend(last);
                let span = self.span_from(token.start);
                self.pattern_node(span, PatternKind::Tuple(elements))
            }
        }
    }

    fn record_pattern(&mut self, names: Names) -> Pattern {
        let token = self.bump();
        let open = self.span_of(token);
        let fields = self.in_brackets(|p| p.list_of(T::RBrace, |p| p.field_pattern(names)));
        self.close(T::RBrace, open);
        let span = self.span_from(token.start);
        self.pattern_node(span, PatternKind::Record(fields))
    }

    fn field_pattern(&mut self, names: Names) -> FieldPattern {
        let token = self.token();
        let name = self.field_name(token);
        let pattern = if self.eats(T::Colon) {
            self.inner(names)
        } else {
            self.pattern_node(name.span, PatternKind::Name(name.name.clone()))
        };
        let default = self.eats(T::Eq).then(|| self.expression());
        FieldPattern { name, pattern, default }
    }

    fn field_name(&mut self, token: Token) -> Ident {
        if token.kind == T::Str && self.nth_kind(1) == T::Colon {
            let span = self.span_of(token);
            let name = self.plain_string().map(|(name, _)| name).unwrap_or_default();
            return Ident { name, span };
        }
        self.expect_name("the name of a field")
    }
}

enum Number {
    Int(i64),
    Float(f64),
    None,
}

/// Whether a name begins with an upper-case letter.
pub(super) fn is_upper(name: &Ident) -> bool {
    name.name.chars().next().is_some_and(char::is_uppercase)
}
