//! Types in the text.

use tova_check::types::TyKind;
use tova_syntax::ast::{Ident, TypeExpr, TypeExprKind};

use super::Walker;
use crate::symbol::{Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn tys<'t>(&mut self, tys: impl IntoIterator<Item = &'t TypeExpr>) {
        for ty in tys {
            self.ty(ty);
        }
    }

    pub(super) fn ty(&mut self, ty: &TypeExpr) {
        let TypeExpr { id: _, span: _, kind } = ty;
        match kind {
            TypeExprKind::Name { name, args } => {
                self.type_name(ty, name);
                self.tys(args);
            }
            TypeExprKind::List(inner) | TypeExprKind::Optional(inner) => self.ty(inner),
            TypeExprKind::Tuple(members) | TypeExprKind::Union(members) => self.tys(members),
            TypeExprKind::Fn { params, ret } => {
                self.tys(params);
                self.ty(ret);
            }
            TypeExprKind::Record(fields) => self.tys(fields.iter().map(|(_, ty)| ty)),
            TypeExprKind::Infer | TypeExprKind::Error => {}
        }
    }

    fn type_name(&mut self, ty: &TypeExpr, name: &Ident) {
        let param = self.type_params.iter().rev().find(|(_, names)| names.contains(&name.name));
        if let Some((id, _)) = param {
            let symbol = Symbol::TypeParam(*id, name.name.clone());
            return self.add(name.span, symbol, Role::Read);
        }
        let info = |id: tova_check::tables::TypeId| self.checked.type_decls.get(id.0 as usize);
        let found = match self.checked.types.kind(self.checked.node_ty(ty.id)) {
            TyKind::Named(id, _) if info(*id).is_some_and(|info| info.name == name.name) => Some(*id),
            // Another name for a type, or a name that has no type of its own.
            _ => self.type_names.get(&name.name).copied(),
        };
        if let Some(id) = found {
            self.add(name.span, Symbol::Type(id), Role::Read);
        }
    }
}
