//! Every name of the program with what it stands for: one walk over the trees.
//!
//! The files below follow the files of the tree. Their matches name every construct and every field, so that a new one does not compile before
//! somebody has said what it declares and uses.

mod client;
mod expr;
mod item;
mod name;
mod pattern;
mod server;
mod stmt;
mod ty;
mod view;

use std::cell::OnceCell;
use std::collections::HashMap;

use ecow::EcoString;
use tova_check::Checked;
use tova_check::tables::{CompIdx, FnIdx, GlobalIdx, ModelIdx, Place, TypeId, VarId};
use tova_source::{FileId, SourceMap, Span};
use tova_syntax::ast::{Ident, Module, NodeId};

use crate::symbol::{Form, Role, Symbol};

/// A name in the text.
#[derive(Clone, Debug)]
pub(crate) struct Occurrence {
    pub(crate) span: Span,
    pub(crate) symbol: Symbol,
    pub(crate) role: Role,
    pub(crate) form: Form,
    /// What it stands in: index into [`Index::owners`].
    pub(crate) owner: u32,
}

/// Something with a body that calls others: a function, a component, a route.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    /// What it is called in lists.
    pub(crate) name: EcoString,
    /// Its symbol, if it has one.
    pub(crate) symbol: Option<Symbol>,
    /// The place of its name.
    pub(crate) name_span: Span,
    /// The whole text.
    pub(crate) span: Span,
}

/// A name that a part of the text can use.
#[derive(Clone, Debug)]
pub(crate) struct Scoped<T> {
    pub(crate) value: T,
    /// Where it can be used.
    pub(crate) span: Span,
}

/// All names.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By file, in order of place.
    by_file: HashMap<FileId, Vec<Occurrence>>,
    /// By symbol: file and position in its list. Made when it is first asked for.
    by_symbol: OnceCell<HashMap<Symbol, Vec<(FileId, u32)>>>,
    pub(crate) owners: Vec<Owner>,
    /// Variables and where each can be used.
    pub(crate) locals: Vec<Scoped<VarId>>,
    /// Functions among statements.
    pub(crate) local_fns: Vec<Scoped<FnIdx>>,
    /// Type parameters.
    pub(crate) type_params: Vec<Scoped<EcoString>>,
    /// Blocks, and on which side their content runs.
    pub(crate) places: Vec<Scoped<Place>>,
    /// Stores with the extent of each.
    pub(crate) stores: Vec<Scoped<EcoString>>,
    /// Documentation of what the program declares.
    pub(crate) docs: HashMap<Symbol, EcoString>,
    /// Bodies of `try` with a `catch`.
    pub(crate) caught: Vec<Span>,
}

impl Index {
    pub(crate) fn new(checked: &Checked<'_>, modules: &[Module], sources: &SourceMap) -> Self {
        let mut walker = Walker::new(checked, sources);
        walker.collect_path_params();
        for module in modules {
            walker.module(module);
        }
        walker.finish()
    }

    /// The names of a file in order of place.
    pub(crate) fn of_file(&self, file: FileId) -> &[Occurrence] {
        self.by_file.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The name at a place, or just before it: the smallest, and where two share one place the first. Names under which
    /// nothing else is known come last.
    pub(crate) fn at(&self, file: FileId, offset: u32) -> Option<&Occurrence> {
        self.all_at(file, offset).next()
    }

    /// All names at a place, the most fitting first.
    pub(crate) fn all_at(&self, file: FileId, offset: u32) -> impl Iterator<Item = &Occurrence> {
        let list = self.of_file(file);
        let end = list.partition_point(|occurrence| occurrence.span.start <= offset);
        let mut found: Vec<&Occurrence> = list
            .get(end.saturating_sub(64)..end)
            .unwrap_or_default()
            .iter()
            .filter(|occurrence| occurrence.span.touches(offset))
            .collect();
        // At the border of two names the one that begins here is meant.
        found.sort_by_key(|occurrence| (occurrence.span.end == offset, occurrence.span.len()));
        found.into_iter()
    }

    /// Where a symbol is named, in order of file and place.
    pub(crate) fn of_symbol(&self, symbol: &Symbol) -> impl Iterator<Item = &Occurrence> {
        let by_symbol = self.by_symbol.get_or_init(|| self.places_of_symbols());
        by_symbol.get(symbol).into_iter().flatten().filter_map(|(file, at)| self.of_file(*file).get(*at as usize))
    }

    fn places_of_symbols(&self) -> HashMap<Symbol, Vec<(FileId, u32)>> {
        let mut places: HashMap<Symbol, Vec<(FileId, u32)>> = HashMap::new();
        let mut files: Vec<_> = self.by_file.iter().collect();
        files.sort_by_key(|(file, _)| **file);
        for (file, list) in files {
            for (occurrence, at) in list.iter().zip(0..) {
                places.entry(occurrence.symbol.clone()).or_default().push((*file, at));
            }
        }
        places
    }

    pub(crate) fn owner(&self, occurrence: &Occurrence) -> Option<&Owner> {
        self.owners.get(occurrence.owner as usize)
    }

    /// The side on which the code at a place runs.
    pub(crate) fn place_at(&self, file: FileId, offset: u32) -> Place {
        innermost(&self.places, file, offset).copied().unwrap_or(Place::Shared)
    }

    /// The store around a place.
    pub(crate) fn store_at(&self, file: FileId, offset: u32) -> Option<&EcoString> {
        innermost(&self.stores, file, offset)
    }
}

/// The value of the smallest part of the text around a place.
fn innermost<T>(parts: &[Scoped<T>], file: FileId, offset: u32) -> Option<&T> {
    parts
        .iter()
        .filter(|part| part.span.file == file && part.span.start < offset && offset <= part.span.end)
        .min_by_key(|part| part.span.len())
        .map(|part| &part.value)
}

/// Fills an index.
struct Walker<'s, 'a> {
    checked: &'s Checked<'a>,
    sources: &'s SourceMap,
    out: Index,
    fns: HashMap<NodeId, FnIdx>,
    types: HashMap<NodeId, TypeId>,
    /// Types by name, for places in which the tables know the meaning but not the name.
    type_names: HashMap<EcoString, TypeId>,
    components: HashMap<NodeId, CompIdx>,
    models: HashMap<NodeId, ModelIdx>,
    globals: HashMap<NodeId, GlobalIdx>,
    /// Parameters of paths, by the route's declaration.
    path_params: HashMap<NodeId, Vec<(EcoString, VarId)>>,
    /// The texts in which names declared now can be used, innermost last.
    extents: Vec<Span>,
    type_params: Vec<(NodeId, Vec<EcoString>)>,
    place: Place,
    owner: u32,
    /// The comment above the item whose name comes next.
    docs: Option<EcoString>,
    /// The names of the file that is being walked.
    found: Vec<Occurrence>,
}

impl<'s, 'a> Walker<'s, 'a> {
    fn new(checked: &'s Checked<'a>, sources: &'s SourceMap) -> Self {
        Self {
            checked,
            sources,
            out: Index::default(),
            fns: checked.fns.iter().zip(0..).map(|(info, id)| (info.decl.id, FnIdx(id))).collect(),
            types: checked
                .type_decls
                .iter()
                .zip(0..)
                .filter_map(|(info, id)| Some((info.decl?.id, TypeId(id))))
                .collect(),
            type_names: checked.type_decls.iter().zip(0..).map(|(info, id)| (info.name.clone(), TypeId(id))).collect(),
            components: checked.components.iter().zip(0..).map(|(info, id)| (info.decl.id, CompIdx(id))).collect(),
            models: checked.models.iter().zip(0..).map(|(info, id)| (info.decl.id, ModelIdx(id))).collect(),
            globals: checked.globals.iter().zip(0..).map(|(info, id)| (info.decl, GlobalIdx(id))).collect(),
            path_params: HashMap::new(),
            extents: Vec::new(),
            type_params: Vec::new(),
            place: Place::Shared,
            owner: 0,
            docs: None,
            found: Vec::new(),
        }
    }

