//! The syntax tree: data only, a span on every node.
//!
//! Every expression, pattern, statement and declaration that later stages say something about carries a [`NodeId`] that is
//! unique in the program, so that what they find out lives in tables beside the tree.

#![expect(missing_docs, reason = "the fields of a variant are explained by the grammar line above it")]

mod client;
mod expr;
mod item;
mod pattern;
mod server;
mod stmt;
mod ty;
mod view;
pub mod visit;

pub use client::*;
pub use expr::*;
pub use item::*;
pub use pattern::*;
pub use server::*;
pub use stmt::*;
pub use ty::*;
pub use view::*;

use ecow::EcoString;
use tova_source::{FileId, Span};

/// Identifies a node of a program. Ids of one file are consecutive, from the number that the parser was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name as written.
    pub name: EcoString,
    /// Its place.
    pub span: Span,
}

/// One parsed file.
#[derive(Clone, Debug)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// Items in source order.
    pub items: Vec<Item>,
    /// All comments in source order, for the formatter and documentation.
    pub comments: Vec<Comment>,
}

/// A comment with its markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The place, markers included.
    pub span: Span,
    /// What kind it is.
    pub kind: CommentKind,
}

/// The kinds of comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `// …`
    Line,
    /// `/// …`
    Doc,
    /// `/* … */`
    Block,
}
