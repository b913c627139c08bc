//! Adds the arms that a `match` lacks.

use gen_lsp_types as lsp;
use tova_check::tables::TypeKind;
use tova_check::types::{Ty, TyKind};
use tova_source::Span;
use tova_syntax::ast::{ExprKind, MatchArm, Pattern, PatternKind};

use super::{Action, Selected, indent};
use crate::snapshot::Snapshot;
use crate::tree::{self, Node};

pub(super) fn missing(snapshot: &Snapshot<'_>, selected: Selected<'_>) -> Option<Action> {
    let at = selected.at;
    let mut found = None;
    tree::around(at.module, at.offset, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::Match { subject, arms } = &expr.kind
        {
            let missing = lacking(snapshot, snapshot.checked.expr_ty(subject), arms);
            let body = snapshot.show(snapshot.checked.expr_ty(expr));
            found = Some((expr.span, missing, body));
        }
    });
    let (span, missing, shown) = found.filter(|(_, missing, _)| !missing.is_empty())?;
    let text = &at.source.text;
    let close = text.get(..span.end as usize)?.rfind('}')?;
    let before = text.get(..close)?.trim_end().len();
    let outer = indent(text, span.start).to_owned();
    let value = match shown.as_str() {
        "Int" => "0",
        "Float" => "0.0",
        "String" => "\"\"",
        "Bool" => "false",
        "View" => "<></>",
        _ => "nil",
    };
    let lines: String = missing.iter().map(|pattern| format!("\n{outer}  {pattern} => {value}")).collect();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let edits = vec![(Span::new(at.file, number(before), number(close)), format!("{lines}\n{outer}"))];
    Some(Action { title: "add the missing arms".to_owned(), kind: lsp::CodeActionKind::QuickFix, edits })
}

/// Patterns for what no arm covers.
fn lacking(snapshot: &Snapshot<'_>, ty: Ty, arms: &[MatchArm]) -> Vec<String> {
    let plain: Vec<&Pattern> = arms.iter().filter(|arm| arm.guard.is_none()).map(|arm| &arm.pattern).collect();
    if plain.iter().any(|pattern| covers_all(pattern)) {
        return Vec::new();
    }
    let named = |name: &str| plain.iter().any(|pattern| covers(pattern, name));
    match snapshot.checked.types.kind(ty) {
        TyKind::Bool => ["true", "false"].iter().filter(|name| !named(name)).map(|name| (*name).to_owned()).collect(),
        TyKind::Option(_) => {
            let some = (!named("Some")).then(|| "Some(value)".to_owned());
            let none = (!named("None")).then(|| "None".to_owned());
            some.into_iter().chain(none).collect()
        }
        TyKind::Named(id, _) => match snapshot.type_info(*id).map(|info| &info.kind) {
            Some(TypeKind::Enum(variants)) => {
                variants.iter().filter(|(name, _)| !named(name)).map(|(name, fields)| pattern(name, fields)).collect()
            }
            _ => Vec::new(),
        },
        _ => vec!["_".to_owned()],
    }
}

fn pattern(name: &str, fields: &[(ecow::EcoString, Ty)]) -> String {
    if fields.is_empty() {
        return name.to_owned();
    }
    let names: Vec<&str> = fields
        .iter()
        .map(|(field, _)| {
            let named = field.starts_with(|c: char| c.is_lowercase());
            if named { field.as_str() } else { "_" }
        })
        .collect();
    format!("{name}({})", names.join(", "))
}

fn covers_all(pattern: &Pattern) -> bool {
    match &pattern.kind {
        PatternKind::Wildcard | PatternKind::Name(_) => true,
        PatternKind::Or(patterns) => patterns.iter().any(covers_all),
        _ => false,
    }
}

/// Whether a pattern takes every value of a variant.
fn covers(pattern: &Pattern, wanted: &str) -> bool {
    match &pattern.kind {
        PatternKind::Variant { name, args } => name.name == wanted && args.iter().all(|arg| covers_all(&arg.pattern)),
        PatternKind::Bool(value) => wanted == if *value { "true" } else { "false" },
        PatternKind::Nil => wanted == "None",
        PatternKind::Or(patterns) => patterns.iter().any(|pattern| covers(pattern, wanted)),
        _ => false,
    }
}
