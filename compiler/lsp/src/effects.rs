//! What calling a function may do, as a reader wants to know it: wait, or throw. Followed through the program's own calls from what the standard
//! library says of its functions and from calls over the wire.

use tova_check::tables::{FnIdx, Place};

use crate::snapshot::Snapshot;
use crate::symbol::{Role, Symbol};

/// What a call may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effects {
    /// It may wait.
    pub(crate) waits: bool,
    /// It may throw.
    pub(crate) throws: bool,
}

impl Effects {
    /// The words for them.
    pub(crate) fn words(self) -> Option<&'static str> {
        match (self.waits, self.throws) {
            (true, true) => Some("async, throws"),
            (true, false) => Some("async"),
            (false, true) => Some("throws"),
            (false, false) => None,
        }
    }
}

/// The effects of all functions, by their number.
pub(crate) fn of_all(snapshot: &Snapshot<'_>) -> Vec<Effects> {
    let mut effects: Vec<Effects> = snapshot.checked.fns.iter().map(declared).collect();
    let edges = calls(snapshot, &mut effects);
    loop {
        let before = effects.clone();
        for edge in &edges {
            let Some(from) = effects.get(edge.callee.0 as usize).copied() else { continue };
            if let Some(into) = effects.get_mut(edge.caller.0 as usize) {
                into.waits |= from.waits;
                into.throws |= from.throws && !edge.caught;
            }
        }
        if before == effects {
            return effects;
        }
    }
}

/// What a declaration says itself.
fn declared(info: &tova_check::tables::FnInfo<'_>) -> Effects {
    let has = |word: &str| info.item.attributes.iter().any(|attribute| attribute.name.name == word);
    Effects { waits: has("async"), throws: has("throws") || info.found }
}

struct Edge {
    caller: FnIdx,
    callee: FnIdx,
    caught: bool,
}

/// Who names whom. A call over the wire waits and may throw whatever the function does.
fn calls(snapshot: &Snapshot<'_>, effects: &mut [Effects]) -> Vec<Edge> {
    let index = snapshot.index();
    let mut edges = Vec::new();
    for occurrence in snapshot.files.iter().flat_map(|file| index.of_file(file.id)) {
        let (Symbol::Fn(callee), Role::Call | Role::Read) = (&occurrence.symbol, occurrence.role) else { continue };
        let Some(Symbol::Fn(caller)) = index.owner(occurrence).and_then(|owner| owner.symbol.clone()) else { continue };
        let around = |span: &tova_source::Span| {
            span.file == occurrence.span.file && span.start <= occurrence.span.start && occurrence.span.end <= span.end
        };
        let caught = index.caught.iter().any(around);
        let place = |id: FnIdx| snapshot.checked.fns.get(id.0 as usize).map(|info| info.place);
        if let (Some(Place::Client), Some(Place::Server(_))) = (place(caller), place(*callee)) {
            if let Some(into) = effects.get_mut(caller.0 as usize) {
                into.waits = true;
                into.throws |= !caught;
            }
            continue;
        }
        edges.push(Edge { caller, callee: *callee, caught });
    }
    edges
}
