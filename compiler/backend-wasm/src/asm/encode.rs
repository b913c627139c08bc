//! From the declared module to the binary: what the exports reach, with real indices.

use std::cmp::Reverse;
use std::collections::HashMap;

use ecow::EcoString;
use indexmap::IndexSet;
use tova_source::Span;
use wasm_encoder as enc;
use wasm_encoder::{Encode, Instruction as Ins, ValType};

use super::code::index;
use super::module::{FuncKind, GlobalKind};
use super::remap::{self, Space};
use super::{Code, Composite, Field, Module, Storage, TypeId, Val};

/// Whether names for the debugger are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Write the name section.
    Keep,
    /// Leave it out, and name the functions of the glue by their places among [`Encoded::imports`].
    Strip,
}

/// A written module.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    /// The binary.
    pub wasm: Vec<u8>,
    /// Functions that it imports, as (module, name), without repetition.
    pub imports: Vec<(EcoString, EcoString)>,
    /// Where code at a byte offset comes from, in order of offsets.
    pub marks: Vec<(u32, Span)>,
}

/// What is reached, in the order of the final indices.
#[derive(Default)]
struct Live {
    types: IndexSet<u32>,
    imports: IndexSet<u32>,
    funcs: IndexSet<u32>,
    texts: IndexSet<u32>,
    globals: IndexSet<u32>,
    declared: IndexSet<u32>,
    queue: Vec<u32>,
    /// How often each type and function is named in code: what is named often gets a small index, which is one byte.
    uses: HashMap<(Space, u32), u32>,
}

impl Module {
    /// Writes what the exports reach.
    #[must_use]
    pub fn finish(mut self, names: Names) -> Encoded {
        let mut live = Live::default();
        let exported: Vec<u32> = self.exports.values().map(|func| func.0).collect();
        for func in exported {
            live.func(&self, func);
        }
        while let Some(func) = live.queue.pop() {
            live.body(&mut self, func);
        }
        live.order(&self);
        Writer { module: &mut self, live: &live }.write(names)
    }
}

impl Live {
    fn func(&mut self, module: &Module, id: u32) {
        let Some(def) = module.funcs.get(id as usize) else { return };
        let is_new = match def.kind {
            FuncKind::Import { .. } => self.imports.insert(id),
            FuncKind::Declared | FuncKind::Defined(_) => self.funcs.insert(id),
        };
        if is_new {
            self.ty(module, def.ty.0);
            self.queue.push(id);
        }
    }

    fn body(&mut self, module: &mut Module, id: u32) {
        let Some(def) = module.funcs.get_mut(id as usize) else { return };
        let FuncKind::Defined(code) = &mut def.kind else { return };
        let mut found = found_in(&mut code.ops);
        let tys: Vec<u32> = code.locals.iter().filter_map(|val| val.mentions()).map(|ty| ty.0).collect();
        found.extend(tys.into_iter().map(|ty| (Space::Type, ty)));
        self.reach(module, found);
    }

    fn reach(&mut self, module: &mut Module, found: Vec<(Space, u32)>) {
        for (space, id) in found {
            let space = if space == Space::FuncRef {
                self.declared.insert(id);
                Space::Func
            } else {
                space
            };
            *self.uses.entry((space, id)).or_default() += 1;
            match space {
                Space::Type => self.ty(module, id),
                Space::Func | Space::FuncRef => self.func(module, id),
                Space::Global => self.global(module, id),
            }
        }
    }

    fn global(&mut self, module: &mut Module, id: u32) {
        let Some(def) = module.globals.get_mut(id as usize) else { return };
        match &mut def.kind {
            GlobalKind::Text => {
                self.texts.insert(id);
            }
            GlobalKind::Own { init, .. } => {
                if self.globals.contains(&id) {
                    return;
                }
                let mut found = found_in(init);
                found.extend(def.val.mentions().map(|ty| (Space::Type, ty.0)));
                // What the first value mentions comes before.
                self.reach(module, found);
                self.globals.insert(id);
            }
        }
    }

