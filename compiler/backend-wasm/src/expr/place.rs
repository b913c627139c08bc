//! Updates of places. A value is copied before it is updated, unless the variable is known to be the only one that has it:
//! a variable that is updated in part has a bit for that, set by the copy and cleared by every read of the whole.

use tova_ir::{Expr, ExprKind, GlobalId, GlobalKind, LocalId, LocalKind, Place, PlaceRoot, PlaceStep, Type};

use super::control::inner_type;
use super::walk;
use crate::asm::{Ins, TypeId, Val};
use crate::lower::{Base, Lower};
use crate::{any, fault, global, list, map, reactive};

/// Where the bit of a variable is.
#[derive(Clone, Copy)]
enum Bit {
    None,
    Base(Base),
    Cell(Base, TypeId),
    Global(crate::asm::GlobalId),
}

/// What happens to the part.
enum Leaf<'e> {
    /// The value in a temp takes its place.
    Set(u32),
    /// An intrinsic updates it; its arguments are in temps. The result goes to a temp.
    Apply { name: &'e str, args: &'e [u32], result: Option<u32>, ty: &'e Type },
}

impl Lower<'_, '_> {
    /// Reads a local as a value that others may keep.
    pub(crate) fn read_whole_local(&mut self, id: LocalId) {
        self.read_local(id);
        let bit = self.bit_of_local(id);
        self.set_bit(bit, 0);
    }

    /// Reads a global as a value that others may keep.
    pub(crate) fn read_whole_global(&mut self, id: GlobalId) {
        global::read(self, id);
        let bit = self.bit_of_global(id);
        self.set_bit(bit, 0);
    }

