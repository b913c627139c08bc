//! Slices by Python's rules.

use crate::asm::{Code, Ins, Val};
use crate::emit::Emit;

/// Locals that hold what a slice picks: `count` places from `start`, `step` apart.
pub(crate) struct Bounds {
    pub(crate) start: u32,
    pub(crate) step: u32,
    pub(crate) count: u32,
}

impl Bounds {
    /// Computes the bounds in a helper with the parameters `(value, start?, end?, step?, span)`; `len` pushes the length.
    pub(crate) fn compute(cx: &mut Emit<'_>, c: &mut Code, len: impl FnOnce(&mut Code)) -> Self {
        let (length, step) = (c.local(Val::I64), c.local(Val::I64));
        let (start, end) = (c.local(Val::I64), c.local(Val::I64));
        len(c);
        c.op(Ins::I64ExtendI32S);
        c.set(length);
        let boxed = cx.box_int();
        c.get(3);
        c.is_null();
        c.if_(Some(Val::I64));
        c.i64(1);
        c.else_();
        c.get(3);
        c.struct_get(boxed, 0);
        c.end();
        c.tee(step);
        c.op(Ins::I64Eqz);
        crate::expr::fault_if(cx, c, "the step of a slice is 0", 4);
        for (param, to, from_start) in [(1, start, true), (2, end, false)] {
            bound(cx, c, (param, from_start), (length, step));
            c.set(to);
        }
        // How many steps lead from the start to before the end.
        count(c, (start, end, step));
        let narrow = [c.local(Val::I32), c.local(Val::I32), c.local(Val::I32)];
        c.op(Ins::I32WrapI64);
        c.set(narrow[2]);
        for (wide, narrow) in [(start, narrow[0]), (step, narrow[1])] {
            c.get(wide);
            c.op(Ins::I32WrapI64);
            c.set(narrow);
        }
        Self { start: narrow[0], step: narrow[1], count: narrow[2] }
    }
}

/// Pushes a bound: counted from the end if negative, and between the ends. Walking back, the place before the first is one too.
fn bound(cx: &mut Emit<'_>, c: &mut Code, (param, from_start): (u32, bool), (length, step): (u32, u32)) {
    let boxed = cx.box_int();
    let clamp = cx.helper("clamp", crate::emit::Key::One, (&[Val::I64, Val::I64, Val::I64], &[Val::I64]), |_, c| {
        for (limit, compare) in [(1, Ins::I64LtS), (2, Ins::I64GtS)] {
            c.get(limit);
            c.get(0);
            c.get(0);
            c.get(limit);
            c.op(compare);
            c.op(Ins::Select);
            c.set(0);
        }
        c.get(0);
    });
    let back = c.local(Val::I64);
    // 1 if the slice walks back, else 0.
    c.get(step);
    c.i64(63);
    c.op(Ins::I64ShrU);
    c.set(back);
    c.get(param);
    c.is_null();
    c.if_(Some(Val::I64));
    // Walking back the open start is the last place and the open end the one before the first.
    let (forward, backward) = if from_start { (false, true) } else { (true, false) };
    push_end(c, (length, back), backward);
    push_end(c, (length, back), forward);
    c.get(back);
    c.op(Ins::I32WrapI64);
    c.op(Ins::Select);
    c.else_();
    let at = c.local(Val::I64);
    c.get(param);
    c.struct_get(boxed, 0);
    c.tee(at);
    c.get(length);
    c.i64(0);
    c.get(at);
    c.i64(0);
    c.op(Ins::I64LtS);
    c.op(Ins::Select);
    c.op(Ins::I64Add);
    push_end(c, (length, back), false);
    push_end(c, (length, back), true);
    c.call(clamp);
    c.end();
}

/// The highest place that a bound may name, or the lowest: one less walking back.
fn push_end(c: &mut Code, (length, back): (u32, u32), high: bool) {
    if high {
        c.get(length)
    } else {
        c.i64(0)
    }
    c.get(back);
    c.op(Ins::I64Sub);
}

/// Pushes `max(0, (end - start + step ∓ 1) / step)`.
fn count(c: &mut Code, (start, end, step): (u32, u32, u32)) {
    let n = c.local(Val::I64);
    c.get(end);
    c.get(start);
    c.op(Ins::I64Sub);
    c.tee(n);
    c.i64(0);
    c.op(Ins::I64LtS);
    c.get(step);
    c.i64(0);
    c.op(Ins::I64LtS);
    c.op(Ins::I32Ne);
    c.get(n);
    c.op(Ins::I64Eqz);
    c.op(Ins::I32Or);
    c.if_(Some(Val::I64));
    c.i64(0);
    c.else_();
    // Both have the sign of the step: whole steps within one less, and the first.
    c.get(n);
    c.i64(1);
    c.i64(-1);
    c.get(step);
    c.i64(0);
    c.op(Ins::I64GtS);
    c.op(Ins::Select);
    c.op(Ins::I64Sub);
    c.get(step);
    c.op(Ins::I64DivS);
    c.i64(1);
    c.op(Ins::I64Add);
    c.end();
}