    fn ty(&mut self, module: &Module, id: u32) {
        if self.types.insert(id)
            && let Some(def) = module.types.get(id as usize)
        {
            for mentioned in def.composite.mentions() {
                self.ty(module, mentioned.0);
            }
        }
    }

    /// Types without structs first, each on its own; then one group, supertypes before subtypes. What is named often goes first.
    fn order(&mut self, module: &Module) {
        let uses = std::mem::take(&mut self.uses);
        let rare = |space, id| Reverse(uses.get(&(space, id)).copied().unwrap_or(0));
        let (mut alone, mut group): (Vec<u32>, Vec<u32>) = self.types.iter().partition(|&&id| is_alone(module, id));
        alone.sort_by_key(|&id| rare(Space::Type, id));
        group.sort_by_key(|&id| (depth(module, id), rare(Space::Type, id)));
        alone.append(&mut group);
        self.types = alone.into_iter().collect();
        self.imports.sort_by_key(|&id| rare(Space::Func, id));
        self.funcs.sort_by_key(|&id| rare(Space::Func, id));
    }
}

fn found_in(ops: &mut [Ins<'static>]) -> Vec<(Space, u32)> {
    let mut found = Vec::new();
    for op in ops {
        remap::visit(op, &mut |space, id| found.push((space, *id)));
    }
    found
}

fn is_alone(module: &Module, id: u32) -> bool {
    module.types.get(id as usize).is_some_and(|def| match &def.composite {
        Composite::Struct { .. } => false,
        Composite::Func { .. } | Composite::Array(_) => def.composite.mentions().is_empty(),
    })
}

fn depth(module: &Module, id: u32) -> u32 {
    match module.types.get(id as usize).map(|def| &def.composite) {
        Some(Composite::Struct { supertype: Some(parent), .. }) => 1 + depth(module, parent.0),
        Some(Composite::Struct { .. } | Composite::Func { .. } | Composite::Array(_)) | None => 0,
    }
}

struct Writer<'a> {
    module: &'a mut Module,
    live: &'a Live,
}

