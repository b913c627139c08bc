//! Models: rows to records, and statements as SQL text that is complete at compile time.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use tova_ir::{Column, CompareOp, Condition, Expr, ExprKind, Model, ModelId, Query, Type};

use crate::body::Body;
use crate::columns::{is_json, plain};
use crate::file::{Item, Place};
use crate::names::{ident, shout};
use crate::plan::DataId;
use crate::unit::Unit;

/// The table of a model, as a constant.
pub(crate) fn table(unit: &Unit<'_>, model: &Model) -> Item {
    let name = table_name(model);
    let columns = model.columns.iter().skip(1).map(|column| {
        let (name, ty) = (column.name.as_str(), column_type(&column.ty));
        let optional = matches!(column.ty, Type::Option(_) | Type::Any);
        let default = match column.default.as_ref().and_then(default_sql) {
            Some(sql) => quote! { Some(#sql) },
            None => quote! { None },
        };
        quote! { Column { name: #name, ty: ColumnType::#ty, optional: #optional, default: #default } }
    });
    let (table, docs) = (model.table.as_str(), format!(" The table of `model {}`.", model.name));
    let tokens = quote! { #[doc = #docs] pub const #name: Table = Table { name: #table, columns: &[#(#columns),*] }; };
    let _ = unit.take_mentions();
    Item {
        name: name.to_string(),
        place: Place::Source(model.span),
        tokens,
        mentions: std::collections::BTreeSet::new(),
    }
}

/// The name of a model's table constant.
pub(crate) fn table_name(model: &Model) -> Ident {
    ident(&format!("{}_TABLE", shout(&model.table)))
}

fn column_type(ty: &Type) -> Ident {
    ident(match plain(ty) {
        Type::Int | Type::Duration | Type::Size => "Int",
        Type::Float => "Float",
        Type::Bool => "Bool",
        Type::Str => "Text",
        _ => "Json",
    })
}

/// A literal as SQL.
fn default_sql(value: &Expr) -> Option<String> {
    Some(match &value.kind {
        ExprKind::Int(n) | ExprKind::Duration(n) | ExprKind::Size(n) => n.to_string(),
        ExprKind::Float(x) => x.to_string(),
        ExprKind::Bool(b) => i64::from(*b).to_string(),
        ExprKind::Str(text) => format!("'{}'", text.as_str().replace('\'', "''")),
        ExprKind::Some(inner) => return default_sql(inner),
        ExprKind::List(items) if items.is_empty() => "'[]'".to_owned(),
        ExprKind::Map(entries) if entries.is_empty() => "'{}'".to_owned(),
        _ => return None,
    })
}

/// `from_row` of a model's record.
pub(crate) fn from_row(unit: &Unit<'_>, model: &Model, name: &Ident) -> TokenStream {
    let data = DataId::Record(model.record);
    let fields = model.columns.iter().enumerate().map(|(at, column)| {
        let field = unit.field_name(data, 0, at);
        let value = read_column(column, &Literal::usize_unsuffixed(at));
        quote! { #field: #value }
    });
    quote! {
        impl #name {
            /// A row with its columns in order.
            pub fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
                Ok(Self { #(#fields),* })
            }
        }
    }
}

/// The function that writes a row of a model as JSON.
pub(crate) fn row_writer(unit: &Unit<'_>, id: ModelId) -> Option<Item> {
    let model = unit.program.models.get(id.0 as usize)?;
    let name = unit.row_writer_name(id);
    let mut lead = "{".to_owned();
    let mut columns = TokenStream::new();
    for (at, column) in model.columns.iter().enumerate() {
        let text = format!("{lead}{}:", json_name(&column.name));
        let value = write_column(column, &Literal::usize_unsuffixed(at));
        columns.extend(quote! { out.raw(#text); #value });
        lead = ",".to_owned();
    }
    let docs = format!(" Writes a row of `model {}`.", model.name);
    let tokens = quote! {
        #[doc = #docs]
        pub fn #name(row: &Row<'_>, out: &mut JsonWriter) -> Result<(), Fault> {
            #columns
            out.raw("}");
            Ok(())
        }
    };
    let _ = unit.take_mentions();
    let mentions = std::collections::BTreeSet::new();
    Some(Item { name: name.to_string(), place: Place::Source(model.span), tokens, mentions })
}

/// A name in quotes, as JSON has it.
fn json_name(name: &str) -> String {
    format!("\"{}\"", crate::data::escaped(name))
}

fn write_column(column: &Column, at: &Literal) -> TokenStream {
    let is_optional = matches!(column.ty, Type::Option(_) | Type::Any);
    let method = match plain(&column.ty) {
        Type::Int | Type::Duration | Type::Size => "int",
        Type::Float => "float",
        Type::Bool => "bool",
        Type::Str if is_optional => "text",
        Type::Str => return quote! { out.string(row.text_ref(#at)?); },
        // What is kept is JSON already.
        _ if is_optional => return quote! { out.raw(if row.is_null(#at)? { "null" } else { row.text_ref(#at)? }); },
        _ => return quote! { out.raw(row.text_ref(#at)?); },
    };
    let method = ident(method);
    if is_optional {
        quote! { row.optional(#at, Row::#method)?.to_json(out); }
    } else {
        quote! { row.#method(#at)?.to_json(out); }
    }
}

fn read_column(column: &Column, at: &Literal) -> TokenStream {
    let is_optional = matches!(column.ty, Type::Option(_));
    let method = match plain(&column.ty) {
        Type::Int => "int",
        Type::Float => "float",
        Type::Bool => "bool",
        Type::Str => "text",
        Type::Duration => return unit_column("Duration", at, is_optional),
        Type::Size => return unit_column("Size", at, is_optional),
        Type::Any => return quote! { if row.is_null(#at)? { Any::Nil } else { row.json(#at)? } },
        _ => {
            let decoded = quote! { FromAny::from_any(&row.json(#at)?)? };
            return if is_optional {
                quote! { if row.is_null(#at)? { None } else { #decoded } }
            } else {
                decoded
            };
        }
    };
    let method = ident(method);
    if is_optional {
        quote! { row.optional(#at, Row::#method)? }
    } else {
        quote! { row.#method(#at)? }
    }
}

fn unit_column(unit: &str, at: &Literal, is_optional: bool) -> TokenStream {
    let unit = ident(unit);
    if is_optional {
        quote! { row.optional(#at, Row::int)?.map(#unit) }
    } else {
        quote! { #unit(row.int(#at)?) }
    }
}

/// A name in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn all_columns(model: &Model) -> String {
    model.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
}

impl<'a> Body<'a> {
    /// A statement: a call that gives a `Result`.
    pub(crate) fn query(&mut self, id: ModelId, query: &'a Query) -> TokenStream {
        let unit = self.unit;
        let Some(model) = unit.program.models.get(id.0 as usize) else { return quote! { Ok(()) } };
        let name = unit.data_name(DataId::Record(model.record));
        let (table, columns) = (quoted(&model.table), all_columns(model));
        match query {
            Query::All => {
                let (sql, _) = self.rows(model, &[]);
                quote! { db::select(#sql, &[], #name::from_row) }
            }
            Query::Create(values) => self.create(model, values, &name),
            Query::Find(id) => {
                let sql = format!("SELECT {columns} FROM {table} WHERE \"id\" = ?1");
                let id = self.parameter(id);
                quote! { db::first(#sql, &[#id], #name::from_row) }
            }
            Query::Where(conditions) => {
                let (sql, values) = self.rows(model, conditions);
                quote! { db::select(#sql, &[#(#values),*], #name::from_row) }
            }
            Query::FindBy(conditions) => {
                let (condition, values) = self.conditions(model, conditions);
                let sql = format!("SELECT {columns} FROM {table}{condition} ORDER BY \"id\" LIMIT 1");
                quote! { db::first(#sql, &[#(#values),*], #name::from_row) }
            }
            Query::Update { id, values } => self.update_row(model, id, values, &name),
            Query::Delete(id) => {
                let sql = format!("DELETE FROM {table} WHERE \"id\" = ?1");
                let id = self.parameter(id);
                quote! { db::execute(#sql, &[#id]).map(|count| count > 0) }
            }
            Query::Count(conditions) => {
                let (condition, values) = self.conditions(model, conditions);
                let sql = format!("SELECT count(*) FROM {table}{condition}");
                quote! { db::count(#sql, &[#(#values),*]) }
            }
        }
    }

    /// The statement for all rows that fit, and its parameters.
    fn rows(&mut self, model: &Model, conditions: &'a [Condition]) -> (String, Vec<TokenStream>) {
        let (condition, values) = self.conditions(model, conditions);
        let (table, columns) = (quoted(&model.table), all_columns(model));
        (format!("SELECT {columns} FROM {table}{condition} ORDER BY \"id\""), values)
    }

    /// The content of a function that writes the rows of a statement to `out`.
    pub(crate) fn written_rows(&mut self, id: ModelId, query: &'a Query, out: &Ident) -> TokenStream {
        let unit = self.unit;
        let Some(model) = unit.program.models.get(id.0 as usize) else { return quote! { Ok(()) } };
        let conditions = if let Query::Where(conditions) = query { conditions.as_slice() } else { &[] };
        let (sql, values) = self.rows(model, conditions);
        let row = unit.row_writer_name(id);
        quote! { db::select_json(#out, #sql, &[#(#values),*], #row) }
    }

    fn create(&mut self, model: &Model, values: &'a [(u32, Expr)], name: &Ident) -> TokenStream {
        let (table, columns) = (quoted(&model.table), all_columns(model));
        let names: Vec<_> = values
            .iter()
            .filter_map(|(at, _)| model.columns.get(*at as usize))
            .map(|column| quoted(&column.name))
            .collect();
        let places: Vec<_> = (1..=values.len()).map(|at| format!("?{at}")).collect();
        let given = if values.is_empty() {
            "DEFAULT VALUES".to_owned()
        } else {
            format!("({}) VALUES ({})", names.join(", "), places.join(", "))
        };
        let sql = format!("INSERT INTO {table} {given} RETURNING {columns}");
        let values: Vec<_> = values.iter().map(|(_, value)| self.parameter(value)).collect();
        quote! { db::insert(#sql, &[#(#values),*], #name::from_row) }
    }

    fn update_row(&mut self, model: &Model, id: &'a Expr, values: &'a [(u32, Expr)], name: &Ident) -> TokenStream {
        let (table, columns) = (quoted(&model.table), all_columns(model));
        let id = self.parameter(id);
        if values.is_empty() {
            let sql = format!("SELECT {columns} FROM {table} WHERE \"id\" = ?1");
            return quote! { db::first(#sql, &[#id], #name::from_row) };
        }
        let sets: Vec<_> = values
            .iter()
            .enumerate()
            .filter_map(|(at, (column, _))| {
                Some(format!("{} = ?{}", quoted(&model.columns.get(*column as usize)?.name), at + 2))
            })
            .collect();
        let sql = format!("UPDATE {table} SET {} WHERE \"id\" = ?1 RETURNING {columns}", sets.join(", "));
        let values: Vec<_> = values.iter().map(|(_, value)| self.parameter(value)).collect();
        quote! { db::update(#sql, &[#id, #(#values),*], #name::from_row) }
    }

    fn conditions(&mut self, model: &Model, conditions: &'a [Condition]) -> (String, Vec<TokenStream>) {
        let mut values = Vec::new();
        let mut parts = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let column =
                model.columns.get(condition.column as usize).map(|column| quoted(&column.name)).unwrap_or_default();
            let place = at + 1;
            parts.push(match condition.op {
                // `IS` is `=` that also finds absent values.
                CompareOp::Eq => format!("{column} IS ?{place}"),
                CompareOp::Ne => format!("{column} IS NOT ?{place}"),
                CompareOp::Lt => format!("{column} < ?{place}"),
                CompareOp::Le => format!("{column} <= ?{place}"),
                CompareOp::Gt => format!("{column} > ?{place}"),
                CompareOp::Ge => format!("{column} >= ?{place}"),
                CompareOp::In => format!("{column} IN (SELECT value FROM json_each(?{place}))"),
                CompareOp::Like => format!("{column} LIKE ?{place}"),
            });
            values.push(self.parameter(&condition.value));
        }
        let text = if parts.is_empty() { String::new() } else { format!(" WHERE {}", parts.join(" AND ")) };
        (text, values)
    }

    /// A value as a parameter of a statement.
    fn parameter(&mut self, value: &'a Expr) -> TokenStream {
        if value.kind == ExprKind::Nil {
            return quote! { SqlValue::Null };
        }
        if is_json(&value.ty) {
            let value = self.place(value).borrowed();
            return quote! { SqlValue::json(#value) };
        }
        let is_unit = matches!(plain(&value.ty), Type::Duration | Type::Size);
        let is_optional = matches!(value.ty, Type::Option(_));
        let value = self.value(value).receiver();
        match (is_unit, is_optional) {
            (true, true) => quote! { #value.map(|value| value.0).into() },
            (true, false) => quote! { #value.0.into() },
            (false, _) => quote! { #value.into() },
        }
    }
}
