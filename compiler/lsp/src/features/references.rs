//! Where a name is used: references and highlights.

use gen_lsp_types as lsp;

use tova_check::tables::{CompIdx, FnIdx, GlobalIdx, Place, TypeId};
use tova_source::Span;

use super::words::word_at;
use crate::cursor::Cursor;
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
    named_at(snapshot, at).map(|(symbol, _)| symbol)
}

/// What is named at a place, and the name. Where the text is too broken for the tree, the word alone decides.
pub(super) fn named_at(snapshot: &Snapshot<'_>, at: At<'_>) -> Option<(Symbol, Span)> {
    let occurrence = snapshot.index().at(at.file, at.offset);
    if let Some(occurrence) = occurrence {
        return Some((occurrence.symbol.clone(), occurrence.span));
    }
    let broken = snapshot.files.iter().any(|file| file.id == at.file && !file.diagnostics.is_empty());
    if !broken || Cursor::new(&at.source.text, at.offset).inside.is_some() {
        return None;
    }
    let span = word_at(at.file, &at.source.text, at.offset)?;
    let member = at.source.text.get(..span.start as usize).is_some_and(|before| before.ends_with('.'));
    if member {
        return None;
    }
    Some((declared_as(snapshot, at, snapshot.text(span))?, span))
}

/// What a word can mean at a place: a variable in reach, else a declaration of this side of the program or of both, else one of the library.
fn declared_as(snapshot: &Snapshot<'_>, at: At<'_>, word: &str) -> Option<Symbol> {
    let index = snapshot.index();
    let local = index.locals.iter().rev().find(|local| {
        local.span.file == at.file
            && local.span.start <= at.offset
            && at.offset <= local.span.end
            && snapshot.var(local.value).is_some_and(|info| info.name == word)
    });
    if let Some(local) = local {
        return Some(Symbol::Local(local.value));
    }
    let here = index.place_at(at.file, at.offset);
    let seen = |place: Place| place == here || place == Place::Shared;
    let checked = snapshot.checked;
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let function = |std: bool| {
        let found = checked
            .fns
            .iter()
            .position(|info| info.name == word && info.std == std && !info.nested && seen(info.place));
        found.map(|at| Symbol::Fn(FnIdx(number(at))))
    };
    let global = || checked.globals.iter().position(|info| info.name == word && seen(info.place));
    let ty = || checked.type_decls.iter().rposition(|info| info.name == word);
    let component = || checked.components.iter().position(|info| info.decl.name.name == word);
    function(false)
        .or_else(|| global().map(|at| Symbol::Global(GlobalIdx(number(at)))))
        .or_else(|| ty().map(|at| Symbol::Type(TypeId(number(at)))))
        .or_else(|| component().map(|at| Symbol::Component(CompIdx(number(at)))))
        .or_else(|| function(true))
}
