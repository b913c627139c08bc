//! Declarations.

use tova_check::tables::{GlobalIdx, Place, TypeId};
use tova_syntax::ast::{
    Attribute, BenchDecl, BlockDecl, BlockKind, FieldDecl, FnDecl, ImplDecl, ImportDecl, ImportNames, Item, ItemKind,
    NodeId, TestDecl, TestHook, TraitDecl, TypeBody, TypeDecl, Validator, VariantDecl, VariantField,
};

use super::{Owner, Scoped, Walker};
use crate::symbol::{Form, Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    pub(super) fn item(&mut self, item: &Item) {
        let Item { id: _, span, docs, attributes, public: _, kind } = item;
        self.attributes(attributes);
        self.docs.clone_from(docs);
        match kind {
            ItemKind::Fn(decl) => self.function(item, decl),
            ItemKind::Type(decl) => self.extent(*span, |this| this.type_decl(decl)),
            ItemKind::Impl(ImplDecl { id, trait_: _, type_params, ty, items }) => self.extent(*span, |this| {
                this.with_type_params(*id, type_params, |this| {
                    this.ty(ty);
                    this.items(items);
                });
            }),
            ItemKind::Trait(TraitDecl { id: _, name: _, items }) => self.items(items),
            ItemKind::Import(import) => self.import(import),
            ItemKind::Block(block) => self.block_decl(item, block),
            ItemKind::Server(decl) => self.server(item, decl),
            ItemKind::Client(decl) => self.client(item, decl),
            ItemKind::Test(TestDecl { id: _, keyword, name, timeout, body }) => {
                self.exprs(timeout);
                let name_span = name.as_ref().map_or(*keyword, |name| name.span);
                let name = name.as_ref().map_or_else(|| "test".into(), |name| name.name.clone());
                self.owned(Owner { name, symbol: None, name_span, span: *span }, |this| this.block(body));
            }
            ItemKind::Bench(BenchDecl { id: _, keyword, name, body }) => {
                let name_span = name.as_ref().map_or(*keyword, |name| name.span);
                let name = name.as_ref().map_or_else(|| "bench".into(), |name| name.name.clone());
                self.owned(Owner { name, symbol: None, name_span, span: *span }, |this| this.block(body));
            }
            // What a hook before a test declares, the rest of the test can use.
            ItemKind::TestHook(TestHook { id: _, keyword: _, time: _, body }) => self.stmts(&body.stmts),
            ItemKind::Stmt(stmt) => self.stmt(stmt),
            ItemKind::Error => {}
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        for Attribute { span: _, name: _, args } in attributes {
            self.exprs(args);
        }
    }

    fn function(&mut self, item: &Item, decl: &FnDecl) {
        let FnDecl { id, async_: _, name, type_params, params, ret, body } = decl;
        let function = self.fns.get(id).copied();
        let symbol = function.map(Symbol::Fn);
        if let Some(symbol) = &symbol {
            self.define(name, symbol.clone());
        }
        let nested = function.filter(|id| self.checked.fns.get(id.0 as usize).is_some_and(|info| info.nested));
        if let (Some(function), Some(around)) = (nested, self.extents.last()) {
            self.out.local_fns.push(Scoped { value: function, span: *around });
        }
        let owner = Owner { name: name.name.clone(), symbol, name_span: name.span, span: item.span };
        self.owned(owner, |this| {
            this.extent(item.span, |this| {
                this.with_type_params(*id, type_params, |this| {
                    this.params(params);
                    this.tys(ret);
                    body.iter().for_each(|body| this.block(body));
                });
            });
        });
    }

    fn type_decl(&mut self, decl: &TypeDecl) {
        let TypeDecl { id, name, params, body, derives: _ } = decl;
        let Some(ty) = self.types.get(id).copied() else { return };
        self.define(name, Symbol::Type(ty));
        self.with_type_params(*id, params, |this| match body {
            TypeBody::Record(fields) => this.fields(ty, fields),
            TypeBody::Enum(variants, fields) => {
                for (variant, index) in variants.iter().zip(0..) {
                    this.variant(ty, index, variant);
                }
                this.fields(ty, fields);
            }
            TypeBody::Alias(target) => this.ty(target),
            TypeBody::Error => {}
        });
    }

    fn fields(&mut self, ty: TypeId, fields: &[FieldDecl]) {
        for field in fields {
            self.docs.clone_from(&field.docs);
            self.define(&field.name, Symbol::Field(ty, field.name.name.clone()));
            self.field(field);
        }
    }

    /// What a field or column uses.
    pub(super) fn field(&mut self, field: &FieldDecl) {
        let FieldDecl { id: _, span: _, docs: _, attributes, name: _, ty, default, validators } = field;
        self.attributes(attributes);
        self.ty(ty);
        self.exprs(default);
        for Validator { span: _, name: _, args } in validators {
            self.exprs(args);
        }
    }

    fn variant(&mut self, ty: TypeId, index: u32, variant: &VariantDecl) {
        let VariantDecl { id: _, span: _, docs, name, fields } = variant;
        self.docs.clone_from(docs);
        self.define(name, Symbol::Variant(ty, index));
        for (VariantField { name, ty: field_ty }, at) in fields.iter().zip(0..) {
            if let Some(name) = name {
                self.define(name, Symbol::VariantField(ty, index, at));
            }
            self.tys(field_ty);
        }
    }

    /// An imported name is the one that the other file declares.
    fn import(&mut self, import: &ImportDecl) {
        let ImportDecl { names, path: _, path_span: _ } = import;
        match names {
            ImportNames::Some(names) => {
                for (name, _) in names {
                    if let Some(symbol) = self.declared_anywhere(&name.name) {
                        self.add(name.span, symbol, Role::Read);
                    }
                }
            }
            ImportNames::All(_) | ImportNames::Default(_) => {}
        }
    }

    fn declared_anywhere(&self, name: &str) -> Option<Symbol> {
        let function = self.checked.fns.iter().position(|info| !info.std && !info.nested && info.name == name);
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(at) = function {
            return Some(Symbol::Fn(tova_check::tables::FnIdx(number(at))));
        }
        if let Some(ty) = self.type_names.get(name) {
            return Some(Symbol::Type(*ty));
        }
        if let Some(at) = self.checked.components.iter().position(|info| info.decl.name.name == name) {
            return Some(Symbol::Component(tova_check::tables::CompIdx(number(at))));
        }
        let global = self.checked.globals.iter().position(|info| info.name == name)?;
        Some(Symbol::Global(GlobalIdx(number(global))))
    }

    fn block_decl(&mut self, item: &Item, block: &BlockDecl) {
        let BlockDecl { id: _, kind, keyword: _, name, items } = block;
        let place = match kind {
            BlockKind::Shared => Place::Shared,
            BlockKind::Client => Place::Client,
            BlockKind::Server => {
                let wanted = name.as_ref().map(|name| &name.name);
                let at = self.checked.servers.iter().position(|server| server.name.as_ref() == wanted);
                Place::Server(at.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX))
            }
        };
        if let Some(name) = name
            && *kind == BlockKind::Server
        {
            let inside = self.inside_quotes(name.span);
            self.add_as(inside, Symbol::Server(Some(name.name.clone())), Role::Definition, Form::Plain);
        }
        self.out.places.push(Scoped { value: place, span: item.span });
        let before = std::mem::replace(&mut self.place, place);
        self.extent(item.span, |this| this.items(items));
        self.place = before;
    }

    fn inside_quotes(&self, span: tova_source::Span) -> tova_source::Span {
        let quoted = self.sources.text(span).starts_with(['"', '\'']) && span.len() >= 2;
        if quoted { tova_source::Span::new(span.file, span.start + 1, span.end - 1) } else { span }
    }

    /// The variable outside of functions that a node declares.
    pub(super) fn global_of(&self, id: NodeId) -> Option<GlobalIdx> {
        self.globals.get(&id).copied()
    }
}