impl Writer<'_> {
    fn write(mut self, names: Names) -> Encoded {
        let mut out = enc::Module::new();
        out.section(&self.types());
        out.section(&self.imports(names));
        let mut functions = enc::FunctionSection::new();
        for &id in &self.live.funcs {
            functions.function(self.ty(self.module.funcs[id as usize].ty.0));
        }
        out.section(&functions);
        if !self.live.globals.is_empty() {
            out.section(&self.globals());
        }
        let mut exports = enc::ExportSection::new();
        for (name, func) in &self.module.exports {
            exports.export(name, enc::ExportKind::Func, self.func(func.0));
        }
        out.section(&exports);
        if !self.live.declared.is_empty() {
            let mut elements = enc::ElementSection::new();
            let declared: Vec<u32> = self.live.declared.iter().map(|&id| self.func(id)).collect();
            elements.declared(enc::Elements::Functions(declared.into()));
            out.section(&elements);
        }
        let (code, size, marks, local_names) = self.code();
        out.section(&code);
        let end = out.len();
        if names == Names::Keep {
            out.section(&self.names(&local_names));
        }
        let wasm = out.finish();
        let start = end - size;
        let marks = marks.into_iter().map(|(offset, span)| (index(start + offset), span)).collect();
        Encoded { imports: self.imported(), wasm, marks }
    }

    fn imported(&self) -> Vec<(EcoString, EcoString)> {
        let mut all = IndexSet::new();
        for &id in &self.live.imports {
            let def = &self.module.funcs[id as usize];
            if let FuncKind::Import { module } = &def.kind {
                all.insert((module.clone(), def.name.clone()));
            }
        }
        all.into_iter().collect()
    }

    fn types(&self) -> enc::TypeSection {
        let mut section = enc::TypeSection::new();
        let mut group = Vec::new();
        for &id in &self.live.types {
            let sub = self.subtype(id);
            if is_alone(self.module, id) {
                section.ty().subtype(&sub);
            } else {
                group.push(sub);
            }
        }
        if !group.is_empty() {
            section.ty().rec(group);
        }
        section
    }

    fn subtype(&self, id: u32) -> enc::SubType {
        let def = &self.module.types[id as usize];
        let mut supertype_idxs = Vec::new();
        let inner = match &def.composite {
            Composite::Func { params, results } => enc::CompositeInnerType::Func(enc::FuncType::new(
                params.iter().map(|&val| self.val(val)).collect::<Vec<_>>(),
                results.iter().map(|&val| self.val(val)).collect::<Vec<_>>(),
            )),
            Composite::Struct { supertype, fields } => {
                supertype_idxs.extend(supertype.map(|parent| self.ty(parent.0)));
                enc::CompositeInnerType::Struct(enc::StructType {
                    fields: fields.iter().map(|field| self.field(*field)).collect(),
                })
            }
            Composite::Array(field) => enc::CompositeInnerType::Array(enc::ArrayType(self.field(*field))),
        };
        enc::SubType {
            is_final: !def.has_subtypes,
            supertype_idxs,
            composite_type: enc::CompositeType { inner, shared: false, descriptor: None, describes: None },
        }
    }

    fn field(&self, field: Field) -> enc::FieldType {
        let element_type = match field.storage {
            Storage::I8 => enc::StorageType::I8,
            Storage::I16 => enc::StorageType::I16,
            Storage::Val(val) => enc::StorageType::Val(self.val(val)),
        };
        enc::FieldType { element_type, mutable: field.mutable }
    }

    fn val(&self, val: Val) -> ValType {
        let mut ty = val.encoded();
        remap::visit_val(&mut ty, &mut |_, id| *id = self.ty(*id));
        ty
    }

    fn imports(&self, names: Names) -> enc::ImportSection {
        let mut section = enc::ImportSection::new();
        let all = self.imported();
        let glue: Vec<&EcoString> = all.iter().filter(|(module, _)| module == "m").map(|(_, name)| name).collect();
        for &id in &self.live.imports {
            let def = &self.module.funcs[id as usize];
            if let FuncKind::Import { module } = &def.kind {
                let place =
                    glue.iter().position(|name| **name == def.name).filter(|_| module == "m" && names == Names::Strip);
                let name = place.map_or_else(|| def.name.clone(), |place| ecow::eco_format!("{place}"));
                section.import(module, &name, enc::EntityType::Function(self.ty(def.ty.0)));
            }
        }
        for &id in &self.live.texts {
            let val_type = self.val(Val::ExtNonNull);
            let ty = enc::GlobalType { val_type, mutable: false, shared: false };
            section.import("'", &self.module.globals[id as usize].name, enc::EntityType::Global(ty));
        }
        section
    }

    fn globals(&self) -> enc::GlobalSection {
        let mut section = enc::GlobalSection::new();
        for &id in &self.live.globals {
            let def = &self.module.globals[id as usize];
            if let GlobalKind::Own { mutable, init } = &def.kind {
                let mut bytes = Vec::new();
                for op in init {
                    self.ins(op).encode(&mut bytes);
                }
                let ty = enc::GlobalType { val_type: self.val(def.val), mutable: *mutable, shared: false };
                section.global(ty, &enc::ConstExpr::raw(bytes));
            }
        }
        section
    }

    /// The section of the code, how many bytes its functions take, marks by their offset in these, and the names of locals.
    #[expect(clippy::type_complexity, reason = "four results of one walk")]
    fn code(&mut self) -> (enc::CodeSection, usize, Vec<(usize, Span)>, Vec<Vec<(u32, String)>>) {
        let mut section = enc::CodeSection::new();
        let mut marks = Vec::new();
        let mut names = Vec::new();
        let mut size = 0;
        for &id in &self.live.funcs {
            let mut empty = Code::default();
            empty.op(Ins::Unreachable);
            let code = match &self.module.funcs[id as usize].kind {
                FuncKind::Defined(code) => code,
                FuncKind::Declared | FuncKind::Import { .. } => &empty,
            };
            let code = super::code::tidy(code);
            let locals = code.locals[code.params..].iter().map(|&val| (1, self.val(val)));
            let mut function = enc::Function::new(merge(locals));
            let mut pending = code.marks.iter().peekable();
            let first = marks.len();
            for (position, op) in code.ops.iter().enumerate() {
                while let Some((_, span)) = pending.next_if(|(from, _)| *from <= position) {
                    marks.push((function.byte_len(), *span));
                }
                function.instruction(&self.ins(op));
            }
            function.instruction(&Ins::End);
            section.function(&function);
            // The length stands before the body.
            let start = size + leb_size(function.byte_len());
            marks.iter_mut().skip(first).for_each(|(offset, _)| *offset += start);
            size = start + function.byte_len();
            names.push(code.names.clone());
        }
        (section, size, marks, names)
    }

    fn ins(&self, op: &Ins<'static>) -> Ins<'static> {
        let mut op = op.clone();
        remap::visit(&mut op, &mut |space, id| {
            *id = match space {
                Space::Type => self.ty(*id),
                Space::Func | Space::FuncRef => self.func(*id),
                Space::Global => self.global(*id),
            }
        });
        op
    }

    fn ty(&self, id: u32) -> u32 {
        position(&self.live.types, TypeId(id).0)
    }

    fn func(&self, id: u32) -> u32 {
        match self.live.imports.get_index_of(&id) {
            Some(at) => index(at),
            None => index(self.live.imports.len()) + position(&self.live.funcs, id),
        }
    }

    fn global(&self, id: u32) -> u32 {
        match self.live.texts.get_index_of(&id) {
            Some(at) => index(at),
            None => index(self.live.texts.len()) + position(&self.live.globals, id),
        }
    }

    fn names(&self, locals: &[Vec<(u32, String)>]) -> enc::NameSection {
        let mut section = enc::NameSection::new();
        section.module("tova");
        let mut funcs = enc::NameMap::new();
        let all = self.live.imports.iter().chain(&self.live.funcs);
        for (at, &id) in all.enumerate() {
            funcs.append(index(at), &self.module.funcs[id as usize].name);
        }
        section.functions(&funcs);
        let mut by_func = enc::IndirectNameMap::new();
        for (at, names) in locals.iter().enumerate().filter(|(_, names)| !names.is_empty()) {
            let mut map = enc::NameMap::new();
            let mut sorted = names.clone();
            sorted.sort();
            sorted.dedup_by_key(|(local, _)| *local);
            for (local, name) in sorted {
                map.append(local, &name);
            }
            by_func.append(index(self.live.imports.len() + at), &map);
        }
        section.locals(&by_func);
        let mut types = enc::NameMap::new();
        for (at, &id) in self.live.types.iter().enumerate() {
            let name = &self.module.types[id as usize].name;
            if !name.is_empty() {
                types.append(index(at), name);
            }
        }
        section.types(&types);
        section
    }
}

fn position(set: &IndexSet<u32>, id: u32) -> u32 {
    set.get_index_of(&id).map_or(0, index)
}

/// Neighbours of one type as one entry.
fn merge(locals: impl Iterator<Item = (u32, ValType)>) -> Vec<(u32, ValType)> {
    let mut merged: Vec<(u32, ValType)> = Vec::new();
    for (count, ty) in locals {
        match merged.last_mut() {
            Some((n, last)) if *last == ty => *n += count,
            _ => merged.push((count, ty)),
        }
    }
    merged
}

/// How many bytes a length takes in LEB128.
fn leb_size(value: usize) -> usize {
    (value.checked_ilog2().unwrap_or(0) / 7 + 1) as usize
}
