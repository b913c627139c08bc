//! What can be done about the text here: the ways out that messages name, and changes that leave the meaning.

mod arms;
mod extract;
mod fields;
mod import;
mod mutable;

use gen_lsp_types as lsp;
use tova_source::Span;

use crate::analysis::problem;
use crate::snapshot::{At, Snapshot};

/// A change before it is put into the editor's terms.
pub(super) struct Action {
    pub(super) title: String,
    pub(super) kind: lsp::CodeActionKind,
    pub(super) edits: Vec<(Span, String)>,
}

/// The text that actions are asked for.
#[derive(Clone, Copy)]
pub(super) struct Selected<'a> {
    pub(super) at: At<'a>,
    pub(super) span: Span,
}

/// All changes that fit the place.
pub(crate) fn actions(snapshot: &Snapshot<'_>, params: lsp::CodeActionParams) -> Option<Vec<lsp::CodeActionResponse>> {
    let at = snapshot.at(&params.text_document.uri, params.range.start)?;
    let selected = Selected { at, span: snapshot.span(at.file, params.range) };
    let mut out = fixes(snapshot, selected);
    let more = [arms::missing, fields::missing, mutable::binding, extract::function, import::missing];
    for action in more.iter().filter_map(|find| find(snapshot, selected)) {
        // A message may name the same way out.
        if out.iter().all(|known: &lsp::CodeAction| known.title != action.title) {
            out.push(code_action(snapshot, action));
        }
    }
    let only = params.context.only;
    let wanted = |action: &lsp::CodeAction| match (&only, &action.kind) {
        (Some(only), Some(kind)) => only.iter().any(|wanted| covers(wanted, kind)),
        _ => true,
    };
    Some(out.into_iter().filter(wanted).map(lsp::CodeActionResponse::from).collect())
}

/// Whether one kind holds the other: `refactor` holds `refactor.extract`.
fn covers(wanted: &lsp::CodeActionKind, kind: &lsp::CodeActionKind) -> bool {
    let text =
        |kind: &lsp::CodeActionKind| serde_json::to_value(kind).ok().and_then(|text| Some(text.as_str()?.to_owned()));
    match (text(wanted), text(kind)) {
        (Some(wanted), Some(kind)) => {
            wanted.is_empty() || kind == wanted || kind.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('.'))
        }
        _ => true,
    }
}

fn code_action(snapshot: &Snapshot<'_>, action: Action) -> lsp::CodeAction {
    lsp::CodeAction {
        title: action.title,
        kind: Some(action.kind),
        edit: Some(super::rename::workspace_edit(snapshot, action.edits)),
        ..lsp::CodeAction::default()
    }
}

/// The ways out that messages at this place name.
fn fixes(snapshot: &Snapshot<'_>, selected: Selected<'_>) -> Vec<lsp::CodeAction> {
    let here = snapshot.checked.diagnostics.iter().filter(|diagnostic| {
        diagnostic.span.file == selected.at.file
            && diagnostic.span.start <= selected.span.end
            && selected.span.start <= diagnostic.span.end
    });
    here.filter_map(|diagnostic| {
        let fix = diagnostic.fix.as_ref()?;
        let edits = fix.edits.iter().map(|edit| (edit.span, edit.text.clone())).collect();
        let kind = lsp::CodeActionKind::QuickFix;
        let mut action = code_action(snapshot, Action { title: fix.title.clone(), kind, edits });
        action.diagnostics = Some(vec![problem(snapshot, diagnostic)]);
        action.is_preferred = Some(true);
        Some(action)
    })
    .collect()
}

/// A value of a type to begin with.
pub(super) fn first_value(snapshot: &Snapshot<'_>, ty: tova_check::types::Ty) -> String {
    use tova_check::types::TyKind;
    match snapshot.checked.types.kind(ty) {
        TyKind::Int => "0".to_owned(),
        TyKind::Float => "0.0".to_owned(),
        TyKind::Str => "\"\"".to_owned(),
        TyKind::Bool => "false".to_owned(),
        TyKind::List(_) => "[]".to_owned(),
        TyKind::Map(..) | TyKind::Record(_) => "{}".to_owned(),
        TyKind::Named(id, _) => match snapshot.type_info(*id).map(|info| &info.kind) {
            Some(tova_check::tables::TypeKind::Enum(variants)) => {
                let plain = variants.iter().find(|(_, fields)| fields.is_empty());
                plain.map_or_else(|| "nil".to_owned(), |(name, _)| name.to_string())
            }
            Some(tova_check::tables::TypeKind::Record(_)) => "{}".to_owned(),
            _ => "nil".to_owned(),
        },
        TyKind::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| first_value(snapshot, *item)).collect();
            format!("({})", items.join(", "))
        }
        _ => "nil".to_owned(),
    }
}

/// The white space at the start of the line of an offset.
pub(super) fn indent(text: &str, offset: u32) -> &str {
    let line = text.get(..offset as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let line = text.get(line..).unwrap_or("");
    line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or("")
}
