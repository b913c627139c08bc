//! JSX.

use ecow::EcoString;
use tova_source::Span;

use super::{Expr, Ident, Pattern};

/// An element, a component's use, or a fragment.
#[derive(Clone, Debug)]
pub struct Element {
    /// The whole text.
    pub span: Span,
    /// The tag; absent for `<>…</>`. An upper-case first letter means a component.
    pub tag: Option<Ident>,
    /// The attributes.
    pub attrs: Vec<Attr>,
    /// The children.
    pub children: Vec<Child>,
    /// Place of the name in the closing tag, if there is one.
    pub closing: Option<Span>,
}

/// `name="v"`, `name={e}`, `on:click.prevent={f}`, `{...e}`
#[derive(Clone, Debug)]
pub struct Attr {
    /// The whole text.
    pub span: Span,
    /// What it is.
    pub kind: AttrKind,
}

/// The kinds of attributes.
#[derive(Clone, Debug)]
pub enum AttrKind {
    /// `name`, `name="…"`, `name={e}`; a bare name has no value.
    Plain { name: Ident, value: Option<Expr> },
    /// `on:click.prevent={f}`; `onclick={f}` and `onClick={f}` are the same, with the event's name in lower case.
    On { event: Ident, modifiers: Vec<Ident>, handler: Expr },
    /// `bind:value={place}`
    Bind { property: Ident, place: Expr },
    /// `class:name={e}`
    Class { name: Ident, value: Expr },
    /// `use:action={e}`, `transition:fade={e}` and other namespaces.
    Directive { namespace: Ident, name: Ident, value: Option<Expr> },
    /// `{...e}`, `...e`
    Spread(Expr),
}

/// A child of an element.
#[derive(Clone, Debug)]
pub struct Child {
    /// The place.
    pub span: Span,
    /// What it is.
    pub kind: ChildKind,
}

/// The kinds of children.
#[derive(Clone, Debug)]
pub enum ChildKind {
    /// Text as it is shown: white space collapsed, entities decoded.
    Text(EcoString),
    /// A quoted text or `{e}`: a string, a number, a view, a list of views, nil.
    Expr(Expr),
    /// An element.
    Element(Box<Element>),
    /// `if c { … } elif d { … } else { … }` among children.
    If { branches: Vec<(Expr, Vec<Child>)>, else_: Option<Vec<Child>> },
    /// `for x in xs key={x.id} { … }` among children.
    For { targets: Vec<Pattern>, iterable: Expr, key: Option<Expr>, body: Vec<Child> },
    /// `match e { … }` among children.
    Match { subject: Expr, arms: Vec<ChildArm> },
}

/// An arm of a match among children.
#[derive(Clone, Debug)]
pub struct ChildArm {
    /// The whole text.
    pub span: Span,
    /// The pattern.
    pub pattern: Pattern,
    /// `if guard`
    pub guard: Option<Expr>,
    /// What is shown.
    pub body: Vec<Child>,
}