    fn module(&mut self, module: &Module) {
        let Module { file, items, comments: _ } = module;
        let text = &self.sources.file(*file).text;
        let whole = Span::new(*file, 0, u32::try_from(text.len()).unwrap_or(u32::MAX));
        let name = EcoString::from(self.sources.file(*file).name.rsplit('/').next().unwrap_or(""));
        self.place = Place::Shared;
        let owner = Owner { name, symbol: None, name_span: whole.at_start(), span: whole };
        self.owned(owner, |this| this.extent(whole, |this| this.items(items)));
        self.out.by_file.insert(*file, std::mem::take(&mut self.found));
    }

    fn finish(mut self) -> Index {
        for list in self.out.by_file.values_mut() {
            list.sort_by_key(|occurrence| (occurrence.span.start, occurrence.span.end));
            list.dedup_by(|a, b| a.span == b.span && a.symbol == b.symbol && a.role == b.role);
        }
        self.out
    }

    /// What `run` declares can be used up to the end of `span`.
    fn extent(&mut self, span: Span, run: impl FnOnce(&mut Self)) {
        self.extents.push(span);
        run(self);
        self.extents.pop();
    }

    /// What `run` names stands in `owner`.
    fn owned(&mut self, owner: Owner, run: impl FnOnce(&mut Self)) {
        let before = self.owner;
        self.owner = u32::try_from(self.out.owners.len()).unwrap_or(u32::MAX);
        self.out.owners.push(owner);
        run(self);
        self.owner = before;
    }

    fn add(&mut self, span: Span, symbol: Symbol, role: Role) {
        self.add_as(span, symbol, role, Form::Plain);
    }

    fn add_as(&mut self, span: Span, symbol: Symbol, role: Role, form: Form) {
        if span.is_empty() {
            return;
        }
        if role == Role::Definition
            && let Some(docs) = self.docs.take()
        {
            self.out.docs.entry(symbol.clone()).or_insert(docs);
        }
        let occurrence = Occurrence { span, symbol, role, form, owner: self.owner };
        self.found.push(occurrence);
    }

    fn define(&mut self, name: &Ident, symbol: Symbol) {
        self.add(name.span, symbol, Role::Definition);
    }

    /// A variable can be used from its declaration to the end of what is around it.
    fn declare_local(&mut self, var: VarId, from: Span) {
        if let Some(around) = self.extents.last() {
            let span = Span::new(from.file, from.start, around.end.max(from.start));
            self.out.locals.push(Scoped { value: var, span });
        }
    }

    fn with_type_params(&mut self, id: NodeId, params: &[Ident], run: impl FnOnce(&mut Self)) {
        for param in params {
            self.define(param, Symbol::TypeParam(id, param.name.clone()));
            if let Some(around) = self.extents.last() {
                self.out.type_params.push(Scoped { value: param.name.clone(), span: *around });
            }
        }
        self.type_params.push((id, params.iter().map(|param| param.name.clone()).collect()));
        run(self);
        self.type_params.pop();
    }
}
