//! The code of one function of the program: where its variables are, and how control leaves it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use tova_ir as ir;
use tova_ir::{Expr, LabelId, LocalId, LocalKind, Type};

use crate::asm::{Code, Field, FuncId, Ins, Label, TypeId, Val};
use crate::emit::{Emit, Locals};
use crate::reactive;

/// The code of one function in the making.
pub(crate) struct Lower<'a, 'p> {
    pub(crate) cx: &'a mut Emit<'p>,
    pub(crate) code: Code,
    /// The declarations of all locals of the function, those of closures and made-up ones included.
    pub(crate) locals: Locals,
    /// Where the locals are.
    pub(crate) slots: HashMap<LocalId, Slot>,
    /// Places for "this list belongs to the variable alone", for locals that are updated in part.
    pub(crate) owned: HashMap<LocalId, Base>,
    /// Open loops and labelled blocks.
    pub(crate) targets: Vec<(LabelId, Target)>,
    /// Where locals are kept if the function suspends or has a `try`.
    pub(crate) frame: Option<Frame>,
    /// What `return` does.
    pub(crate) exit: Exit,
    /// What the function gives.
    pub(crate) returned: Option<Val>,
    /// Where a value waits that was returned inside of a `try`.
    pub(crate) return_slot: Option<Base>,
    /// The states of a task, while one is translated.
    pub(crate) flow: Option<crate::flow::States>,
}

/// A struct that keeps the locals of a function.
#[derive(Clone)]
pub(crate) struct Frame {
    /// The wasm local that has it.
    pub(crate) local: u32,
    pub(crate) ty: TypeId,
    /// Its fields so far; the type is defined when the function is done.
    pub(crate) fields: Rc<RefCell<Vec<Field>>>,
}

/// Where a value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Base {
    /// In a wasm local.
    Local(u32),
    /// In a field of the frame.
    Field(u32),
}

/// Where a local is and what lies there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) base: Base,
    /// What the base has.
    pub(crate) val: Val,
}

/// What a break does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// A block of this code.
    Here { done: Label, next: Option<Label>, result: Option<Base> },
    /// A block of the code around a `try`: the number to return, and where a value goes. The next number continues.
    Outside { number: i32, result: Option<Base> },
    /// A state of a task, at a depth of handlers.
    State { done: i32, next: Option<i32>, depth: usize, result: Option<Base> },
}

/// What `return` does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exit {
    /// Returns from the function.
    Return,
    /// Leaves the body of a `try`: the value goes to the base, the code is 1.
    Try(Option<Base>),
    /// Ends a task.
    Task,
}

impl<'a, 'p> Lower<'a, 'p> {
    pub(crate) fn new(cx: &'a mut Emit<'p>, params: &[Val], locals: Locals) -> Self {
        Self {
            cx,
            code: Code::new(params),
            locals,
            slots: HashMap::new(),
            owned: HashMap::new(),
            targets: Vec::new(),
            frame: None,
            exit: Exit::Return,
            returned: None,
            return_slot: None,
            flow: None,
        }
    }

    /// The declaration of a local.
    pub(crate) fn local(&self, id: LocalId) -> ir::Local {
        self.locals[id.0 as usize].clone()
    }

    /// A new place for a value that lives as long as the function.
    pub(crate) fn place(&mut self, val: Val) -> Base {
        match &self.frame {
            Some(frame) => {
                let mut fields = frame.fields.borrow_mut();
                fields.push(Field::mutable(val));
                Base::Field(crate::asm::index(fields.len() - 1))
            }
            None => Base::Local(self.code.local(val)),
        }
    }

    /// Pushes what a base has.
    pub(crate) fn load(&mut self, base: Base) {
        match base {
            Base::Local(local) => self.code.get(local),
            Base::Field(field) => {
                if let Some(Frame { local, ty, .. }) = self.frame {
                    self.code.get(local);
                    self.code.struct_get(ty, field);
                }
            }
        }
    }

    /// Stores the value on the stack.
    pub(crate) fn store(&mut self, base: Base, val: Val) {
        match base {
            Base::Local(local) => self.code.set(local),
            Base::Field(field) => {
                if let Some(Frame { local, ty, .. }) = self.frame {
                    let temp = self.code.temp(val);
                    self.code.set(temp);
                    self.code.get(local);
                    self.code.get(temp);
                    self.code.struct_set(ty, field);
                    self.code.release(temp);
                }
            }
        }
    }

    /// What the slot of a local has: the value itself, or the cell, signal or closure.
    pub(crate) fn slot_val(&mut self, local: &ir::Local) -> Val {
        match local.kind {
            LocalKind::Shared => {
                let val = self.cx.stored(&local.ty);
                Val::Ref(self.cx.cell_type(val))
            }
            LocalKind::Let
            | LocalKind::Mut
            | LocalKind::Signal
            | LocalKind::Memo
            | LocalKind::Prop
            | LocalKind::Item => self.cx.local_val(local),
        }
    }

