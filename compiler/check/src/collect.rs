//! First pass: every declaration gets a number and a name in its scope, so that order does not matter.

use std::collections::HashMap;

use ecow::{EcoString, eco_format};
use indexmap::IndexMap;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;
use tova_syntax::ast::{
    self, AssignTarget, BlockKind, ClientDecl, Expr, ExprKind, Item, ItemKind, Module, NodeId, Pattern, PatternKind,
    ServerDecl, StmtKind,
};

use crate::ctx::{Checker, Names, Progress, Sym};
use crate::tables::{
    BenchInfo, ClientInfo, CompIdx, ComponentInfo, FnIdx, FnInfo, GlobalIdx, GlobalInfo, GlobalKind, ModelIdx,
    ModelInfo, Place, ServerInfo, TestHookInfo, TestInfo, TypeId, TypeInfo, TypeKind,
};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    /// Declares everything of the library and of the program.
    pub(crate) fn collect(&mut self, library: &'a [Module], modules: &'a [Module]) {
        for module in library {
            self.library_files.insert(module.file);
            for item in &module.items {
                self.collect_library(item);
            }
        }
        for module in modules {
            self.collect_items(&module.items, Place::Shared, true);
        }
    }

    fn collect_library(&mut self, item: &'a Item) {
        match &item.kind {
            ItemKind::Fn(decl) => {
                let id = self.add_fn(decl.name.name.clone(), decl, item, Place::Shared, true);
                let library = if self.is_for_tests(id) { &mut self.test_library } else { &mut self.library };
                library.entry(decl.name.name.clone()).or_default().push(id);
            }
            ItemKind::Impl(decl) => {
                let ast::TypeExprKind::Name { name, .. } = &decl.ty.kind else { return };
                self.collect_methods(&name.name, &decl.items, Place::Shared, true);
            }
            ItemKind::Type(decl) => {
                std::mem::swap(&mut self.prelude, &mut self.shared);
                let id = self.collect_type(item, decl, Place::Shared);
                std::mem::swap(&mut self.prelude, &mut self.shared);
                if item.attributes.iter().any(|attribute| attribute.name.name == "handle") {
                    self.set_type_kind(id, TypeKind::Handle(IndexMap::new()));
                }
                match decl.name.name.as_str() {
                    "Error" => self.out.error_type = Some(id),
                    "Result" => self.out.result_type = Some(id),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    pub(crate) fn set_type_kind(&mut self, id: TypeId, kind: TypeKind) {
        if let Some(info) = self.out.type_decls.get_mut(id.0 as usize) {
            info.kind = kind;
        }
    }

    fn collect_items(&mut self, items: &'a [Item], place: Place, script: bool) {
        for item in items {
            self.collect_item(item, place, script);
        }
    }

    fn collect_item(&mut self, item: &'a Item, place: Place, script: bool) {
        match &item.kind {
            ItemKind::Fn(decl) => {
                let id = self.add_fn(decl.name.name.clone(), decl, item, place, false);
                self.add_name(place, &decl.name.name, Sym::Fn(id), decl.name.span);
            }
            ItemKind::Type(decl) => {
                self.collect_type(item, decl, place);
            }
            ItemKind::Impl(decl) => {
                if let ast::TypeExprKind::Name { name, .. } = &decl.ty.kind {
                    self.collect_methods(&name.name, &decl.items, place, false);
                }
            }
            ItemKind::Block(block) => self.collect_block(block, item),
            ItemKind::Server(decl) => self.collect_server_decl(item, decl, place),
            ItemKind::Client(decl) => self.collect_client_decl(decl, place),
            ItemKind::Stmt(stmt) => {
                self.collect_stmt(stmt, place, script);
                if script {
                    self.out.script.push(stmt);
                }
            }
            ItemKind::Test(decl) => {
                self.out.tests.push(TestInfo { decl, span: item.span, place, timeout: None });
            }
            ItemKind::Bench(decl) => self.out.benches.push(BenchInfo { decl, span: item.span, place }),
            ItemKind::TestHook(decl) => self.out.test_hooks.push(TestHookInfo { decl, place }),
            ItemKind::Trait(_) | ItemKind::Import(_) | ItemKind::Error => {}
        }
    }

    fn collect_block(&mut self, block: &'a ast::BlockDecl, item: &'a Item) {
        match block.kind {
            BlockKind::Shared => self.collect_items(&block.items, Place::Shared, false),
            BlockKind::Server => {
                let name = block.name.as_ref().map(|name| name.name.clone());
                let index = self.out.servers.iter().position(|server| server.name == name).unwrap_or_else(|| {
                    self.out.servers.push(ServerInfo { name: name.clone(), span: item.span, ..ServerInfo::default() });
                    self.servers.push(Names::default());
                    self.out.servers.len() - 1
                });
                if let Some(server) = self.out.servers.get_mut(index) {
                    server.items.extend(&block.items);
                }
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                self.collect_items(&block.items, Place::Server(index), false);
                if let Some(name) = &name {
                    let span = block.name.as_ref().map_or(item.span, |name| name.span);
                    self.client.symbols.entry(name.clone()).or_insert((Sym::Servers(Some(index)), span));
                }
                self.client.symbols.entry("server".into()).or_insert((Sym::Servers(None), item.span));
            }
            BlockKind::Client => {
                self.out.client.get_or_insert_with(ClientInfo::default).items.extend(&block.items);
                self.collect_items(&block.items, Place::Client, false);
            }
        }
    }

    fn names(&mut self, place: Place) -> &mut Names {
        match place {
            Place::Server(index) if (index as usize) < self.servers.len() => &mut self.servers[index as usize],
            Place::Client => &mut self.client,
            Place::Shared | Place::Server(_) => &mut self.shared,
        }
    }

    pub(crate) fn add_name(&mut self, place: Place, name: &EcoString, sym: Sym, span: Span) {
        // A model has the name of its shared type, a server's name may be shadowed.
        let old = self.names(place).symbols.get(name).cloned();
        if let Some((old, before)) = old
            && !matches!(old, Sym::Servers(_))
        {
            self.report(
                Diagnostic::error(codes::E0203, span, format!("`{name}` is declared twice"))
                    .also(before, "first declared here")
                    .help("give one of them another name"),
            );
            return;
        }
        self.names(place).symbols.insert(name.clone(), (sym, span));
    }

    pub(crate) fn add_fn(
        &mut self,
        name: EcoString,
        decl: &'a ast::FnDecl,
        item: &'a Item,
        place: Place,
        std: bool,
    ) -> FnIdx {
        let id = FnIdx(u32::try_from(self.out.fns.len()).unwrap_or(u32::MAX));
        let attribute = |wanted: &str| item.attributes.iter().find(|attribute| attribute.name.name == wanted);
        let intrinsic = attribute("intrinsic").and_then(|attribute| match &attribute.args.first()?.kind {
            ExprKind::Str(name) => Some(name.clone()),
            _ => None,
        });
        let unit = self.well_known.unit;
        self.out.fns.push(FnInfo {
            name,
            decl,
            item,
            place,
            type_params: u32::try_from(decl.type_params.len()).unwrap_or(0),
            params: Vec::new(),
            ret: unit,
            body_ty: unit,
            found: false,
            intrinsic,
            mutates: attribute("mutates").is_some(),
            nested: false,
            std,
        });
        self.progress.push(Progress::Waiting);
        self.monomorphic.push(false);
        self.numeric_params.push(Vec::new());
        id
    }

    fn collect_methods(&mut self, ty: &EcoString, items: &'a [Item], place: Place, std: bool) {
        for item in items {
            let ItemKind::Fn(decl) = &item.kind else { continue };
            let id = self.add_fn(eco_format!("{ty}.{}", decl.name.name), decl, item, place, std);
            self.impl_types.insert(id, ty.clone());
            if self.methods.insert((ty.clone(), decl.name.name.clone()), id).is_some() && !std {
                self.report(Diagnostic::error(
                    codes::E0203,
                    decl.name.span,
                    format!("`{ty}` has two methods `{}`", decl.name.name),
                ));
            }
        }
    }

    fn collect_type(&mut self, item: &'a Item, decl: &'a ast::TypeDecl, place: Place) -> TypeId {
        let id = self.add_type(&decl.name.name, Some(decl), decl.name.span, item.docs.clone());
        self.add_name(place, &decl.name.name, Sym::Type(id), decl.name.span);
        if let Some(info) = self.out.type_decls.get_mut(id.0 as usize) {
            info.params = u32::try_from(decl.params.len()).unwrap_or(0);
        }
        if let ast::TypeBody::Enum(variants, _) = &decl.body {
            for (variant, index) in variants.iter().zip(0u32..) {
                if variant.name.name != decl.name.name {
                    self.add_name(place, &variant.name.name, Sym::Variant(id, index), variant.name.span);
                }
            }
        }
        id
    }

    pub(crate) fn add_type(
        &mut self,
        name: &EcoString,
        decl: Option<&'a ast::TypeDecl>,
        span: Span,
        docs: Option<EcoString>,
    ) -> TypeId {
        let id = TypeId(u32::try_from(self.out.type_decls.len()).unwrap_or(u32::MAX));
        self.out.type_decls.push(TypeInfo {
            name: name.clone(),
            decl,
            docs,
            span,
            params: 0,
            kind: TypeKind::Record(IndexMap::new()),
        });
        id
    }

    fn collect_server_decl(&mut self, item: &'a Item, decl: &'a ServerDecl, place: Place) {
        let Place::Server(server) = place else {
            let span = item.span;
            self.report(
                Diagnostic::error(codes::E0702, span, "this declaration belongs in a `server` block")
                    .help("move it into `server { … }`"),
            );
            return;
        };
        match decl {
            ServerDecl::Model(model) => {
                let id = ModelIdx(u32::try_from(self.out.models.len()).unwrap_or(u32::MAX));
                self.out.models.push(ModelInfo { decl: model, server, row: TypeId(0), table: EcoString::new() });
                self.add_name(place, &model.name.name, Sym::Model(id), model.name.span);
                // The reference's name for the same thing.
                let handle = eco_format!("{}Model", model.name.name);
                self.names(place).symbols.entry(handle).or_insert((Sym::Model(id), model.name.span));
                if let Some(info) = self.out.servers.get_mut(server as usize) {
                    info.models.push(id);
                }
            }
            ServerDecl::Env(env) => {
                self.add_global(&env.name.name, env.id, env.name.span, place, GlobalKind::Const, None);
            }
            ServerDecl::Route(_)
            | ServerDecl::Middleware(_)
            | ServerDecl::Config(_)
            | ServerDecl::Port { .. }
            | ServerDecl::MaxBody { .. }
            | ServerDecl::Health { .. }
            | ServerDecl::Hook { .. } => {}
        }
    }

    fn collect_client_decl(&mut self, decl: &'a ClientDecl, place: Place) {
        match decl {
            ClientDecl::State { name, value, .. } => self.add_reactive(name, value, GlobalKind::State),
            ClientDecl::Computed { name, value, .. } => self.add_reactive(name, value, GlobalKind::Computed),
            ClientDecl::Component(component) => {
                let id = CompIdx(u32::try_from(self.out.components.len()).unwrap_or(u32::MAX));
                self.out.components.push(ComponentInfo { decl: component, props: Vec::new() });
                self.component_progress.push(Progress::Waiting);
                self.add_name(place, &component.name.name, Sym::Component(id), component.name.span);
            }
            ClientDecl::Store { name, items, .. } => {
                self.add_name(Place::Client, &name.name, Sym::Store(name.name.clone()), name.span);
                self.collect_store(&name.name, items);
            }
            ClientDecl::Effect { .. } | ClientDecl::Hook { .. } | ClientDecl::Style { .. } => {}
        }
    }

    fn add_reactive(&mut self, name: &'a Pattern, value: &'a Expr, kind: GlobalKind) {
        if let PatternKind::Name(text) = &name.kind {
            self.add_global(text, name.id, name.span, Place::Client, kind, Some(value));
        }
    }

    /// Members of a store are globals named `Store.member`, seen by their short names inside the store.
    fn collect_store(&mut self, store: &EcoString, items: &'a [Item]) {
        let mut members = Names::default();
        let mut short = |name: &EcoString, sym: Sym, span: Span| {
            members.symbols.insert(name.clone(), (sym, span));
        };
        for item in items {
            match &item.kind {
                ItemKind::Client(ClientDecl::State { name, value, .. }) => {
                    self.add_store_value(store, name, value, GlobalKind::State, &mut short);
                }
                ItemKind::Client(ClientDecl::Computed { name, value, .. }) => {
                    self.add_store_value(store, name, value, GlobalKind::Computed, &mut short);
                }
                ItemKind::Fn(decl) => {
                    let full = eco_format!("{store}.{}", decl.name.name);
                    let id = self.add_fn(full, decl, item, Place::Client, false);
                    self.store_of_fn.insert(id, store.clone());
                    short(&decl.name.name, Sym::Fn(id), decl.name.span);
                }
                _ => {}
            }
        }
        self.stores.insert(store.clone(), members);
    }

    fn add_store_value(
        &mut self,
        store: &EcoString,
        name: &'a Pattern,
        value: &'a Expr,
        kind: GlobalKind,
        short: &mut impl FnMut(&EcoString, Sym, Span),
    ) {
        let PatternKind::Name(text) = &name.kind else { return };
        let full = eco_format!("{store}.{text}");
        let id = self.new_global(&full, name.id, name.span, Place::Client, kind, Some(value));
        self.store_of_global.insert(id, store.clone());
        short(text, Sym::Global(id), name.span);
    }

    pub(crate) fn add_global(
        &mut self,
        name: &EcoString,
        decl: NodeId,
        span: Span,
        place: Place,
        kind: GlobalKind,
        value: Option<&'a Expr>,
    ) -> GlobalIdx {
        let id = self.new_global(name, decl, span, place, kind, value);
        self.add_name(place, name, Sym::Global(id), span);
        id
    }

    fn new_global(
        &mut self,
        name: &EcoString,
        decl: NodeId,
        span: Span,
        place: Place,
        kind: GlobalKind,
        value: Option<&'a Expr>,
    ) -> GlobalIdx {
        let id = GlobalIdx(u32::try_from(self.out.globals.len()).unwrap_or(u32::MAX));
        let ty = self.fresh();
        self.out.globals.push(GlobalInfo { name: name.clone(), ty, decl, span, place, kind, value, script: false });
        self.global_progress.push(Progress::Waiting);
        self.global_nodes.insert(decl, id);
        id
    }

    /// Bindings at the level of a file or block are globals; whatever else a statement is, it runs at the start.
    fn collect_stmt(&mut self, stmt: &'a ast::Stmt, place: Place, script: bool) {
        let first = self.out.globals.len();
        match &stmt.kind {
            StmtKind::Let(binding) => {
                let kind = if binding.mutable { GlobalKind::Mut } else { GlobalKind::Const };
                for (index, target) in binding.targets.iter().enumerate() {
                    let value = binding.values.get(index).or_else(|| binding.values.last());
                    self.collect_pattern(target, place, kind, value);
                }
            }
            StmtKind::Assign(assign) if assign.op.is_none() => {
                for (index, target) in assign.targets.iter().enumerate() {
                    let value = assign.values.get(index);
                    match target {
                        AssignTarget::Pattern(pattern) => {
                            self.collect_pattern(pattern, place, GlobalKind::Const, value)
                        }
                        AssignTarget::Place(expr) => {
                            if let ExprKind::Name(name) = &expr.kind
                                && !self.names(place).symbols.contains_key(name)
                            {
                                self.add_global(name, expr.id, expr.span, place, GlobalKind::Const, value);
                            }
                        }
                    }
                }
            }
            StmtKind::Item(item) => self.collect_item(item, place, script),
            _ => {}
        }
        for global in self.out.globals.iter_mut().skip(first) {
            global.script = script;
        }
    }

    fn collect_pattern(&mut self, pattern: &'a Pattern, place: Place, kind: GlobalKind, value: Option<&'a Expr>) {
        if let PatternKind::Name(name) = &pattern.kind {
            self.add_global(name, pattern.id, pattern.span, place, kind, value);
            return;
        }
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        for (name, id, span) in names {
            self.add_global(&name, id, span, place, kind, None);
        }
    }

    /// Second pass: what the declared types are made of.
    pub(crate) fn collect_type_bodies(&mut self) {
        for index in 0..self.out.type_decls.len() {
            let id = TypeId(u32::try_from(index).unwrap_or(u32::MAX));
            let Some(decl) = self.type_info(id).decl else { continue };
            self.place = self.place_of_type(&decl.name.name, id);
            let params = self.type_param_scope(&decl.params);
            self.type_params.push(params);
            let kind = self.type_body(id, decl);
            self.type_params.pop();
            self.set_type_kind(id, kind);
        }
        self.place = Place::Shared;
    }

    fn place_of_type(&self, name: &EcoString, id: TypeId) -> Place {
        let holds = |names: &Names| names.symbols.get(name).is_some_and(|(sym, _)| *sym == Sym::Type(id));
        if holds(&self.client) {
            return Place::Client;
        }
        let server = self.servers.iter().position(holds);
        server.map_or(Place::Shared, |index| Place::Server(u32::try_from(index).unwrap_or(0)))
    }

    pub(crate) fn type_param_scope(&mut self, params: &[ast::Ident]) -> HashMap<EcoString, Ty> {
        params
            .iter()
            .zip(0u32..)
            .map(|(param, index)| (param.name.clone(), self.ty(TyKind::Param(index, param.name.clone()))))
            .collect()
    }

    fn type_body(&mut self, id: TypeId, decl: &'a ast::TypeDecl) -> TypeKind {
        let handle = matches!(self.type_info(id).kind, TypeKind::Handle(_));
        match &decl.body {
            ast::TypeBody::Record(fields) if handle => TypeKind::Handle(
                fields
                    .iter()
                    .map(|field| {
                        let settable = field.validators.iter().any(|validator| validator.name.name == "set");
                        (field.name.name.clone(), (self.annotate(&field.ty), settable))
                    })
                    .collect(),
            ),
            ast::TypeBody::Record(fields) => {
                let mut out = IndexMap::new();
                for field in fields {
                    let ty = self.annotate(&field.ty);
                    if field.default.is_some() {
                        self.defaults.insert((id, field.name.name.clone()));
                    }
                    if out.insert(field.name.name.clone(), ty).is_some() {
                        let name = &field.name.name;
                        let message = format!("the field `{name}` is declared twice");
                        self.report(Diagnostic::error(codes::E0203, field.name.span, message));
                    }
                }
                TypeKind::Record(out)
            }
            ast::TypeBody::Enum(variants, _) => TypeKind::Enum(
                variants
                    .iter()
                    .map(|variant| {
                        let fields = variant.fields.iter().zip(0usize..).map(|(field, index)| {
                            let name =
                                field.name.as_ref().map_or_else(|| eco_format!("{index}"), |name| name.name.clone());
                            let ty = match &field.ty {
                                Some(ty) => self.annotate(ty),
                                None => self.fresh(),
                            };
                            (name, ty)
                        });
                        (variant.name.name.clone(), fields.collect())
                    })
                    .collect(),
            ),
            ast::TypeBody::Alias(ty) => TypeKind::Alias(self.annotate(ty)),
            ast::TypeBody::Error => TypeKind::Record(IndexMap::new()),
        }
    }

    /// Whether a field of a declared record has a default.
    pub(crate) fn has_default(&self, id: TypeId, field: &EcoString) -> bool {
        self.defaults.contains(&(id, field.clone()))
    }
}

/// The names that a pattern binds, with their nodes.
pub(crate) fn pattern_names(pattern: &Pattern, out: &mut Vec<(EcoString, NodeId, Span)>) {
    match &pattern.kind {
        PatternKind::Name(name) | PatternKind::Typed { name, .. } => out.push((name.clone(), pattern.id, pattern.span)),
        PatternKind::Prefix { rest, .. } => pattern_names(rest, out),
        PatternKind::List(items) => items.iter().for_each(|item| pattern_names(&item.pattern, out)),
        PatternKind::Tuple(items) | PatternKind::Or(items) => items.iter().for_each(|item| pattern_names(item, out)),
        PatternKind::Variant { args, .. } => args.iter().for_each(|arg| pattern_names(&arg.pattern, out)),
        PatternKind::Record(fields) => fields.iter().for_each(|field| pattern_names(&field.pattern, out)),
        PatternKind::Wildcard
        | PatternKind::Nil
        | PatternKind::Bool(_)
        | PatternKind::Int(_)
        | PatternKind::Float(_)
        | PatternKind::Str(_)
        | PatternKind::Range { .. }
        | PatternKind::Error => {}
    }
}
