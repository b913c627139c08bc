//! One crate in the making: what everything in it is called, and its types as Rust writes them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use tova_ir::{
    EnumId, EnumKind, FnId, FnType, Function, Global, GlobalId, GlobalKind, ModelId, Program, RecordId, Type,
};

use crate::Options;
use crate::names::{self, Names, camel, ident, shout, snake};
use crate::plan::{self, DataId, Plan};

/// One crate in the making.
pub(crate) struct Unit<'a> {
    pub(crate) program: &'a Program,
    pub(crate) options: &'a Options<'a>,
    pub(crate) plan: Plan,
    functions: BTreeMap<FnId, Ident>,
    data: BTreeMap<DataId, Ident>,
    /// By type, variant (0 for records) and field.
    fields: BTreeMap<(DataId, usize, usize), Ident>,
    globals: BTreeMap<GlobalId, Ident>,
    /// Functions that write rows as JSON.
    writers: BTreeMap<FnId, Ident>,
    /// Functions that write one row of a model.
    row_writers: BTreeMap<ModelId, Ident>,
    boxed: BTreeSet<(DataId, usize, usize)>,
    /// Names of the crate's own items that the item in the making mentions.
    mentions: RefCell<BTreeSet<String>>,
    /// Names that locals may not have.
    pub(crate) items: Names,
    pub(crate) recursive: BTreeSet<FnId>,
}

impl<'a> Unit<'a> {
    /// Names everything that the plan has.
    pub(crate) fn new(program: &'a Program, options: &'a Options<'a>, plan: Plan) -> Self {
        let mut items = Names::default();
        let mut types = Names::default();
        let data = plan.data.iter().map(|id| (*id, ident(&types.claim(camel(data_name(program, *id)))))).collect();
        let fields = plan.data.iter().flat_map(|id| field_idents(program, *id)).collect();
        let functions = plan.functions.iter().filter_map(|id| {
            let function = program.functions.get(id.0 as usize)?;
            Some((*id, ident(&items.claim(snake(&function.name)))))
        });
        let functions = functions.collect();
        let globals = plan.globals.iter().filter_map(|id| {
            let global = program.globals.get(id.0 as usize)?;
            Some((*id, ident(&items.claim(shout(&global.name)))))
        });
        let globals = globals.collect();
        let writers = plan.written.iter().filter_map(|id| {
            let function = program.functions.get(id.0 as usize)?;
            Some((*id, ident(&items.claim(format!("{}_json", snake(&function.name))))))
        });
        let writers = writers.collect();
        let row_writers = plan.written_models.iter().filter_map(|id| {
            let model = program.models.get(id.0 as usize)?;
            Some((*id, ident(&items.claim(format!("{}_row_json", snake(&model.name))))))
        });
        let row_writers = row_writers.collect();
        let boxed = plan::recursive_fields(program, &plan.data);
        let recursive = recursive_functions(program, &plan.functions);
        let mentions = RefCell::default();
        Self {
            program,
            options,
            plan,
            functions,
            data,
            fields,
            globals,
            writers,
            row_writers,
            boxed,
            mentions,
            items,
            recursive,
        }
    }

