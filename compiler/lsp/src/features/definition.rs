//! Where a name is declared.

use gen_lsp_types as lsp;
use tova_source::Span;

use super::references::named_at;
use crate::snapshot::{At, Snapshot};

/// Go to definition: of a model both the model and its shared type, of a short field both field and variable.
pub(crate) fn definition(snapshot: &Snapshot<'_>, params: lsp::DefinitionParams) -> Option<lsp::DefinitionResponse> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let spans = import_target(snapshot, at).map_or_else(|| of_names(snapshot, at), |span| vec![span]);
    answer(snapshot, &spans).map(lsp::DefinitionResponse::from)
}

fn of_names(snapshot: &Snapshot<'_>, at: At<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let Some((symbol, first)) = named_at(snapshot, at) else { return spans };
    spans.extend(snapshot.definitions(&symbol));
    // Names that share a place.
    for occurrence in snapshot.index().all_at(at.file, at.offset).filter(|other| other.span == first) {
        spans.extend(snapshot.definitions(&occurrence.symbol));
    }
    spans.sort_by_key(|span| (span.file, span.start));
    spans.dedup();
    // A declaration leads to the other ones, if there are some.
    if spans.len() > 1 {
        spans.retain(|span| *span != first);
    }
    spans
}

/// Places as an answer; those in the standard library lead to copies of its files.
pub(super) fn answer(snapshot: &Snapshot<'_>, spans: &[Span]) -> Option<lsp::Definition> {
    let place = |span: &Span| snapshot.location(*span).or_else(|| crate::library::location(snapshot, *span));
    let locations: Vec<lsp::Location> = spans.iter().filter_map(place).collect();
    (!locations.is_empty()).then(|| lsp::Definition::from(locations))
}

/// The file that a path of an import means.
fn import_target(snapshot: &Snapshot<'_>, at: At<'_>) -> Option<Span> {
    let mut path = None;
    crate::tree::around(at.module, at.offset, &mut |node| {
        if let crate::tree::Node::Item(item) = node
            && let tova_syntax::ast::ItemKind::Import(import) = &item.kind
            && import.path_span.touches(at.offset)
        {
            path = Some(import.path.clone());
        }
    });
    let file = snapshot.files.iter().find(|file| file.id == at.file)?;
    let target = crate::project::resolve(&file.path, &path?)?;
    let target = snapshot.files.iter().find(|file| file.path == target)?;
    Some(Span::new(target.id, 0, 0))
}
