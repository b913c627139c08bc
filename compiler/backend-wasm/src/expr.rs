//! Expressions, by construct.

mod arithmetic;
mod call;
mod collection;
mod compare;
mod control;
mod data;
mod loops;
mod place;
pub(crate) mod walk;

use tova_ir::{Expr, ExprKind, Prim, Type};

pub(crate) use arithmetic::{div, fault_if};
pub(crate) use control::inner_type;
pub(crate) use walk::each;

use crate::asm::{Ins, Val};
use crate::lower::Lower;

impl Lower<'_, '_> {
    /// Translates an expression: its value is on the stack afterwards, nothing if its type is unit.
    pub(crate) fn expr(&mut self, expr: &Expr) {
        if self.cx.mode == crate::Mode::Dev {
            self.code.mark(expr.span);
        }
        match &expr.kind {
            ExprKind::Unit => {}
            ExprKind::Bool(value) => self.code.i32(i32::from(*value)),
            ExprKind::Int(value) | ExprKind::Duration(value) | ExprKind::Size(value) => self.code.i64(*value),
            ExprKind::Float(value) => self.code.f64(*value),
            ExprKind::Str(text) => self.cx.text(&mut self.code, text),
            ExprKind::Nil => self.cx.nil(&mut self.code, &expr.ty),
            ExprKind::Some(value) => {
                self.expr(value);
                self.cx.some(&mut self.code, &value.ty);
            }
            ExprKind::Local(id) => self.read_whole_local(*id),
            ExprKind::Global(id) => self.read_whole_global(*id),
            ExprKind::List(_)
            | ExprKind::Map(_)
            | ExprKind::Tuple(_)
            | ExprKind::Record { .. }
            | ExprKind::RecordUpdate { .. }
            | ExprKind::Variant { .. }
            | ExprKind::Field { .. }
            | ExprKind::TupleField { .. }
            | ExprKind::IsVariant { .. } => self.data(expr),
            ExprKind::Prim { op, args } => self.prim(*op, args, expr),
            ExprKind::Intrinsic { name, args } => self.intrinsic(name, args, expr),
            ExprKind::Update { place, name, args } => self.update(place, name, args, expr),
            ExprKind::Assign { place, value } => self.assign(place, value),
            ExprKind::Call { .. } | ExprKind::CallValue { .. } | ExprKind::FnValue(_) | ExprKind::Closure(_) => {
                self.call(expr)
            }
            ExprKind::Display(value) => self.display(value),
            ExprKind::Concat(parts) => self.concat(parts),
            ExprKind::ToAny(value) => self.any_from(value),
            ExprKind::FromAny(value) => self.typed_from_any(value, &expr.ty),
            ExprKind::Init(global) => crate::global::init(self, *global),
            ExprKind::Let { local, value } => self.let_(*local, value),
            ExprKind::Block(exprs) => self.block(exprs, &expr.ty),
            ExprKind::If { .. }
            | ExprKind::SwitchEnum { .. }
            | ExprKind::SwitchOption { .. }
            | ExprKind::SwitchLiteral { .. }
            | ExprKind::Labelled { .. }
            | ExprKind::Loop { .. }
            | ExprKind::While { .. }
            | ExprKind::Break { .. }
            | ExprKind::Continue(_)
            | ExprKind::Return(_) => self.control(expr),
            ExprKind::For { label, iter, body } => self.for_(*label, iter, body),
            ExprKind::Try { .. } => self.try_(expr),
            ExprKind::Throw(error) => {
                self.expr(error);
                crate::fault::throw_record(self, expr.span);
            }
            // Waits outside of tasks do not exist: a function with one is a task, and its waits are split off before.
            ExprKind::Await(call) => self.expr(call),
            ExprKind::Rpc { rpc, args } => crate::rpc::call(self, *rpc, args),
            // Views and effects were turned into plain expressions; tables and requests live in servers.
            ExprKind::View(_)
            | ExprKind::Effect(_)
            | ExprKind::Query { .. }
            | ExprKind::RequestField { .. }
            | ExprKind::SetRequestField { .. } => self.unreachable(),
        }
        if expr.ty == Type::Never {
            self.unreachable();
        }
    }

    fn prim(&mut self, op: Prim, args: &[Expr], expr: &Expr) {
        match op {
            Prim::Add
            | Prim::Sub
            | Prim::Mul
            | Prim::Div
            | Prim::Rem
            | Prim::Pow
            | Prim::Neg
            | Prim::BitAnd
            | Prim::BitOr
            | Prim::BitXor
            | Prim::BitNot
            | Prim::Shl
            | Prim::Shr
            | Prim::UShr
            | Prim::IntToFloat => self.arithmetic(op, args, expr),
            Prim::Not | Prim::And | Prim::Or => self.logic(op, args),
            Prim::Eq | Prim::Ne | Prim::Lt | Prim::Le | Prim::Gt | Prim::Ge => self.compare(op, args),
            Prim::ListConcat
            | Prim::ListGet
            | Prim::StrGet
            | Prim::MapGet
            | Prim::AnyGet
            | Prim::Contains
            | Prim::Slice
            | Prim::RangeList => self.collection(op, args, expr),
            Prim::IsSome | Prim::Unwrap | Prim::AnyTruthy => self.presence(op, args, expr),
        }
    }

    fn logic(&mut self, op: Prim, args: &[Expr]) {
        let [first, rest @ ..] = args else { return };
        self.expr(first);
        let Some(second) = rest.first() else { return self.code.op(Ins::I32Eqz) };
        self.code.if_(Some(Val::I32));
        if op == Prim::And {
            self.expr(second);
            self.code.else_();
            self.code.i32(0);
        } else {
            self.code.i32(1);
            self.code.else_();
            self.expr(second);
        }
        self.code.end();
    }

    fn presence(&mut self, op: Prim, args: &[Expr], expr: &Expr) {
        let [arg] = args else { return };
        match op {
            Prim::AnyTruthy => {
                self.expr(arg);
                let truthy = crate::any::truthy(self.cx);
                self.code.call(truthy);
            }
            Prim::Unwrap => {
                self.expr(arg);
                self.unwrap_or_fault(&arg.ty, &expr.ty, "unwrap of nil", expr.span);
            }
            _ => {
                self.expr(arg);
                self.cx.is_nil(&mut self.code, &arg.ty);
                self.code.op(Ins::I32Eqz);
            }
        }
    }

    /// The value of the option on the stack; a fault if it is absent.
    pub(crate) fn unwrap_or_fault(&mut self, option: &Type, inner: &Type, message: &str, span: tova_source::Span) {
        let Some(val) = self.cx.val(option) else { return };
        let temp = self.code.temp(val);
        self.code.tee(temp);
        self.cx.is_nil(&mut self.code, option);
        self.code.if_(None);
        self.cx.text(&mut self.code, message);
        crate::fault::raise(self.cx, &mut self.code, span);
        self.code.end();
        self.code.get(temp);
        self.code.release(temp);
        self.cx.unwrapped(&mut self.code, inner);
    }
}
