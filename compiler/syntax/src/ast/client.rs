//! Declarations of client blocks, stores and components.

use ecow::EcoString;
use tova_source::Span;

use super::{Block, Expr, Ident, Item, NodeId, Param, Pattern, TypeExpr};

/// A declaration of a client block, store or component. The variants are the list of what there is; their opening words
/// are contextual.
#[derive(Clone, Debug)]
pub enum ClientDecl {
    /// `state n: Int = 0`; the pattern is a name.
    State { name: Pattern, ty: Option<TypeExpr>, value: Expr },
    /// `computed twice = n * 2`; the pattern is a name.
    Computed { name: Pattern, ty: Option<TypeExpr>, value: Expr },
    /// `effect { … }`
    Effect { id: NodeId, body: Block },
    /// `component App(title) { … }`
    Component(ComponentDecl),
    /// `store Cart { … }`
    Store { id: NodeId, name: Ident, items: Vec<Item> },
    /// `onMount fn() { … }`, `onCleanup(f)`, `onUnmount { … }`: the word and a function.
    Hook { word: Ident, handler: Expr },
    /// `style { … }`: CSS between the braces as written.
    Style { span: Span, css: EcoString, css_span: Span },
}

/// `component Name(params) { … }`
#[derive(Clone, Debug)]
pub struct ComponentDecl {
    /// Its id.
    pub id: NodeId,
    /// The name; `Dialog.Title` has the dot in it.
    pub name: Ident,
    /// The props.
    pub params: Vec<Param>,
    /// Declarations and statements; statements that are JSX are the roots, in order.
    pub body: Block,
}
