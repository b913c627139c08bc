//! The content of strings: escapes, indentation of `"""`, and code between braces.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, codes};

use super::{Context, Parser};
use crate::ast::{Expr, ExprKind, TemplatePart};
use crate::lexer::hole_end;
use crate::token::{T, Token};

/// What a string's quotes say about its content.
#[derive(Clone, Copy)]
struct Quotes {
    /// `r"…"`: everything is text.
    raw: bool,
    /// `{e}` is code.
    holes: bool,
}

impl Parser<'_> {
    /// The string that is next.
    pub(super) fn string(&mut self) -> Expr {
        let token = self.bump();
        let span = self.span_of(token);
        let parts = self.string_parts(token);
        let kind = whole_text(&parts).map_or_else(|| ExprKind::Template(parts), ExprKind::Str);
        self.expr(span, kind)
    }

    /// The string that is next, if it holds no code; what it holds is reported and left out.
    pub(super) fn plain_string(&mut self) -> Option<(EcoString, Token)> {
        let token = self.eat(T::Str)?;
        let parts = self.string_parts(token);
        let text = whole_text(&parts).unwrap_or_else(|| {
            let span = self.span_of(token);
            self.report(
                Diagnostic::error(codes::E0001, span, "expected a plain string, found one with `{…}`")
                    .help("write the text itself, or `\\{` for a brace"),
            );
            EcoString::new()
        });
        Some((text, token))
    }

    pub(super) fn string_parts(&mut self, token: Token) -> Vec<TemplatePart> {
        let whole = self.text_of(token);
        let prefix = usize::from(whole.starts_with(['r', 'f']));
        let rest = whole.get(prefix..).unwrap_or_default();
        let raw = whole.starts_with('r');
        let triple = !raw && rest.starts_with("\"\"\"");
        let quotes = Quotes { raw, holes: !raw && rest.starts_with('"') };
        let width = if triple { 3 } else { 1 };
        let quote = rest.get(..width).unwrap_or_default();
        let start = token.start + (prefix + width) as u32;
        let closed = rest.len() >= 2 * width && rest.ends_with(quote);
        let end = if closed { token.end - width as u32 } else { token.end };
        let mut parts = self.pieces(start, end.max(start), quotes);
        if triple {
            drop_indentation(&mut parts);
        }
        parts
    }

    /// Text and code in turn between two offsets.
    fn pieces(&mut self, start: u32, end: u32, quotes: Quotes) -> Vec<TemplatePart> {
        let text = self.text.get(..end as usize).unwrap_or_default();
        let bytes = text.as_bytes();
        let (mut parts, mut piece, mut piece_start) = (Vec::new(), EcoString::new(), start);
        let mut at = start as usize;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            match bytes.get(at) {
                Some(b'\\') if !quotes.raw => {
                    let (shown, length) = escape(rest);
                    piece.push_str(shown);
                    at += length;
                }
                Some(b'{') if quotes.holes => {
                    self.push_piece(&mut parts, &mut piece, piece_start, at as u32);
                    let close = hole_end(text, at, 0).unwrap_or_else(|| {
                        self.hole_without_end(at as u32);
                        end as usize + 1
                    });
                    let hole = self.hole(at as u32, close as u32);
                    parts.push(TemplatePart::Expr(hole));
                    at = close.min(end as usize);
                    piece_start = at as u32;
                }
                _ => {
                    let length = plain_length(rest, quotes);
                    piece.push_str(rest.get(..length).unwrap_or_default());
                    at += length;
                }
            }
        }
        self.push_piece(&mut parts, &mut piece, piece_start, end);
        parts
    }

    fn hole_without_end(&mut self, at: u32) {
        let span = self.span(at, at + 1);
        self.report(
            Diagnostic::error(codes::E0003, span, "this `{` in a string is never closed")
                .help("close it with `}`, or write `\\{` to show a brace"),
        );
    }

    fn push_piece(&self, parts: &mut Vec<TemplatePart>, piece: &mut EcoString, start: u32, end: u32) {
        if !piece.is_empty() {
            parts.push(TemplatePart::Text(std::mem::take(piece), self.span(start, end)));
        }
    }

    /// The expression between the braces at `open` and before `close`.
    fn hole(&mut self, open: u32, close: u32) -> Expr {
        let inner_end = close.saturating_sub(1).max(open + 1);
        self.within(open + 1, inner_end, |p| {
            if p.at(T::Eof) {
                let span = p.span(open, close);
                p.report(
                    Diagnostic::error(codes::E0007, span, "expected a value between the braces of this string")
                        .help("write `\\{` for a brace, or single quotes, which keep braces as they are"),
                );
                return p.expr(span, ExprKind::Error);
            }
            let value = p.part();
            if !p.at(T::Eof) {
                p.expected("`}` after the value in a string");
            }
            value
        })
    }

    /// Reads ordinary text between two offsets, then goes on where it was.
    fn within<R>(&mut self, start: u32, end: u32, read: impl FnOnce(&mut Self) -> R) -> R {
        let tokens = std::mem::take(&mut self.tokens);
        let (at, limit) = (std::mem::replace(&mut self.at, 0), std::mem::replace(&mut self.limit, end));
        let entry = std::mem::replace(&mut self.entry, 0);
        let mut lexer = crate::lexer::Lexer::new(self.file, self.text);
        lexer.seek(start, end);
        let outer = std::mem::replace(&mut self.lexer, lexer);
        let result = self.with_context(Context { newline_ends: false, no_arrow: false }, read);
        let mut inner = std::mem::replace(&mut self.lexer, outer);
        self.diagnostics.append(&mut inner.problems);
        self.lexer.comments.append(&mut inner.comments);
        (self.tokens, self.at, self.entry, self.limit) = (tokens, at, entry, limit);
        result
    }
}

