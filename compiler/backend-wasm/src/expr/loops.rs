//! `for`: walks what was there when the loop began.

use tova_ir::{Expr, ForIter, LabelId, LocalId, Type};

use super::control::inner_type;
use crate::asm::{Ins, Val};
use crate::lower::{Base, Lower, Target};

/// A `for` in the making: what is walked and how far it is.
pub(crate) struct Walk<'e> {
    iter: &'e ForIter,
    /// The array, or the host's list of entries; none for a range.
    items: Option<(Base, Val)>,
    /// The next index, or the next number of a range.
    at: Base,
    /// One past the last.
    end: Base,
    kind: Kind,
}

#[derive(Clone, PartialEq)]
enum Kind {
    Range,
    List(Type),
    Entries(Type, Type),
}

impl Lower<'_, '_> {
    pub(crate) fn for_(&mut self, label: LabelId, iter: &ForIter, body: &Expr) {
        let walk = self.start_walk(iter);
        let done = self.code.block(None);
        let next = self.code.loop_(None);
        self.has_next(&walk);
        self.code.op(Ins::I32Eqz);
        self.code.br_if(done);
        // Continuing leaves the inner block; the counter was moved before.
        self.bind_next(&walk);
        self.targets.push((label, Target::Here { done, next: Some(next), result: None }));
        self.effect(body);
        self.targets.pop();
        self.code.br(next);
        self.code.end();
        self.code.end();
    }

