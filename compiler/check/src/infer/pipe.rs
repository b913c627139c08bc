//! `value |> step`

use tova_syntax::ast::{Arg, Expr, ExprKind};

use super::Want;
use super::call::Receiver;
use crate::ctx::Checker;
use crate::types::Ty;

impl<'a> Checker<'a> {
    pub(super) fn pipe(&mut self, value: &'a Expr, step: &'a Expr, want: Want) -> Ty {
        let ty = self.infer(value, Want::Value);
        let receiver = Receiver { ty, span: value.span };
        self.pipe_into(receiver, step, want)
    }

    fn pipe_into(&mut self, receiver: Receiver, step: &'a Expr, want: Want) -> Ty {
        let ty = match &step.kind {
            ExprKind::Call { args, .. } if args.iter().any(is_placeholder) => {
                self.piped.push(receiver.ty);
                let ty = self.infer(step, want);
                self.piped.pop();
                ty
            }
            ExprKind::Call { callee, args } => self.call(step, callee, args, Some(receiver), want),
            ExprKind::ImplicitFn(body) => {
                self.receivers.push(receiver.ty);
                let ty = self.infer(body, want);
                self.receivers.pop();
                ty
            }
            ExprKind::Propagate(inner) => {
                let given = self.pipe_into(receiver, inner, Want::Value);
                self.propagate_type(step, given)
            }
            ExprKind::Paren(inner) => self.pipe_into(receiver, inner, want),
            ExprKind::Lambda(lambda) => {
                let ret = self.fresh();
                let (function, _) =
                    self.lambda_of(lambda, Some((vec![receiver.ty], ret)), crate::ctx::FrameKind::Lambda);
                match self.kind(function) {
                    crate::types::TyKind::Fn(_, ret) => ret,
                    _ => ret,
                }
            }
            // A function without parentheses: `x |> f`, `x |> obj.m`. Its node gets the type of the result.
            _ => self.call(step, step, &[], Some(receiver), want),
        };
        self.set_node(step.id, ty)
    }
}

fn is_placeholder(arg: &Arg) -> bool {
    matches!(arg.value.kind, ExprKind::Placeholder)
}
