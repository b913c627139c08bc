//! What every name is, for colours.

use gen_lsp_types as lsp;
use tova_check::tables::{GlobalKind, TypeKind, VarKind};
use tova_source::Span;

use crate::index::Occurrence;
use crate::snapshot::Snapshot;
use crate::symbol::{Role, Symbol};

/// The kinds of tokens, by their numbers.
pub(crate) const TYPES: &[&str] = &[
    "namespace",
    "type",
    "class",
    "enum",
    "struct",
    "typeParameter",
    "parameter",
    "variable",
    "property",
    "enumMember",
    "function",
    "method",
];

/// What can be added to a kind, one bit each.
pub(crate) const MODIFIERS: &[&str] = &["declaration", "readonly", "modification", "defaultLibrary", "async"];

const DECLARATION: u32 = 1;
const READONLY: u32 = 2;
const MODIFICATION: u32 = 4;
const LIBRARY: u32 = 8;
const REMOTE: u32 = 16;

/// The names of a file.
pub(crate) fn full(snapshot: &Snapshot<'_>, params: lsp::SemanticTokensParams) -> Option<lsp::SemanticTokens> {
    let (file, _) = snapshot.file(&params.text_document.uri)?;
    Some(encode(snapshot, snapshot.index().of_file(file.id)))
}

/// The names of a part of a file.
pub(crate) fn range(snapshot: &Snapshot<'_>, params: lsp::SemanticTokensRangeParams) -> Option<lsp::SemanticTokens> {
    let (file, _) = snapshot.file(&params.text_document.uri)?;
    let part = snapshot.span(file.id, params.range);
    let all = snapshot.index().of_file(file.id);
    let start = all.partition_point(|occurrence| occurrence.span.end <= part.start);
    let end = all.partition_point(|occurrence| occurrence.span.start < part.end);
    Some(encode(snapshot, all.get(start..end).unwrap_or_default()))
}

fn encode(snapshot: &Snapshot<'_>, occurrences: &[Occurrence]) -> lsp::SemanticTokens {
    let mut data = Vec::with_capacity(occurrences.len());
    let mut before = lsp::Position { line: 0, character: 0 };
    let mut last: Option<Span> = None;
    for occurrence in occurrences {
        // Of two names at one place the first counts; editors do not want tokens that overlap.
        if last.is_some_and(|last| occurrence.span.start < last.end) {
            continue;
        }
        let (kind, modifiers) = kind(snapshot, occurrence);
        let start = snapshot.range(occurrence.span).start;
        let delta_line = start.line - before.line;
        data.push(lsp::SemanticToken {
            delta_line,
            delta_start: if delta_line == 0 { start.character - before.character } else { start.character },
            length: snapshot.client.encoding.len(snapshot.text(occurrence.span)),
            token_type: TYPES.iter().position(|name| *name == kind).and_then(|at| u32::try_from(at).ok()).unwrap_or(0),
            token_modifiers_bitset: modifiers,
        });
        before = start;
        last = Some(occurrence.span);
    }
    lsp::SemanticTokens { result_id: None, data }
}

fn kind(snapshot: &Snapshot<'_>, occurrence: &Occurrence) -> (&'static str, u32) {
    let role = match occurrence.role {
        Role::Definition => DECLARATION,
        Role::Write => MODIFICATION,
        Role::Read | Role::Call => 0,
    };
    let (kind, more) = match &occurrence.symbol {
        Symbol::Local(id) => match snapshot.var(*id) {
            Some(info) if matches!(info.kind, VarKind::Param | VarKind::Prop) => ("parameter", READONLY),
            Some(info) => ("variable", if info.mutable || info.kind == VarKind::State { 0 } else { READONLY }),
            None => ("variable", 0),
        },
        Symbol::Global(id) => match snapshot.checked.globals.get(id.0 as usize).map(|info| info.kind) {
            Some(GlobalKind::Const | GlobalKind::Computed) => ("variable", READONLY),
            _ => ("variable", 0),
        },
        Symbol::Fn(id) => match snapshot.function(*id) {
            Some(info) => {
                let here = snapshot.index().place_at(occurrence.span.file, occurrence.span.start + 1);
                let remote = here == tova_check::tables::Place::Client
                    && matches!(info.place, tova_check::tables::Place::Server(_));
                let method = info.name.contains('.');
                let more = if info.std { LIBRARY } else { 0 } | if remote { REMOTE } else { 0 };
                (if method { "method" } else { "function" }, more)
            }
            None => ("function", 0),
        },
        Symbol::Type(id) => match snapshot.type_info(*id).map(|info| (&info.kind, snapshot.is_library(info.span.file)))
        {
            Some((TypeKind::Enum(_), library)) => ("enum", if library { LIBRARY } else { 0 }),
            Some((TypeKind::Handle(_), _)) => ("class", LIBRARY),
            Some((TypeKind::Record(_), library)) => ("struct", if library { LIBRARY } else { 0 }),
            Some((TypeKind::Alias(_), _)) | None => ("type", 0),
        },
        Symbol::Variant(..) => ("enumMember", 0),
        Symbol::Field(..) | Symbol::VariantField(..) | Symbol::RequestField(..) => ("property", 0),
        Symbol::TypeParam(..) => ("typeParameter", 0),
        Symbol::Component(_) => ("class", 0),
        Symbol::Store(_) | Symbol::Server(_) => ("namespace", 0),
        Symbol::Namespace(_) => ("namespace", LIBRARY),
        Symbol::Middleware(_) => ("function", 0),
        Symbol::Query(_) => ("method", LIBRARY),
    };
    (kind, role | more)
}
