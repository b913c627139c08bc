//! Where the code of a module comes from, for the browser's debugger (source map, revision 3; a module is one long line).

use serde_json::{Value, json};
use tova_source::{FileId, SourceMap, Span};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The map of a module, from the places of byte offsets in order of offsets.
pub(crate) fn write(sources: &SourceMap, marks: &[(u32, Span)]) -> String {
    let mut files: Vec<FileId> = Vec::new();
    let mut mappings = String::new();
    // Every number is written as the difference to the one before: offset, file, line, column.
    let mut last = [0i64; 4];
    for (offset, span) in marks {
        let index = files.iter().position(|file| *file == span.file).unwrap_or_else(|| {
            files.push(span.file);
            files.len() - 1
        });
        let start = sources.location(*span).start;
        let now = [
            i64::from(*offset),
            i64::try_from(index).unwrap_or(0),
            i64::from(start.line) - 1,
            i64::from(start.column) - 1,
        ];
        if !mappings.is_empty() {
            mappings.push(',');
        }
        for (now, last) in now.iter().zip(&mut last) {
            push_number(&mut mappings, now - *last);
            *last = *now;
        }
    }
    let texts = |text: fn(&tova_source::SourceFile) -> Value| {
        files.iter().map(|file| text(sources.file(*file))).collect::<Vec<_>>()
    };
    json!({
        "version": 3,
        "sources": texts(|file| file.name.as_str().into()),
        "sourcesContent": texts(|file| (&*file.text).into()),
        "names": [],
        "mappings": mappings,
    })
    .to_string()
}

/// A number in base 64, five bits a digit, the sign in the lowest bit.
fn push_number(out: &mut String, number: i64) {
    let mut rest = number.unsigned_abs() << 1 | u64::from(number < 0);
    loop {
        let digit = rest & 31;
        rest >>= 5;
        let digit = if rest > 0 { digit | 32 } else { digit };
        out.push(char::from(DIGITS[(digit & 63) as usize]));
        if rest == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{push_number, write};
    use tova_source::{SourceMap, Span};

    #[test]
    fn numbers_are_written_as_others_read_them() {
        let text = |number| {
            let mut text = String::new();
            push_number(&mut text, number);
            text
        };
        assert_eq!([0, 1, -1, 15, 16, -16, 1000].map(text), ["A", "C", "D", "e", "gB", "hB", "w+B"]);
    }

    #[test]
    fn offsets_lead_to_lines() {
        let mut sources = SourceMap::default();
        let file = sources.add("app.tova", "a = 1\nb = 2\n");
        let map = write(&sources, &[(8, Span::new(file, 0, 1)), (20, Span::new(file, 6, 7))]);
        assert!(map.contains(r#""mappings":"QAAA,YACA""#), "{map}");
    }
}
