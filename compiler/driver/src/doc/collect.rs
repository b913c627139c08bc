//! From the checked program to what its documentation says.

use std::collections::HashMap;

use tova_check::tables::{Checked, FnInfo, TypeInfo, TypeKind};
use tova_check::{show, types::Ty};
use tova_diagnostics::Diagnostic;
use tova_ir::Effects;
use tova_source::{SourceMap, Span};
use tova_syntax::ast::{
    BlockKind, ClientDecl, ComponentDecl, FieldDecl, Item, ItemKind, ModelDecl, Module, Param, ServerDecl, TypeBody,
    TypeDecl, TypeExpr,
};

use super::{Docs, Entry, Section};

/// The documentation of a program: a section for each kind of block.
pub(super) fn program(name: &str, checked: &Checked<'_>, modules: &[Module], sources: &SourceMap) -> Docs {
    let mut collect = Collect::new(checked, sources);
    if !checked.diagnostics.iter().any(Diagnostic::is_error) {
        collect.effects = effects(checked);
    }
    for module in modules {
        collect.items("Functions and types", &module.items);
    }
    Docs { name: name.to_owned(), sections: collect.sections }
}

/// The documentation of the standard library: a section for each file.
pub(super) fn library(checked: &Checked<'_>, modules: &[Module], sources: &SourceMap) -> Docs {
    let mut collect = Collect::new(checked, sources);
    for (module, (_, file)) in modules.iter().zip(sources.files()) {
        let stem = file.name.trim_start_matches("std/").trim_end_matches(".tova");
        collect.items(stem, &module.items);
    }
    Docs { name: "The standard library".to_owned(), sections: collect.sections }
}

/// What the functions do that the program reaches, by their declarations.
fn effects(checked: &Checked<'_>) -> HashMap<Span, Effects> {
    let mut found: HashMap<Span, Effects> = HashMap::new();
    for function in tova_ir::lower(checked).program.functions {
        let known = found.entry(function.span).or_default();
        known.is_async |= function.effects.is_async;
        known.throws |= function.effects.throws;
        known.touches_state |= function.effects.touches_state;
    }
    found
}

struct Collect<'a> {
    checked: &'a Checked<'a>,
    sources: &'a SourceMap,
    functions: HashMap<Span, &'a FnInfo<'a>>,
    types: HashMap<Span, &'a TypeInfo<'a>>,
    effects: HashMap<Span, Effects>,
    sections: Vec<Section>,
}

impl<'a> Collect<'a> {
    fn new(checked: &'a Checked<'a>, sources: &'a SourceMap) -> Self {
        Self {
            checked,
            sources,
            functions: checked.fns.iter().map(|info| (info.decl.name.span, info)).collect(),
            types: checked.type_decls.iter().map(|info| (info.span, info)).collect(),
            effects: HashMap::new(),
            sections: Vec::new(),
        }
    }

    fn items(&mut self, title: &str, items: &[Item]) {
        for item in items {
            if let ItemKind::Block(block) = &item.kind {
                let name = block.name.as_ref().map(|name| format!(" {}", name.name)).unwrap_or_default();
                let title = match block.kind {
                    BlockKind::Shared => "Shared".to_owned(),
                    BlockKind::Server => format!("Server{name}"),
                    BlockKind::Client => "Client".to_owned(),
                };
                self.items(&title, &block.items);
            } else if let Some(entry) = self.entry(item) {
                match self.sections.iter_mut().find(|section| section.title == title) {
                    Some(section) => section.entries.push(entry),
                    None => self.sections.push(Section { title: title.to_owned(), entries: vec![entry] }),
                }
            }
            if let ItemKind::Impl(implementation) = &item.kind {
                self.items(title, &implementation.items);
            }
        }
    }

    fn entry(&self, item: &Item) -> Option<Entry> {
        let (kind, name, signature, members) = match &item.kind {
            ItemKind::Fn(decl) => {
                let info = self.functions.get(&decl.name.span)?;
                ("function", info.name.to_string(), self.function(info), Vec::new())
            }
            ItemKind::Type(decl) => {
                let info = self.types.get(&decl.name.span)?;
                ("type", info.name.to_string(), self.type_line(decl, info), self.type_members(decl, info))
            }
            ItemKind::Server(ServerDecl::Model(model)) => {
                ("model", model.name.name.to_string(), format!("model {}", model.name.name), self.columns(model))
            }
            ItemKind::Server(ServerDecl::Route(route)) => {
                let name = format!("{} {}", route.method.name, route.path);
                let handler = self.sources.text(route.handler.span);
                let handler = if handler.contains('\n') { "fn" } else { handler };
                (
                    "route",
                    name.clone(),
                    format!("route {} \"{}\" => {handler}", route.method.name, route.path),
                    Vec::new(),
                )
            }
            ItemKind::Client(ClientDecl::Component(component)) => {
                ("component", component.name.name.to_string(), self.component(component), Vec::new())
            }
            _ => return None,
        };
        let location = self.sources.location(item.span).start;
        let file = &self.sources.file(item.span.file).name;
        Some(Entry {
            kind,
            name,
            signature,
            effects: self.effects_of(item),
            docs: item.docs.as_deref().unwrap_or_default().trim().to_owned(),
            members,
            place: format!("{}:{}", file.trim_start_matches("./"), location.line),
        })
    }

