//! JSX as text.

use super::Node;
use super::expr::expr;
use super::stmt::pattern;
use crate::ast::{Attr, AttrKind, Child, ChildArm, ChildKind, Element, Expr};

pub(super) fn element(element: &Element) -> Node {
    let head = element.tag.as_ref().map_or("<>".to_owned(), |tag| format!("<{}>", tag.name));
    Node::list(&head, element.attrs.iter().map(attr).chain(element.children.iter().map(child)))
}

fn attr(attr: &Attr) -> Node {
    match &attr.kind {
        AttrKind::Plain { name, value: Some(value) } => Node::list(&format!("{}=", name.name), [expr(value)]),
        AttrKind::Plain { name, value: None } => Node::name(name),
        AttrKind::On { event, modifiers, handler } => {
            let modifiers: String = modifiers.iter().map(|modifier| format!(".{}", modifier.name)).collect();
            Node::list(&format!("on:{}{modifiers}", event.name), [expr(handler)])
        }
        AttrKind::Bind { property, place } => Node::list(&format!("bind:{}", property.name), [expr(place)]),
        AttrKind::Class { name, value } => Node::list(&format!("class:{}", name.name), [expr(value)]),
        AttrKind::Directive { namespace, name, value } => {
            Node::list(&format!("{}:{}", namespace.name, name.name), value.as_ref().map(expr))
        }
        AttrKind::Spread(value) => Node::list("...", [expr(value)]),
    }
}

fn children(list: &[Child]) -> Node {
    Node::List(list.iter().map(child).collect())
}

fn child(child: &Child) -> Node {
    match &child.kind {
        ChildKind::Text(text) => Node::list("text", [Node::quoted(text)]),
        ChildKind::Expr(value) => Node::list("{}", [expr(value)]),
        ChildKind::Element(inner) => element(inner),
        ChildKind::If { branches, else_ } => {
            let branches = branches.iter().flat_map(|(cond, body)| [expr(cond), children(body)]);
            let else_ = else_.as_ref().map(|body| Node::list("else", [children(body)]));
            Node::list("if", branches.chain(else_))
        }
        ChildKind::For { targets, iterable, key, body } => {
            let mut parts: Vec<Node> = targets.iter().map(pattern).collect();
            parts.push(Node::list("in", [expr(iterable)]));
            parts.extend(key.as_ref().map(|key| Node::list("key", [expr(key)])));
            parts.push(children(body));
            Node::list("for", parts)
        }
        ChildKind::Match { subject, arms } => match_child(subject, arms),
    }
}

fn match_child(subject: &Expr, arms: &[ChildArm]) -> Node {
    let arms = arms.iter().map(|arm| {
        let guard = arm.guard.as_ref().map(|guard| Node::list("if", [expr(guard)]));
        Node::list("=>", [pattern(&arm.pattern)].into_iter().chain(guard).chain([children(&arm.body)]))
    });
    Node::list("match", [expr(subject)].into_iter().chain(arms))
}
