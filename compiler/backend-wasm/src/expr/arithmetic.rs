//! Numbers. Ints are checked: what does not fit is a fault.

use tova_ir::{Expr, Prim, Type};

use crate::asm::{FuncId, Ins, Val};
use crate::emit::{Emit, Key};
use crate::fault;
use crate::lower::Lower;

impl Lower<'_, '_> {
    pub(crate) fn arithmetic(&mut self, op: Prim, args: &[Expr], expr: &Expr) {
        let is_float = args.first().is_some_and(|arg| arg.ty == Type::Float);
        if op == Prim::Neg && !is_float {
            self.code.i64(0);
        }
        for arg in args {
            self.expr(arg);
        }
        if is_float {
            return self.float(op);
        }
        match op {
            Prim::Add => self.checked(add, expr),
            Prim::Sub | Prim::Neg => self.checked(sub, expr),
            Prim::Mul => self.checked(mul, expr),
            Prim::Rem => self.checked(rem, expr),
            Prim::Pow => self.checked(pow, expr),
            Prim::BitAnd => self.code.op(Ins::I64And),
            Prim::BitOr => self.code.op(Ins::I64Or),
            Prim::BitXor => self.code.op(Ins::I64Xor),
            Prim::BitNot => {
                self.code.i64(-1);
                self.code.op(Ins::I64Xor);
            }
            Prim::Shl => self.code.op(Ins::I64Shl),
            Prim::Shr => self.code.op(Ins::I64ShrS),
            Prim::UShr => self.code.op(Ins::I64ShrU),
            _ => self.code.op(Ins::F64ConvertI64S),
        }
    }

    fn checked(&mut self, helper: fn(&mut Emit<'_>) -> FuncId, expr: &Expr) {
        let func = helper(self.cx);
        self.call_spanned(func, expr.span);
    }

    fn float(&mut self, op: Prim) {
        match op {
            Prim::Add => self.code.op(Ins::F64Add),
            Prim::Sub => self.code.op(Ins::F64Sub),
            Prim::Mul => self.code.op(Ins::F64Mul),
            Prim::Div => self.code.op(Ins::F64Div),
            Prim::Neg => self.code.op(Ins::F64Neg),
            Prim::Rem => self.glue("float_rem", &[Val::F64, Val::F64], &[Val::F64]),
            _ => self.glue("float_pow", &[Val::F64, Val::F64], &[Val::F64]),
        }
    }
}

const PAIR: [Val; 2] = [Val::I64, Val::I64];

/// `(a, b, span) -> a + b`: a sum overflows if its sign differs from both.
fn add(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&PAIR);
    cx.helper("int_add", Key::One, (&params, &[Val::I64]), |cx, c| {
        let sum = c.local(Val::I64);
        c.get(0);
        c.get(1);
        c.op(Ins::I64Add);
        c.tee(sum);
        c.get(0);
        c.op(Ins::I64Xor);
        c.get(sum);
        c.get(1);
        c.op(Ins::I64Xor);
        c.op(Ins::I64And);
        fault_if_negative(cx, c);
        c.get(sum);
    })
}

/// `(a, b, span) -> a - b`: a difference overflows if the signs of the operands differ and its own is that of `b`.
fn sub(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&PAIR);
    cx.helper("int_sub", Key::One, (&params, &[Val::I64]), |cx, c| {
        let difference = c.local(Val::I64);
        c.get(0);
        c.get(1);
        c.op(Ins::I64Sub);
        c.set(difference);
        c.get(0);
        c.get(1);
        c.op(Ins::I64Xor);
        c.get(0);
        c.get(difference);
        c.op(Ins::I64Xor);
        c.op(Ins::I64And);
        fault_if_negative(cx, c);
        c.get(difference);
    })
}

fn fault_if_negative(cx: &mut Emit<'_>, c: &mut crate::asm::Code) {
    c.i64(0);
    c.op(Ins::I64LtS);
    fault_if(cx, c, "integer overflow", 2);
}

