//! Views: JSX after lowering. What is fixed is apart from what changes.

use ecow::EcoString;

use crate::{ComponentId, Expr, LocalId};

/// A piece of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// Fixed text.
    Text(EcoString),
    /// A hole. By the expression's type: text of a displayable value; nothing for nil or unit; nodes of a view, an option of one or a list of them.
    /// Re-evaluated when what it reads changes; text is updated in place.
    Dynamic(Expr),
    /// An element.
    Element(Element),
    /// Several one after another.
    Fragment(Vec<View>),
    /// One of several branches. While the same branch stays selected nothing is rebuilt; leaving a branch disposes it.
    Switch(Box<Switch>),
    /// A list; an item keeps its nodes as long as its key stays.
    For(Box<For>),
    /// A component's use.
    Component {
        /// Which one.
        component: ComponentId,
        /// One for each property; absent ones take the default. Evaluated by the component's reads.
        props: Vec<Option<Expr>>,
    },
}

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// The tag.
    pub tag: EcoString,
    /// Attributes that never change, part of the template.
    pub attributes: Vec<(EcoString, EcoString)>,
    /// Attributes that are computed.
    pub bindings: Vec<Binding>,
    /// Listeners.
    pub events: Vec<Event>,
    /// The content.
    pub children: Vec<View>,
}

/// A computed attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// What it sets.
    pub target: BindingTarget,
    /// The name of the attribute, property, class or style property.
    pub name: EcoString,
    /// The value: for [`BindingTarget::Attribute`] a string, number, bool (present or absent) or an option of these; for a class toggle a bool.
    pub value: Expr,
}

/// What a binding sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingTarget {
    /// An attribute: nil and false remove it, true sets it empty.
    Attribute,
    /// A property of the node (`value`, `checked`, `selected`, `indeterminate`, `muted`).
    Property,
    /// A class to add or remove.
    Class,
    /// A property of the inline style.
    Style,
    /// Whether the element is shown (`display`).
    Show,
    /// A `ref`: the value is a function value that takes the node.
    Ref,
}

/// A listener.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's name: `click`.
    pub name: EcoString,
    /// `prevent`, `stop`, `self`, `once`, `capture`, `passive`, and key names.
    pub modifiers: Vec<EcoString>,
    /// A function value that takes the `Event` handle, or nothing.
    pub handler: Expr,
}

/// See [`View::Switch`].
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    /// A value that the branches look at, kept in a memo local.
    pub subject: Option<(LocalId, Expr)>,
    /// The index of the branch to show, an int; -1 for none.
    pub select: Expr,
    /// The branches.
    pub branches: Vec<Branch>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Memo locals that the view uses, with their expressions over the subject.
    pub bindings: Vec<(LocalId, Expr)>,
    /// What is shown.
    pub view: View,
}

/// See [`View::For`].
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The list.
    pub list: Expr,
    /// The item, a [`LocalKind::Item`](crate::LocalKind::Item) local.
    pub item: LocalId,
    /// The position, an item local of type int, if used.
    pub index: Option<LocalId>,
    /// The key of an item, over `item` read as a plain value. Absent: the item's `id` field if it has one, else its value, each with its occurrence.
    pub key: Option<Expr>,
    /// What is shown for an item. Memo locals for parts of the item come first, as in [`Branch::bindings`].
    pub bindings: Vec<(LocalId, Expr)>,
    /// What is shown for an item.
    pub body: View,
}
