//! Declarations of client blocks, stores and components.

use tova_syntax::ast::{ClientDecl, ComponentDecl, Expr, ExprKind, Pattern, TypeExpr};

use crate::cursor::Cursor;

impl Cursor<'_> {
    /// A declaration of a client block.
    pub(crate) fn client_decl(&mut self, decl: &ClientDecl) {
        match decl {
            ClientDecl::State { name, ty, value } => self.named_value("state", name, (ty.as_ref(), value)),
            ClientDecl::Computed { name, ty, value } => self.named_value("computed", name, (ty.as_ref(), value)),
            ClientDecl::Effect { body, .. } => {
                self.token("effect");
                self.space();
                self.block(body);
            }
            ClientDecl::Component(decl) => self.component(decl),
            ClientDecl::Store { name, items, .. } => {
                self.token("store");
                self.space();
                self.literal(name.span);
                self.space();
                self.braced_items(items);
            }
            ClientDecl::Hook { word, handler } => {
                self.literal(word.span);
                self.client_hook(handler);
            }
            ClientDecl::Style { span, css_span, .. } => {
                self.word();
                self.space();
                if self.next + 1 != css_span.start {
                    self.failed = true;
                    return;
                }
                self.literal_to(span.end);
            }
        }
    }

    /// `state n: Int = 0`
    fn named_value(&mut self, word: &str, name: &Pattern, (ty, value): (Option<&TypeExpr>, &Expr)) {
        self.token(word);
        self.space();
        self.pattern(name);
        self.annotation(ty);
        self.space();
        self.token("=");
        self.value(value);
    }

    /// `component Name(params) { … }`
    fn component(&mut self, decl: &ComponentDecl) {
        self.token("component");
        self.space();
        self.dotted_to(decl.name.span.end);
        if self.at("(") {
            self.params(&decl.params);
        }
        self.space();
        self.block(&decl.body);
    }

    /// `(f)`, `fn() { … }`, `(a) { … }`, `{ … }`
    fn client_hook(&mut self, handler: &Expr) {
        let in_parens = self.at("(") && self.next < handler.span.start;
        match &handler.kind {
            ExprKind::Lambda(lambda) if !in_parens => {
                if !self.at("(") {
                    self.space();
                }
                self.lambda(lambda);
            }
            _ => {
                self.token("(");
                self.expr(handler);
                self.token(")");
            }
        }
    }
}
