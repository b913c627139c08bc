//! Components.

use std::collections::HashSet;

use ecow::{EcoString, eco_format};
use tova_check::tables::{CompIdx, ComponentInfo, PropInfo};
use tova_syntax::ast::{self, ClientDecl, ItemKind, PatternKind, Stmt, StmtKind};

use super::super::body::Binding;
use super::super::jobs::Head;
use super::super::{Body, Lower, build};
use super::css;
use crate::walk::each_expr;
use crate::{
    Component, ComponentId, Expr, ExprKind, FnId, GlobalKind, Home, LocalId, LocalKind, PlaceRoot, Type, View,
};

impl<'a> Lower<'a> {
    /// The component's number.
    pub(crate) fn component(&mut self, index: CompIdx) -> ComponentId {
        if let Some(id) = self.components.get(&index) {
            return *id;
        }
        let client = self.program.client.get_or_insert_default();
        let id = ComponentId(client.components.len() as u32);
        self.components.insert(index, id);
        let Some(info) = self.checked.components.get(index.0 as usize) else { return id };
        let name = info.decl.name.name.clone();
        client.components.push(Component { name: name.clone(), function: FnId(0), defaults: Vec::new() });
        let scope = self.styles(info);
        let head = Head::made(name, info.decl.name.span, Home::Client, Type::View);
        let function = self.request(
            head,
            Box::new(move |body| {
                body.scope = scope;
                body.component(info)
            }),
        );
        let defaults = info.props.iter().map(|prop| self.prop_default(info, prop)).collect();
        let components = self.program.client.as_mut().map(|client| &mut client.components);
        if let Some(component) = components.and_then(|components| components.get_mut(id.0 as usize)) {
            component.function = function;
            component.defaults = defaults;
        }
        id
    }

    /// Scopes the component's styles; the attribute that marks its elements.
    fn styles(&mut self, info: &ComponentInfo<'a>) -> Option<EcoString> {
        let name = info.decl.name.name.to_lowercase().replace(".", "-");
        let scope = eco_format!("c-{name}");
        let mut sheet = EcoString::new();
        for stmt in &info.decl.body.stmts {
            if let StmtKind::Item(item) = &stmt.kind
                && let ItemKind::Client(ClientDecl::Style { css, .. }) = &item.kind
            {
                sheet.push_str(&css::scoped(css, &scope));
            }
        }
        if sheet.is_empty() {
            return None;
        }
        if let Some(client) = &mut self.program.client {
            client.css.push_str(&sheet);
        }
        Some(scope)
    }

    /// What a property that is not given has.
    fn prop_default(&mut self, info: &ComponentInfo<'a>, prop: &PropInfo) -> Option<FnId> {
        let ty = self.concrete(prop.ty, &[]);
        let param = info
            .decl
            .params
            .iter()
            .find(|param| matches!(&param.pattern.kind, PatternKind::Name(name) if *name == prop.name));
        let span = info.decl.name.span;
        let head = Head::made(eco_format!("{}_{}", info.decl.name.name, prop.name), span, Home::Client, ty.clone());
        if let Some(default) = param.and_then(|param| param.default.as_ref()) {
            return Some(self.request(head, Box::new(move |body| (Vec::new(), body.expr_to(default, &ty)))));
        }
        if !prop.optional {
            return None;
        }
        Some(self.request(
            head,
            Box::new(move |body| {
                let value = match ty {
                    Type::View => build::expr(ExprKind::View(Box::new(View::Fragment(Vec::new()))), Type::View, span),
                    _ => body.convert(build::unit(span), &ty),
                };
                (Vec::new(), value)
            }),
        ))
    }
}

