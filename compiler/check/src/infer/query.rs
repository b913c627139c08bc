//! Statements on models: `User.where({ age_gt: 18 })`. Columns and their types are checked.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{Arg, Expr, ExprKind, Ident, RecordEntry};

use super::Want;
use super::call::Receiver;
use crate::ctx::Checker;
use crate::tables::{ModelIdx, QueryOp, Res, TypeId};
use crate::types::{Ty, TyKind};

/// The functions of a model.
const FUNCTIONS: &[(&str, QueryOp)] = &[
    ("all", QueryOp::All),
    ("find", QueryOp::Find),
    ("find_by", QueryOp::FindBy),
    ("findBy", QueryOp::FindBy),
    ("where", QueryOp::Where),
    ("create", QueryOp::Create),
    ("update", QueryOp::Update),
    ("delete", QueryOp::Delete),
    ("count", QueryOp::Count),
];

/// Endings of a column's name that compare otherwise than by equality.
pub const COMPARISONS: &[&str] = &["_lt", "_lte", "_gt", "_gte", "_ne", "_in", "_like"];

/// Whether the values are what to set or what to compare with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Set,
    SetAll,
    Compare,
}

impl<'a> Checker<'a> {
    pub(super) fn query(
        &mut self,
        model: ModelIdx,
        callee: &'a Expr,
        name: &'a Ident,
        args: &'a [Arg],
        piped: Option<Receiver>,
    ) -> Ty {
        let Some(info) = self.out.models.get(model.0 as usize) else { return self.well_known.error };
        let row = info.row;
        let row_ty = self.ty(TyKind::Named(row, Vec::new()));
        let Some((_, op)) = FUNCTIONS.iter().find(|(function, _)| *function == name.name) else {
            return self.unknown_query(model, name, args);
        };
        self.set_name(callee.id, Res::Query(model, *op));
        let int = self.well_known.int;
        let values: Vec<&'a Expr> = args.iter().map(|arg| &arg.value).collect();
        let expected = match op {
            QueryOp::All => 0..=0,
            QueryOp::Count => 0..=1,
            QueryOp::Update => 2..=2,
            QueryOp::Find | QueryOp::FindBy | QueryOp::Where | QueryOp::Create | QueryOp::Delete => 1..=1,
        };
        if piped.is_some() || !expected.contains(&values.len()) {
            self.report(
                Diagnostic::error(codes::E0106, name.span, format!("`{}` takes {} arguments, found {}", name.name, expected.end(), values.len()))
                    .help("`find(id)`, `where({ column: value })`, `create({ … })`, `update(id, { … })`, `delete(id)`, `count()`"),
            );
        }
        match (op, values.as_slice()) {
            (QueryOp::Find | QueryOp::Delete, [id, ..]) => {
                self.check(id, int);
            }
            (QueryOp::Create, [data, ..]) => self.columns(row, data, Role::SetAll),
            (QueryOp::Where | QueryOp::FindBy | QueryOp::Count, [data, ..]) => self.columns(row, data, Role::Compare),
            (QueryOp::Update, [id, data, ..]) => {
                self.check(id, int);
                self.columns(row, data, Role::Set);
            }
            _ => {}
        }
        let ty = match op {
            QueryOp::All | QueryOp::Where => self.list(row_ty),
            QueryOp::Find | QueryOp::FindBy | QueryOp::Update => self.option(row_ty),
            QueryOp::Create => row_ty,
            QueryOp::Delete => self.well_known.bool_,
            QueryOp::Count => int,
        };
        self.set_node(callee.id, ty)
    }

