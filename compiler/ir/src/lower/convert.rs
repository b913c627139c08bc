//! Conversions at places with an expected type, made explicit from the two types.

use tova_source::Span;

use super::{Body, build};
use crate::{
    Closure, Effects, EnumCase, EnumId, Expr, ExprKind, FnType, ForIter, LocalKind, Place, PlaceRoot, Prim, RecordId,
    Type,
};

impl Body<'_, '_> {
    /// The value as one of type `to`.
    pub(crate) fn convert(&mut self, value: Expr, to: &Type) -> Expr {
        if value.ty == *to || value.ty == Type::Never {
            return value;
        }
        let span = value.span;
        match (value.ty.clone(), to) {
            (_, Type::Unit) => build::block(vec![value, build::unit(span)], span),
            (Type::Unit, Type::Option(_) | Type::Any) => self.nil_after(value, to),
            (Type::Option(from), Type::Option(item)) => self.convert_option(value, &from, item, to),
            (Type::Any, _) if matches!(&value.kind, ExprKind::ToAny(inner) if inner.ty != Type::Any) => {
                match value.kind {
                    ExprKind::ToAny(inner) => self.convert(*inner, to),
                    kind => Expr { kind, ty: Type::Any, span },
                }
            }
            (Type::Any, _) => build::expr(ExprKind::FromAny(Box::new(value)), to.clone(), span),
            (_, Type::Any) => build::expr(ExprKind::ToAny(Box::new(value)), Type::Any, span),
            (_, Type::Option(item)) => {
                let value = self.convert(value, item);
                if value.ty == Type::Never { value } else { build::some(value) }
            }
            (Type::Option(from), _) => {
                let value = build::prim(Prim::Unwrap, vec![value], (*from).clone(), span);
                self.convert(value, to)
            }
            (Type::Int, Type::Float) => widen(value),
            (Type::Int, Type::Duration | Type::Size) => counted(value, to),
            (Type::Duration, Type::Int) => build::intrinsic("duration.ms", vec![value], Type::Int, span),
            (Type::Size, Type::Int) => build::intrinsic("size.bytes", vec![value], Type::Int, span),
            (from, Type::Enum(enum_)) if self.lower.union_members(to).is_some() => {
                self.convert_into_union(value, &from, *enum_)
            }
            (Type::Enum(enum_), _) if self.lower.union_members(&value.ty).is_some() => {
                self.convert_from_union(value, enum_, to)
            }
            (Type::Enum(from), Type::Enum(enum_)) => self.convert_enum(value, from, *enum_),
            (Type::Record(from), Type::Record(record)) => self.convert_record(value, from, *record),
            (Type::Record(from), Type::Map(..)) => self.convert_record_to_map(value, from, to),
            (Type::List(_) | Type::Set(_), Type::List(item)) => self.convert_list(value, item, to),
            (Type::Map(key, _), Type::Map(to_key, item)) if key == *to_key => self.convert_map(value, item, to),
            (Type::Tuple(_), Type::Tuple(items)) => self.convert_tuple(value, items, to),
            (Type::Fn(from), Type::Fn(function)) => self.convert_fn(value, &from, function),
            _ => value,
        }
    }

    fn nil_after(&mut self, value: Expr, to: &Type) -> Expr {
        let span = value.span;
        let nil = build::nil(to.clone(), span);
        if build::is_literal(&value) { nil } else { build::block(vec![value, nil], span) }
    }

    fn convert_option(&mut self, value: Expr, from: &Type, item: &Type, to: &Type) -> Expr {
        let span = value.span;
        if let ExprKind::Nil = value.kind {
            return build::nil(to.clone(), span);
        }
        if let ExprKind::Some(inner) = value.kind {
            return build::some(self.convert(*inner, item));
        }
        let local = self.local("value", from.clone(), LocalKind::Let, span);
        let some = self.read(local, span);
        let some = build::some(self.convert(some, item));
        build::switch_option(value, Some(local), some, build::nil(to.clone(), span))
    }

    fn convert_into_union(&mut self, value: Expr, from: &Type, enum_: EnumId) -> Expr {
        let span = value.span;
        let members = self.lower.union_members(&Type::Enum(enum_)).unwrap_or_default();
        if let Some(index) = members.iter().position(|member| member == from) {
            return build::variant(enum_, index as u32, vec![value], span);
        }
        if let (Type::Enum(from), Some(parts)) = (from, self.lower.union_members(from)) {
            let cases = parts.iter().enumerate().map(|(index, part)| {
                let local = self.local("value", part.clone(), LocalKind::Let, span);
                let read = self.read(local, span);
                let body = self.convert_into_union(read, part, enum_);
                EnumCase { variant: index as u32, bindings: vec![Some(local)], body }
            });
            let cases = cases.collect();
            return switch(value, *from, cases, None, Type::Enum(enum_));
        }
        let like = members.iter().position(|member| self.fits(from, member));
        match like.and_then(|index| members.get(index).map(|member| (index, member.clone()))) {
            Some((index, member)) => {
                let value = self.convert(value, &member);
                build::variant(enum_, index as u32, vec![value], span)
            }
            None => value,
        }
    }

