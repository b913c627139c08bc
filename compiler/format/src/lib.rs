//! `tova fmt`: one layout for all sources.
//!
//! In: the text of a file and the width of a line. Out: the same program, laid out anew. Formatting changes white space and
//! optional punctuation (`,` `;`) and nothing else: every token and every comment stays, in its order, and the tree is the same.
//! Formatting twice changes nothing more. Of a file with errors the broken declarations stay as they are.
//!
//! The crate knows the syntax tree and the source, no names and no types, and touches no files.
//!
//! ```
//! let formatted = tova_format::format("fn twice( n:Int )->Int {\n n*2 }", 100);
//! assert_eq!(formatted.text, "fn twice(n: Int) -> Int {\n  n * 2\n}\n");
//! ```

mod block;
mod broken;
mod client;
mod control;
mod cursor;
mod doc;
mod edit;
mod expr;
mod item;
mod lambda;
mod list;
mod pattern;
mod postfix;
mod print;
mod record;
mod server;
mod stmt;
mod ty;
mod type_decl;
mod view;

#[cfg(test)]
mod tests;

use std::ops::Range;

use tova_diagnostics::Diagnostic;
use tova_source::FileId;
use tova_syntax::Parsed;
use tova_syntax::ast::NodeId;

pub use edit::{Edit, edits};

/// The width of a line where a project does not say another.
pub const DEFAULT_WIDTH: u32 = 100;

/// A formatted source.
#[derive(Clone, Debug)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// What is wrong with the syntax of the source, in file 0; places are those before formatting.
    pub diagnostics: Vec<Diagnostic>,
}

/// Formats the text of one file.
#[must_use]
pub fn format(text: &str, width: u32) -> Formatted {
    let parsed = tova_syntax::parse(FileId(0), text, NodeId(0));
    let formatted = format_parsed(text, &parsed, width);
    Formatted { text: formatted, diagnostics: parsed.diagnostics }
}

/// Formats the text of a file that has been parsed.
#[must_use]
pub fn format_parsed(text: &str, parsed: &Parsed, width: u32) -> String {
    broken::format(text, parsed, width)
}

/// Whether a formatted text has the tree and as many comments as the source that was parsed. It has, or there is a mistake in this
/// crate: whoever overwrites a user's file asks first.
#[must_use]
pub fn keeps_program(formatted: &str, parsed: &Parsed) -> bool {
    broken::is_read_alike(formatted, parsed)
}

/// The least changes that format the lines of `range` (offsets in bytes); what lies elsewhere stays.
#[must_use]
pub fn format_range(text: &str, range: Range<u32>, width: u32) -> Vec<Edit> {
    let formatted = format(text, width);
    edit::within(edits(text, &formatted.text), text, range)
}