    fn unknown_query(&mut self, model: ModelIdx, name: &'a Ident, args: &'a [Arg]) -> Ty {
        for arg in args {
            self.infer(&arg.value, Want::Value);
        }
        let model = self.out.models.get(model.0 as usize).map(|info| info.decl.name.name.clone()).unwrap_or_default();
        let message = format!("the model `{model}` has no function `{}`", name.name);
        let mut diagnostic = Diagnostic::error(codes::E0803, name.span, message);
        if let Some(similar) = closest(&name.name, FUNCTIONS.iter().map(|(name, _)| *name)) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                format!("write `{similar}`"),
                name.span,
                similar,
            );
        }
        self.report(diagnostic);
        self.well_known.error
    }

    fn columns(&mut self, row: TypeId, data: &'a Expr, role: Role) {
        let row_ty = self.ty(TyKind::Named(row, Vec::new()));
        let columns = self.record_fields(row_ty).unwrap_or_default();
        let ExprKind::Record(entries) = &data.kind else {
            return self.columns_of_value(row_ty, data, &columns);
        };
        let mut given: Vec<EcoString> = Vec::new();
        let mut open = false;
        for entry in entries {
            match entry {
                RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                    given.push(name.name.clone());
                    self.column(row, &columns, name, value, role);
                }
                RecordEntry::Computed { key, value } => {
                    self.infer(value, Want::Value);
                    self.infer(key, Want::Value);
                    self.report(Diagnostic::error(
                        codes::E0803,
                        key.span,
                        "the columns of a statement have fixed names",
                    ));
                }
                RecordEntry::Spread { value, .. } => {
                    open = true;
                    self.columns_of_value(row_ty, value, &columns);
                }
            }
        }
        self.set_node(data.id, row_ty);
        if role == Role::SetAll && !open {
            self.missing_columns(row, data.span, &columns, &given);
        }
    }

    fn missing_columns(&mut self, row: TypeId, span: Span, columns: &[(EcoString, Ty)], given: &[EcoString]) {
        let missing: Vec<String> = columns
            .iter()
            .filter(|(name, ty)| {
                name != "id"
                    && !given.contains(name)
                    && !matches!(self.kind(*ty), TyKind::Option(_))
                    && !self.has_default(row, name)
            })
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let list = missing.join(", ");
            self.report(
                Diagnostic::error(codes::E0110, span, format!("a new row needs the column {list}"))
                    .help(format!("add {list}, or give the column a default in the model")),
            );
        }
    }

    /// A record that is not a literal: its fields must be columns.
    fn columns_of_value(&mut self, row_ty: Ty, data: &'a Expr, columns: &[(EcoString, Ty)]) {
        let given = self.infer(data, Want::Value);
        let Some(fields) = self.record_fields(given) else {
            return self.coerce(given, row_ty, data.span);
        };
        for (name, ty) in fields {
            match columns.iter().find(|(column, _)| *column == name) {
                Some((_, column)) => self.coerce(ty, *column, data.span),
                None => self.no_field(row_ty, &name, data.span),
            }
        }
    }

    fn column(&mut self, row: TypeId, columns: &[(EcoString, Ty)], name: &'a Ident, value: &'a Expr, role: Role) {
        if let Some((_, ty)) = columns.iter().find(|(column, _)| *column == name.name) {
            if role == Role::SetAll && name.name == "id" {
                self.report(
                    Diagnostic::error(codes::E0803, name.span, "the database gives new rows their `id`")
                        .help("leave `id` out"),
                );
            }
            // A condition may ask for nil in any column.
            let ty = if role == Role::Compare { self.option(*ty) } else { *ty };
            self.check(value, ty);
            return;
        }
        if role == Role::Compare
            && let Some((column, ending)) = split_comparison(&name.name)
            && let Some((_, ty)) = columns.iter().find(|(other, _)| other == column)
        {
            let ty = match ending {
                "_in" => self.list(*ty),
                "_like" => self.well_known.str_,
                _ => *ty,
            };
            self.check(value, ty);
            return;
        }
        self.infer(value, Want::Value);
        let model = self.type_info(row).name.clone();
        let mut diagnostic =
            Diagnostic::error(codes::E0803, name.span, format!("`{model}` has no column `{}`", name.name));
        if let Some(similar) = closest(&name.name, columns.iter().map(|(column, _)| column.as_str())) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?")).fix(
                format!("write `{similar}`"),
                name.span,
                similar,
            );
        } else {
            let list: Vec<String> = columns.iter().map(|(column, _)| format!("`{column}`")).collect();
            diagnostic = diagnostic.help(format!("its columns are {}", list.join(", ")));
        }
        self.report(diagnostic);
    }
}

/// `age_gt` as the column `age` and the ending `_gt`.
#[must_use]
pub fn split_comparison(name: &str) -> Option<(&str, &'static str)> {
    COMPARISONS.iter().find_map(|ending| name.strip_suffix(ending).map(|column| (column, *ending)))
}