    /// From lowering, or from what the library declares.
    fn effects_of(&self, item: &Item) -> Vec<&'static str> {
        let ItemKind::Fn(decl) = &item.kind else { return Vec::new() };
        let declared = |name: &str| item.attributes.iter().any(|attribute| attribute.name.name == name);
        let spans = [item.span, decl.name.span];
        let found = spans.iter().find_map(|span| self.effects.get(span)).copied().unwrap_or_default();
        let mut all = Vec::new();
        if found.is_async || declared("async") {
            all.push("waits");
        }
        if found.throws || declared("throws") {
            all.push("throws");
        }
        if found.touches_state {
            all.push("uses state");
        }
        if declared("mutates") {
            all.push("updates its first argument");
        }
        all
    }

    fn show(&self, ty: Ty) -> String {
        show(&self.checked.types, &self.checked.type_decls, ty)
    }

    fn function(&self, info: &FnInfo<'_>) -> String {
        let names: Vec<&str> = info.decl.type_params.iter().map(|param| param.name.as_str()).collect();
        let generics = if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) };
        // Functions of the library that nothing uses are not looked at: what is written stands for them.
        let is_known = info.params.len() == info.decl.params.len();
        let written = |ty: Option<&TypeExpr>| ty.map_or_else(String::new, |ty| self.sources.text(ty.span).to_owned());
        let params = info.decl.params.iter().enumerate().map(|(at, param)| {
            let ty = info.params.get(at).map_or_else(|| written(param.ty.as_ref()), |ty| self.show(*ty));
            self.param(param, &ty)
        });
        let params: Vec<String> = params.collect();
        let ret = if is_known && !info.decl.params.is_empty() {
            self.show(info.ret)
        } else {
            written(info.decl.ret.as_ref())
        };
        let ret = if ret.is_empty() && !info.std { self.show(info.ret) } else { ret };
        let ret = if ret.is_empty() || ret == "nil" { String::new() } else { format!(" -> {ret}") };
        format!("fn {}{generics}({}){ret}", info.name, params.join(", "))
    }

    fn param(&self, param: &Param, ty: &str) -> String {
        let name = self.sources.text(param.pattern.span);
        let rest = if param.rest.is_some() { "..." } else { "" };
        let default =
            param.default.as_ref().map(|value| format!(" = {}", self.sources.text(value.span))).unwrap_or_default();
        format!("{rest}{name}: {ty}{default}")
    }

    fn component(&self, decl: &ComponentDecl) -> String {
        let info = self.checked.components.iter().find(|info| info.decl.name.span == decl.name.span);
        let props = info
            .into_iter()
            .flat_map(|info| &info.props)
            .map(|prop| format!("{}{}: {}", prop.name, if prop.optional { "?" } else { "" }, self.show(prop.ty)));
        format!("component {}({})", decl.name.name, props.collect::<Vec<_>>().join(", "))
    }

    fn type_line(&self, decl: &TypeDecl, info: &TypeInfo<'_>) -> String {
        let names: Vec<&str> = decl.params.iter().map(|param| param.name.as_str()).collect();
        let generics = if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) };
        let alias = if let TypeKind::Alias(ty) = info.kind { format!(" = {}", self.show(ty)) } else { String::new() };
        format!("type {}{generics}{alias}", info.name)
    }

    fn type_members(&self, decl: &TypeDecl, info: &TypeInfo<'_>) -> Vec<(String, String)> {
        let fields = |types: &dyn Fn(&str) -> Option<Ty>, fields: &[FieldDecl]| -> Vec<(String, String)> {
            fields
                .iter()
                .map(|field| {
                    let ty = types(&field.name.name).map_or_else(|| "?".to_owned(), |ty| self.show(ty));
                    (format!("{}: {ty}", field.name.name), docs_of(field.docs.as_deref()))
                })
                .collect()
        };
        match (&decl.body, &info.kind) {
            (TypeBody::Record(decls), TypeKind::Record(types)) => fields(&|name| types.get(name).copied(), decls),
            (TypeBody::Record(decls), TypeKind::Handle(types)) => {
                fields(&|name| types.get(name).map(|(ty, _)| *ty), decls)
            }
            (TypeBody::Enum(decls, _), TypeKind::Enum(types)) => decls
                .iter()
                .map(|variant| {
                    let fields = types.get(&variant.name.name).map(Vec::as_slice).unwrap_or_default();
                    let fields: Vec<String> =
                        fields.iter().map(|(name, ty)| format!("{name}: {}", self.show(*ty))).collect();
                    let fields = if fields.is_empty() { String::new() } else { format!("({})", fields.join(", ")) };
                    (format!("{}{fields}", variant.name.name), docs_of(variant.docs.as_deref()))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn columns(&self, model: &ModelDecl) -> Vec<(String, String)> {
        let text = |column: &FieldDecl| format!("{}: {}", column.name.name, self.sources.text(column.ty.span));
        model.columns.iter().map(|column| (text(column), docs_of(column.docs.as_deref()))).collect()
    }
}

fn docs_of(docs: Option<&str>) -> String {
    docs.unwrap_or_default().trim().to_owned()
}