    /// Translates an expression whose value is only looked into, at once.
    pub(crate) fn borrowed(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Local(id) => self.read_local(*id),
            ExprKind::Global(id) => global::read(self, *id),
            _ => self.expr(expr),
        }
    }

    /// The same if the operands that are computed in between cannot update anything.
    pub(crate) fn borrowed_before(&mut self, expr: &Expr, others: &[Expr]) {
        if others.iter().all(walk::is_simple) { self.borrowed(expr) } else { self.expr(expr) }
    }

    /// After a variable got a new whole value.
    pub(crate) fn claim(&mut self, id: LocalId, value: &Expr) {
        let bit = self.bit_of_local(id);
        self.set_bit(bit, i32::from(is_fresh(value)));
    }

    fn bit_of_local(&mut self, id: LocalId) -> Bit {
        let local = self.local(id);
        match local.kind {
            LocalKind::Shared if is_container(&local.ty) => {
                let val = self.cx.stored(&local.ty);
                let cell = self.cx.cell_type(val);
                Bit::Cell(self.slot(id).base, cell)
            }
            LocalKind::Mut => self.owned_bit(id).map_or(Bit::None, Bit::Base),
            _ => Bit::None,
        }
    }

    fn bit_of_global(&mut self, id: GlobalId) -> Bit {
        let decl = &self.cx.program.globals[id.0 as usize];
        if decl.kind == GlobalKind::Mut && is_container(&decl.ty) {
            Bit::Global(global::slot(self.cx, id).owned)
        } else {
            Bit::None
        }
    }

    fn set_bit(&mut self, bit: Bit, value: i32) {
        match bit {
            Bit::None => {}
            Bit::Base(base) => {
                self.code.i32(value);
                self.store(base, Val::I32);
            }
            Bit::Cell(base, cell) => {
                self.load(base);
                self.code.i32(value);
                self.code.struct_set(cell, 1);
            }
            Bit::Global(global) => {
                self.code.i32(value);
                self.code.global_set(global);
            }
        }
    }

    fn push_bit(&mut self, bit: Bit) {
        match bit {
            Bit::None => self.code.i32(0),
            Bit::Base(base) => self.load(base),
            Bit::Cell(base, cell) => {
                self.load(base);
                self.code.struct_get(cell, 1);
            }
            Bit::Global(global) => self.code.global_get(global),
        }
    }

    pub(crate) fn assign(&mut self, place: &Place, value: &Expr) {
        if value.ty == Type::Never {
            return self.expr(value);
        }
        if place.path.is_empty() {
            return self.assign_whole(place, value);
        }
        let keys = self.path_keys(&place.path);
        let kept = self.keep(value);
        self.update_root(place, &keys, &Leaf::Set(kept));
    }

    fn assign_whole(&mut self, place: &Place, value: &Expr) {
        let root_ty = self.root_type(place);
        self.value(value, &root_ty);
        self.write_root(place);
        let bit = self.root_bit(place);
        self.set_bit(bit, i32::from(is_fresh(value)));
    }

    pub(crate) fn update(&mut self, place: &Place, name: &str, args: &[Expr], expr: &Expr) {
        let keys = self.path_keys(&place.path);
        let args: Vec<u32> = args.iter().map(|arg| self.keep(arg)).collect();
        let result = self.cx.val(&expr.ty).map(|val| self.code.local(val));
        let leaf = Leaf::Apply { name, args: &args, result, ty: &place.ty };
        self.update_root(place, &keys, &leaf);
        if let Some(result) = result {
            self.code.get(result);
        }
    }

    /// Computes an operand into a local.
    fn keep(&mut self, value: &Expr) -> u32 {
        let val = self.cx.stored(&value.ty);
        self.stored(value);
        let kept = self.code.local(val);
        self.code.set(kept);
        kept
    }

    /// Computes the indices and keys of a path from left to right.
    fn path_keys(&mut self, path: &[PlaceStep]) -> Vec<Option<u32>> {
        path.iter()
            .map(|step| match step {
                PlaceStep::Index(key) | PlaceStep::Key(key) | PlaceStep::Dynamic(key) => Some(self.keep(key)),
                PlaceStep::Field { .. } | PlaceStep::Tuple(_) | PlaceStep::Some => None,
            })
            .collect()
    }

    fn update_root(&mut self, place: &Place, keys: &[Option<u32>], leaf: &Leaf<'_>) {
        if self.update_element(place, keys, leaf) {
            return;
        }
        let bit = self.root_bit(place);
        let ty = self.root_type(place);
        self.peek_root(place);
        self.push_bit(bit);
        let owned = self.code.temp(Val::I32);
        self.code.set(owned);
        self.step(&place.path, keys, &ty, (owned, leaf));
        self.write_root(place);
        self.set_bit(bit, 1);
        self.code.release(owned);
    }

    /// Updates an element of a reactive list: whether it changed is seen at this element alone. False: the place is of another kind.
    fn update_element(&mut self, place: &Place, keys: &[Option<u32>], leaf: &Leaf<'_>) -> bool {
        let ([PlaceStep::Index(at), path @ ..], [Some(key), keys @ ..]) = (place.path.as_slice(), keys) else {
            return false;
        };
        let Type::List(item) = self.root_type(place) else { return false };
        let inner = self.code.temp(Val::I32);
        let is_signal = self.push_signal(&place.root);
        if is_signal {
            self.code.get(*key);
            self.part((path, keys, (inner, leaf)), &item, |lower| {
                lower.peek_root(place);
                lower.code.get(*key);
                let elem = lower.cx.elem(&item);
                let get = list::get(lower.cx, elem);
                lower.call_spanned(get, at.span);
                lower.cx.unpack_elem(&mut lower.code, &item);
            });
            let write = reactive::write_element(self.cx, &item);
            self.call_spanned(write, at.span);
        }
        self.code.release(inner);
        is_signal
    }

    /// Pushes the signal that a variable is kept in, if it is.
    fn push_signal(&mut self, root: &PlaceRoot) -> bool {
        match *root {
            PlaceRoot::Local(id) => {
                let is_signal = matches!(self.local(id).kind, LocalKind::Signal | LocalKind::Item);
                if is_signal {
                    let base = self.slot(id).base;
                    self.load(base);
                }
                is_signal
            }
            PlaceRoot::Global(id) => {
                let is_signal = self.cx.program.globals[id.0 as usize].kind == GlobalKind::Signal;
                if is_signal {
                    let slot = global::slot(self.cx, id);
                    self.code.global_get(slot.value);
                }
                is_signal
            }
        }
    }

    fn root_type(&self, place: &Place) -> Type {
        match place.root {
            PlaceRoot::Local(id) => self.local(id).ty,
            PlaceRoot::Global(id) => self.cx.program.globals[id.0 as usize].ty.clone(),
        }
    }

    fn root_bit(&mut self, place: &Place) -> Bit {
        match place.root {
            PlaceRoot::Local(id) => self.bit_of_local(id),
            PlaceRoot::Global(id) => self.bit_of_global(id),
        }
    }

    /// Pushes the present value of the variable, untracked.
    fn peek_root(&mut self, place: &Place) {
        match place.root {
            PlaceRoot::Local(id) => {
                let local = self.local(id);
                if matches!(local.kind, LocalKind::Signal | LocalKind::Item) {
                    let base = self.slot(id).base;
                    self.load(base);
                    let peek = reactive::peek_signal(self.cx, &local.ty);
                    self.code.call(peek);
                } else {
                    self.read_local(id);
                }
            }
            PlaceRoot::Global(id) => global::peek(self, id),
        }
    }

    /// Gives the variable the value on the stack.
    fn write_root(&mut self, place: &Place) {
        match place.root {
            PlaceRoot::Local(id) => self.write_local(id),
            PlaceRoot::Global(id) => global::write(self, id),
        }
    }

    fn write_local(&mut self, id: LocalId) {
        let local = self.local(id);
        let slot = self.slot(id);
        let stored = self.cx.stored(&local.ty);
        let unit = self.cx.val(&local.ty).is_none();
        match local.kind {
            LocalKind::Let | LocalKind::Mut if unit => {}
            LocalKind::Let | LocalKind::Mut => self.store(slot.base, slot.val),
            LocalKind::Shared | LocalKind::Signal | LocalKind::Item => {
                if unit {
                    self.code.i32(0);
                }
                let temp = self.code.temp(stored);
                self.code.set(temp);
                self.load(slot.base);
                self.code.get(temp);
                self.code.release(temp);
                if local.kind == LocalKind::Shared {
                    let cell = self.cx.cell_type(stored);
                    self.code.struct_set(cell, 0);
                } else {
                    let write = reactive::write_signal(self.cx, &local.ty);
                    self.code.call(write);
                }
            }
            // Never updated.
            LocalKind::Memo | LocalKind::Prop => self.code.op(Ins::Drop),
        }
    }

    /// The container on the stack becomes one in which the part at the path is updated.
    fn step(&mut self, path: &[PlaceStep], keys: &[Option<u32>], ty: &Type, (owned, leaf): (u32, &Leaf<'_>)) {
        let ([step, rest @ ..], [key, other_keys @ ..]) = (path, keys) else {
            return self.leaf(leaf, owned);
        };
        // Only the outermost container may belong to the variable.
        let inner = self.code.temp(Val::I32);
        let rest = (rest, other_keys, (inner, leaf));
        match (step, ty, key) {
            (PlaceStep::Field { record, index }, _, _) => {
                let field = self.cx.record(*record).fields[*index as usize].ty.clone();
                let object = self.cx.record_type(*record);
                self.step_field((object, self.cx.record(*record).fields.len()), (*index, &field), rest);
            }
            (PlaceStep::Tuple(index), Type::Tuple(items), _) => {
                let field = items.get(*index as usize).cloned().unwrap_or(Type::Unit);
                if let Val::Ref(object) = self.cx.stored(ty) {
                    self.step_field((object, items.len()), (*index, &field), rest);
                }
            }
            (PlaceStep::Some, _, _) => {
                let value = inner_type(ty);
                self.unwrap_or_fault(ty, &value, "unwrap of nil", tova_source::Span::default());
                self.step(rest.0, rest.1, &value, rest.2);
                self.cx.some(&mut self.code, &value);
            }
            (PlaceStep::Index(at), Type::List(item), Some(key)) => self.step_index((at, *key), item, owned, rest),
            (PlaceStep::Key(_), Type::Map(key_ty, value), Some(key)) => {
                self.step_key((key_ty, *key), value, owned, rest)
            }
            (_, _, Some(key)) => self.step_dynamic(*key, rest),
            (_, _, None) => {}
        }
        self.code.release(inner);
    }

    fn step_field(&mut self, (object, count): (TypeId, usize), (index, field): (u32, &Type), rest: Rest<'_>) {
        let kept = self.code.temp(Val::Ref(object));
        self.code.set(kept);
        self.code.get(kept);
        self.code.struct_get(object, index);
        if self.cx.val(field).is_none() {
            self.code.op(Ins::Drop);
        }
        self.clear(rest.2.0);
        self.step(rest.0, rest.1, field, rest.2);
        let val = self.cx.stored(field);
        if self.cx.val(field).is_none() {
            self.code.i32(0);
        }
        let new = self.code.temp(val);
        self.code.set(new);
        for at in (0..).take(count) {
            if at == index {
                self.code.get(new);
            } else {
                self.code.get(kept);
                self.code.struct_get(object, at);
            }
        }
        self.code.struct_new(object);
        self.code.release(new);
        self.code.release(kept);
    }

    fn step_index(&mut self, (at, key): (&Expr, u32), item: &Type, owned: u32, rest: Rest<'_>) {
        let types = self.cx.list_of(item);
        let kept = self.code.temp(Val::Ref(types.list));
        self.code.set(kept);
        self.part(rest, item, |lower| {
            lower.code.get(kept);
            lower.code.get(key);
            let get = list::get(lower.cx, types.elem);
            lower.call_spanned(get, at.span);
            lower.cx.unpack_elem(&mut lower.code, item);
        });
        let val = self.cx.stored(item);
        let new = self.code.temp(val);
        self.code.set(new);
        self.code.get(kept);
        self.code.get(key);
        self.code.get(new);
        self.code.get(owned);
        let set = list::set(self.cx, types.elem);
        self.call_spanned(set, at.span);
        self.code.release(new);
        self.code.release(kept);
    }

    fn step_key(&mut self, (key_ty, key): (&Type, u32), value: &Type, owned: u32, rest: Rest<'_>) {
        let map_ty = self.cx.map_type();
        let kept = self.code.temp(Val::Ref(map_ty));
        self.code.set(kept);
        self.part(rest, value, |lower| {
            lower.code.get(kept);
            lower.code.get(key);
            let get = map::required(lower.cx, key_ty, value);
            lower.code.call(get);
            if lower.cx.val(value).is_none() {
                lower.code.op(Ins::Drop);
            }
        });
        let val = self.cx.stored(value);
        let new = self.code.temp(val);
        self.code.set(new);
        self.code.get(kept);
        self.code.get(owned);
        let own = map::own(self.cx);
        self.code.call(own);
        self.code.tee(kept);
        self.code.get(key);
        self.code.get(new);
        let set = map::set(self.cx, key_ty, value);
        self.code.call(set);
        self.code.get(kept);
        self.code.release(new);
        self.code.release(kept);
    }

    fn step_dynamic(&mut self, key: u32, rest: Rest<'_>) {
        let kept = self.code.temp(Val::Any);
        self.code.set(kept);
        self.part(rest, &Type::Any, |lower| {
            lower.code.get(kept);
            lower.code.get(key);
            let get = any::member(lower.cx);
            lower.code.call(get);
        });
        let new = self.code.temp(Val::Any);
        self.code.set(new);
        self.code.get(kept);
        self.code.get(key);
        self.code.get(new);
        let set = any::with_member(self.cx);
        self.code.call(set);
        self.code.release(new);
        self.code.release(kept);
    }

    /// Pushes the new value of an element; the old one is only read where it is needed.
    fn part(&mut self, rest: Rest<'_>, ty: &Type, read: impl FnOnce(&mut Self)) {
        if let ([], Leaf::Set(value)) = (rest.0, rest.2.1) {
            return self.code.get(*value);
        }
        read(self);
        self.clear(rest.2.0);
        self.step(rest.0, rest.1, ty, rest.2);
        if self.cx.val(ty).is_none() {
            self.code.i32(0);
        }
    }

    fn clear(&mut self, bit: u32) {
        self.code.i32(0);
        self.code.set(bit);
    }

    fn leaf(&mut self, leaf: &Leaf<'_>, owned: u32) {
        match leaf {
            Leaf::Set(value) => {
                // The old value is on the stack; unit has none.
                self.code.op(Ins::Drop);
                self.code.get(*value);
            }
            Leaf::Apply { name, args, result, ty } => self.apply(name, (args, *result), ty, owned),
        }
    }

    /// Applies an updating intrinsic to the container on the stack.
    fn apply(&mut self, name: &str, (args, result): (&[u32], Option<u32>), ty: &Type, owned: u32) {
        match ty {
            Type::List(item) => list::apply(self, name, (args, result), item, owned),
            Type::Map(key, value) => map::apply(self, name, (args, result), (key, Some(value)), owned),
            Type::Set(item) => map::apply(self, name, (args, result), (item, None), owned),
            _ => {
                let span = tova_source::Span::default();
                self.cx.text(&mut self.code, name);
                fault::raise(self.cx, &mut self.code, span);
            }
        }
    }
}

/// The rest of a path, its keys, and what happens at its end (with the bit for the next container).
type Rest<'e> = (&'e [PlaceStep], &'e [Option<u32>], (u32, &'e Leaf<'e>));

/// Whether values of the type are updated in part.
pub(crate) fn is_container(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Map(..) | Type::Set(_))
}

/// Whether nobody else can have the value.
fn is_fresh(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::List(_) | ExprKind::Map(_))
}