/// The text, if there is nothing else.
fn whole_text(parts: &[TemplatePart]) -> Option<EcoString> {
    match parts {
        [] => Some(EcoString::new()),
        [TemplatePart::Text(text, _)] => Some(text.clone()),
        _ => None,
    }
}

/// What the escape at the start of `rest` stands for, and its length. Unknown ones keep their backslash.
fn escape(rest: &str) -> (&str, usize) {
    match rest.as_bytes().get(1) {
        Some(b'n') => ("\n", 2),
        Some(b't') => ("\t", 2),
        Some(b'r') => ("\r", 2),
        Some(b'\\' | b'"' | b'\'' | b'{' | b'}') => (rest.get(1..2).unwrap_or_default(), 2),
        _ => ("\\", 1),
    }
}

/// The length of the text before the next escape or brace.
fn plain_length(rest: &str, quotes: Quotes) -> usize {
    let stops = |byte: u8| (byte == b'\\' && !quotes.raw) || (byte == b'{' && quotes.holes);
    let skip = rest.chars().next().map_or(1, char::len_utf8);
    rest.bytes().skip(skip).position(stops).map_or(rest.len(), |at| at + skip)
}

/// Drops the first line end, the last line if it is blank, and the indentation that all other lines share.
fn drop_indentation(parts: &mut Vec<TemplatePart>) {
    if let Some(TemplatePart::Text(text, _)) = parts.first_mut()
        && let Some(rest) = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'))
    {
        *text = rest.into();
    }
    if let Some(TemplatePart::Text(text, _)) = parts.last_mut()
        && let Some((before, last)) = text.rsplit_once('\n')
        && last.trim().is_empty()
    {
        *text = before.trim_end_matches('\r').into();
    }
    let shared = shared_indentation(parts);
    for (index, part) in parts.iter_mut().enumerate() {
        let TemplatePart::Text(text, _) = part else { continue };
        let mut lines = Vec::new();
        for (number, line) in text.split('\n').enumerate() {
            let whole = number > 0 || index == 0;
            let cut = if whole { shared.min(line.len() - line.trim_start_matches([' ', '\t']).len()) } else { 0 };
            lines.push(line.get(cut..).unwrap_or_default());
        }
        *text = lines.join("\n").into();
    }
    parts.retain(|part| !matches!(part, TemplatePart::Text(text, _) if text.is_empty()));
}

fn shared_indentation(parts: &[TemplatePart]) -> usize {
    let mut shared = usize::MAX;
    for (index, part) in parts.iter().enumerate() {
        let TemplatePart::Text(text, _) = part else {
            if index == 0 {
                shared = 0;
            }
            continue;
        };
        let count = text.split('\n').count();
        for (number, line) in text.split('\n').enumerate() {
            let whole = number > 0 || index == 0;
            let followed = number + 1 == count && index + 1 < parts.len();
            if whole && (followed || !line.trim().is_empty()) {
                shared = shared.min(line.len() - line.trim_start_matches([' ', '\t']).len());
            }
        }
    }
    if shared == usize::MAX { 0 } else { shared }
}
