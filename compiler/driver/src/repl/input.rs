//! What a user wrote: where it ends, what it declares, and its value.

use tova_source::{FileId, Span};
use tova_syntax::ast::{AssignTarget, ItemKind, NodeId, StmtKind};

/// The variable that gets the value of an expression; it is `it` in later inputs.
pub(super) const VALUE: &str = "it__new";
/// What is put behind the name of a variable that an input declares once more; later inputs know it by its name.
pub(super) const AGAIN: &str = "__new";

/// One input.
#[derive(Debug)]
pub(super) struct Input {
    /// As it was written.
    pub(super) text: String,
    /// Functions, types and other declarations: name and text.
    pub(super) definitions: Vec<(String, String)>,
    /// Whether it ends with an expression.
    pub(super) has_value: bool,
    /// What is put into the text, and where, so that the value, or a name that is declared once more, becomes a variable of its own.
    insertion: Option<(usize, String)>,
}

impl Input {
    /// Reads an input; `is_fixed` tells names of earlier variables that cannot be updated.
    pub(super) fn read(text: &str, is_fixed: impl Fn(&str) -> bool) -> Self {
        let parsed = tova_syntax::parse(FileId(0), text, NodeId(0));
        let items = &parsed.module.items;
        let source = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned();
        let mut definitions = Vec::new();
        for item in items {
            let name = match &item.kind {
                ItemKind::Fn(decl) => decl.name.name.to_string(),
                ItemKind::Type(decl) => decl.name.name.to_string(),
                ItemKind::Trait(decl) => decl.name.name.to_string(),
                ItemKind::Impl(_) => source(item.span),
                _ => continue,
            };
            definitions.push((name, source(item.span)));
        }
        let last =
            items.last().and_then(|item| if let ItemKind::Stmt(stmt) = &item.kind { Some(&stmt.kind) } else { None });
        let mut has_value = false;
        let insertion = match last {
            Some(StmtKind::Expr(expr)) => {
                has_value = true;
                Some((expr.span.start as usize, format!("{VALUE} = ")))
            }
            Some(stmt) if items.len() == 1 => {
                plain_target(stmt).filter(|(name, _)| is_fixed(name)).map(|(_, end)| (end, AGAIN.to_owned()))
            }
            _ => None,
        };
        Self { text: text.to_owned(), definitions, has_value, insertion }
    }

    /// The text in which the value is bound to a variable.
    pub(super) fn bound(&self) -> String {
        let Some((at, words)) = &self.insertion else { return self.text.clone() };
        let (head, tail) = self.text.split_at_checked(*at).unwrap_or((&self.text, ""));
        format!("{head}{words}{tail}")
    }

    /// A place in the bound text as a place in the text that was written.
    pub(super) fn original(&self, span: Span) -> Span {
        let Some((at, words)) = &self.insertion else { return span };
        let (at, length) = (u32::try_from(*at).unwrap_or(0), u32::try_from(words.len()).unwrap_or(0));
        let back = |offset: u32| if offset >= at + length { offset - length } else { offset.min(at) };
        let (start, end) = (back(span.start), back(span.end));
        Span::new(span.file, start, end.max(start))
    }
}

/// `x = e`: the name, and where it ends.
fn plain_target(stmt: &StmtKind) -> Option<(&str, usize)> {
    let StmtKind::Assign(assign) = stmt else { return None };
    match (assign.op, assign.targets.as_slice()) {
        (None, [AssignTarget::Place(place)]) => match &place.kind {
            tova_syntax::ast::ExprKind::Name(name) => Some((name, place.span.end as usize)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether nothing is open at the end of the text.
pub(super) fn is_complete(text: &str) -> bool {
    let parsed = tova_syntax::parse(FileId(0), text, NodeId(0));
    let end = text.trim_end().len();
    !parsed.diagnostics.iter().any(|found| {
        let mut places = std::iter::once(found.span).chain(found.labels.iter().map(|label| label.span));
        found.is_error() && (found.message.contains("end of the file") || places.any(|span| span.start as usize >= end))
    })
}
