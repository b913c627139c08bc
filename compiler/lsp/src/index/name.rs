//! From what the checker says of a name to its symbol.

use ecow::EcoString;
use tova_check::tables::{FnIdx, ModelIdx, Place, Res, TypeId, TypeKind};
use tova_check::types::{Ty, TyKind};
use tova_source::Span;
use tova_syntax::ast::{Expr, Ident, NodeId};

use super::Walker;
use crate::symbol::{Form, Role, Symbol};

impl Walker<'_, '_> {
    /// A name that is an expression, or the last part of one. `object` is what stands before its dot.
    pub(super) fn resolved(&mut self, id: NodeId, name: &EcoString, span: Span, object: Option<&Expr>, role: Role) {
        let Some(res) = self.checked.names.get(&id) else { return };
        let symbol = match res {
            Res::Local(var) => Symbol::Local(*var),
            Res::Global(global) => Symbol::Global(*global),
            Res::Fn(function) | Res::Method(function) | Res::Rpc(function) => Symbol::Fn(*function),
            Res::Record(ty) => Symbol::Type(*ty),
            Res::Variant(ty, index) => Symbol::Variant(*ty, *index),
            Res::Component(component) => Symbol::Component(*component),
            Res::Path => return self.path(name, span),
            Res::Field(_) => {
                let Some(ty) = object.and_then(|object| self.declared(self.checked.expr_ty(object))) else { return };
                Symbol::Field(ty, name.clone())
            }
            Res::Property { ty, name } => match self.type_names.get(ty) {
                Some(ty) => Symbol::Field(*ty, name.clone()),
                None => return,
            },
            Res::RequestField(_) => match self.place {
                Place::Server(server) => Symbol::RequestField(server, name.clone()),
                Place::Shared | Place::Client => return,
            },
            Res::Query(_, operation) => Symbol::Query(*operation),
            // They have no declaration.
            Res::SomeOf
            | Res::NoneOf
            | Res::Member
            | Res::DurationUnit(_)
            | Res::SizeUnit(_)
            | Res::Length
            | Res::Next
            | Res::Error => return,
        };
        self.add(span, symbol, role);
    }

    /// A name before a dot that is no value: a server, a model, a store, a type, a namespace.
    fn path(&mut self, name: &EcoString, span: Span) {
        if self.place == Place::Client || !self.type_names.contains_key(name) {
            let servers = &self.checked.servers;
            if servers.iter().any(|server| server.name.as_ref() == Some(name)) {
                return self.add_as(span, Symbol::Server(Some(name.clone())), Role::Read, Form::Plain);
            }
            if name == "server" && !servers.is_empty() {
                return self.add_as(span, Symbol::Server(None), Role::Read, Form::Derived);
            }
        }
        if let Some(ty) = self.model_named(name).or_else(|| self.type_names.get(name).copied()) {
            return self.add(span, Symbol::Type(ty), Role::Read);
        }
        let mark = ecow::eco_format!("{name}.");
        if self.checked.globals.iter().any(|global| global.name.starts_with(mark.as_str()))
            || self.checked.fns.iter().any(|info| !info.std && info.name.starts_with(mark.as_str()))
        {
            return self.add(span, Symbol::Store(name.clone()), Role::Read);
        }
        self.add_as(span, Symbol::Namespace(name.clone()), Role::Read, Form::Derived);
    }

    fn model_named(&self, name: &EcoString) -> Option<TypeId> {
        let found = self.checked.models.iter().find(|model| {
            let declared = &model.decl.name.name;
            declared == name || name.strip_suffix("Model") == Some(declared.as_str())
        });
        found.map(|model| model.row)
    }

    pub(super) fn row_of(&self, model: ModelIdx) -> Option<TypeId> {
        self.checked.models.get(model.0 as usize).map(|model| model.row)
    }

    /// The declared type of a value, options looked through.
    pub(super) fn declared(&self, ty: Ty) -> Option<TypeId> {
        match self.checked.types.kind(ty) {
            TyKind::Named(id, _) => Some(*id),
            TyKind::Option(inner) => self.declared(*inner),
            _ => None,
        }
    }

    /// A key of a literal or pattern of a declared record.
    pub(super) fn field_of(&mut self, ty: Ty, name: &Ident, role: Role, form: Form) {
        let Some(id) = self.declared(ty) else { return };
        if let Some(info) = self.checked.type_decls.get(id.0 as usize)
            && let TypeKind::Record(fields) = &info.kind
            && fields.contains_key(&name.name)
        {
            self.add_as(name.span, Symbol::Field(id, name.name.clone()), role, form);
        }
    }

    /// The key of a condition on a model: a column, with a comparison or without.
    pub(super) fn column_of(&mut self, row: TypeId, key: &Ident, form: Form) {
        let fields = match self.checked.type_decls.get(row.0 as usize).map(|info| &info.kind) {
            Some(TypeKind::Record(fields)) => fields,
            _ => return,
        };
        if fields.contains_key(&key.name) {
            return self.add_as(key.span, Symbol::Field(row, key.name.clone()), Role::Read, form);
        }
        let Some((column, _)) = tova_check::split_comparison(&key.name) else { return };
        if fields.contains_key(column) {
            let end = key.span.start + u32::try_from(column.len()).unwrap_or(0);
            let span = Span::new(key.span.file, key.span.start, end.min(key.span.end));
            self.add(span, Symbol::Field(row, column.into()), Role::Read);
        }
    }

    /// The parameter of a function that `name:` at a call means.
    pub(super) fn named_argument(&mut self, callee: &Expr, name: &Ident) {
        match self.checked.names.get(&callee.id) {
            Some(Res::Fn(function) | Res::Method(function) | Res::Rpc(function)) => {
                self.parameter(*function, name);
            }
            Some(Res::Record(ty)) => self.add(name.span, Symbol::Field(*ty, name.name.clone()), Role::Read),
            Some(Res::Variant(ty, index)) => self.variant_field(*ty, *index, name),
            _ => {}
        }
    }

    fn parameter(&mut self, function: FnIdx, name: &Ident) {
        let Some(info) = self.checked.fns.get(function.0 as usize) else { return };
        for param in &info.decl.params {
            if let tova_syntax::ast::PatternKind::Name(declared) = &param.pattern.kind
                && *declared == name.name
                && let Some(Res::Local(var)) = self.checked.names.get(&param.pattern.id)
            {
                return self.add(name.span, Symbol::Local(*var), Role::Read);
            }
        }
    }

    pub(super) fn variant_field(&mut self, ty: TypeId, variant: u32, name: &Ident) {
        let Some(info) = self.checked.type_decls.get(ty.0 as usize) else { return };
        if let TypeKind::Enum(variants) = &info.kind
            && let Some((_, fields)) = variants.get_index(variant as usize)
            && let Some(index) = fields.iter().position(|(field, _)| *field == name.name)
        {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            self.add(name.span, Symbol::VariantField(ty, variant, index), Role::Read);
        }
    }
}
