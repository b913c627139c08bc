//! Another name for what is named here, everywhere: in all files, and at calls over the wire.

use std::collections::{BTreeMap, HashMap};

use gen_lsp_types as lsp;
use tova_source::Span;

use super::references::symbol_at;
use crate::index::Occurrence;
use crate::snapshot::Snapshot;
use crate::symbol::{Form, Symbol};

/// Whether the name here can be changed, and what it is now.
pub(crate) fn prepare(snapshot: &Snapshot<'_>, params: lsp::PrepareRenameParams) -> Option<lsp::PrepareRenameResult> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let occurrence = snapshot.index().at(at.file, at.offset)?;
    if !is_own(snapshot, &occurrence.symbol) || occurrence.form == Form::Derived {
        return None;
    }
    let placeholder = lsp::PrepareRenamePlaceholder {
        range: snapshot.range(occurrence.span),
        placeholder: snapshot.text(occurrence.span).to_owned(),
    };
    Some(placeholder.into())
}

/// The changes. None if the new name is no name, or the thing is not the program's own.
pub(crate) fn rename(snapshot: &Snapshot<'_>, params: lsp::RenameParams) -> Option<lsp::WorkspaceEdit> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let symbol = symbol_at(snapshot, at)?;
    let name = params.new_name.as_str();
    if !is_own(snapshot, &symbol) || !fits(&symbol, name) {
        return None;
    }
    let edits =
        snapshot.index().of_symbol(&symbol).filter_map(|place| Some((place.span, text(snapshot, place, name)?)));
    Some(workspace_edit(snapshot, edits.collect()))
}

/// Changes of texts as the editor wants them.
pub(super) fn workspace_edit(snapshot: &Snapshot<'_>, edits: Vec<(Span, String)>) -> lsp::WorkspaceEdit {
    let mut files: BTreeMap<String, Vec<lsp::TextEdit>> = BTreeMap::new();
    for (span, new_text) in edits {
        if let Some(location) = snapshot.location(span) {
            files.entry(location.uri.0).or_default().push(lsp::TextEdit { range: location.range, new_text });
        }
    }
    let changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> =
        files.into_iter().map(|(uri, edits)| (lsp::Uri(uri), edits)).collect();
    lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
}

/// What an occurrence becomes. `{ name }` is both key and value: the one that keeps its name is written out.
fn text(snapshot: &Snapshot<'_>, place: &Occurrence, name: &str) -> Option<String> {
    let old = snapshot.text(place.span);
    match place.form {
        Form::Plain => Some(name.to_owned()),
        Form::ShortField => Some(format!("{name}: {old}")),
        Form::ShortValue => Some(format!("{old}: {name}")),
        Form::Derived => None,
    }
}

/// Whether the program declares it.
fn is_own(snapshot: &Snapshot<'_>, symbol: &Symbol) -> bool {
    let nameless = matches!(symbol, Symbol::Server(None) | Symbol::Namespace(_) | Symbol::Query(_));
    let definitions = snapshot.definitions(symbol);
    !nameless && !definitions.is_empty() && definitions.iter().all(|span| !snapshot.is_library(span.file))
}

/// Whether a name can stand for such a thing: types begin with an upper-case letter, others are plain names.
fn fits(symbol: &Symbol, name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters.next().unwrap_or(' ');
    let is_name = (first.is_alphabetic() || first == '_') && letters.all(|c| c.is_alphanumeric() || c == '_');
    let reserved = super::words::RESERVED.contains(&name);
    match symbol {
        Symbol::Server(_) => !name.is_empty() && !name.contains(['"', '\n', '\\']),
        Symbol::Type(_) | Symbol::Variant(..) | Symbol::Component(_) => is_name && first.is_uppercase(),
        Symbol::Local(_)
        | Symbol::Global(_)
        | Symbol::Fn(_)
        | Symbol::Field(..)
        | Symbol::VariantField(..)
        | Symbol::TypeParam(..)
        | Symbol::Store(_)
        | Symbol::Middleware(_)
        | Symbol::RequestField(..)
        | Symbol::Namespace(_)
        | Symbol::Query(_) => is_name && !reserved,
    }
}
