//! Parts of a view that come and go: branches, lists, components, nodes from anywhere.

use tova_ir::{ComponentId, Expr, ExprKind, For, Literal, LocalId, LocalKind, Switch, Type, View};
use tova_source::Span;

use super::pass::{Pass, act, block, int, intrinsic, let_, nil};

/// Where a region's nodes go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The element around it; absent at the root of a view.
    pub(super) parent: Option<LocalId>,
    /// The node before which it ends; absent at the end of the parent.
    pub(super) anchor: Option<LocalId>,
    /// Whether nothing else is in the parent.
    pub(super) alone: bool,
}

impl Pass<'_> {
    /// Fills a region.
    pub(super) fn region(&mut self, view: &View, spot: Spot, span: Span) -> Expr {
        match view {
            View::Dynamic(value) => {
                let nodes = as_nodes(value.clone());
                self.nodes(nodes, spot)
            }
            View::Switch(switch) => self.switch(switch, spot, span),
            View::For(list) => self.list(list, spot),
            View::Component { .. } | View::Text(_) | View::Element(_) | View::Fragment(_) => {
                let nodes = self.view(view, span);
                self.put(nodes, spot)
            }
        }
    }

    /// Nodes of an expression; made anew if what it reads changes.
    fn nodes(&mut self, nodes: Expr, spot: Spot) -> Expr {
        if !self.is_reactive(&nodes) {
            return self.put(nodes, spot);
        }
        let span = nodes.span;
        let closure = self.closure(Vec::new(), Type::option(Type::View), nodes);
        let [parent, anchor] = self.spot(spot, span);
        act("view.hole", vec![parent, anchor, closure], span)
    }

    fn put(&mut self, nodes: Expr, spot: Spot) -> Expr {
        let span = nodes.span;
        let [parent, anchor] = self.spot(spot, span);
        act("view.put", vec![parent, anchor, nodes], span)
    }

    fn spot(&mut self, spot: Spot, span: Span) -> [Expr; 2] {
        let node = super::pass::node_type();
        [spot.parent, spot.anchor].map(|local| match local {
            Some(local) => self.local(local, span),
            None => nil(node.clone(), span),
        })
    }

    /// The branch to show is a memo, so that nothing is rebuilt while it stays the same.
    fn switch(&mut self, switch: &Switch, spot: Spot, span: Span) -> Expr {
        let mut steps = Vec::new();
        if let Some((subject, value)) = &switch.subject {
            steps.push(self.memo(*subject, value.clone()));
        }
        let select = self.new_local_of(LocalKind::Memo, "branch", Type::Int, span);
        steps.push(self.memo(select, switch.select.clone()));
        let mut cases = Vec::new();
        for (branch, at) in switch.branches.iter().zip(0..) {
            let nodes = self.with_bindings(&branch.bindings, &branch.view, span);
            cases.push((Literal::Int(at), nodes));
        }
        let subject = Box::new(self.local(select, span));
        let default = Box::new(nil(Type::View, span));
        let nodes =
            Expr { kind: ExprKind::SwitchLiteral { subject, cases, default }, ty: Type::option(Type::View), span };
        let is_static = self.locals.get(select.0 as usize).is_some_and(|local| local.kind == LocalKind::Let);
        steps.push(if is_static {
            self.put(nodes, spot)
        } else {
            let closure = self.closure(Vec::new(), Type::option(Type::View), nodes);
            let [parent, anchor] = self.spot(spot, span);
            act("view.hole", vec![parent, anchor, closure], span)
        });
        block(steps, Type::Unit, span)
    }

    /// The nodes of a view whose parts are kept in memos.
    fn with_bindings(&mut self, bindings: &[(LocalId, Expr)], view: &View, span: Span) -> Expr {
        let mut steps: Vec<Expr> = bindings.iter().map(|(local, value)| self.memo(*local, value.clone())).collect();
        let nodes = self.view(view, span);
        if steps.is_empty() {
            return some(nodes);
        }
        steps.push(some(nodes));
        block(steps, Type::option(Type::View), span)
    }

    fn list(&mut self, list: &For, spot: Spot) -> Expr {
        let span = list.list.span;
        let items = self.closure(Vec::new(), list.list.ty.clone(), list.list.clone());
        let key = match &list.key {
            Some(key) => {
                let plain = self.new_local("item", self.ty(list.item), span);
                let mut key = key.clone();
                replace_local(&mut key, list.item, plain);
                let ty = key.ty.clone();
                self.closure(vec![plain], ty, key)
            }
            None => super::pass::unit(span),
        };
        let nodes = self.with_bindings(&list.bindings, &list.body, span);
        let nodes = match nodes.kind {
            ExprKind::Some(inner) => *inner,
            kind => Expr { kind, ..nodes },
        };
        let params = [Some(list.item), list.index].into_iter().flatten().collect();
        let row = self.closure(params, Type::View, nodes);
        let flags = i64::from(spot.alone) | if matches!(list.body, View::Element(_)) { 2 } else { 0 };
        let [parent, anchor] = self.spot(spot, span);
        act("view.list", vec![parent, anchor, items, key, row, int(flags, span)], span)
    }

    /// A component's view. Its properties are functions, so that reading one follows what the parent wrote.
    pub(super) fn component(&mut self, component: ComponentId, props: &[Option<Expr>], span: Span) -> Expr {
        let program = self.program;
        let declared = program.client.as_ref().and_then(|client| client.components.get(component.0 as usize));
        let Some(component) = declared else { return nil(Type::View, span) };
        let Some(function) = program.functions.get(component.function.0 as usize) else { return nil(Type::View, span) };
        let mut args = Vec::new();
        for (at, &param) in function.params.iter().enumerate() {
            let ty = function.locals.get(param.0 as usize).map_or(Type::Unit, |local| local.ty.clone());
            let given = props.get(at).and_then(Option::as_ref);
            let default = component.defaults.get(at).copied().flatten();
            let value = match (given, default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => {
                    Expr { kind: ExprKind::Call { function: default, args: Vec::new() }, ty: ty.clone(), span }
                }
                (None, None) => Expr { kind: ExprKind::Nil, ty: ty.clone(), span },
            };
            args.push(self.closure(Vec::new(), ty, value));
        }
        let call = Expr { kind: ExprKind::Call { function: component.function, args }, ty: Type::View, span };
        intrinsic("reactive.untrack", vec![call], Type::View, span)
    }
}

/// What a hole's expression shows, as an option of nodes.
fn as_nodes(value: Expr) -> Expr {
    let span = value.span;
    match &value.ty {
        Type::List(_) => intrinsic("view.join", vec![value], Type::option(Type::View), span),
        Type::View => some(value),
        _ => value,
    }
}

fn some(value: Expr) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Some(Box::new(value)), ty: Type::option(Type::View), span }
}

fn replace_local(expr: &mut Expr, from: LocalId, to: LocalId) {
    match &mut expr.kind {
        ExprKind::Local(local) if *local == from => *local = to,
        ExprKind::Closure(closure) => {
            for capture in &mut closure.captures {
                if *capture == from {
                    *capture = to;
                }
            }
        }
        _ => {}
    }
    tova_ir::walk::each_child_mut(expr, &mut |child| replace_local(child, from, to));
}

/// Keeps a value in a local.
pub(super) fn keep(local: LocalId, value: Expr, steps: &mut Vec<Expr>) {
    steps.push(let_(local, value));
}