    /// Computes what is walked.
    pub(crate) fn start_walk<'e>(&mut self, iter: &'e ForIter) -> Walk<'e> {
        match iter {
            ForIter::Range { start, end, inclusive, .. } => self.start_range(iter, (start, end, *inclusive)),
            ForIter::Items { list, .. } => {
                self.expr(list);
                let item = self.as_list(&list.ty);
                self.start_list(iter, item)
            }
            ForIter::Entries { map, .. } => self.start_entries(iter, map),
        }
    }

    fn start_range<'e>(&mut self, iter: &'e ForIter, (start, end, inclusive): (&Expr, &Expr, bool)) -> Walk<'e> {
        let (at, limit) = (self.place(Val::I64), self.place(Val::I64));
        self.expr(start);
        self.store(at, Val::I64);
        self.expr(end);
        if inclusive {
            // The greatest int has no successor: such a range ends one early instead of never.
            let last = self.code.temp(Val::I64);
            self.code.tee(last);
            self.code.i64(i64::MAX);
            self.code.op(Ins::I64Ne);
            self.code.op(Ins::I64ExtendI32U);
            self.code.get(last);
            self.code.op(Ins::I64Add);
            self.code.release(last);
        }
        self.store(limit, Val::I64);
        Walk { iter, items: None, at, end: limit, kind: Kind::Range }
    }

    /// Turns the set or string on the stack into a list of its elements; gives their type.
    fn as_list(&mut self, ty: &Type) -> Type {
        match ty {
            Type::List(item) => (**item).clone(),
            Type::Set(item) => {
                let keys = crate::map::keys(self.cx, ty, item);
                self.code.call(keys);
                (**item).clone()
            }
            Type::Str => {
                crate::text::list_from(self, "text_chars", 1);
                Type::Str
            }
            other => {
                let items = crate::any::items(self.cx);
                self.code.call(items);
                inner_type(other)
            }
        }
    }

    fn start_list<'e>(&mut self, iter: &'e ForIter, item: Type) -> Walk<'e> {
        let types = self.cx.list_of(&item);
        let (array, at, end) = (self.place(Val::Ref(types.array)), self.place(Val::I32), self.place(Val::I32));
        let list = self.code.temp(Val::Ref(types.list));
        self.code.tee(list);
        self.code.struct_get(types.list, 0);
        self.store(array, Val::Ref(types.array));
        self.code.get(list);
        self.code.struct_get(types.list, 1);
        self.store(end, Val::I32);
        self.code.release(list);
        self.code.i32(0);
        self.store(at, Val::I32);
        Walk { iter, items: Some((array, Val::Ref(types.array))), at, end, kind: Kind::List(item) }
    }

    fn start_entries<'e>(&mut self, iter: &'e ForIter, map: &Expr) -> Walk<'e> {
        let map_ty = self.cx.map_type();
        self.expr(map);
        let (key, value) = match &map.ty {
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            _ => {
                let entries = crate::any::entries(self.cx);
                self.code.call(entries);
                (Type::Any, Type::Any)
            }
        };
        let (items, at, end) = (self.place(Val::Ext), self.place(Val::I32), self.place(Val::I32));
        let kept = self.code.temp(Val::Ref(map_ty));
        self.code.tee(kept);
        self.code.struct_get(map_ty, 0);
        self.glue("map_values", &[Val::Ext], &[Val::Ext]);
        self.store(items, Val::Ext);
        self.code.get(kept);
        crate::map::size(self.cx, &mut self.code);
        self.store(end, Val::I32);
        self.code.release(kept);
        self.code.i32(0);
        self.store(at, Val::I32);
        Walk { iter, items: Some((items, Val::Ext)), at, end, kind: Kind::Entries(key, value) }
    }

    /// Pushes whether there is another element.
    pub(crate) fn has_next(&mut self, walk: &Walk<'_>) {
        self.load(walk.at);
        self.load(walk.end);
        self.code.op(if walk.kind == Kind::Range { Ins::I64LtS } else { Ins::I32LtS });
    }

    /// Gives the locals of the loop their values and moves on.
    pub(crate) fn bind_next(&mut self, walk: &Walk<'_>) {
        match (walk.iter, &walk.kind, walk.items) {
            (ForIter::Range { item, .. }, Kind::Range, _) => {
                self.load(walk.at);
                self.init_local(*item);
            }
            (ForIter::Items { item, index, .. }, Kind::List(ty), Some((array, _))) => {
                let types = self.cx.list_of(ty);
                self.load(array);
                self.load(walk.at);
                self.code.array_get(types.array);
                self.cx.unpack_elem(&mut self.code, ty);
                self.init_local(*item);
                if let Some(index) = index {
                    self.load(walk.at);
                    self.code.op(Ins::I64ExtendI32U);
                    self.init_local(*index);
                }
            }
            (ForIter::Entries { key, value, .. }, Kind::Entries(key_ty, value_ty), Some((items, _))) => {
                self.bind_entry((items, walk.at), (*key, key_ty), (*value, value_ty));
            }
            _ => {}
        }
        self.load(walk.at);
        if walk.kind == Kind::Range {
            self.code.i64(1);
            self.code.op(Ins::I64Add);
            self.store(walk.at, Val::I64);
        } else {
            self.code.i32(1);
            self.code.op(Ins::I32Add);
            self.store(walk.at, Val::I32);
        }
    }

    fn bind_entry(
        &mut self,
        (items, at): (Base, Base),
        (key, key_ty): (LocalId, &Type),
        (value, value_ty): (LocalId, &Type),
    ) {
        let entry_ty = self.cx.entry_type();
        let entry = self.code.temp(Val::Ref(entry_ty));
        self.load(items);
        self.load(at);
        self.glue("any_at", &[Val::Ext, Val::I32], &[Val::Any]);
        self.code.cast(entry_ty);
        self.code.tee(entry);
        crate::map::entry_key(self.cx, &mut self.code, key_ty);
        self.bind_stored(key, key_ty);
        self.code.get(entry);
        crate::map::entry_value(self.cx, &mut self.code, value_ty);
        self.bind_stored(value, value_ty);
        self.code.release(entry);
    }

    fn bind_stored(&mut self, local: LocalId, ty: &Type) {
        if self.cx.val(ty).is_none() {
            self.code.op(Ins::Drop);
        }
        // The keys of dynamic data are dynamic where they are kept, and texts where the loop wants them.
        if *ty == Type::Any && self.local(local).ty == Type::Str {
            let text = crate::any::text(self.cx);
            self.code.call(text);
        }
        self.init_local(local);
    }
}
