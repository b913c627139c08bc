//! Record literals and constructors of records and variants.

use std::rc::Rc;

use ecow::EcoString;
use tova_check::tables::{ArgFrom, TypeId};
use tova_source::Span;
use tova_syntax::ast::{self, Arg, FieldDecl, RecordEntry, TypeBody};

use super::body::Frame;
use super::call::Source;
use super::{Body, Return, build};
use crate::{Expr, ExprKind, Field, ForIter, LocalKind, Place, PlaceRoot, RecordId, Type};

impl<'a> Body<'_, 'a> {
    /// `{ a: 1, ...b }`: a record, a map or dynamic data, by its type.
    pub(crate) fn record(&mut self, entries: &'a [RecordEntry], ty: &Type, span: Span) -> Expr {
        match build::present(ty) {
            Type::Record(id) => self.record_literal(entries, id, span),
            Type::Map(key, value) => self.map_literal(entries, &key, &value, span),
            _ => {
                let map = self.map_literal(entries, &Type::Str, &Type::Any, span);
                self.convert(map, &Type::Any)
            }
        }
    }

    fn record_literal(&mut self, entries: &'a [RecordEntry], id: RecordId, span: Span) -> Expr {
        let fields = self.lower.fields(id);
        let mut before = Vec::new();
        let mut values: Vec<Option<Expr>> = vec![None; fields.len()];
        let mut base = None;
        let mut last = None;
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                    let Some(index) = fields.iter().position(|field| field.name == name.name) else { continue };
                    let Some(field) = fields.get(index) else { continue };
                    let value = self.expr_to(value, &field.ty);
                    let in_order = last.is_none_or(|last| last < index);
                    let value = if in_order { value } else { self.keep(&field.name, value, &mut before) };
                    last = Some(index);
                    set(&mut values, index, value);
                }
                RecordEntry::Spread { value, .. } => {
                    let value = self.expr(value);
                    let value = self.keep("base", value, &mut before);
                    if value.ty == Type::Record(id) && values.iter().all(Option::is_none) {
                        base = Some(value);
                    } else {
                        self.spread_fields(&value, &fields, &mut values, span);
                    }
                }
                RecordEntry::Computed { .. } => {}
            }
        }
        before.push(self.finish_record(id, base, values, &fields, span));
        build::block(before, span)
    }

    fn spread_fields(&mut self, value: &Expr, fields: &[Field], values: &mut [Option<Expr>], span: Span) {
        let Type::Record(from) = value.ty else { return };
        for (index, field) in fields.iter().enumerate() {
            if self.lower.field(from, &field.name).is_some() {
                let read = self.field(value.clone(), &field.name, span);
                let read = self.convert(read, &field.ty);
                set(values, index, read);
            }
        }
    }

    fn finish_record(
        &mut self,
        id: RecordId,
        base: Option<Expr>,
        values: Vec<Option<Expr>>,
        fields: &[Field],
        span: Span,
    ) -> Expr {
        let ty = Type::Record(id);
        if let Some(base) = base {
            let fields =
                values.into_iter().zip(0..).filter_map(|(value, index)| value.map(|value| (index, value))).collect();
            return build::expr(ExprKind::RecordUpdate { record: id, base: Box::new(base), fields }, ty, span);
        }
        let mut all = Vec::new();
        for (index, (value, field)) in values.into_iter().zip(fields).enumerate() {
            all.push(match value {
                Some(value) => value,
                None => self.field_default(&ty, index, &field.ty, span),
            });
        }
        build::expr(ExprKind::Record { record: id, fields: all }, ty, span)
    }

    /// What a field that is not given has: its default, or nil.
    fn field_default(&mut self, record: &Type, index: usize, ty: &Type, span: Span) -> Expr {
        let decls = self.lower.origin(record).and_then(|id| self.field_decls(id));
        if let Some(default) = decls.and_then(|decls| decls.get(index)).and_then(|decl| decl.default.as_ref()) {
            let frame = Frame::new(Rc::new([]), Return::Function(ty.clone()));
            return self.in_new_frame(frame, |body| body.expr_to(default, ty));
        }
        let nil = build::unit(span);
        self.convert(nil, ty)
    }

    fn field_decls(&self, id: TypeId) -> Option<&'a [FieldDecl]> {
        match &self.lower.checked.type_decls.get(id.0 as usize)?.decl?.body {
            TypeBody::Record(fields) => Some(fields),
            TypeBody::Enum(..) | TypeBody::Alias(_) | TypeBody::Error => None,
        }
    }

    fn map_literal(&mut self, entries: &'a [RecordEntry], key_ty: &Type, value_ty: &Type, span: Span) -> Expr {
        let ty = Type::map(key_ty.clone(), value_ty.clone());
        let mut pairs = Vec::new();
        let mut exprs = Vec::new();
        let mut out = None;
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                    let key = self.key(&name.name, key_ty, name.span);
                    let value = self.expr_to(value, value_ty);
                    pairs.push((key, value));
                }
                RecordEntry::Computed { key, value } => {
                    let key = self.expr_to(key, key_ty);
                    let value = self.expr_to(value, value_ty);
                    pairs.push((key, value));
                }
                RecordEntry::Spread { value, .. } => {
                    let place = self.map_so_far(&ty, &mut out, std::mem::take(&mut pairs), &mut exprs, span);
                    let value = self.expr_to(value, &ty);
                    exprs.push(self.merge(place, value, key_ty, value_ty, span));
                }
            }
        }
        if out.is_none() {
            return build::expr(ExprKind::Map(pairs), ty, span);
        }
        let place = self.map_so_far(&ty, &mut out, pairs, &mut exprs, span);
        exprs.push(self.read_place(&place, span));
        build::block(exprs, span)
    }

    /// Sets all entries of a map in a place.
    fn merge(&mut self, place: Place, map: Expr, key_ty: &Type, value_ty: &Type, span: Span) -> Expr {
        let key = self.local("key", key_ty.clone(), LocalKind::Let, span);
        let value = self.local("value", value_ty.clone(), LocalKind::Let, span);
        let args = vec![self.read(key, span), self.read(value, span)];
        let set = build::expr(ExprKind::Update { place, name: "map.set".into(), args }, Type::Unit, span);
        let iter = Box::new(ForIter::Entries { key, value, map });
        build::expr(ExprKind::For { label: self.label(), iter, body: Box::new(set) }, Type::Unit, span)
    }

    /// The local that a map with spreads is made in, with the pairs added.
    fn map_so_far(
        &mut self,
        ty: &Type,
        out: &mut Option<Place>,
        pairs: Vec<(Expr, Expr)>,
        exprs: &mut Vec<Expr>,
        span: Span,
    ) -> Place {
        if let Some(place) = out {
            for (key, value) in pairs {
                let set = ExprKind::Update { place: place.clone(), name: "map.set".into(), args: vec![key, value] };
                exprs.push(build::expr(set, Type::Unit, span));
            }
            return place.clone();
        }
        let local = self.local("out", ty.clone(), LocalKind::Mut, span);
        exprs.push(build::let_(local, build::expr(ExprKind::Map(pairs), ty.clone(), span)));
        let place = Place { root: PlaceRoot::Local(local), path: Vec::new(), ty: ty.clone() };
        *out = Some(place.clone());
        place
    }

    fn key(&mut self, name: &EcoString, ty: &Type, span: Span) -> Expr {
        match (ty, name.parse::<i64>()) {
            (Type::Int, Ok(n)) => build::int(n, span),
            _ => {
                let key = build::str(name.clone(), span);
                self.convert(key, ty)
            }
        }
    }

    /// `User(id: 1, name: "Ada")`
    pub(crate) fn construct_record(
        &mut self,
        e: &'a ast::Expr,
        args: &'a [Arg],
        piped: Option<Source<'a>>,
        ty: &Type,
    ) -> Expr {
        let Type::Record(id) = build::present(ty) else { return build::unit(e.span) };
        let fields = self.lower.fields(id);
        let (mut before, values) = self.field_values(e, args, piped, &fields);
        before.push(self.finish_record(id, None, values, &fields, e.span));
        build::block(before, e.span)
    }

    /// `Circle(2.0)`
    pub(crate) fn construct_variant(
        &mut self,
        e: &'a ast::Expr,
        index: u32,
        args: &'a [Arg],
        piped: Option<Source<'a>>,
        ty: &Type,
    ) -> Expr {
        let Type::Enum(id) = build::present(ty) else { return build::unit(e.span) };
        let fields =
            self.lower.variants(id).get(index as usize).map(|variant| variant.fields.clone()).unwrap_or_default();
        let (mut before, values) = self.field_values(e, args, piped, &fields);
        let mut all = Vec::new();
        for (value, field) in values.into_iter().zip(&fields) {
            all.push(match value {
                Some(value) => value,
                None => self.convert(build::unit(e.span), &field.ty),
            });
        }
        before.push(build::variant(id, index, all, e.span));
        build::block(before, e.span)
    }

    /// The values of a constructor's arguments in the order of the fields.
    fn field_values(
        &mut self,
        e: &'a ast::Expr,
        args: &'a [Arg],
        piped: Option<Source<'a>>,
        fields: &[Field],
    ) -> (Vec<Expr>, Vec<Option<Expr>>) {
        let mut values = vec![None; fields.len()];
        let mut before = Vec::new();
        let mut last = None;
        let given = piped.into_iter().map(|source| (ArgFrom::Receiver, source));
        let given =
            given.chain(args.iter().zip(0..).map(|(arg, index)| (ArgFrom::Arg(index), Source::Ast(&arg.value))));
        for (position, (from, source)) in given.enumerate() {
            let index = match self.lower.checked.call_args.get(&e.id) {
                Some(mapping) => mapping.iter().position(|other| *other == from),
                None => self.field_position(args, &from, position, fields),
            };
            let Some((index, field)) = index.and_then(|index| fields.get(index).map(|field| (index, field))) else {
                continue;
            };
            let value = self.source(source, &field.ty);
            let in_order = last.is_none_or(|last| last < index);
            let value = if in_order { value } else { self.keep(&field.name, value, &mut before) };
            last = Some(index);
            set(&mut values, index, value);
        }
        (before, values)
    }

    fn field_position(&self, args: &[Arg], from: &ArgFrom, position: usize, fields: &[Field]) -> Option<usize> {
        let named = match from {
            ArgFrom::Arg(index) => args.get(*index as usize).and_then(|arg| arg.name.as_ref()),
            ArgFrom::Receiver | ArgFrom::Default | ArgFrom::Rest(_) => None,
        };
        match named {
            Some(name) => fields.iter().position(|field| field.name == name.name),
            None => Some(position),
        }
    }

    /// A record of values in the order of its fields.
    pub(crate) fn record_of(&mut self, args: Vec<Expr>, ty: &Type, span: Span) -> Expr {
        let Type::Record(id) = build::present(ty) else { return build::unit(span) };
        let fields = self.lower.fields(id);
        let mut args = args.into_iter();
        let mut values = Vec::new();
        for field in &fields {
            values.push(args.next().map(|value| self.convert(value, &field.ty)));
        }
        self.finish_record(id, None, values, &fields, span)
    }

    /// A variant of values in the order of its fields.
    pub(crate) fn variant_of(&mut self, index: u32, args: Vec<Expr>, ty: &Type, span: Span) -> Expr {
        let Type::Enum(id) = build::present(ty) else { return build::unit(span) };
        let fields =
            self.lower.variants(id).get(index as usize).map(|variant| variant.fields.clone()).unwrap_or_default();
        let args = args.into_iter().zip(&fields).map(|(arg, field)| self.convert(arg, &field.ty)).collect();
        build::variant(id, index, args, span)
    }
}

fn set(values: &mut [Option<Expr>], index: usize, value: Expr) {
    if let Some(slot) = values.get_mut(index) {
        *slot = Some(value);
    }
}