    /// The slot of a local, made at its first use.
    pub(crate) fn slot(&mut self, id: LocalId) -> Slot {
        if let Some(&slot) = self.slots.get(&id) {
            return slot;
        }
        let local = self.local(id);
        let val = self.slot_val(&local);
        let base = self.place(val);
        if let Base::Local(at) = base {
            self.code.name_local(at, &local.name);
        }
        let slot = Slot { base, val };
        self.slots.insert(id, slot);
        slot
    }

    /// Pushes the value of a local. Reactive ones are tracked.
    pub(crate) fn read_local(&mut self, id: LocalId) {
        let local = self.local(id);
        let slot = self.slot(id);
        let unit = self.cx.val(&local.ty).is_none();
        match local.kind {
            LocalKind::Let | LocalKind::Mut if unit => return,
            LocalKind::Let | LocalKind::Mut => self.load(slot.base),
            LocalKind::Shared => {
                self.load(slot.base);
                let val = self.cx.stored(&local.ty);
                let cell = self.cx.cell_type(val);
                self.code.struct_get(cell, 0);
            }
            LocalKind::Signal | LocalKind::Item => {
                self.load(slot.base);
                let read = reactive::read_signal(self.cx, &local.ty);
                self.code.call(read);
            }
            LocalKind::Memo => {
                self.load(slot.base);
                let read = reactive::read_memo(self.cx, &local.ty);
                self.code.call(read);
            }
            LocalKind::Prop => {
                let types = self.cx.prop_type(&local.ty);
                self.load(slot.base);
                self.load(slot.base);
                self.code.struct_get(types.base, 0);
                self.code.call_ref(types.code);
                return;
            }
        }
        if unit {
            self.code.op(Ins::Drop);
        }
    }

    /// Gives a local its first value, which is on the stack (nothing for unit).
    pub(crate) fn init_local(&mut self, id: LocalId) {
        let local = self.local(id);
        let stored = self.cx.stored(&local.ty);
        if self.cx.val(&local.ty).is_none() && !matches!(local.kind, LocalKind::Memo | LocalKind::Prop) {
            self.code.i32(0);
        }
        let slot = self.slot(id);
        match local.kind {
            LocalKind::Let | LocalKind::Mut => {}
            LocalKind::Shared => {
                let cell = self.cx.cell_type(stored);
                self.code.i32(0);
                self.code.struct_new(cell);
            }
            LocalKind::Signal | LocalKind::Item => {
                let new = reactive::new_signal(self.cx, &local.ty);
                self.code.call(new);
            }
            // The value of a memo's `Let` is a closure, and so is a property.
            LocalKind::Memo => {
                let new = reactive::new_memo(self.cx, &local.ty);
                self.code.call(new);
            }
            LocalKind::Prop => {}
        }
        self.store(slot.base, slot.val);
    }

    /// The bit that says whether the value of a variable belongs to it alone; none for variables that are never updated in part.
    pub(crate) fn owned_bit(&mut self, id: LocalId) -> Option<Base> {
        self.owned.get(&id).copied()
    }

    /// Translates an expression where a value of type `ty` is wanted.
    pub(crate) fn value(&mut self, expr: &Expr, ty: &Type) {
        self.expr(expr);
        match (self.cx.val(&expr.ty), self.cx.val(ty)) {
            (Some(_), None) => self.code.op(Ins::Drop),
            (None, Some(val)) if expr.ty == Type::Unit => self.code.zero(val),
            (Some(_) | None, Some(_)) | (None, None) => {}
        }
    }

    /// Translates an expression whose value goes into a place: unit takes one too.
    pub(crate) fn stored(&mut self, expr: &Expr) {
        self.expr(expr);
        if self.cx.val(&expr.ty).is_none() {
            self.code.i32(0);
        }
    }

    /// Translates an expression for its effect.
    pub(crate) fn effect(&mut self, expr: &Expr) {
        self.value(expr, &Type::Unit);
    }

    /// After code that never ends normally.
    pub(crate) fn unreachable(&mut self) {
        self.code.op(Ins::Unreachable);
    }

    /// Calls a function of the glue by name and signature.
    pub(crate) fn glue(&mut self, name: &str, params: &[Val], results: &[Val]) {
        let func = self.cx.module.glue(name, params, results);
        self.code.call(func);
    }

    /// Calls a helper that takes a span last.
    pub(crate) fn call_spanned(&mut self, func: FuncId, span: tova_source::Span) {
        self.cx.push_span(&mut self.code, span);
        self.code.call(func);
    }
}
