//! Patterns.

use tova_syntax::ast::{FieldPattern, Pattern, PatternElement, PatternKind, VariantArg};

use crate::cursor::Cursor;
use crate::doc::{Kind, Piece};
use crate::list::{Brackets, PARENS};

impl Cursor<'_> {
    /// A pattern.
    pub(crate) fn pattern(&mut self, pattern: &Pattern) {
        // A bar before the first choice and parentheses around one pattern are not in the tree.
        self.leading_bar();
        if self.next < pattern.span.start {
            return self.parenthesized_pattern(pattern);
        }
        match &pattern.kind {
            PatternKind::Wildcard
            | PatternKind::Name(_)
            | PatternKind::Nil
            | PatternKind::Bool(_)
            | PatternKind::Str(_) => self.literal(pattern.span),
            PatternKind::Int(_) | PatternKind::Float(_) => {
                self.maybe("-");
                self.literal_to(pattern.span.end);
            }
            PatternKind::Prefix { rest, .. } => {
                self.string();
                self.space();
                self.token("++");
                self.space();
                self.pattern(rest);
            }
            PatternKind::Range { inclusive, .. } => {
                self.maybe("-");
                self.word();
                self.token(if *inclusive { "..=" } else { ".." });
                self.maybe("-");
                self.literal_to(pattern.span.end);
            }
            PatternKind::List(elements) => {
                let how = Brackets { open: "[", close: "]", kind: Kind::Brackets, edge: Piece::SoftLine };
                self.brackets(how, elements, Self::pattern_element);
            }
            PatternKind::Tuple(elements) => self.tuple_of(elements, Self::pattern),
            PatternKind::Variant { name, args } => {
                self.dotted_to(name.span.end);
                if self.at("(") && (!args.is_empty() || self.next < pattern.span.end) {
                    self.brackets(PARENS, args, Self::variant_arg);
                }
            }
            PatternKind::Record(fields) => {
                let how = Brackets { open: "{", close: "}", kind: Kind::Brackets, edge: Piece::Line };
                self.brackets(how, fields, Self::field_pattern);
            }
            PatternKind::Or(choices) => self.choices(choices),
            PatternKind::Typed { ty, .. } => {
                self.word();
                self.token(":");
                self.space();
                self.ty(ty);
            }
            PatternKind::Error => self.failed = true,
        }
    }

    /// `(p)`
    fn parenthesized_pattern(&mut self, pattern: &Pattern) {
        self.token("(");
        if self.failed {
            return;
        }
        self.pattern(pattern);
        self.token(")");
    }

    /// `a | b`
    fn choices(&mut self, choices: &[Pattern]) {
        self.group(Kind::Plain, |c| {
            for (index, choice) in choices.iter().enumerate() {
                if index > 0 {
                    c.line();
                    c.token("|");
                    c.space();
                }
                c.pattern(choice);
            }
        });
    }

    /// Leaves out a bar before the first choice.
    pub(crate) fn leading_bar(&mut self) {
        if self.at("|") {
            self.drop("|");
        }
    }

    fn pattern_element(&mut self, element: &PatternElement) {
        if element.rest.is_some() {
            self.token("...");
        }
        self.pattern(&element.pattern);
    }

    fn variant_arg(&mut self, arg: &VariantArg) {
        if arg.name.is_some() {
            self.word();
            self.token(":");
            self.space();
        }
        self.pattern(&arg.pattern);
    }

    fn field_pattern(&mut self, field: &FieldPattern) {
        self.literal(field.name.span);
        if self.at(":") {
            self.token(":");
            self.space();
            self.pattern(&field.pattern);
        }
        if let Some(default) = &field.default {
            self.space();
            self.token("=");
            self.space();
            self.expr(default);
        }
    }

    /// `(a, b)`; one element keeps its comma, without which it would be no tuple.
    pub(crate) fn tuple_of<T>(&mut self, elements: &[T], mut each: impl FnMut(&mut Self, &T)) {
        if let [single] = elements {
            self.token("(");
            each(self, single);
            self.token(",");
            return self.token(")");
        }
        self.brackets(Brackets { kind: Kind::Brackets, ..PARENS }, elements, each);
    }

    /// Words and dots up to `end`.
    pub(crate) fn dotted_to(&mut self, end: u32) {
        self.word();
        while self.pos < end && self.next < end && !self.failed {
            self.token(".");
            self.word();
        }
    }
}
