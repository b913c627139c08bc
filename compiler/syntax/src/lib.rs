//! Text to tree.
//!
//! In: the text of one `.tova` file. Out: a [`Module`], always, and the problems met; text that fits nowhere becomes an error node
//! and everything around it is kept. Nothing here knows names or types.
//!
//! ```
//! use tova_source::FileId;
//! use tova_syntax::{ast::NodeId, parse};
//! let parsed = parse(FileId(0), "fn twice(n: Int) -> Int { n * 2 }", NodeId(0));
//! assert!(parsed.diagnostics.is_empty());
//! assert_eq!(parsed.module.items.len(), 1);
//! ```

pub mod ast;
mod dump;
mod lexer;
mod parser;
mod token;

#[cfg(test)]
mod tests;

use tova_diagnostics::Diagnostic;
use tova_source::FileId;

use ast::{Module, NodeId};
pub use dump::dump;

/// What parsing gives.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree, with error nodes where the text is broken.
    pub module: Module,
    /// The problems, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// The first id that the tree does not use.
    pub next: NodeId,
}

/// The offset after the string literal, whatever its quotes, that begins at `start`; none if it is never closed.
#[must_use]
pub fn string_end(text: &str, start: u32) -> Option<u32> {
    lexer::literal_end(text, start as usize).and_then(|end| u32::try_from(end).ok())
}

/// Parses the text of one file. The ids of the nodes are consecutive from `first` on.
#[must_use]
pub fn parse(file: FileId, text: &str, first: NodeId) -> Parsed {
    parser::parse(file, text, first)
}