    /// A function of the program.
    pub(crate) fn function(&self, id: FnId) -> Option<&'a Function> {
        self.program.functions.get(id.0 as usize)
    }

    /// A global of the program.
    pub(crate) fn global(&self, id: GlobalId) -> Option<&'a Global> {
        self.program.globals.get(id.0 as usize)
    }

    /// The name of a function, noted as mentioned.
    pub(crate) fn function_name(&self, id: FnId) -> Ident {
        self.mention(self.functions.get(&id).cloned().unwrap_or_else(|| ident("missing_function")))
    }

    /// The name of the function that writes the rows of another one, noted as mentioned.
    pub(crate) fn writer_name(&self, id: FnId) -> Option<Ident> {
        self.writers.get(&id).cloned().map(|name| self.mention(name))
    }

    /// The name of the function that writes one row of a model, noted as mentioned.
    pub(crate) fn row_writer_name(&self, id: ModelId) -> Ident {
        self.mention(self.row_writers.get(&id).cloned().unwrap_or_else(|| ident("missing_writer")))
    }

    /// The name of a record or enum, noted as mentioned.
    pub(crate) fn data_name(&self, id: DataId) -> Ident {
        if self.is_fault(id) {
            return ident("Fault");
        }
        self.mention(self.data.get(&id).cloned().unwrap_or_else(|| ident("MissingType")))
    }

    /// The name of a global, noted as mentioned.
    pub(crate) fn global_name(&self, id: GlobalId) -> Ident {
        self.mention(self.globals.get(&id).cloned().unwrap_or_else(|| ident("MISSING_GLOBAL")))
    }

    /// Whether the global is updated, or computed by something that suspends: set at the start.
    pub(crate) fn is_state(&self, id: GlobalId) -> bool {
        self.global(id).is_some_and(|global| {
            global.kind != GlobalKind::Const || self.function(global.init).is_some_and(|f| f.effects.is_async)
        })
    }

    /// Notes an item of the crate as mentioned.
    pub(crate) fn mention(&self, name: Ident) -> Ident {
        self.mentions.borrow_mut().insert(name.to_string());
        name
    }

    /// The names mentioned since the last call.
    pub(crate) fn take_mentions(&self) -> BTreeSet<String> {
        self.mentions.take()
    }

    /// The name of a record's or variant's field.
    pub(crate) fn field_name(&self, data: DataId, variant: usize, index: usize) -> Ident {
        self.fields.get(&(data, variant, index)).cloned().unwrap_or_else(|| ident("missing_field"))
    }

    /// Whether the field is kept behind a pointer because the type contains itself through it.
    pub(crate) fn is_boxed(&self, data: DataId, variant: usize, index: usize) -> bool {
        self.boxed.contains(&(data, variant, index))
    }

    /// Whether the record is the `Error` of the language, which the runtime has.
    pub(crate) fn is_fault(&self, data: DataId) -> bool {
        matches!(data, DataId::Record(id) if self.program.error == Some(id))
    }

    /// Whether the enum is a `Result`, which Rust has.
    pub(crate) fn is_result(&self, id: EnumId) -> bool {
        self.program.enums.get(id.0 as usize).is_some_and(|enum_| enum_.kind == EnumKind::Result)
    }

    /// The path of a variant: `Shape::Disc`, `Ok`.
    pub(crate) fn variant_path(&self, id: EnumId, variant: u32) -> TokenStream {
        let name = self.variant_name(id, variant);
        if self.is_result(id) {
            return quote! { #name };
        }
        let data = self.data_name(DataId::Enum(id));
        quote! { #data::#name }
    }

    /// The name of a variant.
    pub(crate) fn variant_name(&self, id: EnumId, variant: u32) -> Ident {
        let variants = self.program.enums.get(id.0 as usize).map(|enum_| enum_.variants.as_slice()).unwrap_or_default();
        ident(&variants.get(variant as usize).map_or_else(|| "Missing".to_owned(), |variant| camel(&variant.name)))
    }

    /// Whether the variant's fields have no names.
    pub(crate) fn is_tuple_variant(&self, id: EnumId, variant: u32) -> bool {
        let variant = self.program.enums.get(id.0 as usize).and_then(|enum_| enum_.variants.get(variant as usize));
        self.is_result(id)
            || variant.is_some_and(|variant| {
                variant.fields.first().is_some_and(|field| field.name.starts_with(|c: char| c.is_ascii_digit()))
            })
    }

    /// A type.
    pub(crate) fn ty(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Unit => quote! { () },
            Type::Never => quote! { Never },
            Type::Bool => quote! { bool },
            Type::Int => quote! { i64 },
            Type::Float => quote! { f64 },
            Type::Str => quote! { Str },
            Type::Any => quote! { Any },
            Type::Duration => quote! { Duration },
            Type::Size => quote! { Size },
            Type::List(item) => {
                let item = self.ty(item);
                quote! { List<#item> }
            }
            Type::Map(key, value) => {
                let (key, value) = (self.ty(key), self.ty(value));
                quote! { Map<#key, #value> }
            }
            Type::Set(item) => {
                let item = self.ty(item);
                quote! { Set<#item> }
            }
            Type::Tuple(items) => {
                let items = items.iter().map(|item| self.ty(item));
                quote! { (#(#items),*) }
            }
            Type::Option(item) => {
                let item = self.ty(item);
                quote! { Option<#item> }
            }
            Type::Record(id) => {
                let name = self.data_name(DataId::Record(*id));
                quote! { #name }
            }
            Type::Enum(id) => self.enum_ty(*id),
            Type::Fn(function) => self.fn_ty(function),
            Type::Handle(name) => handle_ty(name),
            // Views never reach a server.
            Type::View => quote! { () },
        }
    }

    /// The types of a `Result` as generic arguments.
    pub(crate) fn result_types(&self, id: EnumId) -> TokenStream {
        let variants = self.program.enums.get(id.0 as usize).map(|enum_| enum_.variants.as_slice()).unwrap_or_default();
        let fields =
            variants.iter().map(|variant| variant.fields.first().map_or(quote! { () }, |field| self.ty(&field.ty)));
        quote! { ::<#(#fields),*> }
    }

    fn enum_ty(&self, id: EnumId) -> TokenStream {
        if !self.is_result(id) {
            let name = self.data_name(DataId::Enum(id));
            return quote! { #name };
        }
        let variants = self.program.enums.get(id.0 as usize).map(|enum_| enum_.variants.as_slice()).unwrap_or_default();
        let fields =
            variants.iter().map(|variant| variant.fields.first().map_or(quote! { () }, |field| self.ty(&field.ty)));
        quote! { Result<#(#fields),*> }
    }

    /// The type of a function value.
    pub(crate) fn fn_ty(&self, function: &FnType) -> TokenStream {
        let name = fn_ident(function);
        let params = function.params.iter().map(|param| self.ty(param));
        let ret = self.ty(&function.ret);
        quote! { #name<#(#params,)* #ret> }
    }

    /// What a function returns: the type, in a `Result` if it throws.
    pub(crate) fn returned(&self, ret: &Type, throws: bool) -> TokenStream {
        let ty = self.ty(ret);
        if throws {
            quote! { Result<#ty, Fault> }
        } else {
            ty
        }
    }
}

/// The alias of a kind of function value: `Fn1`, `AsyncFn2`.
pub(crate) fn fn_ident(function: &FnType) -> Ident {
    let kind = if function.is_async { "AsyncFn" } else { "Fn" };
    ident(&format!("{kind}{}", function.params.len()))
}

fn handle_ty(name: &EcoString) -> TokenStream {
    let name = ident(name);
    quote! { #name }
}

fn data_name(program: &Program, id: DataId) -> &str {
    match id {
        DataId::Record(RecordId(at)) => program.records.get(at as usize).map_or("Missing", |record| &record.name),
        DataId::Enum(EnumId(at)) => program.enums.get(at as usize).map_or("Missing", |enum_| &enum_.name),
    }
}

/// The names of all fields of a type. Fields of positional variants have none.
fn field_idents(program: &Program, data: DataId) -> Vec<((DataId, usize, usize), Ident)> {
    let groups: Vec<Vec<&str>> = match data {
        DataId::Record(id) => {
            let record = program.records.get(id.0 as usize);
            record.map(|record| record.fields.iter().map(|field| field.name.as_str()).collect()).into_iter().collect()
        }
        DataId::Enum(id) => {
            let variants = program.enums.get(id.0 as usize).into_iter().flat_map(|enum_| &enum_.variants);
            variants.map(|variant| variant.fields.iter().map(|field| field.name.as_str()).collect()).collect()
        }
    };
    let mut all = Vec::new();
    for (variant, fields) in groups.iter().enumerate() {
        let mut taken = BTreeSet::new();
        for (index, field) in fields.iter().enumerate() {
            let mut name = snake(field);
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            all.push(((data, variant, index), names::ident(&name)));
        }
    }
    all
}

/// Functions that can call themselves, by whatever way.
fn recursive_functions(program: &Program, functions: &BTreeSet<FnId>) -> BTreeSet<FnId> {
    let calls = |id: FnId| {
        let mut called = BTreeSet::new();
        if let Some(function) = program.functions.get(id.0 as usize) {
            tova_ir::walk::each_expr(&function.body, &mut |expr| {
                if let tova_ir::ExprKind::Call { function, .. } | tova_ir::ExprKind::FnValue(function) = &expr.kind {
                    called.insert(*function);
                }
            });
        }
        called
    };
    let graph: BTreeMap<FnId, BTreeSet<FnId>> = functions.iter().map(|id| (*id, calls(*id))).collect();
    let is_recursive = |id: &&FnId| {
        let mut seen = BTreeSet::new();
        let mut queue: Vec<FnId> = graph.get(id).into_iter().flatten().copied().collect();
        while let Some(at) = queue.pop() {
            if at == **id {
                return true;
            }
            if seen.insert(at) {
                queue.extend(graph.get(&at).into_iter().flatten());
            }
        }
        false
    };
    functions.iter().filter(is_recursive).copied().collect()
}
