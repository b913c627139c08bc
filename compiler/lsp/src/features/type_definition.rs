//! From a value to its type, and from a type to what implements it.

use gen_lsp_types as lsp;
use tova_check::types::{Ty, TyKind};
use tova_source::Span;
use tova_syntax::ast::{ItemKind, TypeExprKind};

use super::definition::answer;
use super::references::symbol_at;
use crate::snapshot::Snapshot;
use crate::symbol::Symbol;
use crate::tree::{self, Node};

/// Where the type of a value is declared; of a list that of its elements.
pub(crate) fn type_definition(
    snapshot: &Snapshot<'_>,
    params: lsp::TypeDefinitionParams,
) -> Option<lsp::TypeDefinitionResponse> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let mut ty = symbol_at(snapshot, at).and_then(|symbol| snapshot.type_of(&symbol));
    if ty.is_none() {
        tree::around(at.module, at.offset, &mut |node| {
            if let Node::Expr(expr) = node {
                ty = Some(snapshot.checked.expr_ty(expr));
            }
        });
    }
    let mut spans = Vec::new();
    declared(snapshot, ty?, &mut spans);
    answer(snapshot, &spans).map(lsp::TypeDefinitionResponse::from)
}

fn declared(snapshot: &Snapshot<'_>, ty: Ty, out: &mut Vec<Span>) {
    match snapshot.checked.types.kind(ty) {
        TyKind::Named(id, args) => {
            let own = snapshot.definitions(&Symbol::Type(*id));
            if own.iter().all(|span| snapshot.is_library(span.file)) {
                args.iter().for_each(|arg| declared(snapshot, *arg, out));
            }
            out.extend(own);
        }
        TyKind::List(inner) | TyKind::Set(inner) | TyKind::Option(inner) | TyKind::Map(_, inner) => {
            declared(snapshot, *inner, out);
        }
        TyKind::Tuple(items) | TyKind::Union(items) => items.iter().for_each(|item| declared(snapshot, *item, out)),
        TyKind::Fn(_, ret) => declared(snapshot, *ret, out),
        TyKind::Error
        | TyKind::Var(_)
        | TyKind::Param(..)
        | TyKind::Unit
        | TyKind::Never
        | TyKind::Bool
        | TyKind::Int
        | TyKind::Float
        | TyKind::Str
        | TyKind::Any
        | TyKind::Duration
        | TyKind::Size
        | TyKind::View
        | TyKind::Record(_) => {}
    }
}

/// The `impl` blocks of a type or trait; of anything else its declaration.
pub(crate) fn implementation(
    snapshot: &Snapshot<'_>,
    params: lsp::ImplementationParams,
) -> Option<lsp::ImplementationResponse> {
    let place = params.text_document_position_params;
    let at = snapshot.at(&place.text_document.uri, place.position)?;
    let word = super::words::word_at(at.file, &at.source.text, at.offset)?;
    let name = snapshot.text(word);
    let mut spans = Vec::new();
    for module in snapshot.modules {
        tree::all(module, &mut |node| {
            let Node::Item(item) = node else { return };
            let ItemKind::Impl(decl) = &item.kind else { return };
            let of_type = matches!(&decl.ty.kind, TypeExprKind::Name { name: ty, .. } if ty.name == name);
            if of_type || decl.trait_.as_ref().is_some_and(|trait_| trait_.name == name) {
                spans.push(decl.ty.span);
            }
        });
    }
    if spans.is_empty() {
        spans = symbol_at(snapshot, at).map(|symbol| snapshot.definitions(&symbol)).unwrap_or_default();
    }
    answer(snapshot, &spans).map(lsp::ImplementationResponse::from)
}
