//! Lists of views.

use tova_check::tables::{Res, VarId};
use tova_syntax::ast::{self, Arg, AttrKind, Child, CompClause, Pattern, PatternKind, Stmt};

use super::super::body::Binding;
use super::super::{Body, build};
use super::attribute::unparenthesized;
use super::child::{Shown, shown};
use crate::{Expr, ExprKind, For, LocalId, LocalKind, Type, View};

impl<'a> Body<'_, 'a> {
    /// `xs |> map(fn(x) <li/>)`, `xs.map(…)`, `map(xs, …)`, `[<li/> for x in xs]`
    pub(super) fn list_view(&mut self, e: &'a ast::Expr) -> Option<View> {
        if let ast::ExprKind::ListComp { value, clause } = &e.kind {
            return Some(self.comp_view(value, clause));
        }
        let (list, function) = self.mapped(e)?;
        let list_ty = self.node_ty(list.id);
        if !matches!(build::present(&list_ty), Type::List(_)) {
            return None;
        }
        match &function.kind {
            ast::ExprKind::Lambda(lambda) => {
                let list = self.expr_to(list, &build::present(&list_ty));
                let targets: Vec<&'a Pattern> = lambda.params.iter().map(|param| &param.pattern).collect();
                let (item, index) = (targets.first().copied(), targets.get(1).copied());
                Some(self.each_view(list, item, index, key_of_body(&lambda.body), shown(&lambda.body)))
            }
            _ => self.mapped_component(list, function),
        }
    }

    /// The list and the function of a call of `map` that gives views.
    fn mapped(&self, e: &'a ast::Expr) -> Option<(&'a ast::Expr, &'a ast::Expr)> {
        let first = |args: &'a [Arg], index: usize| args.get(index).map(|arg| unparenthesized(&arg.value));
        match &e.kind {
            ast::ExprKind::Pipe { value, step } => match &step.kind {
                ast::ExprKind::Call { callee, args } if self.is_map(callee) && args.len() == 1 => {
                    Some((value, first(args, 0)?))
                }
                _ => None,
            },
            ast::ExprKind::Call { callee, args } if self.is_map(callee) => match (&callee.kind, self.res(callee.id)) {
                (ast::ExprKind::Field { object, optional: false, .. }, Some(Res::Method(_))) => {
                    Some((object, first(args, 0)?))
                }
                (_, Some(Res::Fn(_))) => Some((first(args, 0)?, first(args, 1)?)),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_map(&self, callee: &ast::Expr) -> bool {
        match self.res(callee.id) {
            Some(Res::Fn(function) | Res::Method(function)) => {
                self.lower.checked.fns.get(function.0 as usize).is_some_and(|info| info.std && info.name == "map")
            }
            _ => false,
        }
    }

    /// `todos |> map(Item)` with a component.
    fn mapped_component(&mut self, list: &'a ast::Expr, function: &'a ast::Expr) -> Option<View> {
        let Some(Res::Component(index)) = self.res(function.id) else { return None };
        let index = *index;
        let info = self.lower.checked.components.get(index.0 as usize)?;
        let prop_ty = info.props.first().map(|prop| prop.ty)?;
        let prop_ty = self.ty(prop_ty);
        let span = function.span;
        let list = self.expr(list);
        let Type::List(item_ty) = list.ty.clone() else { return None };
        let item = self.local("item", (*item_ty).clone(), LocalKind::Item, span);
        let read = self.read(item, span);
        let value = self.convert(read, &prop_ty);
        let component = self.lower.component(index);
        let mut props = vec![None; info.props.len()];
        if let Some(slot) = props.first_mut() {
            *slot = Some(value);
        }
        let body = View::Component { component, props };
        Some(View::For(Box::new(For { list, item, index: None, key: None, bindings: Vec::new(), body })))
    }

    /// `for x in xs key={x.id} { … }` among children.
    pub(super) fn for_children(
        &mut self,
        targets: &'a [Pattern],
        iterable: &'a ast::Expr,
        key: Option<&'a ast::Expr>,
        body: &'a [Child],
    ) -> View {
        let (list, item, index) = self.walked(targets, iterable);
        let key = key.or_else(|| body.iter().find_map(key_of_child));
        self.each_view(list, item, index, key, Shown::Children(body))
    }

    /// A loop of a component's body that is shown.
    pub(crate) fn for_view(
        &mut self,
        targets: &'a [Pattern],
        iterable: &'a ast::Expr,
        when: Option<&'a ast::Expr>,
        body: &'a [Stmt],
    ) -> View {
        let (list, item, index) = self.walked(targets, iterable);
        let shown = Shown::Stmts(body);
        let view = self.each_view(list, item, index, None, shown);
        match (view, when) {
            (View::For(mut list), Some(cond)) => {
                let cond = self.condition(cond);
                let select = build::if_else(cond.clone(), build::int(0, cond.span), build::int(-1, cond.span));
                let branch = crate::Branch { bindings: Vec::new(), view: list.body };
                list.body = View::Switch(Box::new(crate::Switch { subject: None, select, branches: vec![branch] }));
                View::For(list)
            }
            (view, _) => view,
        }
    }

    /// What is walked, as a list, with the patterns of its items and positions.
    fn walked(
        &mut self,
        targets: &'a [Pattern],
        iterable: &'a ast::Expr,
    ) -> (Expr, Option<&'a Pattern>, Option<&'a Pattern>) {
        let value = self.expr(iterable);
        let ty = build::present(&value.ty);
        let value = self.convert(value, &ty);
        let list = self.as_list(value);
        match targets {
            [index, item] => (list, Some(item), Some(index)),
            _ => (list, targets.first(), None),
        }
    }

    fn as_list(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match value.ty.clone() {
            Type::Map(key, item) => {
                let pair = Type::Tuple([(*key).clone(), (*item).clone()].into());
                build::intrinsic("map.entries", vec![value], Type::list(pair), span)
            }
            Type::Str => build::intrinsic("str.chars", vec![value], Type::list(Type::Str), span),
            Type::Any => self.convert(value, &Type::list(Type::Any)),
            Type::Set(item) => {
                let ty = Type::list((*item).clone());
                self.convert(value, &ty)
            }
            _ => value,
        }
    }

    fn comp_view(&mut self, value: &'a ast::Expr, clause: &'a CompClause) -> View {
        let span = value.span;
        let key = match &value.kind {
            ast::ExprKind::View(element) => key_of_element(element),
            _ => None,
        };
        let (list, item, index) = self.walked(&clause.targets, &clause.iterable);
        let Some(cond) = &clause.cond else { return self.each_view(list, item, index, key, Shown::Expr(value)) };
        let Type::List(item_ty) = list.ty.clone() else { return View::Dynamic(list) };
        let ty = list.ty.clone();
        let local = self.local("item", (*item_ty).clone(), LocalKind::Let, span);
        let iter = crate::ForIter::Items { item: local, index: None, list };
        let read = self.read(local, span);
        let mut bound = Vec::new();
        if let Some(pattern) = item {
            bound.extend(self.bind_param(pattern, read.clone()));
        }
        let cond = self.condition(cond);
        let filtered = self.collect_into(ty, ExprKind::List(Vec::new()), iter, span, |_, out| {
            bound.push(build::if_then(cond, super::super::convert::push(out, read, span)));
            build::block(bound, span)
        });
        self.each_view(filtered, item, index, key, Shown::Expr(value))
    }

    /// A list of views; an item keeps its nodes as long as its key stays.
    fn each_view(
        &mut self,
        list: Expr,
        item: Option<&'a Pattern>,
        index: Option<&'a Pattern>,
        key: Option<&'a ast::Expr>,
        shown: Shown<'a>,
    ) -> View {
        let span = list.span;
        let over_pairs = matches!((&list.ty, index), (Type::List(item), Some(_)) if matches!(**item, Type::Tuple(_)) && is_entries(&list));
        let item_ty = match &list.ty {
            Type::List(item) => (**item).clone(),
            _ => Type::Any,
        };
        let local = self.local("item", item_ty, LocalKind::Item, span);
        let read = self.read(local, span);
        let mut bindings = Vec::new();
        let mut position = None;
        if over_pairs {
            for (pattern, part) in [index, item].into_iter().zip(0..) {
                let value = self.tuple_field(read.clone(), part, span);
                bindings.extend(pattern.map(|pattern| self.item_vars(pattern, value, None)).unwrap_or_default());
            }
        } else {
            if let Some(pattern) = index {
                let index = self.local("index", Type::Int, LocalKind::Item, span);
                let read = self.read(index, span);
                bindings.extend(self.item_vars(pattern, read, Some(index)));
                position = Some(index);
            }
            if let Some(pattern) = item {
                bindings.extend(self.item_vars(pattern, read, Some(local)));
            }
        }
        let key = key.map(|key| self.expr(key));
        let (more, body) = self.shown(shown);
        bindings.extend(more);
        View::For(Box::new(For { list, item: local, index: position, key, bindings, body }))
    }

    /// Binds the variables of an item: a name is the item itself, parts are memos.
    fn item_vars(&mut self, pattern: &'a Pattern, value: Expr, whole: Option<LocalId>) -> Vec<(LocalId, Expr)> {
        if let (PatternKind::Name(name), Some(local)) = (&pattern.kind, whole) {
            if let Some(Res::Local(var)) = self.res(pattern.id) {
                self.rename(local, name);
                self.bind(*var, Binding::Local(local));
            }
            return Vec::new();
        }
        let vars: Vec<(VarId, Expr)> = self.pattern_vars(value, pattern);
        vars.into_iter().map(|(var, value)| self.memo(var, value)).collect()
    }
}

/// Whether a list holds the entries of a map.
fn is_entries(list: &Expr) -> bool {
    matches!(&list.kind, ExprKind::Intrinsic { name, .. } if name == "map.entries")
}

/// `key={…}` on an element.
fn key_of_element(element: &ast::Element) -> Option<&ast::Expr> {
    element.attrs.iter().find_map(|attr| match &attr.kind {
        AttrKind::Plain { name, value } if name.name == "key" => value.as_ref(),
        _ => None,
    })
}

fn key_of_child(child: &Child) -> Option<&ast::Expr> {
    match &child.kind {
        ast::ChildKind::Element(element) => key_of_element(element),
        _ => None,
    }
}

fn key_of_body(body: &ast::LambdaBody) -> Option<&ast::Expr> {
    let last = match body {
        ast::LambdaBody::Expr(e) => e,
        ast::LambdaBody::Block(block) => match block.stmts.last().map(|stmt| &stmt.kind) {
            Some(ast::StmtKind::Expr(e)) => e,
            _ => return None,
        },
    };
    match &unparenthesized(last).kind {
        ast::ExprKind::View(element) => key_of_element(element),
        _ => None,
    }
}