    /// Whether a member of a union can take values of another type.
    fn fits(&self, from: &Type, to: &Type) -> bool {
        match (from, to) {
            (Type::Int, Type::Float) | (Type::Record(_), Type::Record(_) | Type::Map(..)) => true,
            (Type::List(from), Type::List(to)) => from == to || self.fits(from, to) || **from == Type::Never,
            (Type::Enum(_), Type::Enum(_)) => self.lower.origin(from) == self.lower.origin(to),
            _ => false,
        }
    }

    fn convert_from_union(&mut self, value: Expr, enum_: EnumId, to: &Type) -> Expr {
        let span = value.span;
        let members = self.lower.union_members(&Type::Enum(enum_)).unwrap_or_default();
        let index = members
            .iter()
            .position(|member| member == to)
            .or_else(|| members.iter().position(|member| self.fits(member, to)));
        let Some((index, member)) = index.and_then(|index| members.get(index).map(|member| (index, member.clone())))
        else {
            return value;
        };
        let local = self.local("value", member, LocalKind::Let, span);
        let read = self.read(local, span);
        let body = self.convert(read, to);
        let case = EnumCase { variant: index as u32, bindings: vec![Some(local)], body };
        switch(value, enum_, vec![case], Some(build::panic("the value has another type", span)), to.clone())
    }

    fn convert_enum(&mut self, value: Expr, from: EnumId, to: EnumId) -> Expr {
        let span = value.span;
        let (old, new) = (self.lower.variants(from), self.lower.variants(to));
        if let ExprKind::Variant { variant, args, .. } = value.kind {
            let fields = new.get(variant as usize).map(|variant| variant.fields.clone()).unwrap_or_default();
            let args = args.into_iter().zip(fields).map(|(arg, field)| self.convert(arg, &field.ty)).collect();
            return build::variant(to, variant, args, span);
        }
        let mut cases = Vec::new();
        for (index, variant) in old.into_iter().enumerate() {
            let Some(target) = new.get(index) else { continue };
            let mut bindings = Vec::new();
            let mut args = Vec::new();
            for (field, target) in variant.fields.iter().zip(&target.fields) {
                let local = self.local(&field.name, field.ty.clone(), LocalKind::Let, span);
                let read = self.read(local, span);
                bindings.push(Some(local));
                args.push(self.convert(read, &target.ty));
            }
            let body = build::variant(to, index as u32, args, span);
            cases.push(EnumCase { variant: index as u32, bindings, body });
        }
        switch(value, from, cases, None, Type::Enum(to))
    }

    fn convert_record(&mut self, value: Expr, from: RecordId, to: RecordId) -> Expr {
        let span = value.span;
        let mut exprs = Vec::new();
        let base = self.keep("record", value, &mut exprs);
        let mut fields = Vec::new();
        for field in self.lower.fields(to) {
            let read = match self.lower.field(from, &field.name) {
                Some((index, ty)) => build::expr(ExprKind::Field { object: Box::new(base.clone()), index }, ty, span),
                None => build::unit(span),
            };
            fields.push(self.convert(read, &field.ty));
        }
        exprs.push(build::expr(ExprKind::Record { record: to, fields }, Type::Record(to), span));
        build::block(exprs, span)
    }

    fn convert_record_to_map(&mut self, value: Expr, from: RecordId, to: &Type) -> Expr {
        let Type::Map(_, item) = to else { return value };
        let span = value.span;
        let mut exprs = Vec::new();
        let base = self.keep("record", value, &mut exprs);
        let mut entries = Vec::new();
        for (index, field) in self.lower.fields(from).into_iter().enumerate() {
            let read = ExprKind::Field { object: Box::new(base.clone()), index: index as u32 };
            let read = self.convert(build::expr(read, field.ty, span), item);
            entries.push((build::str(field.name, span), read));
        }
        exprs.push(build::expr(ExprKind::Map(entries), to.clone(), span));
        build::block(exprs, span)
    }

