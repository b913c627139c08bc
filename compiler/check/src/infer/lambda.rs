//! Functions without a name.

use tova_syntax::ast::{Expr, Lambda};

use super::Want;
use crate::ctx::{Checker, Frame, FrameKind};
use crate::tables::VarKind;
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    pub(super) fn lambda(&mut self, lambda: &'a Lambda, want: Want) -> Ty {
        let expected = want.ty().and_then(|ty| match self.kind(self.without_option(ty)) {
            TyKind::Fn(params, ret) => Some((params, ret)),
            _ => None,
        });
        self.lambda_of(lambda, expected, FrameKind::Lambda).0
    }

    /// A lambda whose parameters and result are known as far as `expected` says; gives its type and that of its body.
    pub(crate) fn lambda_of(
        &mut self,
        lambda: &'a Lambda,
        expected: Option<(Vec<Ty>, Ty)>,
        kind: FrameKind,
    ) -> (Ty, Ty) {
        let declared = lambda.ret.as_ref().map(|ret| self.annotate(ret));
        let wanted_ret = declared.or(expected.as_ref().map(|(_, ret)| *ret).filter(|ret| !self.is_free(*ret)));
        self.frames.push(Frame {
            ret: wanted_ret,
            returns: Vec::new(),
            kind,
            loops: Vec::new(),
            scope_base: self.scopes.len(),
        });
        // What a test has shown of a variable may no longer hold when the function runs, unless the variable never changes.
        self.scopes.push(std::collections::HashMap::new());
        self.narrowed.push(std::collections::HashMap::new());
        let mut params = Vec::new();
        for (index, param) in lambda.params.iter().enumerate() {
            let given = expected.as_ref().and_then(|(params, _)| params.get(index)).copied();
            let ty = match (&param.ty, given) {
                (Some(ty), _) => self.annotate(ty),
                (None, Some(ty)) => ty,
                (None, None) => self.fresh(),
            };
            if let Some(default) = &param.default {
                self.check(default, ty);
            }
            self.bind_pattern(&param.pattern, ty, false, VarKind::Param);
            params.push(ty);
        }
        let body_want = match wanted_ret.map(|ret| (ret, self.kind(ret))) {
            Some((_, TyKind::Unit)) => Want::Nothing,
            Some((ret, _)) => Want::Type(ret),
            None => Want::Value,
        };
        let body = self.body(&lambda.body, body_want);
        self.narrowed.pop();
        self.scopes.pop();
        let returns = self.frames.pop().map(|frame| frame.returns).unwrap_or_default();
        let span = body_span(lambda);
        let ret = match wanted_ret {
            Some(ret) => {
                for (ty, span) in returns {
                    self.coerce(ty, ret, span);
                }
                if !matches!(body_want, Want::Nothing) {
                    self.coerce(body, ret, span);
                }
                ret
            }
            None => self.join_returns(body, span, returns),
        };
        (self.ty(TyKind::Fn(params, ret)), body)
    }

    /// `.name`, `.name == 1`: a function of its receiver; in a pipe the receiver is the value.
    pub(super) fn implicit_fn(&mut self, body: &'a Expr, want: Want) -> Ty {
        let param = match want.ty().map(|ty| self.kind(ty)) {
            Some(TyKind::Fn(params, _)) => params.first().copied().unwrap_or_else(|| self.fresh()),
            _ => self.fresh(),
        };
        self.receivers.push(param);
        let ret = self.infer(body, Want::Value);
        self.receivers.pop();
        self.ty(TyKind::Fn(vec![param], ret))
    }
}

fn body_span(lambda: &Lambda) -> tova_source::Span {
    match lambda.body.as_ref() {
        tova_syntax::ast::LambdaBody::Expr(expr) => expr.span,
        tova_syntax::ast::LambdaBody::Block(block) => crate::decl::fns::tail_span(block),
    }
}
