//! Records and enums: their declarations, and the abilities that the crate asks of them.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use tova_ir::{Enum, EnumId, EnumKind, Field, ModelId, Record, RecordId, Type};

use crate::file::{Item, Place};
use crate::items::docs;
use crate::names::ident;
use crate::plan::{Ability, DataId};
use crate::query;
use crate::unit::Unit;

/// The item of a record or enum. Those that the runtime has need none.
pub(crate) fn item(unit: &Unit<'_>, id: DataId) -> Option<Item> {
    if unit.is_fault(id) {
        return None;
    }
    let name = unit.data_name(id);
    let (tokens, place) = match id {
        DataId::Record(record_id) => {
            let record = unit.program.records.get(record_id.0 as usize)?;
            // A record without a declaration has no file of its own.
            let place =
                if record.shown.is_some() { Place::Source(record.span) } else { Place::Module("records", record.span) };
            (record_tokens(unit, record_id, record, &name), place)
        }
        DataId::Enum(enum_id) => {
            let enum_ = unit.program.enums.get(enum_id.0 as usize).filter(|enum_| enum_.kind != EnumKind::Result)?;
            (enum_tokens(unit, enum_id, enum_, &name), Place::Source(enum_.span))
        }
    };
    let mut mentions = unit.take_mentions();
    mentions.remove(&name.to_string());
    Some(Item { name: name.to_string(), place, tokens, mentions })
}

