//! Source text and places in it.
//!
//! In: the text of the files of a program. Out: [`FileId`], byte [`Span`]s and their line and column.
//! This crate knows nothing of the language and has no dependencies.
//!
//! ```
//! use tova_source::{SourceMap, Span};
//! let mut sources = SourceMap::default();
//! let file = sources.add("app.tova", "a = 1\nb = 2\n");
//! let place = sources.location(Span::new(file, 6, 7));
//! assert_eq!((place.start.line, place.start.column), (2, 1));
//! ```

mod line_index;
mod source_map;
mod span;

pub use line_index::{LineColumn, LineIndex};
pub use source_map::{Location, SourceFile, SourceMap};
pub use span::{FileId, Span};
