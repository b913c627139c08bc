//! `try` in functions that do not suspend: the body becomes a function of its own that the glue calls and catches. The locals live in a
//! frame, so that both see them; how the body was left comes back as a number.

use tova_ir::{Expr, ExprKind, LocalId, Type};

use crate::asm::{FuncId, Ins, TypeId, Val};
use crate::emit::{Emit, Key};
use crate::lower::{Base, Exit, Lower, Target};

/// How a body ended, if not at its end (0), by `return` (1) or by an error: from here on two numbers for each label, break and
/// continue.
const FIRST_LABEL: i32 = 2;
/// It threw; the glue's `attempt` gives this number.
const THREW: i32 = -1;

impl Lower<'_, '_> {
    pub(crate) fn try_(&mut self, expr: &Expr) {
        let ExprKind::Try { body, error, handler, finally } = &expr.kind else { return };
        let result = self.cx.val(&expr.ty).map(|val| (self.place(val), val));
        match (handler, finally) {
            (Some(handler), None) => self.catch(body, (*error, handler), &expr.ty, result),
            (None, Some(finally)) => self.finally(body, finally, &expr.ty, result),
            (Some(_), Some(finally)) => {
                let kind = ExprKind::Try { body: body.clone(), error: *error, handler: handler.clone(), finally: None };
                let inner = Expr { kind, ty: expr.ty.clone(), span: expr.span };
                self.finally(&inner, finally, &expr.ty, result);
            }
            (None, None) => {
                self.value(body, &expr.ty);
                self.keep_in(result);
            }
        }
        if let Some((base, _)) = result {
            self.load(base);
        }
    }

    fn keep_in(&mut self, result: Option<(Base, Val)>) {
        if let Some((base, val)) = result {
            self.store(base, val);
        }
    }

    fn catch(
        &mut self,
        body: &Expr,
        (error, handler): (Option<LocalId>, &Expr),
        ty: &Type,
        result: Option<(Base, Val)>,
    ) {
        let left = self.attempt(body, ty, result);
        self.code.get(left);
        self.code.i32(THREW);
        self.code.op(Ins::I32Eq);
        self.code.if_(None);
        if let Some(error) = error {
            self.glue("caught_error", &[], &[Val::Ext]);
            crate::fault::record_of(self.cx, &mut self.code);
            self.init_local(error);
        }
        self.value(handler, ty);
        if handler.ty != Type::Never {
            self.keep_in(result);
        }
        self.code.else_();
        self.leave(left);
        self.code.end();
        self.code.release(left);
    }

    fn finally(&mut self, body: &Expr, finally: &Expr, ty: &Type, result: Option<(Base, Val)>) {
        let left = self.attempt(body, ty, result);
        let error = self.code.temp(Val::Ext);
        self.glue("caught_error", &[], &[Val::Ext]);
        self.code.set(error);
        self.effect(finally);
        self.code.get(left);
        self.code.i32(THREW);
        self.code.op(Ins::I32Eq);
        self.code.if_(None);
        self.code.get(error);
        self.glue("rethrow", &[Val::Ext], &[]);
        self.unreachable();
        self.code.end();
        self.leave(left);
        self.code.release(error);
        self.code.release(left);
    }

    /// Runs the body: how it was left is in the local that this gives.
    fn attempt(&mut self, body: &Expr, ty: &Type, result: Option<(Base, Val)>) -> u32 {
        let left = self.code.temp(Val::I32);
        let Some(frame) = self.frame.clone() else { return left };
        let shape = self.cx.closure_shape(Vec::new(), Some(Val::I32));
        let object = self.attempt_type(frame.ty);
        let ret = self.return_base();
        let targets = self.outer_targets();
        let locals = self.locals.clone();
        let (slots, owned) = (self.slots.clone(), self.owned.clone());
        let mut inner = Lower::new(self.cx, &[Val::Ref(shape.base)], locals);
        (inner.slots, inner.owned, inner.targets) = (slots, owned, targets);
        let local = inner.code.local(Val::Ref(frame.ty));
        inner.frame = Some(crate::lower::Frame { local, ..frame.clone() });
        inner.exit = Exit::Try(ret);
        inner.code.get(0);
        inner.code.cast(object);
        let at = crate::asm::index(inner.cx.closure_fields(shape).len());
        inner.code.struct_get(object, at);
        inner.code.set(local);
        inner.value(body, ty);
        if body.ty != Type::Never {
            inner.keep_in(result);
        }
        inner.code.i32(0);
        let code = std::mem::take(&mut inner.code);
        // Locals that the body met first have fields of the frame now.
        let slots = std::mem::take(&mut inner.slots);
        self.slots.extend(slots);
        let func = self.cx.module.declare_func("try", shape.code);
        self.cx.module.define_func(func, code);
        self.code.ref_func(func);
        if self.cx.named_functions {
            self.code.null(Val::Ext);
        }
        self.code.get(frame.local);
        self.code.struct_new(object);
        export_attempt(self.cx);
        self.glue("attempt", &[Val::Any], &[Val::I32]);
        self.code.set(left);
        left
    }

