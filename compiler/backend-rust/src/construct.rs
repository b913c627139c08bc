//! Values that are put together: lists, maps, tuples, records, variants.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{EnumId, Expr, ExprKind, RecordId, Type};

use crate::body::Body;
use crate::code::Code;
use crate::names::ident;
use crate::plan::DataId;

impl<'a> Body<'a> {
    /// A value that is put together.
    pub(crate) fn construct(&mut self, expr: &'a Expr) -> Code {
        match &expr.kind {
            ExprKind::List(items) if items.is_empty() => Code::postfix(match &expr.ty {
                Type::List(item) if self.generic => {
                    let item = self.unit.ty(item);
                    quote! { List::<#item>::new() }
                }
                _ => quote! { List::new() },
            }),
            ExprKind::List(items) => {
                let items = self.values(items);
                Code::postfix(quote! { List::from([#(#items),*]) })
            }
            ExprKind::Map(entries) if entries.is_empty() => Code::postfix(match &expr.ty {
                Type::Map(key, value) if self.generic => {
                    let (key, value) = (self.unit.ty(key), self.unit.ty(value));
                    quote! { Map::<#key, #value>::new() }
                }
                _ => quote! { Map::new() },
            }),
            ExprKind::Map(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| {
                        let (key, value) = (self.value(key).tokens(), self.value(value).tokens());
                        quote! { (#key, #value) }
                    })
                    .collect();
                Code::postfix(quote! { Map::from([#(#entries),*]) })
            }
            ExprKind::Tuple(items) => {
                let items = self.values(items);
                Code::postfix(quote! { (#(#items),*) })
            }
            ExprKind::Record { record, fields } => self.known(|this| this.record(*record, fields)),
            ExprKind::RecordUpdate { record, base, fields } => {
                self.known(|this| this.record_update(*record, base, fields))
            }
            ExprKind::Variant { enum_, variant, args } => self.variant(*enum_, *variant, args),
            _ => Code::postfix(quote! { () }),
        }
    }

    fn variant(&mut self, enum_: EnumId, variant: u32, args: &'a [Expr]) -> Code {
        let data = DataId::Enum(enum_);
        let path = self.unit.variant_path(enum_, variant);
        let generic = self.generic;
        self.generic &= self.unit.is_result(enum_);
        let values: Vec<_> = args
            .iter()
            .enumerate()
            .map(|(index, arg)| {
                let value = self.value(arg).tokens();
                if self.unit.is_boxed(data, variant as usize, index) {
                    quote! { Arc::new(#value) }
                } else {
                    value
                }
            })
            .collect();
        self.generic = generic;
        if values.is_empty() {
            return Code::postfix(path);
        }
        if self.unit.is_tuple_variant(enum_, variant) {
            let types = (self.generic && self.unit.is_result(enum_)).then(|| self.unit.result_types(enum_));
            return Code::postfix(quote! { #path #types(#(#values),*) });
        }
        let fields = values.into_iter().enumerate().map(|(index, value)| {
            let name = self.unit.field_name(data, variant as usize, index);
            assigned(&quote! { #name }, &value)
        });
        Code::postfix(quote! { #path { #(#fields),* } })
    }

    fn values(&mut self, items: &'a [Expr]) -> Vec<TokenStream> {
        items.iter().map(|item| self.value(item).tokens()).collect()
    }

    fn record(&mut self, record: RecordId, fields: &'a [Expr]) -> Code {
        let data = DataId::Record(record);
        let values = self.values(fields);
        if self.unit.is_fault(data) {
            return Code::postfix(quote! { Fault::new(#(#values),*) });
        }
        let name = self.unit.data_name(data);
        let fields = values.into_iter().enumerate().map(|(index, value)| self.field_value(data, index, value));
        let fields: Vec<_> = fields.collect();
        Code::postfix(quote! { #name { #(#fields),* } })
    }

    fn field_value(&self, data: DataId, index: usize, value: TokenStream) -> TokenStream {
        let name = self.unit.field_name(data, 0, index);
        let value = if self.unit.is_boxed(data, 0, index) {
            quote! { Arc::new(#value) }
        } else {
            value
        };
        assigned(&quote! { #name }, &value)
    }

    fn record_update(&mut self, record: RecordId, base: &'a Expr, fields: &'a [(u32, Expr)]) -> Code {
        let data = DataId::Record(record);
        let values: Vec<_> =
            fields.iter().map(|(index, value)| (*index as usize, self.value(value).tokens())).collect();
        let all = self.unit.program.records.get(record.0 as usize).map_or(0, |record| record.fields.len());
        let name = self.unit.data_name(data);
        let fields: Vec<_> =
            values.iter().map(|(index, value)| self.field_value(data, *index, value.clone())).collect();
        let base = self.value(base).tokens();
        if fields.len() == all {
            return Code::postfix(quote! { { let _ = #base; #name { #(#fields),* } } });
        }
        if let ("Fault", Type::Record(_)) = (name.to_string().as_str(), Type::Record(record)) {
            let fault = ident("Fault");
            return Code::postfix(quote! { #fault { #(#fields,)* ..#base } });
        }
        Code::postfix(quote! { #name { #(#fields,)* ..#base } })
    }
}

/// `name: value`, or `name` alone if that says the same.
fn assigned(name: &TokenStream, value: &TokenStream) -> TokenStream {
    if name.to_string() == value.to_string() {
        quote! { #name }
    } else {
        quote! { #name: #value }
    }
}
