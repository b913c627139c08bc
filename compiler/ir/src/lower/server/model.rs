//! Models: a table and the type of its rows.

use tova_check::tables::{ModelIdx, ModelInfo, TypeKind};
use tova_syntax::ast::{self, FieldDecl, TypeBody};

use super::super::{Body, Lower, build};
use crate::{Column, Expr, Home, Model, ModelId, RecordId, Type};

impl<'a> Lower<'a> {
    /// The model's number.
    pub(crate) fn model(&mut self, index: ModelIdx) -> ModelId {
        if let Some(id) = self.models.get(&index) {
            return *id;
        }
        let id = ModelId(self.program.models.len() as u32);
        self.models.insert(index, id);
        let Some(info) = self.checked.models.get(index.0 as usize) else { return id };
        let record = match self.declared(info.row, Vec::new()) {
            Type::Record(record) => record,
            _ => RecordId(0),
        };
        let columns = self.columns(info, record);
        self.program.models.push(Model {
            name: info.decl.name.name.clone(),
            table: info.table.clone(),
            server: info.server,
            record,
            columns,
            span: info.decl.name.span,
        });
        id
    }

    fn columns(&mut self, info: &'a ModelInfo<'a>, record: RecordId) -> Vec<Column> {
        let fields = self.fields(record);
        let mut columns = Vec::new();
        for field in fields {
            let default = self
                .column_default(info, &field.name)
                .and_then(|default| self.column_literal(info.server, default, &field.ty));
            columns.push(Column { name: field.name, ty: field.ty, default });
        }
        columns
    }

    /// The default that the model, or else the shared type, gives a column.
    fn column_default(&self, info: &'a ModelInfo<'a>, name: &str) -> Option<&'a ast::Expr> {
        let of = |fields: &'a [FieldDecl]| {
            fields.iter().find(|field| field.name.name == name).and_then(|field| field.default.as_ref())
        };
        if let Some(default) = of(&info.decl.columns) {
            return Some(default);
        }
        let row = self.checked.type_decls.get(info.row.0 as usize)?;
        match (&row.kind, row.decl.map(|decl| &decl.body)) {
            (TypeKind::Record(_), Some(TypeBody::Record(fields))) => of(fields),
            _ => None,
        }
    }

    fn column_literal(&mut self, server: u32, default: &'a ast::Expr, ty: &Type) -> Option<Expr> {
        let value = Body::new(self, Home::Server(server), Type::Unit).expr_to(default, &build::present(ty));
        build::is_literal(&value).then_some(value)
    }
}
