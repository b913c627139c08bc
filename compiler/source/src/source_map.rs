//! The files of a program.

use std::sync::Arc;

use crate::{FileId, LineColumn, LineIndex, Span};

/// One file: its name as the user wrote it, its text and its lines.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path as shown to the user.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// Where its lines start.
    pub lines: LineIndex,
}

/// Start and end of a [`Span`] as lines and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// First position.
    pub start: LineColumn,
    /// Position after the last character.
    pub end: LineColumn,
}

/// All files of a program, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 files"));
        let lines = LineIndex::new(&text);
        self.files.push(SourceFile { name: name.into(), text, lines });
        id
    }

    /// Gives a file another text; the spans of the old one lose their meaning.
    ///
    /// # Panics
    /// If the id comes from another map.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        let file = self.files.get_mut(id.0 as usize).expect("a file id belongs to the map that made it");
        file.text = text.into();
        file.lines = LineIndex::new(&file.text);
    }

    /// The file with this id.
    ///
    /// # Panics
    /// If the id comes from another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        self.files.get(id.0 as usize).expect("a file id belongs to the map that made it")
    }

    /// All files in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().zip(0..).map(|(file, id)| (FileId(id), file))
    }

    /// The text that a span covers; empty if it lies outside of the file.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// A span as lines and columns.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        let file = self.file(span.file);
        Location {
            start: file.lines.line_column(&file.text, span.start),
            end: file.lines.line_column(&file.text, span.end),
        }
    }
}
