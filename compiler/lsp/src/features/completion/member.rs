//! What follows a dot.

use ecow::EcoString;
use gen_lsp_types as lsp;
use tova_check::tables::{FnIdx, Place, QueryOp, Res, TypeId, TypeKind};
use tova_check::types::{Ty, TyKind};
use tova_syntax::ast::{ExprKind, TypeExpr, TypeExprKind};

use super::{Entry, Group, List};
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// Members of what stands before the dot.
pub(super) fn members(list: &mut List<'_, '_>) -> bool {
    let left = list.cursor.left();
    let Some(object) = left.strip_suffix("?.").or_else(|| left.strip_suffix('.')) else { return false };
    if object.ends_with('.') {
        // A range or a spread.
        return false;
    }
    let optional = left.ends_with("?.");
    let object = object.trim_end();
    if let Some(ty) = implicit_receiver(list, object) {
        of_type(list, ty, optional);
        return true;
    }
    if path(list, object) {
        return true;
    }
    if let Some(id) = list.expr_ending_at(object.len()) {
        let ty = list.snapshot.checked.node_ty(id);
        of_type(list, ty, optional);
    }
    true
}

/// `.name` as a function of its receiver.
fn implicit_receiver(list: &List<'_, '_>, object: &str) -> Option<Ty> {
    if !(object.is_empty() || object.ends_with(['(', ',', '>', '|', '{'])) {
        return None;
    }
    let mut found = None;
    tree::around(list.at.module, list.at.offset, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::ImplicitReceiver = expr.kind
        {
            found = Some(list.snapshot.checked.expr_ty(expr));
        }
    });
    found
}

/// Members of what is no value: a server, a model, a store, a type, a namespace.
fn path(list: &mut List<'_, '_>, object: &str) -> bool {
    let start = object.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    let name = object.get(start..).unwrap_or("");
    if name.is_empty() || object.get(..start).is_some_and(|before| before.ends_with('.')) {
        return false;
    }
    let resolved = list.expr_ending_at(object.len()).and_then(|id| list.snapshot.checked.names.get(&id));
    if matches!(resolved, Some(res) if !matches!(res, Res::Path | Res::Error | Res::Record(_))) {
        return false;
    }
    let place = list.snapshot.index().place_at(list.at.file, list.at.offset);
    servers(list, name, place) || model(list, name, place) || type_or_namespace(list, name)
}

fn servers(list: &mut List<'_, '_>, name: &str, place: Place) -> bool {
    let checked = list.snapshot.checked;
    let numbers: Vec<u32> = checked
        .servers
        .iter()
        .zip(0..)
        .filter(|(server, _)| name == "server" || server.name.as_deref() == Some(name))
        .map(|(_, number)| number)
        .collect();
    if numbers.is_empty() || matches!(place, Place::Server(_)) && name != "server" {
        return false;
    }
    for (info, id) in checked.fns.iter().zip(0..) {
        if matches!(info.place, Place::Server(number) if numbers.contains(&number))
            && !info.nested
            && !info.name.contains('.')
        {
            list.symbol(&info.name, &Symbol::Fn(FnIdx(id)), Group::Place);
        }
    }
    true
}

fn model(list: &mut List<'_, '_>, name: &str, place: Place) -> bool {
    let found = list.snapshot.checked.models.iter().any(|model| {
        let declared = &model.decl.name.name;
        Place::Server(model.server) == place
            && (declared == name || name.strip_suffix("Model") == Some(declared.as_str()))
    });
    if found {
        use QueryOp::{All, Count, Create, Delete, Find, FindBy, Update, Where};
        for operation in [All, Find, FindBy, Where, Create, Update, Delete, Count] {
            let (shown, docs) = crate::describe::query(operation);
            let label = shown.split('(').next().unwrap_or(shown);
            let snippet = match operation {
                All | Count => format!("{label}()"),
                Find | Delete => format!("{label}($0)"),
                FindBy | Where | Create => format!("{label}({{ $0 }})"),
                Update => format!("{label}($1, {{ $0 }})"),
            };
            let bracket =
                list.at.source.text.get(list.at.offset as usize..).is_some_and(|after| after.starts_with('('));
            list.add(Entry {
                label,
                kind: lsp::CompletionItemKind::Method,
                group: Group::Place,
                detail: Some(shown.to_owned()),
                docs: Some(docs.to_owned()),
                snippet: (!bracket && list.snapshot.client.snippets).then_some(snippet),
            });
        }
    }
    found
}

/// Functions without a receiver: `Shape.new`, `JSON.parse`; variants; members of stores.
fn type_or_namespace(list: &mut List<'_, '_>, name: &str) -> bool {
    let before = list.items.len();
    let checked = list.snapshot.checked;
    for (info, id) in checked.fns.iter().zip(0..) {
        let receiver = info.decl.params.first().and_then(crate::describe::parameter_name);
        if let Some(member) = member_of(&info.name, name)
            && receiver.is_none_or(|receiver| receiver != "self")
        {
            list.symbol(member, &Symbol::Fn(FnIdx(id)), Group::Place);
        }
    }
    for (info, id) in checked.globals.iter().zip(0..) {
        if let Some(member) = member_of(&info.name, name) {
            list.symbol(member, &Symbol::Global(tova_check::tables::GlobalIdx(id)), Group::Place);
        }
    }
    let declared = checked.type_decls.iter().zip(0..).find(|(info, _)| info.name == name);
    if let Some((info, id)) = declared
        && let TypeKind::Enum(variants) = &info.kind
    {
        for (variant, at) in variants.keys().zip(0..) {
            list.symbol(variant, &Symbol::Variant(TypeId(id), at), Group::Place);
        }
    }
    list.items.len() > before
}

