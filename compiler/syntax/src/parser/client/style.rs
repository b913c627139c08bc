//! `style { … }`: CSS, kept as written.

use tova_diagnostics::{Diagnostic, codes};

use crate::ast::ClientDecl;
use crate::parser::Parser;

impl Parser<'_> {
    pub(super) fn style(&mut self) -> ClientDecl {
        let start = self.bump().start;
        let open = self.start();
        self.forget_from(open);
        let text = self.text.get(..self.limit as usize).unwrap_or_default();
        let end = css_end(text, open as usize + 1).unwrap_or_else(|| {
            self.brackets_broken = true;
            let span = self.span(open, open + 1);
            self.report(
                Diagnostic::error(codes::E0003, span, "this `{` is never closed")
                    .help("close the style sheet with `}`"),
            );
            text.len()
        });
        let css_end = if text.get(..end).is_some_and(|css| css.ends_with('}')) { end - 1 } else { end };
        let css = text.get(open as usize + 1..css_end).unwrap_or_default().into();
        self.seek(end as u32);
        ClientDecl::Style { span: self.span(start, end as u32), css, css_span: self.span(open + 1, css_end as u32) }
    }
}

/// The offset after the `}` that closes a style sheet whose content begins at `at`.
fn css_end(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 1u32;
    loop {
        match *bytes.get(at)? {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at += 2 + text.get(at + 2..)?.find("*/")? + 1;
            }
            quote @ (b'"' | b'\'') => {
                let rest = text.get(at + 1..)?;
                at += 1 + rest.bytes().position(|byte| byte == quote || byte == b'\n')?;
            }
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}
