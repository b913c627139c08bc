//! Models: tables and the type of their rows.

use ecow::eco_format;
use indexmap::IndexMap;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_syntax::ast::{ExprKind, ModelDecl};

use crate::ctx::{Checker, Sym};
use crate::tables::{ModelIdx, Place, TypeId, TypeKind};
use crate::types::Ty;

/// What a model may be told beside its columns.
pub const SETTINGS: &[&str] = &["table", "timestamps"];

impl<'a> Checker<'a> {
    /// Finds out the columns of every model.
    pub(crate) fn check_models(&mut self) {
        for index in 0..self.out.models.len() {
            let id = ModelIdx(u32::try_from(index).unwrap_or(u32::MAX));
            let Some(info) = self.out.models.get(index) else { continue };
            let (decl, server) = (info.decl, info.server);
            let outer = self.enter(Place::Server(server));
            self.check_model(id, decl);
            self.leave(outer);
        }
    }

    fn check_model(&mut self, id: ModelIdx, decl: &'a ModelDecl) {
        let shared = match self.shared.symbols.get(&decl.name.name) {
            Some((Sym::Type(ty), _)) => Some(*ty),
            _ => None,
        };
        let mut columns: IndexMap<ecow::EcoString, Ty> = match shared.map(|ty| self.type_info(ty).kind.clone()) {
            Some(TypeKind::Record(fields)) => fields,
            _ => IndexMap::new(),
        };
        let from_shared = columns.len();
        for column in &decl.columns {
            let ty = self.annotate(&column.ty);
            match columns.get(&column.name.name).copied() {
                Some(declared) if self.unify(declared, ty).is_err() => {
                    let (one, other) = (self.show(declared), self.show(ty));
                    let message =
                        format!("the column `{}` is `{other}`, the shared type has `{one}`", column.name.name);
                    self.report(
                        Diagnostic::error(codes::E0806, column.ty.span, message)
                            .help("leave the column out: the shared type declares it already"),
                    );
                }
                Some(_) => {}
                None => {
                    columns.insert(column.name.name.clone(), ty);
                }
            }
        }
        let int = self.well_known.int;
        let implied_id = !columns.contains_key("id");
        if implied_id {
            columns.shift_insert(0, "id".into(), int);
        }
        let row = match shared {
            Some(ty) if columns.len() == from_shared => ty,
            _ => self.row_type(decl, columns),
        };
        for column in &decl.columns {
            if column.default.is_some() {
                self.defaults.insert((row, column.name.name.clone()));
            }
            if let Some(default) = &column.default
                && let Some(ty) = self.out.node_types.get(column.ty.id.0 as usize).copied()
            {
                self.top_frame();
                self.check(default, ty);
                self.frames.pop();
            }
        }
        let table = self.model_settings(decl);
        if let Some(info) = self.out.models.get_mut(id.0 as usize) {
            info.row = row;
            info.table = table;
        }
    }

    /// A type of its own for rows with more columns than the shared type has, or without a shared type.
    fn row_type(&mut self, decl: &'a ModelDecl, columns: IndexMap<ecow::EcoString, Ty>) -> TypeId {
        let id = self.add_type(&decl.name.name, None, decl.name.span, None);
        self.set_type_kind(id, TypeKind::Record(columns));
        id
    }

    fn model_settings(&mut self, decl: &'a ModelDecl) -> ecow::EcoString {
        let mut table = eco_format!("{}s", decl.name.name.to_lowercase());
        for setting in &decl.settings {
            match (setting.key.name.as_str(), &setting.value.kind) {
                ("table", ExprKind::Str(name)) => table = name.clone(),
                (key, _) if SETTINGS.contains(&key) => {}
                (key, _) => {
                    let message = format!("a model has no setting `{key}`");
                    let mut diagnostic = Diagnostic::error(codes::E0804, setting.key.span, message);
                    if let Some(similar) = closest(key, SETTINGS.iter().copied()) {
                        diagnostic = diagnostic.help(format!("did you mean `{similar}`?"));
                    } else {
                        diagnostic = diagnostic.help(format!("a column needs a type: `{key}: String`"));
                    }
                    self.report(diagnostic);
                }
            }
        }
        table
    }
}