fn member_of<'n>(full: &'n str, owner: &str) -> Option<&'n str> {
    full.strip_prefix(owner)?.strip_prefix('.')
}

/// Fields and functions of a value.
fn of_type(list: &mut List<'_, '_>, ty: Ty, optional: bool) {
    let kind = list.snapshot.checked.types.kind(ty).clone();
    match &kind {
        TyKind::Option(inner) if optional => return of_type(list, *inner, false),
        TyKind::Named(id, _) => declared(list, *id),
        TyKind::Record(fields) => {
            for (name, ty) in fields {
                let detail = format!("{name}: {}", list.snapshot.show(*ty));
                list.add(Entry {
                    label: name,
                    kind: lsp::CompletionItemKind::Field,
                    group: Group::Place,
                    detail: Some(detail),
                    docs: None,
                    snippet: None,
                });
            }
        }
        TyKind::Tuple(items) => {
            for (at, ty) in items.iter().enumerate() {
                let detail = list.snapshot.show(*ty);
                list.add(Entry {
                    label: &at.to_string(),
                    kind: lsp::CompletionItemKind::Field,
                    group: Group::Place,
                    detail: Some(detail),
                    docs: None,
                    snippet: None,
                });
            }
        }
        _ => {}
    }
    if let Some(head) = head(list, &kind) {
        library(list, &head);
    }
}

fn declared(list: &mut List<'_, '_>, id: TypeId) {
    let Some(info) = list.snapshot.type_info(id) else { return };
    let names: Vec<EcoString> = match &info.kind {
        TypeKind::Record(fields) => fields.keys().cloned().collect(),
        TypeKind::Handle(fields) => fields.keys().cloned().collect(),
        TypeKind::Enum(_) | TypeKind::Alias(_) => Vec::new(),
    };
    for name in names {
        list.symbol(&name, &Symbol::Field(id, name.clone()), Group::Place);
    }
    if info.name == "Request"
        && let Place::Server(number) = list.snapshot.index().place_at(list.at.file, list.at.offset)
        && let Some(server) = list.snapshot.checked.servers.get(number as usize)
    {
        for name in server.request_fields.keys() {
            list.symbol(name, &Symbol::RequestField(number, name.clone()), Group::Place);
        }
    }
    for (function, id) in list.snapshot.checked.fns.iter().zip(0..) {
        if let Some(member) = member_of(&function.name, &info.name)
            && function.decl.params.first().and_then(crate::describe::parameter_name).is_some_and(|name| name == "self")
        {
            list.symbol(member, &Symbol::Fn(FnIdx(id)), Group::Place);
        }
    }
}

/// The name under which the library writes functions of a type.
fn head(list: &List<'_, '_>, kind: &TyKind) -> Option<EcoString> {
    Some(match kind {
        TyKind::List(_) => "[]".into(),
        TyKind::Option(_) => "?".into(),
        TyKind::Map(..) => "Map".into(),
        TyKind::Set(_) => "Set".into(),
        TyKind::Str => "String".into(),
        TyKind::Int => "Int".into(),
        TyKind::Float => "Float".into(),
        TyKind::Bool => "Bool".into(),
        TyKind::Named(id, _) => list.snapshot.type_info(*id)?.name.clone(),
        TyKind::Any => "Any".into(),
        TyKind::Duration => "Duration".into(),
        TyKind::Size => "Bytes".into(),
        TyKind::Error
        | TyKind::Var(_)
        | TyKind::Param(..)
        | TyKind::Unit
        | TyKind::Never
        | TyKind::View
        | TyKind::Tuple(_)
        | TyKind::Record(_)
        | TyKind::Fn(..)
        | TyKind::Union(_) => return None,
    })
}

fn written_head(ty: &TypeExpr) -> Option<EcoString> {
    match &ty.kind {
        TypeExprKind::Name { name, .. } => Some(match name.name.as_str() {
            "Number" => "Float".into(),
            "Str" => "String".into(),
            "List" | "Array" => "[]".into(),
            "Option" => "?".into(),
            _ => name.name.clone(),
        }),
        TypeExprKind::List(_) => Some("[]".into()),
        TypeExprKind::Optional(_) => Some("?".into()),
        TypeExprKind::Tuple(_)
        | TypeExprKind::Fn { .. }
        | TypeExprKind::Record(_)
        | TypeExprKind::Union(_)
        | TypeExprKind::Infer
        | TypeExprKind::Error => None,
    }
}

/// Functions of the library whose first parameter has this type.
fn library(list: &mut List<'_, '_>, head: &str) {
    for (info, id) in list.snapshot.checked.fns.iter().zip(0..) {
        let first = info.decl.params.first().and_then(|param| param.ty.as_ref()).and_then(written_head);
        let takes = first.is_some_and(|first| first == head || head == "Int" && first == "Float");
        let tests_only = info.item.attributes.iter().any(|attribute| attribute.name.name == "test");
        if takes && info.std && !tests_only && !info.name.contains('.') {
            list.symbol(&info.name, &Symbol::Fn(FnIdx(id)), Group::Library);
        }
    }
    let units: &[&str] = match head {
        "Int" | "Float" => {
            &["milliseconds", "seconds", "minutes", "hours", "days", "kilobytes", "megabytes", "gigabytes"]
        }
        _ => &[],
    };
    for unit in units {
        list.word(unit, None);
    }
}
