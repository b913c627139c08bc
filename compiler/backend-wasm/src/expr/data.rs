//! Making and taking apart records, tuples, variants, lists and maps.

use tova_ir::{EnumId, Expr, ExprKind, RecordId, Type};

use crate::asm::{Ins, Val};
use crate::lower::Lower;

impl Lower<'_, '_> {
    pub(crate) fn data(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::List(items) => self.list_literal(items, &expr.ty),
            ExprKind::Map(entries) => self.map_literal(entries, &expr.ty),
            ExprKind::Tuple(items) => {
                items.iter().for_each(|item| self.stored(item));
                if let Some(Val::Ref(ty)) = self.cx.val(&expr.ty) {
                    self.code.struct_new(ty);
                }
            }
            ExprKind::Record { record, fields } => {
                fields.iter().for_each(|field| self.stored(field));
                let ty = self.cx.record_type(*record);
                self.code.struct_new(ty);
            }
            ExprKind::RecordUpdate { record, base, fields } => self.record_update(*record, base, fields),
            ExprKind::Variant { enum_, variant, args } => self.variant(*enum_, *variant, args),
            ExprKind::Field { object, index } => {
                self.borrowed(object);
                self.field(&object.ty, *index, &expr.ty);
            }
            ExprKind::TupleField { object, index } => {
                self.borrowed(object);
                self.field(&object.ty, *index, &expr.ty);
            }
            ExprKind::IsVariant { object, enum_, variant } => {
                self.expr(object);
                self.tag(*enum_);
                self.code.i32(i32::try_from(*variant).unwrap_or(0));
                self.code.op(Ins::I32Eq);
            }
            _ => {}
        }
    }

    /// A field of the record or tuple on the stack.
    pub(crate) fn field(&mut self, object: &Type, index: u32, field: &Type) {
        if let Some(Val::Ref(ty)) = self.cx.val(object) {
            self.code.struct_get(ty, index);
            if self.cx.val(field).is_none() {
                self.code.op(Ins::Drop);
            }
        }
    }

    fn list_literal(&mut self, items: &[Expr], ty: &Type) {
        let Type::List(item) = ty else { return };
        let types = self.cx.list_of(item);
        items.iter().for_each(|item| self.stored(item));
        self.code.array_fixed(types.array, items.len());
        self.code.i32(i32::try_from(items.len()).unwrap_or(i32::MAX));
        self.code.null(Val::Ref(types.taken));
        self.code.struct_new(types.list);
    }

    fn map_literal(&mut self, entries: &[(Expr, Expr)], ty: &Type) {
        crate::map::new(self.cx, &mut self.code);
        let Type::Map(key_ty, value_ty) = ty else { return };
        if entries.is_empty() {
            return;
        }
        let map_ty = self.cx.map_type();
        let map = self.code.local(Val::Ref(map_ty));
        self.code.set(map);
        let set = crate::map::set(self.cx, key_ty, value_ty);
        for (key, value) in entries {
            self.code.get(map);
            self.stored(key);
            self.stored(value);
            self.code.call(set);
        }
        self.code.get(map);
    }

    fn record_update(&mut self, record: RecordId, base: &Expr, fields: &[(u32, Expr)]) {
        let ty = self.cx.record_type(record);
        let object = self.code.local(Val::Ref(ty));
        self.expr(base);
        self.code.set(object);
        // Values are computed in the order of the source, and placed in the order of the declaration.
        let mut given = Vec::new();
        for (index, value) in fields {
            let val = self.cx.stored(&value.ty);
            let temp = self.code.local(val);
            self.stored(value);
            self.code.set(temp);
            given.push((*index, temp));
        }
        let count = self.cx.record(record).fields.len();
        for index in (0..).take(count) {
            match given.iter().rev().find(|(at, _)| *at == index) {
                Some((_, temp)) => self.code.get(*temp),
                None => {
                    self.code.get(object);
                    self.code.struct_get(ty, index);
                }
            }
        }
        self.code.struct_new(ty);
    }

    fn variant(&mut self, id: EnumId, variant: u32, args: &[Expr]) {
        let tag = i32::try_from(variant).unwrap_or(0);
        if self.cx.is_plain(id) {
            return self.code.i32(tag);
        }
        let types = self.cx.enum_types(id);
        let Some(&ty) = types.variants.get(variant as usize) else { return };
        if ty == types.base {
            // All values of a variant without payload are one object.
            let name = format!("variant {} {variant}", id.0);
            let global = self.cx.constant(&name, Val::Ref(ty), |_, c| {
                c.i32(tag);
                c.struct_new(ty);
            });
            return self.code.global_get(global);
        }
        self.code.i32(tag);
        args.iter().for_each(|arg| self.stored(arg));
        self.code.struct_new(ty);
    }
}