impl<'a> Body<'_, 'a> {
    /// Properties, declarations and views of a component.
    fn component(&mut self, info: &'a ComponentInfo<'a>) -> (Vec<LocalId>, Expr) {
        let span = info.decl.name.span;
        let mut params = Vec::new();
        for prop in &info.props {
            let ty = self.ty(prop.ty);
            let local = self.local(&prop.name, ty, LocalKind::Prop, span);
            self.bind(prop.var, Binding::Local(local));
            if prop.name == "children" {
                self.children = Some(local);
            }
            params.push(local);
        }
        let mut exprs = Vec::new();
        let mut views = Vec::new();
        for stmt in &info.decl.body.stmts {
            match self.root_view(stmt) {
                Some(view) => views.push(view),
                None => {
                    let made = self.stmt(stmt);
                    made.iter().for_each(|e| self.follow(e));
                    exprs.extend(made);
                }
            }
        }
        let view = match views.len() {
            1 => views.pop().unwrap_or(View::Fragment(Vec::new())),
            _ => View::Fragment(views),
        };
        exprs.push(build::expr(ExprKind::View(Box::new(view)), Type::View, span));
        (params, build::block(exprs, span))
    }

    /// A plain name of a component whose value is computed, without doing anything, from what changes, follows it.
    fn follow(&mut self, e: &Expr) {
        let ExprKind::Let { local, value } = &e.kind else { return };
        let is_plain = self.locals.get(local.0 as usize).is_some_and(|local| local.kind == LocalKind::Let);
        if is_plain && self.changes(value) && is_pure(value) {
            self.set_kind(*local, LocalKind::Memo);
        }
    }

    /// Whether an expression reads something that changes.
    fn changes(&self, value: &Expr) -> bool {
        let mut changes = false;
        each_expr(value, &mut |e| {
            changes |= match &e.kind {
                ExprKind::Local(local) => self.locals.get(local.0 as usize).is_some_and(|local| {
                    matches!(local.kind, LocalKind::Signal | LocalKind::Memo | LocalKind::Prop | LocalKind::Item)
                }),
                ExprKind::Global(global) => self
                    .lower
                    .program
                    .globals
                    .get(global.0 as usize)
                    .is_some_and(|global| matches!(global.kind, GlobalKind::Signal | GlobalKind::Memo)),
                _ => false,
            };
        });
        changes
    }

    /// A statement of a component that is shown.
    fn root_view(&mut self, stmt: &'a Stmt) -> Option<View> {
        match &stmt.kind {
            StmtKind::Expr(e) if self.shows(e) => Some(self.view_of(e)),
            StmtKind::For(walk) if walk.else_.is_none() && self.shows_block(&walk.body) => {
                Some(self.for_view(&walk.targets, &walk.iterable, walk.when.as_ref(), &walk.body.stmts))
            }
            _ => None,
        }
    }

    /// Whether an expression gives something to show: nodes, an option or a list of them.
    pub(crate) fn shows(&mut self, e: &'a ast::Expr) -> bool {
        let ty = self.node_ty(e.id);
        is_shown(&ty) || matches!(e.kind, ast::ExprKind::View(_))
    }

    fn shows_block(&mut self, block: &'a ast::Block) -> bool {
        matches!(block.stmts.last().map(|stmt| &stmt.kind), Some(StmtKind::Expr(e)) if self.shows(e))
    }
}

/// Whether evaluating an expression again does nothing but give a value.
fn is_pure(value: &Expr) -> bool {
    let mut declared = HashSet::new();
    crate::captures::declare_in(value, &mut declared);
    let mut pure = true;
    each_expr(value, &mut |e| {
        pure &= match &e.kind {
            ExprKind::Assign { place, .. } | ExprKind::Update { place, .. } => match place.root {
                PlaceRoot::Local(local) => declared.contains(&local),
                PlaceRoot::Global(_) => false,
            },
            ExprKind::Intrinsic { name, .. } => {
                let kind = name.split('.').next().unwrap_or_default();
                matches!(
                    kind,
                    "str" | "list" | "map" | "set" | "int" | "float" | "option" | "any" | "duration" | "size" | "panic"
                )
            }
            ExprKind::Call { .. }
            | ExprKind::CallValue { .. }
            | ExprKind::Rpc { .. }
            | ExprKind::Query { .. }
            | ExprKind::Return(_)
            | ExprKind::Throw(_)
            | ExprKind::FromAny(_)
            | ExprKind::Effect(_)
            | ExprKind::View(_)
            | ExprKind::Closure(_)
            | ExprKind::SetRequestField { .. } => false,
            _ => true,
        };
    });
    pure
}

/// Whether values of a type are nodes.
pub(crate) fn is_shown(ty: &Type) -> bool {
    match ty {
        Type::View => true,
        Type::Option(item) | Type::List(item) => is_shown(item),
        _ => false,
    }
}