    /// The closure of a body: it captures the frame.
    fn attempt_type(&mut self, frame: TypeId) -> TypeId {
        let shape = self.cx.closure_shape(Vec::new(), Some(Val::I32));
        let mut fields = self.cx.closure_fields(shape);
        fields.push(crate::asm::Field::fixed(Val::Ref(frame)));
        self.cx.module.struct_type("Attempt", Some(shape.base), fields)
    }

    /// Where a returned value waits until the code around returns it.
    fn return_base(&mut self) -> Option<Base> {
        match self.exit {
            Exit::Try(base) => base,
            Exit::Return | Exit::Task => self.returned.map(|val| match self.return_slot {
                Some(base) => base,
                None => {
                    let base = self.place(val);
                    self.return_slot = Some(base);
                    base
                }
            }),
        }
    }

    /// The open labels as the body sees them, numbered from the outermost.
    fn outer_targets(&self) -> Vec<(tova_ir::LabelId, Target)> {
        let number = |at: usize| FIRST_LABEL + 2 * i32::try_from(at).unwrap_or(0);
        let outside = |(at, (label, target)): (usize, &(tova_ir::LabelId, Target))| {
            let (Target::Here { result, .. } | Target::Outside { result, .. } | Target::State { result, .. }) = *target;
            (*label, Target::Outside { number: number(at), result })
        };
        self.targets.iter().enumerate().map(outside).collect()
    }

    /// Does what the body asked for when it was left.
    fn leave(&mut self, left: u32) {
        self.code.get(left);
        self.code.i32(1);
        self.code.op(Ins::I32Eq);
        self.code.if_(None);
        match self.exit {
            Exit::Try(_) => {
                self.code.i32(1);
                self.code.op(Ins::Return);
            }
            Exit::Return | Exit::Task => {
                if let Some(base) = self.return_slot {
                    self.load(base);
                }
                self.code.op(Ins::Return);
            }
        }
        self.code.end();
        let targets: Vec<Target> = self.targets.iter().map(|(_, target)| *target).collect();
        for (number, target) in (FIRST_LABEL..).step_by(2).zip(targets) {
            self.leave_to(left, number, target);
        }
    }

    fn leave_to(&mut self, left: u32, number: i32, target: Target) {
        match target {
            Target::Here { done, next, .. } => {
                for (number, label) in [(number, Some(done)), (number + 1, next)] {
                    if let Some(label) = label {
                        self.code.get(left);
                        self.code.i32(number);
                        self.code.op(Ins::I32Eq);
                        self.code.br_if(label);
                    }
                }
            }
            // The body of the `try` around numbers the same labels in the same way.
            Target::Outside { .. } => {
                self.code.get(left);
                self.code.i32(number);
                self.code.op(Ins::I32GeS);
                self.code.get(left);
                self.code.i32(number + 1);
                self.code.op(Ins::I32LeS);
                self.code.op(Ins::I32And);
                self.code.if_(None);
                self.code.get(left);
                self.code.op(Ins::Return);
                self.code.end();
            }
            Target::State { .. } => {}
        }
    }
}

/// The export by which the glue runs a body.
fn export_attempt(cx: &mut Emit<'_>) -> FuncId {
    let shape = cx.closure_shape(Vec::new(), Some(Val::I32));
    let func = cx.helper("attempt", Key::One, (&[Val::Any], &[Val::I32]), |_, c| {
        let body = c.local(Val::Ref(shape.base));
        c.get(0);
        c.cast(shape.base);
        c.tee(body);
        c.get(body);
        c.struct_get(shape.base, 0);
        c.call_ref(shape.code);
    });
    cx.module.export("attempt", func);
    func
}
