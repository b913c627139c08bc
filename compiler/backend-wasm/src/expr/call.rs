//! Calls and function values.

use tova_ir::{Expr, ExprKind, Type};

use crate::lower::Lower;

impl Lower<'_, '_> {
    pub(crate) fn call(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call { function, args } => {
                args.iter().for_each(|arg| self.stored(arg));
                let func = self.cx.function(*function);
                self.code.call(func);
            }
            ExprKind::CallValue { callee, args } => {
                let Type::Fn(function) = &callee.ty else { return };
                let types = self.cx.closure_types(function);
                self.expr(callee);
                self.call_value(types, |lower| args.iter().for_each(|arg| lower.stored(arg)));
            }
            ExprKind::FnValue(id) => {
                let is_async = match &expr.ty {
                    Type::Fn(function) => function.is_async,
                    _ => false,
                };
                let global = self.cx.fn_value(*id, is_async);
                self.code.global_get(global);
            }
            ExprKind::Closure(closure) => self.closure(closure, &expr.ty),
            _ => {}
        }
    }
}