    fn convert_list(&mut self, value: Expr, item: &Type, to: &Type) -> Expr {
        let span = value.span;
        if let ExprKind::List(items) = value.kind {
            let items = items.into_iter().map(|e| self.convert(e, item)).collect();
            return build::expr(ExprKind::List(items), to.clone(), span);
        }
        let from = match &value.ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => return value,
        };
        let local = self.local("item", from, LocalKind::Let, span);
        let iter = ForIter::Items { item: local, index: None, list: value };
        let read = self.read(local, span);
        let read = self.convert(read, item);
        self.collect_into(to.clone(), ExprKind::List(Vec::new()), iter, span, |_, out| push(out, read, span))
    }

    fn convert_map(&mut self, value: Expr, item: &Type, to: &Type) -> Expr {
        let span = value.span;
        if let ExprKind::Map(entries) = value.kind {
            let entries = entries.into_iter().map(|(key, value)| (key, self.convert(value, item))).collect();
            return build::expr(ExprKind::Map(entries), to.clone(), span);
        }
        let Type::Map(from_key, from_item) = value.ty.clone() else { return value };
        let key = self.local("key", (*from_key).clone(), LocalKind::Let, span);
        let entry = self.local("value", (*from_item).clone(), LocalKind::Let, span);
        let iter = ForIter::Entries { key, value: entry, map: value };
        let key = self.read(key, span);
        let read = self.read(entry, span);
        let read = self.convert(read, item);
        self.collect_into(to.clone(), ExprKind::Map(Vec::new()), iter, span, |_, out| {
            build::expr(
                ExprKind::Update { place: out, name: "map.set".into(), args: vec![key, read] },
                Type::Unit,
                span,
            )
        })
    }

    /// A loop that fills a new list or map.
    pub(crate) fn collect_into(
        &mut self,
        ty: Type,
        empty: ExprKind,
        iter: ForIter,
        span: Span,
        step: impl FnOnce(&mut Self, Place) -> Expr,
    ) -> Expr {
        let out = self.local("out", ty.clone(), LocalKind::Mut, span);
        let first = build::let_(out, build::expr(empty, ty.clone(), span));
        let label = self.label();
        let body = step(self, Place { root: PlaceRoot::Local(out), path: Vec::new(), ty });
        let walk = build::expr(ExprKind::For { label, iter: Box::new(iter), body: Box::new(body) }, Type::Unit, span);
        let result = self.read(out, span);
        build::block(vec![first, walk, result], span)
    }

    fn convert_tuple(&mut self, value: Expr, items: &[Type], to: &Type) -> Expr {
        let span = value.span;
        if let ExprKind::Tuple(parts) = value.kind {
            let parts = parts.into_iter().zip(items).map(|(part, ty)| self.convert(part, ty)).collect();
            return build::expr(ExprKind::Tuple(parts), to.clone(), span);
        }
        let Type::Tuple(from) = value.ty.clone() else { return value };
        let mut exprs = Vec::new();
        let base = self.keep("tuple", value, &mut exprs);
        let mut parts = Vec::new();
        for (index, (from, to)) in from.iter().zip(items).enumerate() {
            let read = ExprKind::TupleField { object: Box::new(base.clone()), index: index as u32 };
            parts.push(self.convert(build::expr(read, from.clone(), span), to));
        }
        exprs.push(build::expr(ExprKind::Tuple(parts), to.clone(), span));
        build::block(exprs, span)
    }

    /// A function that takes what the place gives, and passes on what `value` takes.
    fn convert_fn(&mut self, value: Expr, from: &FnType, to: &FnType) -> Expr {
        let span = value.span;
        let mut exprs = Vec::new();
        let callee = self.keep("f", value, &mut exprs);
        let params: Vec<_> = to.params.iter().map(|ty| self.local("arg", ty.clone(), LocalKind::Let, span)).collect();
        let mut args = Vec::new();
        for (param, ty) in params.iter().zip(&from.params) {
            let read = self.read(*param, span);
            args.push(self.convert(read, ty));
        }
        let call = match callee.kind {
            ExprKind::FnValue(function) => ExprKind::Call { function, args },
            _ => ExprKind::CallValue { callee: Box::new(callee), args },
        };
        let call = build::expr(call, from.ret.clone(), span);
        let body = self.convert(call, &to.ret);
        let ty = Type::function(to.params.clone(), to.ret.clone());
        let closure = Closure { params, captures: Vec::new(), ret: to.ret.clone(), body, effects: Effects::default() };
        exprs.push(build::expr(ExprKind::Closure(Box::new(closure)), ty, span));
        build::block(exprs, span)
    }
}

/// `out.push(item)`
pub(crate) fn push(out: Place, item: Expr, span: Span) -> Expr {
    build::expr(ExprKind::Update { place: out, name: "list.push".into(), args: vec![item] }, Type::Unit, span)
}

/// An int as that many milliseconds or bytes.
fn counted(value: Expr, to: &Type) -> Expr {
    let span = value.span;
    let one = if *to == Type::Duration { ExprKind::Duration(1) } else { ExprKind::Size(1) };
    build::prim(Prim::Mul, vec![build::expr(one, to.clone(), span), value], to.clone(), span)
}

/// An int as a float; a literal becomes one.
pub(crate) fn widen(value: Expr) -> Expr {
    let span = value.span;
    match value.kind {
        ExprKind::Int(n) => build::expr(ExprKind::Float(n as f64), Type::Float, span),
        _ => build::prim(Prim::IntToFloat, vec![value], Type::Float, span),
    }
}

/// A decision by variant.
pub(crate) fn switch(subject: Expr, enum_: EnumId, cases: Vec<EnumCase>, default: Option<Expr>, ty: Type) -> Expr {
    let span = subject.span;
    let kind = ExprKind::SwitchEnum { subject: Box::new(subject), enum_, cases, default: default.map(Box::new) };
    build::expr(kind, ty, span)
}