/// Faults if the `i32` on the stack is not 0. The span is local `span` of a helper.
pub(crate) fn fault_if(cx: &mut Emit<'_>, c: &mut crate::asm::Code, message: &str, span: u32) {
    c.if_(None);
    cx.text(c, message);
    cx.pass_span(c, span);
    let raise = fault::raise_func(cx);
    c.call(raise);
    c.op(Ins::Unreachable);
    c.end();
}

/// `(a, b, span) -> a * b`: factors of 32 bits cannot overflow; otherwise the product is divided again.
pub(crate) fn mul(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&PAIR);
    cx.helper("int_mul", Key::One, (&params, &[Val::I64]), |cx, c| {
        let product = c.local(Val::I64);
        c.get(0);
        c.get(1);
        c.op(Ins::I64Mul);
        c.set(product);
        for factor in [0, 1] {
            c.get(factor);
            c.i64(1 << 31);
            c.op(Ins::I64Add);
        }
        c.op(Ins::I64Or);
        c.i64(32);
        c.op(Ins::I64ShrU);
        c.i64(0);
        c.op(Ins::I64Ne);
        c.if_(None);
        c.get(0);
        c.i64(-1);
        c.op(Ins::I64Eq);
        c.if_(Some(Val::I32));
        // Only the least number has no opposite.
        c.get(1);
        c.i64(i64::MIN);
        c.op(Ins::I64Eq);
        c.else_();
        c.get(0);
        c.op(Ins::I64Eqz);
        c.if_(Some(Val::I32));
        c.i32(0);
        c.else_();
        c.get(product);
        c.get(0);
        c.op(Ins::I64DivS);
        c.get(1);
        c.op(Ins::I64Ne);
        c.end();
        c.end();
        fault_if(cx, c, "integer overflow", 2);
        c.end();
        c.get(product);
    })
}

/// `(a, b, span) -> a % b` with the sign of `a`.
fn rem(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&PAIR);
    cx.helper("int_rem", Key::One, (&params, &[Val::I64]), |cx, c| {
        c.get(1);
        c.op(Ins::I64Eqz);
        fault_if(cx, c, "division by zero", 2);
        c.get(0);
        c.get(1);
        c.op(Ins::I64RemS);
    })
}

/// `(a, b, span) -> div(a, b)`
pub(crate) fn div(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&PAIR);
    cx.helper("int_div", Key::One, (&params, &[Val::I64]), |cx, c| {
        c.get(1);
        c.op(Ins::I64Eqz);
        fault_if(cx, c, "division by zero", 2);
        c.get(0);
        c.i64(i64::MIN);
        c.op(Ins::I64Eq);
        c.get(1);
        c.i64(-1);
        c.op(Ins::I64Eq);
        c.op(Ins::I32And);
        fault_if(cx, c, "integer overflow", 2);
        c.get(0);
        c.get(1);
        c.op(Ins::I64DivS);
    })
}

/// `(base, exponent, span) -> base ** exponent`, by squaring. The square of the last turn is not needed and may not fit.
fn pow(cx: &mut Emit<'_>) -> FuncId {
    let params = cx.with_span(&PAIR);
    cx.helper("int_pow", Key::One, (&params, &[Val::I64]), |cx, c| {
        let mul = mul(cx);
        let result = c.local(Val::I64);
        c.get(1);
        c.i64(0);
        c.op(Ins::I64LtS);
        fault_if(cx, c, "negative exponent", 2);
        c.i64(1);
        c.set(result);
        let done = c.block(None);
        let next = c.loop_(None);
        c.get(1);
        c.op(Ins::I64Eqz);
        c.br_if(done);
        c.get(1);
        c.i64(1);
        c.op(Ins::I64And);
        c.op(Ins::I64Eqz);
        c.op(Ins::I32Eqz);
        c.if_(None);
        c.get(result);
        c.get(0);
        cx.pass_span(c, 2);
        c.call(mul);
        c.set(result);
        c.end();
        c.get(1);
        c.i64(1);
        c.op(Ins::I64ShrU);
        c.tee(1);
        c.op(Ins::I64Eqz);
        c.br_if(done);
        c.get(0);
        c.get(0);
        cx.pass_span(c, 2);
        c.call(mul);
        c.set(0);
        c.br(next);
        c.end();
        c.end();
        c.get(result);
    })
}
