//! Statements on models.

use ecow::EcoString;
use tova_check::tables::{ModelIdx, QueryOp};
use tova_source::Span;
use tova_syntax::ast::{self, Arg, RecordEntry};

use super::super::{Body, build};
use crate::{CompareOp, Condition, Expr, ExprKind, Query, RecordId, Type};

impl<'a> Body<'_, 'a> {
    /// `User.all()`, `User.where({ … })` and their kin.
    pub(super) fn query(&mut self, model: ModelIdx, op: QueryOp, args: &'a [Arg], span: Span) -> Expr {
        let model = self.lower.model(model);
        let Some(record) = self.lower.program.models.get(model.0 as usize).map(|model| model.record) else {
            return build::unit(span);
        };
        let row = Type::Record(record);
        let mut before = Vec::new();
        let first = args.first().map(|arg| &arg.value);
        let (query, ty) = match op {
            QueryOp::All => (Query::All, Type::list(row)),
            QueryOp::Find => (Query::Find(Box::new(self.id(first, record, span))), Type::option(row)),
            QueryOp::FindBy => (Query::FindBy(self.conditions(first, record, &mut before)), Type::option(row)),
            QueryOp::Where => (Query::Where(self.conditions(first, record, &mut before)), Type::list(row)),
            QueryOp::Create => (Query::Create(self.values(first, record, &mut before)), row),
            QueryOp::Update => {
                let id = self.id(first, record, span);
                let values = self.values(args.get(1).map(|arg| &arg.value), record, &mut before);
                (Query::Update { id: Box::new(id), values }, Type::option(row))
            }
            QueryOp::Delete => (Query::Delete(Box::new(self.id(first, record, span))), Type::Bool),
            QueryOp::Count => (Query::Count(self.conditions(first, record, &mut before)), Type::Int),
        };
        before.push(build::expr(ExprKind::Query { model, query }, ty, span));
        build::block(before, span)
    }

    fn id(&mut self, arg: Option<&'a ast::Expr>, record: RecordId, span: Span) -> Expr {
        let ty = self.lower.field(record, "id").map_or(Type::Int, |(_, ty)| ty);
        match arg {
            Some(e) => self.expr_to(e, &ty),
            None => build::unit(span),
        }
    }

    /// Columns with the values that a record gives for them.
    fn values(&mut self, arg: Option<&'a ast::Expr>, record: RecordId, before: &mut Vec<Expr>) -> Vec<(u32, Expr)> {
        let mut values: Vec<(u32, Expr)> = Vec::new();
        let mut set = |index: u32, value: Expr| {
            values.retain(|(old, _)| *old != index);
            values.push((index, value));
        };
        for (name, entry) in self.entries(arg, before) {
            let Some((index, ty)) = self.lower.field(record, &name) else { continue };
            let value = self.entry(entry, &ty);
            set(index, value);
        }
        values
    }

    fn conditions(&mut self, arg: Option<&'a ast::Expr>, record: RecordId, before: &mut Vec<Expr>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (name, entry) in self.entries(arg, before) {
            let Some((column, op, ty)) = self.column(record, &name) else { continue };
            let wanted = match op {
                CompareOp::In => Type::list(ty),
                CompareOp::Eq | CompareOp::Ne => match self.entry_ty(&entry) {
                    Type::Option(_) | Type::Unit => Type::option(ty),
                    _ => ty,
                },
                CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge | CompareOp::Like => ty,
            };
            let value = self.entry(entry, &wanted);
            conditions.push(Condition { column, op, value });
        }
        conditions
    }

    /// `age_gt` as column and comparison.
    fn column(&self, record: RecordId, name: &str) -> Option<(u32, CompareOp, Type)> {
        if let Some((index, ty)) = self.lower.field(record, name) {
            return Some((index, CompareOp::Eq, ty));
        }
        let (column, suffix) = name.rsplit_once('_')?;
        let op = match suffix {
            "ne" => CompareOp::Ne,
            "lt" => CompareOp::Lt,
            "lte" | "le" => CompareOp::Le,
            "gt" => CompareOp::Gt,
            "gte" | "ge" => CompareOp::Ge,
            "in" => CompareOp::In,
            "like" => CompareOp::Like,
            _ => return None,
        };
        let (index, ty) = self.lower.field(record, column)?;
        Some((index, op, build::present(&ty)))
    }

    /// The entries of a record literal, or the fields of a record value.
    fn entries(&mut self, arg: Option<&'a ast::Expr>, before: &mut Vec<Expr>) -> Vec<(EcoString, Entry<'a>)> {
        let Some(arg) = arg else { return Vec::new() };
        match &arg.kind {
            ast::ExprKind::Paren(inner) => self.entries(Some(inner), before),
            ast::ExprKind::Record(entries) => {
                let mut all = Vec::new();
                for entry in entries {
                    match entry {
                        RecordEntry::Field { name, value } | RecordEntry::Short { name, value } => {
                            all.push((name.name.clone(), Entry::Ast(value)));
                        }
                        RecordEntry::Spread { value, .. } => all.extend(self.entries(Some(value), before)),
                        RecordEntry::Computed { .. } => {}
                    }
                }
                all
            }
            _ => {
                let value = self.expr(arg);
                let Type::Record(id) = value.ty else { return Vec::new() };
                let base = self.keep("values", value, before);
                let fields = self.lower.fields(id).into_iter();
                fields
                    .map(|field| (field.name.clone(), Entry::Lowered(self.field(base.clone(), &field.name, arg.span))))
                    .collect()
            }
        }
    }

    fn entry(&mut self, entry: Entry<'a>, ty: &Type) -> Expr {
        match entry {
            Entry::Ast(e) => self.expr_to(e, ty),
            Entry::Lowered(value) => self.convert(value, ty),
        }
    }

    fn entry_ty(&mut self, entry: &Entry<'a>) -> Type {
        match entry {
            Entry::Ast(e) => self.node_ty(e.id),
            Entry::Lowered(value) => value.ty.clone(),
        }
    }
}

/// The value for a column.
enum Entry<'a> {
    Ast(&'a ast::Expr),
    Lowered(Expr),
}
