//! What a name is: declaration with inferred types, effects, documentation.

use gen_lsp_types as lsp;
use tova_source::Span;

use super::references::named_at;
use super::words;
use crate::snapshot::{At, Snapshot};
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// The text beside the pointer.
pub(crate) fn hover(snapshot: &Snapshot<'_>, params: lsp::HoverParams) -> Option<lsp::Hover> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let (text, span) = of_word(at).or_else(|| of_name(snapshot, at)).or_else(|| of_value(snapshot, at))?;
    let contents = lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: text };
    Some(lsp::Hover { contents: contents.into(), range: Some(snapshot.range(span)) })
}

fn of_name(snapshot: &Snapshot<'_>, at: At<'_>) -> Option<(String, Span)> {
    let (symbol, span) = named_at(snapshot, at)?;
    Some((describe(snapshot, &symbol, narrowed(snapshot, at, span))?, span))
}

/// A symbol as Markdown. `here` is its type at this place, if a test before has narrowed it.
fn describe(snapshot: &Snapshot<'_>, symbol: &Symbol, here: Option<String>) -> Option<String> {
    let mut text = format!("```tova\n{}\n```", snapshot.signature(symbol)?);
    if let Some(here) = here {
        text.push_str(&format!("\nhere: `{here}`"));
    }
    if let Symbol::Fn(id) = symbol
        && let Some(info) = snapshot.function(*id)
    {
        let effects = crate::effects::of_all(snapshot).get(id.0 as usize).and_then(|effects| effects.words());
        let notes: Vec<String> = snapshot.home(info.place).into_iter().chain(effects.map(str::to_owned)).collect();
        if !notes.is_empty() {
            text.push_str(&format!("\n*{}*", notes.join(" · ")));
        }
    }
    if let Some(docs) = snapshot.docs(symbol) {
        text.push_str(&format!("\n\n{docs}"));
    }
    Some(text)
}

/// The type of a name here, where it differs from that of its declaration.
fn narrowed(snapshot: &Snapshot<'_>, at: At<'_>, span: Span) -> Option<String> {
    let mut found = None;
    tree::around(at.module, at.offset, &mut |node| {
        if let Node::Expr(expr) = node
            && expr.span == span
        {
            found = Some(expr.id);
        }
    });
    let id = found?;
    let tova_check::tables::Res::Local(var) = snapshot.checked.names.get(&id)? else { return None };
    let declared = snapshot.show(snapshot.var(*var)?.ty);
    let here = snapshot.show(snapshot.checked.node_ty(id));
    (here != declared && here != "?").then_some(here)
}

/// The word that opens a declaration.
fn of_word(at: At<'_>) -> Option<(String, Span)> {
    let span = words::word_at(at.file, &at.source.text, at.offset)?;
    let word = at.source.text.get(span.start as usize..span.end as usize)?;
    let opens = opening_word(at, span);
    let docs = words::docs(word).filter(|_| opens)?;
    Some((docs.to_owned(), span))
}

/// Whether a word stands where a declaration or setting begins.
fn opening_word(at: At<'_>, span: Span) -> bool {
    let text = &at.source.text;
    let line_start = text.get(..span.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(line_start..span.start as usize).unwrap_or("").trim();
    matches!(before, "" | "pub" | "export") || before.ends_with('{')
}

/// The type of the smallest expression around.
fn of_value(snapshot: &Snapshot<'_>, at: At<'_>) -> Option<(String, Span)> {
    let mut found = None;
    tree::around(at.module, at.offset, &mut |node| match node {
        Node::Expr(expr) => found = Some((expr.id, expr.span)),
        Node::Pattern(pattern) => found = Some((pattern.id, pattern.span)),
        Node::Element(_) | Node::Stmt(_) | Node::Item(_) | Node::Ty(_) => found = None,
    });
    let (id, span) = found?;
    let shown = snapshot.show(snapshot.checked.node_ty(id));
    (shown != "?").then(|| (format!("```tova\n{shown}\n```"), span))
}
