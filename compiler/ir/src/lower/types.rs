//! The checker's types as concrete types; records and enums are interned by what they are made of.

use std::collections::HashMap;

use ecow::{EcoString, eco_format};
use indexmap::IndexMap;
use tova_check::tables::{TypeId, TypeInfo, TypeKind};
use tova_check::types::{Ty, TyKind};
use tova_source::Span;

use super::{Lower, names};
use crate::{Enum, EnumId, EnumKind, Field, Record, RecordId, Type, Variant};

/// Records and enums met so far.
#[derive(Default)]
pub(crate) struct Interned {
    declared: HashMap<(TypeId, Vec<Type>), Type>,
    records: HashMap<Vec<(EcoString, Type)>, RecordId>,
    unions: HashMap<Vec<Type>, EnumId>,
    origins: HashMap<Type, TypeId>,
    names: names::Names,
    /// Concrete types outside of generic functions, by the checker's number.
    plain: Vec<Option<Type>>,
}

impl Lower<'_> {
    /// The concrete type, with `args` for the type parameters.
    pub(crate) fn concrete(&mut self, ty: Ty, args: &[Type]) -> Type {
        if !args.is_empty() {
            return self.instantiate(ty, args);
        }
        let index = ty.0 as usize;
        if let Some(Some(known)) = self.types.plain.get(index) {
            return known.clone();
        }
        let made = self.instantiate(ty, args);
        if self.types.plain.len() <= index {
            self.types.plain.resize(index + 1, None);
        }
        if let Some(slot) = self.types.plain.get_mut(index) {
            *slot = Some(made.clone());
        }
        made
    }

    fn instantiate(&mut self, ty: Ty, args: &[Type]) -> Type {
        match self.checked.types.kind(ty).clone() {
            TyKind::Error | TyKind::Var(_) | TyKind::Any => Type::Any,
            TyKind::Param(index, _) => args.get(index as usize).cloned().unwrap_or(Type::Any),
            TyKind::Unit => Type::Unit,
            TyKind::Never => Type::Never,
            TyKind::Bool => Type::Bool,
            TyKind::Int => Type::Int,
            TyKind::Float => Type::Float,
            TyKind::Str => Type::Str,
            TyKind::Duration => Type::Duration,
            TyKind::Size => Type::Size,
            TyKind::View => Type::View,
            TyKind::List(item) => Type::list(self.concrete(item, args)),
            TyKind::Map(key, value) => {
                let key = self.concrete(key, args);
                Type::map(key, self.concrete(value, args))
            }
            TyKind::Set(item) => Type::Set(self.concrete(item, args).into()),
            TyKind::Tuple(items) => Type::Tuple(self.concrete_all(&items, args).into()),
            TyKind::Option(item) => Type::option(self.concrete(item, args)),
            TyKind::Record(fields) => {
                let fields = fields.into_iter().map(|(name, ty)| (name, self.concrete(ty, args))).collect();
                Type::Record(self.plain_record(fields))
            }
            TyKind::Named(id, own) => {
                let own = self.concrete_all(&own, args);
                self.declared(id, own)
            }
            TyKind::Fn(params, ret) => {
                let params = self.concrete_all(&params, args);
                Type::function(params, self.concrete(ret, args))
            }
            TyKind::Union(members) => {
                let members = self.concrete_all(&members, args);
                self.union(members)
            }
        }
    }

    /// Several concrete types.
    pub(crate) fn concrete_all(&mut self, types: &[Ty], args: &[Type]) -> Vec<Type> {
        types.iter().map(|ty| self.concrete(*ty, args)).collect()
    }

    /// A declared type with its arguments.
    pub(crate) fn declared(&mut self, id: TypeId, args: Vec<Type>) -> Type {
        let Some(info) = self.checked.type_decls.get(id.0 as usize) else { return Type::Any };
        match &info.kind {
            TypeKind::Handle(_) => return Type::Handle(info.name.clone()),
            TypeKind::Alias(ty) => return self.concrete(*ty, &args),
            TypeKind::Record(_) | TypeKind::Enum(_) => {}
        }
        let key = (id, args);
        if let Some(ty) = self.types.declared.get(&key) {
            return ty.clone();
        }
        let arg_names: EcoString = key.1.iter().map(|ty| names::of_type(&self.program, ty)).collect();
        let wish = if arg_names.is_empty() { info.name.clone() } else { eco_format!("{}Of{arg_names}", info.name) };
        let name = self.types.names.unique(&wish);
        match &info.kind {
            TypeKind::Record(fields) => {
                let ty = Type::Record(RecordId(self.program.records.len() as u32));
                self.program.records.push(Record {
                    name,
                    shown: Some(info.name.clone()),
                    fields: Vec::new(),
                    docs: info.docs.clone(),
                    span: info.span,
                });
                self.types.declared.insert(key.clone(), ty.clone());
                self.types.origins.insert(ty.clone(), id);
                let fields = fields
                    .iter()
                    .map(|(name, ty)| Field { name: name.clone(), ty: self.concrete(*ty, &key.1) })
                    .collect();
                self.fill_record(&ty, fields);
                if self.checked.error_type == Some(id)
                    && let Type::Record(record) = ty
                {
                    self.program.error = Some(record);
                }
                ty
            }
            TypeKind::Enum(variants) => self.declared_enum(key, info, variants, name),
            TypeKind::Handle(_) | TypeKind::Alias(_) => Type::Any,
        }
    }

    fn declared_enum(
        &mut self,
        key: (TypeId, Vec<Type>),
        info: &TypeInfo<'_>,
        variants: &IndexMap<EcoString, Vec<(EcoString, Ty)>>,
        name: EcoString,
    ) -> Type {
        let enum_ = EnumId(self.program.enums.len() as u32);
        let ty = Type::Enum(enum_);
        let kind = if self.checked.result_type == Some(key.0) { EnumKind::Result } else { EnumKind::Declared };
        self.program.enums.push(Enum { name, kind, variants: Vec::new(), docs: info.docs.clone(), span: info.span });
        self.types.declared.insert(key.clone(), ty.clone());
        self.types.origins.insert(ty.clone(), key.0);
        let mut lowered = Vec::new();
        for (name, fields) in variants {
            let fields = fields.iter().map(|(name, ty)| Field { name: name.clone(), ty: self.concrete(*ty, &key.1) });
            lowered.push(Variant { name: name.clone(), fields: fields.collect() });
        }
        if let Some(slot) = self.program.enums.get_mut(enum_.0 as usize) {
            slot.variants = lowered;
        }
        ty
    }

    fn fill_record(&mut self, ty: &Type, fields: Vec<Field>) {
        if let Type::Record(id) = ty
            && let Some(record) = self.program.records.get_mut(id.0 as usize)
        {
            record.fields = fields;
        }
    }

    /// A record without a declaration.
    pub(crate) fn plain_record(&mut self, fields: Vec<(EcoString, Type)>) -> RecordId {
        if let Some(id) = self.types.records.get(&fields) {
            return *id;
        }
        let id = RecordId(self.program.records.len() as u32);
        let wish: EcoString = std::iter::once(EcoString::from("Record"))
            .chain(fields.iter().take(4).map(|(name, _)| names::capitalized(name)))
            .collect();
        let name = self.types.names.unique(&wish);
        self.program.records.push(Record {
            name,
            shown: None,
            fields: fields.iter().map(|(name, ty)| Field { name: name.clone(), ty: ty.clone() }).collect(),
            docs: None,
            span: Span::default(),
        });
        self.types.records.insert(fields, id);
        id
    }

    /// `A | B`; members that are unions themselves are taken apart, equal ones are merged.
    fn union(&mut self, members: Vec<Type>) -> Type {
        let mut flat = Vec::new();
        let mut optional = false;
        for member in members {
            let member = match member {
                Type::Any => return Type::Any,
                Type::Unit => {
                    optional = true;
                    continue;
                }
                Type::Option(item) => {
                    optional = true;
                    (*item).clone()
                }
                other => other,
            };
            for part in self.union_members(&member).unwrap_or_else(|| vec![member]) {
                if !flat.contains(&part) {
                    flat.push(part);
                }
            }
        }
        let ty = match flat.as_slice() {
            [] => Type::Unit,
            [only] => only.clone(),
            _ => Type::Enum(self.union_enum(flat)),
        };
        if optional { Type::option(ty) } else { ty }
    }

    fn union_enum(&mut self, members: Vec<Type>) -> EnumId {
        if let Some(id) = self.types.unions.get(&members) {
            return *id;
        }
        let id = EnumId(self.program.enums.len() as u32);
        let parts: Vec<EcoString> = members.iter().map(|ty| names::of_type(&self.program, ty)).collect();
        let name = self.types.names.unique(&parts.join("Or"));
        let variants = members
            .iter()
            .zip(parts)
            .map(|(ty, name)| Variant { name, fields: vec![Field { name: "0".into(), ty: ty.clone() }] })
            .collect();
        self.program.enums.push(Enum { name, kind: EnumKind::Union, variants, docs: None, span: Span::default() });
        self.types.unions.insert(members, id);
        id
    }

    /// The members of a union type.
    pub(crate) fn union_members(&self, ty: &Type) -> Option<Vec<Type>> {
        let Type::Enum(id) = ty else { return None };
        let enum_ = self.program.enums.get(id.0 as usize)?;
        (enum_.kind == EnumKind::Union).then(|| {
            enum_.variants.iter().filter_map(|variant| variant.fields.first()).map(|field| field.ty.clone()).collect()
        })
    }

    /// The declaration that a record or enum is an instance of.
    pub(crate) fn origin(&self, ty: &Type) -> Option<TypeId> {
        self.types.origins.get(ty).copied()
    }

    /// The fields of a record.
    pub(crate) fn fields(&self, id: RecordId) -> Vec<Field> {
        self.program.records.get(id.0 as usize).map(|record| record.fields.clone()).unwrap_or_default()
    }

    /// Position and type of a record's field.
    pub(crate) fn field(&self, id: RecordId, name: &str) -> Option<(u32, Type)> {
        let record = self.program.records.get(id.0 as usize)?;
        let index = record.fields.iter().position(|field| field.name == name)?;
        record.fields.get(index).map(|field| (index as u32, field.ty.clone()))
    }

    /// The variants of an enum.
    pub(crate) fn variants(&self, id: EnumId) -> Vec<Variant> {
        self.program.enums.get(id.0 as usize).map(|enum_| enum_.variants.clone()).unwrap_or_default()
    }

    /// Whether an enum is a `Result`.
    pub(crate) fn is_result(&self, id: EnumId) -> bool {
        self.program.enums.get(id.0 as usize).is_some_and(|enum_| enum_.kind == EnumKind::Result)
    }

    /// The record `Error`.
    pub(crate) fn error_record(&mut self) -> RecordId {
        let declared = self.checked.error_type.map(|id| self.declared(id, Vec::new()));
        match declared {
            Some(Type::Record(id)) => id,
            _ => {
                let option = |ty| Type::option(ty);
                let id = self.plain_record(vec![
                    ("message".into(), Type::Str),
                    ("code".into(), option(Type::Str)),
                    ("status".into(), option(Type::Int)),
                ]);
                self.program.error = Some(id);
                id
            }
        }
    }
}
