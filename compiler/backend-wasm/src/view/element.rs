//! Elements: a static template, the way to its nodes, and what happens there.

mod binding;
mod event;

use ecow::EcoString;
use indexmap::IndexMap;
use tova_ir::{Element, Expr, LocalId, Type, View};
use tova_source::Span;

use super::html;
use super::pass::{Pass, act, block, int, intrinsic, node_type, text};
use super::region::{Spot, keep};

/// A template in the making. The nodes are looked up before anything is inserted, since that would change the way.
struct Template {
    html: EcoString,
    /// Lookups.
    walk: Vec<Expr>,
    /// What happens at the nodes.
    acts: Vec<Expr>,
    /// Texts that follow one item of a list and nothing else, by that item.
    texts: IndexMap<LocalId, Vec<(LocalId, Expr)>>,
    span: Span,
}

/// The nodes of one parent.
struct Level {
    /// The parent's node, if something in it is looked up.
    parent: Parent,
    /// Nodes so far.
    count: u32,
    /// The latest node that was looked up.
    latest: Option<(LocalId, u32)>,
    /// Whether the latest node is text, which would run together with more of it.
    after_text: bool,
}

/// Where children stand.
#[derive(Clone, Copy)]
enum Parent {
    /// In an element.
    Element(LocalId),
    /// At the root of a view with several nodes.
    Root(LocalId),
}

impl Parent {
    fn local(self) -> LocalId {
        match self {
            Self::Element(local) | Self::Root(local) => local,
        }
    }
}

impl Pass<'_> {
    /// The nodes of a view.
    pub(super) fn view(&mut self, view: &View, span: Span) -> Expr {
        let mut roots = Vec::new();
        flatten(view, &mut roots);
        if let [View::Component { component, props }] = roots.as_slice() {
            return self.component(*component, props, span);
        }
        if let [View::Text(content)] = roots.as_slice() {
            return intrinsic("dom.text_node", vec![text(content, span)], Type::View, span);
        }
        let root = self.new_local("root", node_type(), span);
        let mut template =
            Template { html: EcoString::new(), walk: Vec::new(), acts: Vec::new(), texts: IndexMap::new(), span };
        let mut clone = "dom.template";
        match roots.as_slice() {
            [View::Element(element)] => {
                if html::is_svg(&element.tag) {
                    clone = "dom.template_svg";
                }
                self.element(element, root, &mut template);
            }
            [View::Dynamic(value)] if !shows_nodes(&value.ty) => {
                template.html.push(' ');
                self.set_text(root, value, &mut template);
            }
            _ => {
                let mut level = Level { parent: Parent::Root(root), count: 0, latest: None, after_text: false };
                if roots.first().is_none_or(is_region) {
                    template.html.push_str("<!>");
                    level.count = 1;
                }
                self.children(&roots, level, &mut template);
            }
        }
        self.follow_items(&mut template);
        let number = self.templates;
        self.templates += 1;
        let made = intrinsic(clone, vec![text(&template.html, span), int(number, span)], node_type(), span);
        let mut steps = Vec::new();
        keep(root, made, &mut steps);
        steps.append(&mut template.walk);
        steps.append(&mut template.acts);
        let mut result = self.local(root, span);
        result.ty = Type::View;
        if steps.len() == 1
            && let Some(Expr { kind: tova_ir::ExprKind::Let { value, .. }, .. }) = steps.pop()
        {
            return Expr { ty: Type::View, ..*value };
        }
        steps.push(result);
        block(steps, Type::View, span)
    }

    /// An element whose node is in `node`.
    fn element(&mut self, element: &Element, node: LocalId, template: &mut Template) {
        template.html.push('<');
        template.html.push_str(&element.tag);
        for (name, value) in &element.attributes {
            html::push_attribute(&mut template.html, name, value);
        }
        template.html.push('>');
        for action in self.events(&element.events, node, template.span) {
            template.acts.push(action);
        }
        if !html::is_void(&element.tag) {
            let mut children = Vec::new();
            for child in &element.children {
                flatten(child, &mut children);
            }
            if element.tag == "table" {
                children = with_body(children);
            }
            let level = Level { parent: Parent::Element(node), count: 0, latest: None, after_text: false };
            self.children(&children, level, template);
            template.html.push_str("</");
            template.html.push_str(&element.tag);
            template.html.push('>');
        }
        // A list of choices must be there before one is chosen.
        for binding in &element.bindings {
            let action = self.binding(binding, element, node, template.span);
            template.acts.push(action);
        }
    }

    fn children(&mut self, children: &[View], mut level: Level, template: &mut Template) {
        let span = template.span;
        for (at, child) in children.iter().enumerate() {
            match child {
                View::Text(content) => {
                    if !content.is_empty() {
                        level.text(template);
                        html::push_text(&mut template.html, content);
                    }
                }
                View::Dynamic(value) if !shows_nodes(&value.ty) => {
                    level.text(template);
                    template.html.push(' ');
                    let node = self.look_up(&mut level, template);
                    self.set_text(node, value, template);
                }
                View::Element(element) => {
                    level.node();
                    let node =
                        if needs_node(element) { self.look_up(&mut level, template) } else { level.parent.local() };
                    self.element(element, node, template);
                }
                View::Dynamic(_) | View::Switch(_) | View::For(_) | View::Component { .. } | View::Fragment(_) => {
                    let spot = match level.parent {
                        Parent::Element(parent) if at + 1 == children.len() => {
                            Spot { parent: Some(parent), anchor: None, alone: children.len() == 1 }
                        }
                        Parent::Element(_) | Parent::Root(_) => {
                            template.html.push_str("<!>");
                            level.node();
                            Spot { parent: None, anchor: Some(self.look_up(&mut level, template)), alone: false }
                        }
                    };
                    let action = self.region(child, spot, span);
                    template.acts.push(action);
                }
            }
        }
    }

    /// A local with the node that was written last.
    fn look_up(&mut self, level: &mut Level, template: &mut Template) -> LocalId {
        let span = template.span;
        let target = level.count - 1;
        let (mut node, mut at) = match level.latest {
            Some((local, at)) => (self.local(local, span), at),
            None => (intrinsic("dom.first_child", vec![self.local(level.parent.local(), span)], node_type(), span), 0),
        };
        while at < target {
            node = intrinsic("dom.next_sibling", vec![node], node_type(), span);
            at += 1;
        }
        let local = self.new_local("node", node_type(), span);
        keep(local, node, &mut template.walk);
        level.latest = Some((local, target));
        local
    }

    /// Keeps a node's text up to date.
    fn set_text(&mut self, node: LocalId, value: &Expr, template: &mut Template) {
        if let Some(item) = self.only_item(value) {
            template.texts.entry(item).or_default().push((node, value.clone()));
            return;
        }
        let action = self.text_action("dom.set_data", node, value);
        let action = self.follow(action, value);
        template.acts.push(action);
    }

    /// Starts the effects of texts that follow an item: one for each item, since its fields change together.
    fn follow_items(&mut self, template: &mut Template) {
        for (_, texts) in std::mem::take(&mut template.texts) {
            let set = if texts.len() == 1 { "dom.set_data" } else { "dom.update_data" };
            let actions: Vec<Expr> = texts.iter().map(|(node, value)| self.text_action(set, *node, value)).collect();
            if let Some((_, value)) = texts.first() {
                let effect = self.follow(block(actions, Type::Unit, template.span), value);
                template.acts.push(effect);
            }
        }
    }

    fn text_action(&mut self, set: &str, node: LocalId, value: &Expr) -> Expr {
        let span = value.span;
        let shown = self.shown(value);
        act(set, vec![self.local(node, span), shown], span)
    }
}

