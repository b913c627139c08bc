//! Places of the editor (line, and column in code units) to byte offsets and back.

use gen_lsp_types::{Position, PositionEncodingKind, Range};
use tova_source::{LineIndex, SourceFile, Span};

/// What an editor counts in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, what every editor knows.
    Utf16,
    /// Scalar values.
    Utf32,
}

impl Encoding {
    /// The best that an editor offers: bytes, if it can.
    pub(crate) fn negotiate(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// Length of a text in units.
    pub(crate) fn len(self, text: &str) -> u32 {
        let len = match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        };
        u32::try_from(len).unwrap_or(u32::MAX)
    }

    /// The offset of a place; one beyond the end of its line or of the text is the end of that.
    pub(crate) fn offset(self, text: &str, lines: &LineIndex, position: Position) -> u32 {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let Some(start) = lines.start_of(position.line as usize) else { return end };
        let line = text.get(start as usize..).unwrap_or("");
        let line = line.split_inclusive('\n').next().unwrap_or("").trim_end_matches(['\n', '\r']);
        let mut units = 0;
        for (at, character) in line.char_indices() {
            if units >= position.character {
                return start + u32::try_from(at).unwrap_or(0);
            }
            units += match self {
                Self::Utf8 => character.len_utf8(),
                Self::Utf16 => character.len_utf16(),
                Self::Utf32 => 1,
            } as u32;
        }
        start + u32::try_from(line.len()).unwrap_or(0)
    }

    /// The place of an offset.
    pub(crate) fn position(self, text: &str, lines: &LineIndex, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = lines.line_of(u32::try_from(offset).unwrap_or(u32::MAX));
        let start = lines.start_of(line).unwrap_or(0) as usize;
        let character = self.len(text.get(start..offset).unwrap_or(""));
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), character }
    }

    /// The range of a span in its file.
    pub(crate) fn range(self, file: &SourceFile, span: Span) -> Range {
        Range {
            start: self.position(&file.text, &file.lines, span.start),
            end: self.position(&file.text, &file.lines, span.end.max(span.start)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding;
    use gen_lsp_types::Position;
    use tova_source::LineIndex;

    #[test]
    fn columns_count_units_of_the_encoding() {
        let text = "a😀b\r\nü";
        let lines = LineIndex::new(text);
        for (encoding, columns) in
            [(Encoding::Utf8, [1, 5, 6]), (Encoding::Utf16, [1, 3, 4]), (Encoding::Utf32, [1, 2, 3])]
        {
            for (offset, character) in [1, 5, 6].into_iter().zip(columns) {
                let position = Position { line: 0, character };
                assert_eq!(encoding.position(text, &lines, offset), position);
                assert_eq!(encoding.offset(text, &lines, position), offset);
            }
        }
    }

    #[test]
    fn places_outside_of_the_text_are_moved_into_it() {
        let text = "ab\ncd";
        let lines = LineIndex::new(text);
        let offset = |line, character| Encoding::Utf16.offset(text, &lines, Position { line, character });
        assert_eq!((offset(0, 99), offset(7, 0), offset(1, 99)), (2, 5, 5));
        assert_eq!(Encoding::Utf16.position(text, &lines, 99), Position { line: 1, character: 2 });
    }
}
