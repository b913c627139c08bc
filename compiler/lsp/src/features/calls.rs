//! Who calls whom, over the wire too.

use std::collections::BTreeMap;

use gen_lsp_types as lsp;
use tova_source::Span;

use super::references::symbol_at;
use crate::index::{Occurrence, Owner};
use crate::snapshot::Snapshot;
use crate::symbol::{Role, Symbol};

/// The function, component or middleware at a place.
pub(crate) fn prepare(
    snapshot: &Snapshot<'_>,
    params: lsp::CallHierarchyPrepareParams,
) -> Option<Vec<lsp::CallHierarchyItem>> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let symbol = symbol_at(snapshot, at)?;
    let owner = snapshot.index().owners.iter().find(|owner| owner.symbol.as_ref() == Some(&symbol))?;
    Some(vec![item(snapshot, owner)?])
}

fn item(snapshot: &Snapshot<'_>, owner: &Owner) -> Option<lsp::CallHierarchyItem> {
    let location = snapshot.location(owner.span)?;
    Some(lsp::CallHierarchyItem {
        name: owner.name.to_string(),
        kind: owner.symbol.as_ref().map_or(lsp::SymbolKind::Event, |symbol| snapshot.kind(symbol)),
        tags: None,
        detail: owner.symbol.as_ref().and_then(|symbol| snapshot.signature(symbol)),
        uri: location.uri,
        range: location.range,
        selection_range: snapshot.range(owner.name_span),
        data: None,
    })
}

/// The owner that an item of the editor means: by the place of its name.
fn owner_of<'s>(snapshot: &'s Snapshot<'_>, item: &lsp::CallHierarchyItem) -> Option<(usize, &'s Owner)> {
    let (file, _) = snapshot.file(&item.uri)?;
    let span = snapshot.span(file.id, item.selection_range);
    snapshot.index().owners.iter().enumerate().find(|(_, owner)| owner.name_span == span)
}

/// Who calls it.
pub(crate) fn incoming(
    snapshot: &Snapshot<'_>,
    params: lsp::CallHierarchyIncomingCallsParams,
) -> Option<Vec<lsp::CallHierarchyIncomingCall>> {
    let (_, owner) = owner_of(snapshot, &params.item)?;
    let symbol = owner.symbol.clone()?;
    let mut callers: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
    for place in snapshot.index().of_symbol(&symbol).filter(|place| uses(place)) {
        callers.entry(place.owner).or_default().push(place.span);
    }
    let calls = callers.into_iter().filter_map(|(owner, spans)| {
        let from = item(snapshot, snapshot.index().owners.get(owner as usize)?)?;
        Some(lsp::CallHierarchyIncomingCall { from, from_ranges: ranges(snapshot, &spans) })
    });
    Some(calls.collect())
}

/// Whom it calls, of the program's own.
pub(crate) fn outgoing(
    snapshot: &Snapshot<'_>,
    params: lsp::CallHierarchyOutgoingCallsParams,
) -> Option<Vec<lsp::CallHierarchyOutgoingCall>> {
    let (number, owner) = owner_of(snapshot, &params.item)?;
    let index = snapshot.index();
    let mut callees: Vec<(Symbol, Vec<Span>)> = Vec::new();
    let number = u32::try_from(number).ok()?;
    for place in index.of_file(owner.span.file).iter().filter(|place| place.owner == number && uses(place)) {
        match callees.iter_mut().find(|(symbol, _)| *symbol == place.symbol) {
            Some((_, spans)) => spans.push(place.span),
            None => callees.push((place.symbol.clone(), vec![place.span])),
        }
    }
    let calls = callees.into_iter().filter_map(|(symbol, spans)| {
        let owner = index.owners.iter().find(|owner| owner.symbol.as_ref() == Some(&symbol))?;
        Some(lsp::CallHierarchyOutgoingCall { to: item(snapshot, owner)?, from_ranges: ranges(snapshot, &spans) })
    });
    Some(calls.collect())
}

fn uses(place: &Occurrence) -> bool {
    matches!(place.role, Role::Call | Role::Read)
}

fn ranges(snapshot: &Snapshot<'_>, spans: &[Span]) -> Vec<lsp::Range> {
    spans.iter().map(|span| snapshot.range(*span)).collect()
}
