//! The parameters of the call around the cursor.

use gen_lsp_types as lsp;
use tova_check::tables::{FnIdx, Res, TypeKind};
use tova_check::types::TyKind;
use tova_syntax::ast::NodeId;

use crate::cursor::Cursor;
use crate::snapshot::{At, Snapshot};
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// A call's signature with the parameter that the cursor is at.
pub(crate) fn signature_help(snapshot: &Snapshot<'_>, params: lsp::SignatureHelpParams) -> Option<lsp::SignatureHelp> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let cursor = Cursor::new(&at.source.text, at.offset);
    let open = cursor.open.iter().rev().take_while(|open| open.bracket != '{').find(|open| open.bracket == '(')?;
    let (callee, written) = callee(at, open.at)?;
    let piped = open.head.contains("|>") && open.head.rsplit("|>").next().is_some_and(|step| !step.contains('('));
    let shown = shown(snapshot, callee, piped, &written)?;
    let given = cursor.before.get(open.at + 1..).unwrap_or("");
    let active = active(&shown, given);
    let parameters = shown
        .parameters
        .iter()
        .map(|parameter| lsp::ParameterInformation { label: parameter.clone().into(), documentation: None });
    let information = lsp::SignatureInformation {
        label: format!("{}({}){}", shown.name, shown.parameters.join(", "), shown.result),
        documentation: shown.docs.map(|value| lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }.into()),
        parameters: Some(parameters.collect()),
        active_parameter: active.map(lsp::ActiveParameter::from),
    };
    Some(lsp::SignatureHelp { signatures: vec![information], active_signature: Some(0), active_parameter: None })
}

/// The expression before a bracket, and its text.
fn callee(at: At<'_>, bracket: usize) -> Option<(NodeId, String)> {
    let text = at.source.text.get(..bracket)?.trim_end();
    let end = u32::try_from(text.len()).ok()?;
    let mut found = None;
    tree::around(at.module, end, &mut |node| {
        if let Node::Expr(expr) = node
            && expr.span.end == end
        {
            found = Some((expr.id, text.get(expr.span.start as usize..).unwrap_or("").to_owned()));
        }
    });
    found
}

struct Shown {
    name: String,
    parameters: Vec<String>,
    result: String,
    docs: Option<String>,
}

fn shown(snapshot: &Snapshot<'_>, callee: NodeId, piped: bool, written: &str) -> Option<Shown> {
    match snapshot.checked.names.get(&callee) {
        Some(Res::Fn(id) | Res::Rpc(id)) => of_function(snapshot, *id, usize::from(piped)),
        Some(Res::Method(id)) => of_function(snapshot, *id, 1),
        Some(Res::Record(id)) => {
            let info = snapshot.type_info(*id)?;
            let TypeKind::Record(fields) = &info.kind else { return None };
            Some(Shown {
                name: info.name.to_string(),
                parameters: fields.iter().map(|(name, ty)| format!("{name}: {}", snapshot.show(*ty))).collect(),
                result: String::new(),
                docs: snapshot.docs(&Symbol::Type(*id)).map(String::from),
            })
        }
        Some(Res::Variant(id, index)) => {
            let TypeKind::Enum(variants) = &snapshot.type_info(*id)?.kind else { return None };
            let (name, fields) = variants.get_index(*index as usize)?;
            Some(Shown {
                name: name.to_string(),
                parameters: fields.iter().map(|(name, ty)| format!("{name}: {}", snapshot.show(*ty))).collect(),
                result: format!(" -> {}", snapshot.type_info(*id)?.name),
                docs: snapshot.docs(&Symbol::Variant(*id, *index)).map(String::from),
            })
        }
        Some(Res::Query(_, operation)) => {
            let (text, docs) = crate::describe::query(*operation);
            let (name, parameters) = text.trim_end_matches(')').split_once('(')?;
            let parameters = match parameters.split_once(", {") {
                Some((first, rest)) => vec![first.to_owned(), format!("{{{rest}")],
                None if parameters.is_empty() => Vec::new(),
                None => vec![parameters.to_owned()],
            };
            Some(Shown { name: name.to_owned(), parameters, result: String::new(), docs: Some(docs.to_owned()) })
        }
        // A function value.
        _ => match snapshot.checked.types.kind(snapshot.checked.node_ty(callee)) {
            TyKind::Fn(params, ret) => Some(Shown {
                name: written.to_owned(),
                parameters: params.iter().map(|ty| snapshot.show(*ty)).collect(),
                result: format!(" -> {}", snapshot.show(*ret)),
                docs: None,
            }),
            _ => None,
        },
    }
}

fn of_function(snapshot: &Snapshot<'_>, id: FnIdx, skipped: usize) -> Option<Shown> {
    let info = snapshot.function(id)?;
    Some(Shown {
        name: info.name.to_string(),
        parameters: snapshot.parameters(info).into_iter().skip(skipped).collect(),
        result: snapshot.result(info).map_or_else(String::new, |ret| format!(" -> {ret}")),
        docs: snapshot.docs(&Symbol::Fn(id)).map(String::from),
    })
}

/// The parameter that is being written: by its name, or by the commas before it.
fn active(shown: &Shown, given: &str) -> Option<u32> {
    let (mut depth, mut commas, mut start) = (0u32, 0usize, 0usize);
    for (at, character) in given.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                commas += 1;
                start = at + 1;
            }
            _ => {}
        }
    }
    let argument = given.get(start..).unwrap_or("").trim_start();
    let name = argument.split_once(':').map(|(name, _)| name.trim());
    let named = name.and_then(|name| {
        shown.parameters.iter().position(|parameter| parameter.split([':', ' ']).next() == Some(name))
    });
    let last = shown.parameters.len().checked_sub(1)?;
    let rest = shown.parameters.get(last).is_some_and(|parameter| parameter.starts_with("..."));
    let at = named.unwrap_or(if rest { commas.min(last) } else { commas });
    (at <= last).then(|| u32::try_from(at).unwrap_or(0))
}
