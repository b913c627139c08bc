//! List literals and comprehensions.

use tova_source::Span;
use tova_syntax::ast::{self, CompClause, ListElement};

use super::super::{Body, build, convert};
use crate::{Expr, ExprKind, LocalKind, Place, PlaceRoot, Prim, Type};

impl<'a> Body<'_, 'a> {
    /// `[a, ...b]`
    pub(super) fn list(&mut self, elements: &'a [ListElement], ty: &Type, span: Span) -> Expr {
        let ty = match build::present(ty) {
            list @ (Type::List(_) | Type::Set(_)) => list,
            _ => Type::list(Type::Any),
        };
        let item = match &ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => Type::Any,
        };
        let mut parts: Vec<Expr> = Vec::new();
        let mut run: Vec<Expr> = Vec::new();
        for element in elements {
            if element.spread.is_none() {
                run.push(self.expr_to(&element.value, &item));
                continue;
            }
            if !run.is_empty() {
                parts.push(build::expr(ExprKind::List(std::mem::take(&mut run)), ty.clone(), span));
            }
            parts.push(self.expr_to(&element.value, &ty));
        }
        if !run.is_empty() || parts.is_empty() {
            parts.push(build::expr(ExprKind::List(run), ty.clone(), span));
        }
        let joined = parts.into_iter().reduce(|a, b| build::prim(Prim::ListConcat, vec![a, b], ty.clone(), span));
        joined.unwrap_or_else(|| build::unit(span))
    }

    /// `[e for x in xs if c]`
    pub(super) fn list_comp(&mut self, value: &'a ast::Expr, clause: &'a CompClause, ty: &Type, span: Span) -> Expr {
        let ty = match build::present(ty) {
            list @ Type::List(_) => list,
            _ => Type::list(Type::Any),
        };
        let Type::List(item) = ty.clone() else { return build::unit(span) };
        self.comprehension(clause, ExprKind::List(Vec::new()), ty, span, |body, out| {
            let value = body.expr_to(value, &item);
            convert::push(out, value, span)
        })
    }

    /// `{ k: v for x in xs if c }`
    pub(super) fn record_comp(
        &mut self,
        key: &'a ast::Expr,
        value: &'a ast::Expr,
        clause: &'a CompClause,
        ty: &Type,
        span: Span,
    ) -> Expr {
        let ty = match build::present(ty) {
            map @ Type::Map(..) => map,
            _ => Type::map(Type::Str, Type::Any),
        };
        let Type::Map(key_ty, value_ty) = ty.clone() else { return build::unit(span) };
        self.comprehension(clause, ExprKind::Map(Vec::new()), ty, span, |body, out| {
            let key = body.expr_to(key, &key_ty);
            let value = body.expr_to(value, &value_ty);
            build::expr(
                ExprKind::Update { place: out, name: "map.set".into(), args: vec![key, value] },
                Type::Unit,
                span,
            )
        })
    }

    fn comprehension(
        &mut self,
        clause: &'a CompClause,
        empty: ExprKind,
        ty: Type,
        span: Span,
        step: impl FnOnce(&mut Self, Place) -> Expr,
    ) -> Expr {
        let out = self.local("out", ty.clone(), LocalKind::Mut, span);
        let first = build::let_(out, build::expr(empty, ty.clone(), span));
        let label = self.label();
        let (iter, mut body) = self.for_head(&clause.targets, &clause.iterable);
        let cond = clause.cond.as_ref().map(|cond| self.condition(cond));
        let inner = step(self, Place { root: PlaceRoot::Local(out), path: Vec::new(), ty });
        body.push(match cond {
            Some(cond) => build::if_then(cond, inner),
            None => inner,
        });
        let body = build::block(body, span);
        let walk = build::expr(ExprKind::For { label, iter: Box::new(iter), body: Box::new(body) }, Type::Unit, span);
        let result = self.read(out, span);
        build::block(vec![first, walk, result], span)
    }
}
