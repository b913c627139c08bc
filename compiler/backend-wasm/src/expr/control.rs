//! Decisions, loops and what leaves them.

use tova_ir::{EnumCase, EnumId, Expr, ExprKind, LabelId, Literal, LocalId, Type};

use crate::asm::{Ins, Label, Val};
use crate::lower::{Base, Exit, Lower, Target};

impl Lower<'_, '_> {
    pub(crate) fn block(&mut self, exprs: &[Expr], ty: &Type) {
        let Some((last, before)) = exprs.split_last() else { return };
        for expr in before {
            self.effect(expr);
            if expr.ty == Type::Never {
                return;
            }
        }
        self.value(last, ty);
    }

    pub(crate) fn let_(&mut self, local: LocalId, value: &Expr) {
        let ty = self.local(local).ty;
        if value.ty == Type::Never {
            return self.expr(value);
        }
        match self.local(local).kind {
            tova_ir::LocalKind::Memo | tova_ir::LocalKind::Prop => self.expr(value),
            _ => self.value(value, &ty),
        }
        self.init_local(local);
        self.claim(local, value);
    }

    pub(crate) fn control(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::If { cond, then, else_ } => self.if_(cond, then, else_.as_deref(), &expr.ty),
            ExprKind::SwitchEnum { subject, enum_, cases, default } => {
                self.expr(subject);
                self.switch_enum(*enum_, cases, default.as_deref(), &expr.ty);
            }
            ExprKind::SwitchOption { subject, binding, some, none } => {
                self.expr(subject);
                self.switch_option(&subject.ty, *binding, (some, none), &expr.ty);
            }
            ExprKind::SwitchLiteral { subject, cases, default } => {
                self.switch_literal(subject, cases, default, &expr.ty)
            }
            ExprKind::Labelled { label, body } => self.labelled(*label, body, &expr.ty),
            ExprKind::Loop { label, body } => self.loop_(*label, None, body),
            ExprKind::While { label, cond, body } => self.loop_(*label, Some(cond), body),
            ExprKind::Break { label, value } => self.break_(*label, value.as_deref()),
            ExprKind::Continue(label) => self.continue_(*label),
            ExprKind::Return(value) => self.return_(value.as_deref()),
            _ => {}
        }
    }

    fn if_(&mut self, cond: &Expr, then: &Expr, else_: Option<&Expr>, ty: &Type) {
        self.expr(cond);
        let result = self.cx.val(ty);
        self.code.if_(result);
        self.value(then, ty);
        if let Some(else_) = else_ {
            self.code.else_();
            self.value(else_, ty);
        }
        self.code.end();
    }

    /// Decides by the variant of the value on the stack. Few cases are compared one by one, more go through a table.
    fn switch_enum(&mut self, id: EnumId, cases: &[EnumCase], default: Option<&Expr>, ty: &Type) {
        let subject = self.keep_subject(&Type::Enum(id));
        let result = self.cx.val(ty);
        if cases.len() > 3 {
            return self.switch_table(id, subject, (cases, default), ty);
        }
        let mut open = 0;
        for (at, case) in cases.iter().enumerate() {
            let is_last = at + 1 == cases.len() && default.is_none();
            if !is_last {
                self.push_tag(id, subject);
                self.code.i32(i32::try_from(case.variant).unwrap_or(0));
                self.code.op(Ins::I32Eq);
                self.code.if_(result);
                open += 1;
            }
            self.enum_case(id, subject, case, ty);
            if !is_last {
                self.code.else_();
            }
        }
        if let Some(default) = default {
            self.value(default, ty);
        }
        (0..open).for_each(|_| self.code.end());
        self.code.release(subject);
    }

    fn switch_table(&mut self, id: EnumId, subject: u32, (cases, default): (&[EnumCase], Option<&Expr>), ty: &Type) {
        let result = self.cx.val(ty);
        let done = self.code.block(result);
        let otherwise = self.code.block(None);
        let mut labels: Vec<Label> = cases.iter().map(|_| self.code.block(None)).collect();
        // The innermost block is the first case.
        labels.reverse();
        let count = self.cx.enum_(id).variants.len();
        let target = |variant: usize| {
            let at = cases.iter().position(|case| case.variant as usize == variant);
            at.and_then(|at| labels.get(at).copied()).unwrap_or(otherwise)
        };
        let table: Vec<Label> = (0..count).map(target).collect();
        self.push_tag(id, subject);
        self.code.br_table(&table, otherwise);
        for case in cases {
            self.code.end();
            self.enum_case(id, subject, case, ty);
            self.code.br(done);
        }
        self.code.end();
        match default {
            Some(default) => self.value(default, ty),
            None => self.unreachable(),
        }
        self.code.end();
        self.code.release(subject);
    }

    fn push_tag(&mut self, id: EnumId, subject: u32) {
        self.code.get(subject);
        self.tag(id);
    }

    /// The index of the variant of the enum's value on the stack.
    pub(crate) fn tag(&mut self, id: EnumId) {
        if !self.cx.is_plain(id) {
            let base = self.cx.enum_types(id).base;
            self.code.struct_get(base, 0);
        }
    }

    fn enum_case(&mut self, id: EnumId, subject: u32, case: &EnumCase, ty: &Type) {
        self.bind_case(id, subject, case);
        self.value(&case.body, ty);
    }

    /// Gives the bindings of a case their values.
    pub(crate) fn bind_case(&mut self, id: EnumId, subject: u32, case: &EnumCase) {
        for (field, binding) in (0..).zip(&case.bindings) {
            if let Some(local) = binding {
                self.code.get(subject);
                self.variant_field(id, case.variant, field);
                self.init_local(*local);
            }
        }
    }

    /// A field of the enum's value on the stack, which is of the variant.
    pub(crate) fn variant_field(&mut self, id: EnumId, variant: u32, field: u32) {
        let types = self.cx.enum_types(id);
        let Some(&ty) = types.variants.get(variant as usize) else { return };
        self.code.cast(ty);
        self.code.struct_get(ty, field + 1);
        let field_ty = self.cx.enum_(id).variants.get(variant as usize).and_then(|v| v.fields.get(field as usize));
        if let Some(field) = field_ty
            && self.cx.val(&field.ty).is_none()
        {
            self.code.op(Ins::Drop);
        }
    }

    /// Keeps the value on the stack in a local for a moment.
    pub(crate) fn keep_subject(&mut self, ty: &Type) -> u32 {
        let val = self.cx.stored(ty);
        if self.cx.val(ty).is_none() {
            self.code.i32(0);
        }
        let temp = self.code.temp(val);
        self.code.set(temp);
        temp
    }

    fn switch_option(&mut self, subject: &Type, binding: Option<LocalId>, (some, none): (&Expr, &Expr), ty: &Type) {
        let inner = inner_type(subject);
        let kept = self.keep_subject(subject);
        self.code.get(kept);
        self.cx.is_nil(&mut self.code, subject);
        let result = self.cx.val(ty);
        self.code.if_(result);
        self.value(none, ty);
        self.code.else_();
        if let Some(local) = binding {
            self.code.get(kept);
            self.cx.unwrapped(&mut self.code, &inner);
            self.init_local(local);
        }
        self.value(some, ty);
        self.code.end();
        self.code.release(kept);
    }

    fn switch_literal(&mut self, subject: &Expr, cases: &[(Literal, Expr)], default: &Expr, ty: &Type) {
        self.expr(subject);
        let kept = self.keep_subject(&subject.ty);
        let result = self.cx.val(ty);
        for (literal, body) in cases {
            self.literal_test(kept, literal);
            self.code.if_(result);
            self.value(body, ty);
            self.code.else_();
        }
        self.value(default, ty);
        cases.iter().for_each(|_| self.code.end());
        self.code.release(kept);
    }

    /// Whether the kept value is the literal.
    pub(crate) fn literal_test(&mut self, kept: u32, literal: &Literal) {
        self.code.get(kept);
        match literal {
            Literal::Int(value) => {
                self.code.i64(*value);
                self.code.op(Ins::I64Eq);
            }
            Literal::Bool(true) => {}
            Literal::Bool(false) => self.code.op(Ins::I32Eqz),
            Literal::Str(text) => {
                self.cx.text(&mut self.code, text);
                let equals = self.cx.module.js_string("equals");
                self.code.call(equals);
            }
        }
    }

    fn labelled(&mut self, label: LabelId, body: &Expr, ty: &Type) {
        let val = self.cx.val(ty);
        // A value that may have to leave the body of a `try` goes through the frame.
        let result = val.filter(|_| self.frame.is_some()).map(|val| self.place(val));
        let done = self.code.block(if result.is_some() { None } else { val });
        self.targets.push((label, Target::Here { done, next: None, result }));
        self.value(body, ty);
        self.targets.pop();
        if let (Some(base), Some(val)) = (result, val) {
            self.store(base, val);
            self.code.end();
            self.load(base);
        } else {
            self.code.end();
        }
    }

    fn loop_(&mut self, label: LabelId, cond: Option<&Expr>, body: &Expr) {
        let done = self.code.block(None);
        let next = self.code.loop_(None);
        if let Some(cond) = cond {
            self.expr(cond);
            self.code.op(Ins::I32Eqz);
            self.code.br_if(done);
        }
        self.targets.push((label, Target::Here { done, next: Some(next), result: None }));
        self.effect(body);
        self.targets.pop();
        self.code.br(next);
        self.code.end();
        self.code.end();
    }

    fn target(&self, label: LabelId) -> Option<Target> {
        self.targets.iter().rev().find(|(id, _)| *id == label).map(|(_, target)| *target)
    }

    fn break_(&mut self, label: LabelId, value: Option<&Expr>) {
        let target = self.target(label);
        if let Some(value) = value {
            self.expr(value);
            let (result, on_stack) = match target {
                Some(Target::Here { result, .. }) => (result, true),
                Some(Target::Outside { result, .. } | Target::State { result, .. }) => (result, false),
                None => (None, false),
            };
            match (result, self.cx.val(&value.ty)) {
                (Some(base), Some(val)) => self.store(base, val),
                (None, Some(_)) if !on_stack => self.code.op(Ins::Drop),
                (_, _) => {}
            }
        }
        match target {
            Some(Target::Here { done, .. }) => self.code.br(done),
            Some(Target::Outside { number, .. }) => self.leave_try(number),
            Some(Target::State { done, depth, .. }) => self.leave_to_state(done, depth),
            None => self.unreachable(),
        }
    }

    fn continue_(&mut self, label: LabelId) {
        match self.target(label) {
            Some(Target::Here { next: Some(next), .. }) => self.code.br(next),
            Some(Target::Outside { number, .. }) => self.leave_try(number + 1),
            Some(Target::State { next: Some(next), depth, .. }) => self.leave_to_state(next, depth),
            Some(Target::Here { next: None, .. } | Target::State { next: None, .. }) | None => self.unreachable(),
        }
    }

    fn leave_try(&mut self, number: i32) {
        self.code.i32(number);
        self.code.op(Ins::Return);
    }

    fn return_(&mut self, value: Option<&Expr>) {
        if let Some(value) = value {
            self.expr(value);
        }
        match self.exit {
            Exit::Return => self.code.op(Ins::Return),
            Exit::Task => self.return_from_task(value.map(|value| value.ty.clone())),
            Exit::Try(base) => {
                if let (Some(base), Some(value)) = (base, value)
                    && let Some(val) = self.cx.val(&value.ty)
                {
                    self.store(base, val);
                }
                self.leave_try(1);
            }
        }
    }

    /// Turns the kind of a base into the wasm local that is asked for.
    pub(crate) fn temp_of(&mut self, base: Base, val: Val) -> u32 {
        match base {
            Base::Local(local) => local,
            Base::Field(_) => {
                self.load(base);
                let temp = self.code.temp(val);
                self.code.set(temp);
                temp
            }
        }
    }
}

/// What an option holds; `Any` holds itself.
pub(crate) fn inner_type(option: &Type) -> Type {
    match option {
        Type::Option(inner) => (**inner).clone(),
        other => other.clone(),
    }
}
