//! Equality and order.

use tova_ir::{Expr, Prim, Type};

use crate::asm::Ins;
use crate::lower::Lower;
use crate::{equality, order};

impl Lower<'_, '_> {
    pub(crate) fn compare(&mut self, op: Prim, args: &[Expr]) {
        let [a, b] = args else { return };
        self.expr(a);
        self.expr(b);
        match (op, &a.ty) {
            (Prim::Eq, _) => equality::push(self.cx, &mut self.code, &a.ty),
            (Prim::Ne, _) => {
                equality::push(self.cx, &mut self.code, &a.ty);
                self.code.op(Ins::I32Eqz);
            }
            (_, Type::Int | Type::Duration | Type::Size) => {
                let ins = choose(op, [Ins::I64LtS, Ins::I64LeS, Ins::I64GtS, Ins::I64GeS]);
                self.code.op(ins);
            }
            (_, Type::Float) => {
                let ins = choose(op, [Ins::F64Lt, Ins::F64Le, Ins::F64Gt, Ins::F64Ge]);
                self.code.op(ins);
            }
            (_, ty) => {
                order::push(self.cx, &mut self.code, ty);
                self.code.i32(0);
                let ins = choose(op, [Ins::I32LtS, Ins::I32LeS, Ins::I32GtS, Ins::I32GeS]);
                self.code.op(ins);
            }
        }
    }
}

fn choose(op: Prim, [lt, le, gt, ge]: [Ins<'static>; 4]) -> Ins<'static> {
    match op {
        Prim::Lt => lt,
        Prim::Le => le,
        Prim::Gt => gt,
        _ => ge,
    }
}