fn field_ty(unit: &Unit<'_>, data: DataId, variant: usize, index: usize, field: &Field) -> TokenStream {
    let ty = unit.ty(&field.ty);
    if unit.is_boxed(data, variant, index) {
        quote! { Arc<#ty> }
    } else {
        ty
    }
}

fn record_tokens(unit: &Unit<'_>, id: RecordId, record: &Record, name: &Ident) -> TokenStream {
    let data = DataId::Record(id);
    let docs = docs(record.docs.as_deref().unwrap_or_default());
    let idents: Vec<Ident> = (0..record.fields.len()).map(|index| unit.field_name(data, 0, index)).collect();
    let types: Vec<_> =
        record.fields.iter().enumerate().map(|(index, field)| field_ty(unit, data, 0, index, field)).collect();
    let declaration = quote! { #docs #[derive(Clone, PartialEq)] pub struct #name { #(pub #idents: #types),* } };
    let names: Vec<&str> = record.fields.iter().map(|field| field.name.as_str()).collect();
    let mut impls = TokenStream::new();
    if unit.plan.needs(data, Ability::Show) {
        let shown = record.shown.as_deref().unwrap_or_default();
        impls.extend(quote! {
            impl Show for #name {
                fn show(&self, out: &mut Str) {
                    show_fields(out, #shown, &[#((#names, &self.#idents)),*]);
                }
            }
        });
    }
    if unit.plan.needs(data, Ability::ToJson) {
        let fields = json_fields(&names, &idents.iter().map(|field| quote! { self.#field }).collect::<Vec<_>>(), "{");
        impls.extend(quote! { impl ToJson for #name { fn to_json(&self, out: &mut JsonWriter) { #fields } } });
    }
    if unit.plan.needs(data, Ability::FromAny) {
        impls.extend(quote! {
            impl FromAny for #name {
                fn from_any(data: &Any) -> Result<Self, Mismatch> {
                    Ok(Self { #(#idents: field(data, #names)?),* })
                }
            }
        });
    }
    if unit.plan.needs(data, Ability::ToAny) {
        impls.extend(quote! {
            impl ToAny for #name {
                fn to_any(&self) -> Any {
                    Any::Map(Map::from([#((Str::from(#names), self.#idents.to_any())),*]))
                }
            }
        });
    }
    if unit.plan.needs(data, Ability::Key) {
        impls.extend(key_impl(name, &quote! { #(self.#idents.hash_key(state);)* }));
    }
    for (at, model) in unit.program.models.iter().enumerate() {
        let model_id = ModelId(u32::try_from(at).unwrap_or(u32::MAX));
        if model.record == id && unit.plan.read_models.contains(&model_id) {
            impls.extend(query::from_row(unit, model, name));
        }
    }
    quote! { #declaration #impls }
}

fn key_impl(name: &Ident, content: &TokenStream) -> TokenStream {
    quote! {
        impl Key for #name {
            fn hash_key(&self, state: &mut dyn std::hash::Hasher) { #content }
        }
    }
}

/// Writes the fields of an object that has been opened by `before`.
fn json_fields(names: &[&str], values: &[TokenStream], before: &str) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut lead = before.to_owned();
    for (name, value) in names.iter().zip(values) {
        let comma = if lead.ends_with('{') { "" } else { "," };
        let text = format!("{lead}{comma}\"{}\":", escaped(name));
        tokens.extend(quote! { out.raw(#text); #value.to_json(out); });
        lead = String::new();
    }
    lead.push('}');
    quote! { #tokens out.raw(#lead); }
}

/// A name as it stands in a JSON text.
pub(crate) fn escaped(name: &str) -> String {
    name.chars().flat_map(|c| if matches!(c, '"' | '\\') { vec!['\\', c] } else { vec![c] }).collect()
}

fn enum_tokens(unit: &Unit<'_>, id: EnumId, enum_: &Enum, name: &Ident) -> TokenStream {
    let data = DataId::Enum(id);
    let docs = docs(enum_.docs.as_deref().unwrap_or_default());
    let variants: Vec<Variant> = (0..enum_.variants.len()).map(|at| Variant::of(unit, id, enum_, at)).collect();
    let declared = variants.iter().map(|variant| variant.declaration.clone());
    let is_made = |at: usize| unit.plan.made.contains(&(id, u32::try_from(at).unwrap_or(u32::MAX)));
    let all_made = unit.plan.needs(data, Ability::FromAny) || (0..variants.len()).all(is_made);
    let unmade =
        (!all_made).then(|| quote! { #[expect(dead_code, reason = "the program does not make all of its variants")] });
    let declaration = quote! { #docs #unmade #[derive(Clone, PartialEq)] pub enum #name { #(#declared),* } };
    let is_union = enum_.kind == EnumKind::Union;
    let mut impls = TokenStream::new();
    if unit.plan.needs(data, Ability::Show) {
        let arms = variants.iter().map(|v| v.show_arm(is_union));
        impls.extend(quote! { impl Show for #name { fn show(&self, out: &mut Str) { match self { #(#arms),* } } } });
    }
    if unit.plan.needs(data, Ability::ToJson) {
        let arms = variants.iter().map(|v| v.json_arm(is_union));
        impls.extend(
            quote! { impl ToJson for #name { fn to_json(&self, out: &mut JsonWriter) { match self { #(#arms),* } } } },
        );
    }
    if unit.plan.needs(data, Ability::FromAny) {
        let content = from_any(&variants, enum_);
        impls.extend(
            quote! { impl FromAny for #name { fn from_any(data: &Any) -> Result<Self, Mismatch> { #content } } },
        );
    }
    if unit.plan.needs(data, Ability::ToAny) {
        let arms = variants.iter().map(|v| v.any_arm(is_union));
        impls.extend(quote! { impl ToAny for #name { fn to_any(&self) -> Any { match self { #(#arms),* } } } });
    }
    if unit.plan.needs(data, Ability::Key) {
        let arms = variants.iter().enumerate().map(|(at, v)| v.key_arm(at));
        impls.extend(key_impl(name, &quote! { match self { #(#arms),* } }));
    }
    quote! { #declaration #impls }
}

/// A variant and what its arms are made of.
struct Variant {
    declaration: TokenStream,
    path: TokenStream,
    /// The pattern that binds all fields.
    pattern: TokenStream,
    shown: String,
    names: Vec<String>,
    bound: Vec<Ident>,
    is_tuple: bool,
}

impl Variant {
    fn of(unit: &Unit<'_>, id: EnumId, enum_: &Enum, at: usize) -> Self {
        let variant = &enum_.variants.get(at);
        let fields = variant.map(|variant| variant.fields.as_slice()).unwrap_or_default();
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        let name = unit.variant_name(id, number);
        let is_tuple = unit.is_tuple_variant(id, number);
        let data = DataId::Enum(id);
        let types: Vec<_> =
            fields.iter().enumerate().map(|(index, field)| field_ty(unit, data, at, index, field)).collect();
        let idents: Vec<_> = (0..fields.len()).map(|index| unit.field_name(data, at, index)).collect();
        let bound: Vec<Ident> = (0..fields.len())
            .map(|index| {
                if is_tuple {
                    ident(&format!("field_{index}"))
                } else {
                    ident(&format!(
                        "a_{}",
                        crate::names::snake(&fields.get(index).map(|f| f.name.to_string()).unwrap_or_default())
                    ))
                }
            })
            .collect();
        let (declaration, pattern) = match (fields.is_empty(), is_tuple) {
            (true, _) => (quote! { #name }, quote! { Self::#name }),
            (false, true) => (quote! { #name(#(#types),*) }, quote! { Self::#name(#(#bound),*) }),
            (false, false) => {
                (quote! { #name { #(#idents: #types),* } }, quote! { Self::#name { #(#idents: #bound),* } })
            }
        };
        let path = if is_tuple || fields.is_empty() {
            quote! { Self::#name }
        } else {
            quote! { Self::#name { #(#idents),* } }
        };
        let names = fields.iter().map(|field| field.name.to_string()).collect();
        let shown = variant.map(|variant| variant.name.to_string()).unwrap_or_default();
        Self { declaration, path, pattern, shown, names, bound, is_tuple }
    }

    fn show_arm(&self, is_union: bool) -> TokenStream {
        let Self { pattern, shown, bound, .. } = self;
        if let ([only], true) = (bound.as_slice(), is_union) {
            return quote! { #pattern => #only.show(out) };
        }
        if bound.is_empty() {
            return quote! { #pattern => out.push_str(#shown) };
        }
        // Variants show their values alone.
        let numbers = (0..bound.len()).map(|at| at.to_string());
        quote! { #pattern => show_fields(out, #shown, &[#((#numbers, #bound)),*]) }
    }

    fn json_arm(&self, is_union: bool) -> TokenStream {
        let Self { pattern, shown, bound, names, .. } = self;
        if let ([only], true) = (bound.as_slice(), is_union) {
            return quote! { #pattern => #only.to_json(out) };
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let values: Vec<_> = bound.iter().map(|field| quote! { #field }).collect();
        let content = json_fields(&names, &values, &format!("{{\"__tag\":\"{}\"", escaped(shown)));
        quote! { #pattern => { #content } }
    }

    fn any_arm(&self, is_union: bool) -> TokenStream {
        let Self { pattern, shown, bound, names, .. } = self;
        if let ([only], true) = (bound.as_slice(), is_union) {
            return quote! { #pattern => #only.to_any() };
        }
        quote! { #pattern => Any::Map(Map::from([(Str::from("__tag"), Any::Str(Str::from(#shown))), #((Str::from(#names), #bound.to_any())),*])) }
    }

    fn key_arm(&self, at: usize) -> TokenStream {
        let Self { pattern, bound, .. } = self;
        let at = proc_macro2::Literal::usize_unsuffixed(at);
        quote! { #pattern => { state.write_u32(#at); #(#bound.hash_key(state);)* } }
    }

    /// Makes the variant of the object `data`.
    fn decoded(&self) -> TokenStream {
        let Self { path, names, is_tuple, .. } = self;
        if names.is_empty() {
            return quote! { Ok(#path) };
        }
        if *is_tuple {
            return quote! { Ok(#path(#(field(data, #names)?),*)) };
        }
        let fields: Vec<_> = self.names.iter().map(|name| quote! { field(data, #name)? }).collect();
        let name = self.declared_name();
        let idents = self.declared_fields();
        quote! { Ok(Self::#name { #(#idents: #fields),* }) }
    }

    fn declared_name(&self) -> TokenStream {
        self.declaration.clone().into_iter().take(1).collect()
    }

    fn declared_fields(&self) -> Vec<TokenStream> {
        // The path of a variant with names lists them: `Self::Disc { radius }`.
        let group = self.path.clone().into_iter().last();
        let Some(proc_macro2::TokenTree::Group(group)) = group else { return Vec::new() };
        group
            .stream()
            .into_iter()
            .filter(|token| matches!(token, proc_macro2::TokenTree::Ident(_)))
            .map(TokenStream::from)
            .collect()
    }
}

fn from_any(variants: &[Variant], enum_: &Enum) -> TokenStream {
    if enum_.kind == EnumKind::Union {
        let types: Vec<&Type> =
            enum_.variants.iter().filter_map(|variant| variant.fields.first()).map(|field| &field.ty).collect();
        // An int fits a float too, so the exact type is tried first: members are tried in order of declaration.
        let tries = variants.iter().zip(types).map(|(variant, _)| {
            let name = variant.declared_name();
            quote! { if let Ok(value) = FromAny::from_any(data) { return Ok(Self::#name(value)); } }
        });
        let expected = format!("a {}", enum_.name);
        return quote! { #(#tries)* Err(found(#expected, data)) };
    }
    let arms = variants.iter().map(|variant| {
        let (shown, made) = (&variant.shown, variant.decoded());
        quote! { #shown => #made }
    });
    let expected = format!("a {}", enum_.name);
    quote! { match variant(data)?.as_str() { #(#arms,)* _ => Err(found(#expected, data)) } }
}
