//! Makes a function of a selected expression.

use gen_lsp_types as lsp;
use tova_source::Span;
use tova_syntax::ast::{ExprKind, ItemKind};

use super::{Action, Selected, indent};
use crate::snapshot::Snapshot;
use crate::symbol::{Role, Symbol};
use crate::tree::{self, Node};

pub(super) fn function(snapshot: &Snapshot<'_>, selected: Selected<'_>) -> Option<Action> {
    let span = trimmed(snapshot, selected.span)?;
    let at = selected.at;
    let mut whole = false;
    let mut item = None;
    tree::around(at.module, span.start, &mut |node| match node {
        Node::Expr(expr) if expr.span == span => {
            whole = !matches!(
                expr.kind,
                ExprKind::Name(_) | ExprKind::Error | ExprKind::Placeholder | ExprKind::ImplicitReceiver
            );
        }
        // The outermost declaration that is not a block.
        Node::Item(found) if item.is_none() && !matches!(found.kind, ItemKind::Block(_)) => item = Some(found.span),
        _ => {}
    });
    let item = item.filter(|_| whole)?;
    let parameters = free_variables(snapshot, span)?;
    let name = free_name(snapshot);
    let text = &at.source.text;
    let margin = indent(text, item.start);
    let body = snapshot.text(span);
    let list = parameters.join(", ");
    let declaration = format!("fn {name}({list}) {{\n{margin}  {body}\n{margin}}}\n\n{margin}");
    let edits = vec![(before_item(snapshot, at.module, item), declaration), (span, format!("{name}({list})"))];
    Some(Action { title: "extract into a function".to_owned(), kind: lsp::CodeActionKind::RefactorExtract, edits })
}

/// The place before an item and the comment that belongs to it.
fn before_item(snapshot: &Snapshot<'_>, module: &tova_syntax::ast::Module, item: Span) -> Span {
    let mut start = item.start;
    for comment in module.comments.iter().rev().filter(|comment| comment.span.end <= item.start) {
        let between = snapshot.text(Span::new(item.file, comment.span.end, start));
        if !between.trim().is_empty() || between.matches('\n').count() > 1 {
            break;
        }
        start = comment.span.start;
    }
    Span::new(item.file, start, start)
}

fn trimmed(snapshot: &Snapshot<'_>, span: Span) -> Option<Span> {
    let text = snapshot.text(span);
    let start = span.start + u32::try_from(text.len() - text.trim_start().len()).ok()?;
    let end = span.end - u32::try_from(text.len() - text.trim_end().len()).ok()?;
    (start < end).then(|| Span::new(span.file, start, end))
}

/// The local variables that a text uses and does not declare, in order; none if it changes one of them.
fn free_variables(snapshot: &Snapshot<'_>, span: Span) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for place in snapshot.index().of_file(span.file) {
        let inside = span.start <= place.span.start && place.span.end <= span.end;
        let Symbol::Local(id) = &place.symbol else { continue };
        let declared = snapshot.var(*id)?.span;
        let own = declared.file == span.file && span.start <= declared.start && declared.end <= span.end;
        if !inside || own {
            continue;
        }
        if place.role == Role::Write {
            return None;
        }
        let name = snapshot.var(*id)?.name.to_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

fn free_name(snapshot: &Snapshot<'_>) -> String {
    let taken = |name: &str| snapshot.checked.fns.iter().any(|info| info.name == name);
    let numbered = (2..).map(|number| format!("extracted{number}"));
    std::iter::once("extracted".to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
