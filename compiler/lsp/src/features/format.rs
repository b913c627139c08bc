//! The layout of `tova fmt`, for a file or a part of it.

use gen_lsp_types as lsp;
use tova_source::{FileId, Span};

use crate::snapshot::Snapshot;

/// The changes that format a file.
pub(crate) fn document(snapshot: &Snapshot<'_>, params: lsp::DocumentFormattingParams) -> Option<Vec<lsp::TextEdit>> {
    let (file, _) = snapshot.file(&params.text_document.uri)?;
    let text = &snapshot.sources.file(file.id).text;
    let formatted = tova_format::format(text, (snapshot.client.width)(&file.path));
    Some(text_edits(snapshot, file.id, tova_format::edits(text, &formatted.text)))
}

/// The changes that format some lines.
pub(crate) fn range(snapshot: &Snapshot<'_>, params: lsp::DocumentRangeFormattingParams) -> Option<Vec<lsp::TextEdit>> {
    let (file, _) = snapshot.file(&params.text_document.uri)?;
    let text = &snapshot.sources.file(file.id).text;
    let part = snapshot.span(file.id, params.range);
    let edits = tova_format::format_range(text, part.start..part.end, (snapshot.client.width)(&file.path));
    Some(text_edits(snapshot, file.id, edits))
}

fn text_edits(snapshot: &Snapshot<'_>, file: FileId, edits: Vec<tova_format::Edit>) -> Vec<lsp::TextEdit> {
    let edit = |edit: tova_format::Edit| lsp::TextEdit {
        range: snapshot.range(Span::new(file, edit.range.start, edit.range.end)),
        new_text: edit.text,
    };
    edits.into_iter().map(edit).collect()
}
