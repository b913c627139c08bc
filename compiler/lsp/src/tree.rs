//! What of a tree is around a place.

use tova_source::Span;
use tova_syntax::ast::visit::{self, Visitor};
use tova_syntax::ast::{Element, Expr, Item, Module, Pattern, Stmt, TypeExpr};

/// A node of a tree.
#[derive(Clone, Copy)]
pub(crate) enum Node<'t> {
    Item(&'t Item),
    Stmt(&'t Stmt),
    Expr(&'t Expr),
    Pattern(&'t Pattern),
    Ty(&'t TypeExpr),
    Element(&'t Element),
}

impl Node<'_> {
    pub(crate) fn span(self) -> Span {
        match self {
            Self::Item(node) => node.span,
            Self::Stmt(node) => node.span,
            Self::Expr(node) => node.span,
            Self::Pattern(node) => node.span,
            Self::Ty(node) => node.span,
            Self::Element(node) => node.span,
        }
    }
}

/// Shows `look` every node that touches `offset`, outer ones first.
pub(crate) fn around(module: &Module, offset: u32, look: &mut dyn FnMut(Node<'_>)) {
    within(module, Span::new(module.file, offset, offset), look);
}

/// Shows `look` every node that touches a part of the text, outer ones first.
pub(crate) fn within(module: &Module, part: Span, look: &mut dyn FnMut(Node<'_>)) {
    let mut walk = Walk { part, look };
    for item in &module.items {
        walk.item(item);
    }
}

/// Shows `look` every node of a file.
pub(crate) fn all(module: &Module, look: &mut dyn FnMut(Node<'_>)) {
    within(module, Span::new(module.file, 0, u32::MAX), look);
}

struct Walk<'l> {
    part: Span,
    look: &'l mut dyn FnMut(Node<'_>),
}

impl Walk<'_> {
    fn enter(&mut self, node: Node<'_>) -> bool {
        let span = node.span();
        let touches = span.start <= self.part.end && self.part.start <= span.end;
        if touches {
            (self.look)(node);
        }
        touches
    }
}

impl Visitor for Walk<'_> {
    fn item(&mut self, item: &Item) {
        // Attributes and comments before an item are not all in its span; its parts are looked at by their own.
        if self.enter(Node::Item(item)) {
            visit::walk_item(self, item);
        }
    }
    fn stmt(&mut self, stmt: &Stmt) {
        if self.enter(Node::Stmt(stmt)) {
            visit::walk_stmt(self, stmt);
        }
    }
    fn expr(&mut self, expr: &Expr) {
        if self.enter(Node::Expr(expr)) {
            visit::walk_expr(self, expr);
        }
    }
    fn pattern(&mut self, pattern: &Pattern) {
        if self.enter(Node::Pattern(pattern)) {
            visit::walk_pattern(self, pattern);
        }
    }
    fn ty(&mut self, ty: &TypeExpr) {
        if self.enter(Node::Ty(ty)) {
            visit::walk_ty(self, ty);
        }
    }
    fn element(&mut self, element: &Element) {
        if self.enter(Node::Element(element)) {
            visit::walk_element(self, element);
        }
    }
}
