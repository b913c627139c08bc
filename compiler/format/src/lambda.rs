//! Functions without a name, and parameters.

use tova_syntax::ast::{Lambda, LambdaBody, Param};

use crate::cursor::Cursor;
use crate::list::PARENS;

impl Cursor<'_> {
    /// `fn(a) e`, `async fn(a) -> T { … }`, `a => e`, `(a, b) -> e`; and `(a) { … }`, `{ … }` of hooks.
    pub(crate) fn lambda(&mut self, lambda: &Lambda) {
        if self.at_word("async") && self.after_word_is("fn") {
            self.token("async");
            self.space();
        }
        if self.at_word("fn") {
            self.token("fn");
            if !self.at("(") {
                self.space();
                self.word();
            }
            self.params(&lambda.params);
            if let Some(ret) = &lambda.ret {
                self.space();
                self.token("->");
                self.space();
                self.ty(ret);
            }
        } else {
            match lambda.params.as_slice() {
                [param] if !self.at("(") => self.pattern(&param.pattern),
                params if self.at("(") => self.params(params),
                _ => return self.body(&lambda.body),
            }
            if self.at("=>") || self.at("->") {
                self.space();
                self.take(2);
            }
        }
        self.space();
        self.body(&lambda.body);
    }

    /// An expression, a block or a statement.
    pub(crate) fn body(&mut self, body: &LambdaBody) {
        match body {
            LambdaBody::Expr(value) => self.expr(value),
            LambdaBody::Block(block) => self.block_or_stmt(block),
        }
    }

    /// `(a, b: T = e, ...rest)`
    pub(crate) fn params(&mut self, params: &[Param]) {
        self.brackets(PARENS, params, Self::param);
    }

    fn param(&mut self, param: &Param) {
        if param.rest.is_some() {
            self.token("...");
        }
        if self.at_word("mut") && self.next < param.pattern.span.start {
            self.token("mut");
            self.space();
        }
        self.pattern(&param.pattern);
        if let Some(ty) = &param.ty {
            self.token(":");
            self.space();
            self.ty(ty);
        }
        if let Some(default) = &param.default {
            self.space();
            self.token("=");
            self.space();
            self.expr(default);
        }
    }
}