impl Level {
    fn node(&mut self) {
        self.count += 1;
        self.after_text = false;
    }

    /// Another text node; a comment keeps it apart from text before it.
    fn text(&mut self, template: &mut Template) {
        if self.after_text {
            template.html.push_str("<!>");
            self.count += 1;
        }
        self.count += 1;
        self.after_text = true;
    }
}

/// Takes fragments apart; neighbouring texts become one.
fn flatten(view: &View, out: &mut Vec<View>) {
    match (view, out.last_mut()) {
        (View::Fragment(views), _) => {
            for view in views {
                flatten(view, out);
            }
        }
        (View::Text(more), Some(View::Text(text))) => text.push_str(more),
        (
            View::Text(_)
            | View::Dynamic(_)
            | View::Element(_)
            | View::Switch(_)
            | View::For(_)
            | View::Component { .. },
            _,
        ) => {
            out.push(view.clone());
        }
    }
}

/// Rows of a table stand in a body, as the reader of HTML will have it.
fn with_body(children: Vec<View>) -> Vec<View> {
    let is_row = |view: &View| matches!(view, View::Element(element) if element.tag == "tr");
    if !children.iter().any(is_row) {
        return children;
    }
    let mut before = children;
    let at = before.iter().position(is_row).unwrap_or(0);
    let rows = before.split_off(at);
    before.push(View::Element(Element { tag: "tbody".into(), children: rows, ..Element::default() }));
    before
}

/// Whether a hole of this type shows nodes rather than text.
fn shows_nodes(ty: &Type) -> bool {
    match ty {
        Type::View => true,
        Type::Option(inner) | Type::List(inner) => shows_nodes(inner),
        _ => false,
    }
}

fn is_region(view: &View) -> bool {
    match view {
        View::Dynamic(value) => shows_nodes(&value.ty),
        View::Switch(_) | View::For(_) => true,
        View::Text(_) | View::Element(_) | View::Fragment(_) | View::Component { .. } => false,
    }
}

/// Whether something happens at the element or in it.
fn needs_node(element: &Element) -> bool {
    !element.bindings.is_empty()
        || !element.events.is_empty()
        || element.children.iter().any(|child| match child {
            View::Text(_) => false,
            View::Element(inner) => needs_node(inner),
            View::Fragment(views) => !views.is_empty(),
            View::Dynamic(_) | View::Switch(_) | View::For(_) | View::Component { .. } => true,
        })
}
