//! Where a name is used: references and highlights.

use gen_lsp_types as lsp;

use crate::index::Occurrence;
use crate::snapshot::{At, Snapshot};
use crate::symbol::{Role, Symbol};

/// All places that name what is named here, in all files; calls over the wire are among them.
pub(crate) fn references(snapshot: &Snapshot<'_>, params: lsp::ReferenceParams) -> Option<Vec<lsp::Location>> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let symbol = symbol_at(snapshot, at)?;
    let places = snapshot
        .index()
        .of_symbol(&symbol)
        .filter(|place| params.context.include_declaration || place.role != Role::Definition);
    Some(places.filter_map(|place| snapshot.location(place.span)).collect())
}

/// The places of this file, read or written.
pub(crate) fn highlight(
    snapshot: &Snapshot<'_>,
    params: lsp::DocumentHighlightParams,
) -> Option<Vec<lsp::DocumentHighlight>> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let symbol = symbol_at(snapshot, at)?;
    let places = snapshot.index().of_symbol(&symbol).filter(|place| place.span.file == at.file);
    let highlight = |place: &Occurrence| lsp::DocumentHighlight {
        range: snapshot.range(place.span),
        kind: Some(match place.role {
            Role::Definition | Role::Write => lsp::DocumentHighlightKind::Write,
            Role::Read | Role::Call => lsp::DocumentHighlightKind::Read,
        }),
    };
    Some(places.map(highlight).collect())
}

/// What is named at a place.
pub(super) fn symbol_at(snapshot: &Snapshot<'_>, at: At<'_>) -> Option<Symbol> {
    snapshot.index().at(at.file, at.offset).map(|occurrence| occurrence.symbol.clone())
}
