//! Numbers and regular expressions.

use tova_diagnostics::{Diagnostic, codes};

use super::Parser;
use crate::ast::{Expr, ExprKind};
use crate::token::{T, Token};

/// The size of the smallest integer, which is one more than the largest.
const SMALLEST: &str = "9223372036854775808";

impl Parser<'_> {
    pub(super) fn number(&mut self) -> Expr {
        let token = self.bump();
        let span = self.span_of(token);
        let kind = match token.kind {
            T::Int => ExprKind::Int(self.int_value(token)),
            T::Float => ExprKind::Float(self.float_value(token)),
            _ => {
                self.bad_number(token, "is not a number");
                ExprKind::Error
            }
        };
        self.expr(span, kind)
    }

    /// The value of an integer's text; too large ones are reported.
    pub(super) fn int_value(&mut self, token: Token) -> i64 {
        let text = self.text_of(token).replace('_', "");
        let radix = match text.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0b" | "0B") => 2,
            Some("0o" | "0O") => 8,
            _ => 10,
        };
        let digits = if radix == 10 { text.as_str() } else { text.get(2..).unwrap_or_default() };
        i64::from_str_radix(digits, radix).unwrap_or_else(|_| {
            self.bad_number(token, "is too large for an `Int`");
            0
        })
    }

    pub(super) fn float_value(&mut self, token: Token) -> f64 {
        self.text_of(token).replace('_', "").parse().unwrap_or(0.0)
    }

    fn bad_number(&mut self, token: Token, why: &str) {
        let span = self.span_of(token);
        let shown = self.text_of(token);
        let help = if token.kind == T::Int {
            "the largest `Int` is 9223372036854775807; write a `Float` with a `.`"
        } else {
            "digits only, `0x`, `0b` or `0o` before them, `_` between them; a name cannot begin with a digit"
        };
        self.report(Diagnostic::error(codes::E0004, span, format!("`{shown}` {why}")).help(help));
    }

    /// The number after `-`, if it is the one that has no positive counterpart.
    pub(super) fn smallest_int(&mut self, minus: Token) -> Option<Expr> {
        let token = self.token();
        if token.kind != T::Int || self.text_of(token).replace('_', "") != SMALLEST {
            return None;
        }
        self.bump();
        let span = self.span_from(minus.start);
        Some(self.expr(span, ExprKind::Int(i64::MIN)))
    }

    /// `/pattern/flags`
    pub(super) fn regex(&mut self) -> Expr {
        let open = self.start();
        let rest = self.text.get(open as usize + 1..self.limit as usize).unwrap_or_default();
        let Some(length) = regex_length(rest) else {
            let missing = self.missing("a value");
            self.bump();
            return missing;
        };
        let pattern = rest.get(..length).unwrap_or_default().into();
        let after = rest.get(length + 1..).unwrap_or_default();
        let flags_length = after.bytes().take_while(u8::is_ascii_lowercase).count();
        let flags = after.get(..flags_length).unwrap_or_default().into();
        let end = open + 2 + (length + flags_length) as u32;
        self.forget_from(open);
        self.seek(end);
        let span = self.span(open, end);
        self.expr(span, ExprKind::Regex { pattern, flags })
    }
}

/// The length of a regular expression up to its closing `/` on the same line.
fn regex_length(text: &str) -> Option<usize> {
    let mut class = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return (at > 0).then_some(at),
            _ => {}
        }
    }
    None
}
