//! Operators of lists, texts and maps.

use tova_ir::{Expr, ExprKind, Prim, Type};

use super::control::inner_type;
use crate::asm::{Ins, Val};
use crate::lower::Lower;
use crate::{any, list, map, text};

impl Lower<'_, '_> {
    pub(crate) fn collection(&mut self, op: Prim, args: &[Expr], expr: &Expr) {
        let [first, rest @ ..] = args else { return };
        match op {
            Prim::ListConcat => {
                self.expr(first);
                rest.iter().for_each(|arg| self.expr(arg));
                if let Type::List(item) = &first.ty {
                    let elem = self.cx.elem(item);
                    let concat = list::concat(self.cx, elem);
                    self.code.call(concat);
                }
            }
            Prim::ListGet => {
                self.borrowed_before(first, rest);
                rest.iter().for_each(|arg| self.expr(arg));
                let elem = self.cx.elem(&expr.ty);
                let get = list::get(self.cx, elem);
                self.call_spanned(get, expr.span);
                self.cx.unpack_elem(&mut self.code, &expr.ty);
            }
            Prim::StrGet => {
                self.expr(first);
                rest.iter().for_each(|arg| self.expr(arg));
                let get = text::get(self.cx);
                self.call_spanned(get, expr.span);
            }
            Prim::MapGet => {
                self.borrowed_before(first, rest);
                rest.iter().for_each(|arg| self.stored(arg));
                if let Type::Map(key, value) = &first.ty {
                    let get = map::get(self.cx, key, value);
                    self.code.call(get);
                    if self.cx.val(&expr.ty).is_none() {
                        self.code.op(Ins::Drop);
                    }
                }
            }
            Prim::AnyGet => self.any_get(first, rest),
            Prim::Contains => self.contains(first, rest),
            Prim::Slice => self.slice(first, rest, expr),
            _ => {
                self.expr(first);
                rest.iter().for_each(|arg| self.expr(arg));
                let range = list::range(self.cx);
                self.code.call(range);
            }
        }
    }

    /// A member by a name that is known to be a text needs less than one by any key.
    fn any_get(&mut self, object: &Expr, rest: &[Expr]) {
        let [key] = rest else { return };
        self.expr(object);
        let member = match &key.kind {
            ExprKind::ToAny(name) if name.ty == Type::Str => {
                self.expr(name);
                any::named(self.cx)
            }
            _ => {
                self.expr(key);
                any::member(self.cx)
            }
        };
        self.code.call(member);
    }

    /// `item in container`: the item is computed first, the functions take it last.
    fn contains(&mut self, item: &Expr, rest: &[Expr]) {
        let Some(container) = rest.first() else { return };
        let val = self.cx.stored(&item.ty);
        self.stored(item);
        let kept = self.code.temp(val);
        self.code.set(kept);
        self.borrowed(container);
        self.code.get(kept);
        self.code.release(kept);
        match &container.ty {
            Type::List(item) => {
                let contains = list::contains(self.cx, item);
                self.code.call(contains);
            }
            Type::Map(key, _) | Type::Set(key) => {
                let has = map::has(self.cx, key);
                self.code.call(has);
            }
            Type::Str => self.glue("text_contains", &[Val::Ext, Val::Ext], &[Val::I32]),
            _ => {
                self.cx.boxed(&mut self.code, val);
                let contains = any::contains(self.cx);
                self.code.call(contains);
            }
        }
    }

    fn slice(&mut self, subject: &Expr, bounds: &[Expr], expr: &Expr) {
        if subject.ty == Type::Str {
            return text::slice(self, subject, bounds, expr.span);
        }
        self.borrowed_before(subject, bounds);
        let boxed = self.cx.box_int();
        for at in 0..3 {
            match bounds.get(at) {
                Some(bound) => {
                    self.expr(bound);
                    if bound.ty == Type::Int {
                        self.code.struct_new(boxed);
                    }
                }
                None => self.code.null(Val::Ref(boxed)),
            }
        }
        let item = match &subject.ty {
            Type::List(item) => (**item).clone(),
            other => inner_type(other),
        };
        let elem = self.cx.elem(&item);
        let slice = list::slice(self.cx, elem);
        self.call_spanned(slice, expr.span);
    }
}
