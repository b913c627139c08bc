//! Statements and blocks.

use tova_check::tables::Res;
use tova_source::Span;
use tova_syntax::ast::{
    self, AssignStmt, AssignTarget, BinaryOp, Block, ForStmt, HookTime, ItemKind, LetStmt, Pattern, Stmt, StmtKind,
};

use super::body::LoopScope;
use super::place::Target;
use super::{Body, build, fns, test};
use crate::{Expr, ExprKind, ForIter, LabelId, LocalKind, Type};

impl<'a> Body<'_, 'a> {
    /// A block where a type is expected: the value of its last statement.
    pub(crate) fn block_to(&mut self, block: &'a Block, ty: &Type) -> Expr {
        self.stmts_to(&block.stmts, ty, block.span)
    }

    /// Statements; the value of the last one has type `ty`.
    pub(crate) fn stmts_to(&mut self, stmts: &'a [Stmt], ty: &Type, span: Span) -> Expr {
        let mut exprs = Vec::new();
        for (index, stmt) in stmts.iter().enumerate() {
            if let StmtKind::Defer(last) = &stmt.kind {
                let rest = stmts.get(index + 1..).unwrap_or_default();
                exprs.push(self.deferred(rest, last, ty, stmt.span));
                return build::block(exprs, span);
            }
            if let Some(hook) = test::hook_of(stmt) {
                match hook.time {
                    HookTime::Before => exprs.extend(self.before_hook(hook)),
                    HookTime::After => {
                        let rest = stmts.get(index + 1..).unwrap_or_default();
                        exprs.push(self.deferred(rest, &hook.body, ty, stmt.span));
                        return build::block(exprs, span);
                    }
                }
                continue;
            }
            let is_last = index + 1 == stmts.len();
            match &stmt.kind {
                StmtKind::Expr(e) if is_last => exprs.push(self.expr_to(e, ty)),
                _ => exprs.extend(self.stmt(stmt)),
            }
        }
        let ends = matches!(stmts.last().map(|stmt| &stmt.kind), Some(StmtKind::Expr(_)));
        let never = exprs.last().is_some_and(|e| e.ty == Type::Never);
        if !ends && !never && (*ty != Type::Unit || exprs.last().is_none_or(|e| e.ty != Type::Unit)) {
            let unit = build::unit(span);
            exprs.push(self.convert(unit, ty));
        }
        build::block(exprs, span)
    }

    fn deferred(&mut self, rest: &'a [Stmt], last: &'a Block, ty: &Type, span: Span) -> Expr {
        let body = self.stmts_to(rest, ty, span);
        let finally = self.block_to(last, &Type::Unit);
        let kind = ExprKind::Try { body: Box::new(body), error: None, handler: None, finally: Some(Box::new(finally)) };
        build::expr(kind, ty.clone(), span)
    }

    /// A statement whose value is not used.
    pub(crate) fn stmt(&mut self, stmt: &'a Stmt) -> Vec<Expr> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Item(item) => match &item.kind {
                ItemKind::Stmt(inner) => self.stmt(inner),
                ItemKind::Client(decl) => self.client_decl(decl),
                _ => fns::declared_fn(stmt).map(|decl| self.nested_fn(decl)).unwrap_or_default(),
            },
            StmtKind::Let(declaration) => self.let_stmt(declaration, span),
            StmtKind::Assign(assign) => self.assign(assign, span),
            StmtKind::Expr(e) => vec![self.expr_to(e, &Type::Unit)],
            StmtKind::For(walk) => vec![self.for_stmt(walk, span)],
            StmtKind::While { label, cond, body } => {
                let inner = self.label();
                let cond = self.condition(cond);
                let body = self.loop_body(label.as_ref(), inner, inner, body);
                vec![build::expr(
                    ExprKind::While { label: inner, cond: Box::new(cond), body: Box::new(body) },
                    Type::Unit,
                    span,
                )]
            }
            StmtKind::Loop { label, body } => {
                let inner = self.label();
                let body = self.loop_body(label.as_ref(), inner, inner, body);
                let ty = if self.left.contains(&inner) { Type::Unit } else { Type::Never };
                vec![build::expr(ExprKind::Loop { label: inner, body: Box::new(body) }, ty, span)]
            }
            StmtKind::Return(value) => {
                let ty = self.frame().ret.ty().clone();
                let value = match value {
                    Some(e) => self.expr_to(e, &ty),
                    None => self.convert(build::unit(span), &ty),
                };
                vec![self.return_value(value, span)]
            }
            StmtKind::Break(label) => {
                let scope = self.loop_named(label.as_ref());
                scope.map(|scope| self.leave(scope.outer, None, span)).into_iter().collect()
            }
            StmtKind::Continue(label) => {
                let scope = self.loop_named(label.as_ref());
                scope.map(|scope| build::expr(ExprKind::Continue(scope.inner), Type::Never, span)).into_iter().collect()
            }
            StmtKind::Guard { cond, body } => {
                let cond = build::not(self.condition(cond));
                let body = self.block_to(body, &Type::Unit);
                vec![build::if_then(cond, body)]
            }
            StmtKind::Defer(block) => vec![self.block_to(block, &Type::Unit)],
            StmtKind::Error => Vec::new(),
        }
    }

    fn loop_named(&self, name: Option<&ast::Ident>) -> Option<LoopScope> {
        let loops = &self.frame().loops;
        match name {
            Some(name) => loops.iter().rev().find(|scope| scope.name.as_ref() == Some(&name.name)).cloned(),
            None => loops.last().cloned(),
        }
    }

    fn loop_body(&mut self, name: Option<&ast::Ident>, outer: LabelId, inner: LabelId, body: &'a Block) -> Expr {
        self.frame_mut().loops.push(LoopScope { name: name.map(|name| name.name.clone()), outer, inner });
        let body = self.block_to(body, &Type::Unit);
        self.frame_mut().loops.pop();
        body
    }

    /// `for i, x in e when c { … } else { … }`
    fn for_stmt(&mut self, walk: &'a ForStmt, span: Span) -> Expr {
        let inner = self.label();
        let outer = if walk.else_.is_some() { self.label() } else { inner };
        let (iter, mut exprs) = self.for_head(&walk.targets, &walk.iterable);
        let when = walk.when.as_ref().map(|cond| self.condition(cond));
        let body = self.loop_body(walk.label.as_ref(), outer, inner, &walk.body);
        exprs.push(match when {
            Some(cond) => build::if_then(cond, body),
            None => body,
        });
        let body = Box::new(build::block(exprs, span));
        let walked = build::expr(ExprKind::For { label: inner, iter: Box::new(iter), body }, Type::Unit, span);
        let Some(else_) = &walk.else_ else { return walked };
        let else_ = self.block_to(else_, &Type::Unit);
        self.labelled(outer, build::block(vec![walked, else_], span), Type::Unit)
    }

    /// What a loop walks, and what its body starts with to bind the loop's variables.
    pub(crate) fn for_head(&mut self, targets: &'a [Pattern], iterable: &'a ast::Expr) -> (ForIter, Vec<Expr>) {
        let span = iterable.span;
        let mut iterable = iterable;
        while let ast::ExprKind::Paren(inner) = &iterable.kind {
            iterable = inner;
        }
        if let (ast::ExprKind::Range { start, end, inclusive }, [target]) = (&iterable.kind, targets) {
            let start = self.expr_to(start, &Type::Int);
            let end = self.expr_to(end, &Type::Int);
            let item = self.local("_", Type::Int, LocalKind::Let, target.span);
            let value = self.read(item, target.span);
            return (ForIter::Range { item, start, end, inclusive: *inclusive }, self.bind_param(target, value));
        }
        let value = self.expr(iterable);
        let ty = build::present(&value.ty);
        let value = self.convert(value, &ty);
        match (ty, targets) {
            (Type::Map(key, item), _) => self.entries_head(targets, value, ((*key).clone(), (*item).clone()), span),
            (Type::Any, [_, _]) => self.entries_head(targets, value, (Type::Str, Type::Any), span),
            (Type::Any, _) => {
                let list = self.convert(value, &Type::list(Type::Any));
                self.items_head(targets, list, Type::Any, span)
            }
            (Type::List(item) | Type::Set(item), _) => self.items_head(targets, value, (*item).clone(), span),
            _ => self.items_head(targets, value, Type::Str, span),
        }
    }

    fn items_head(&mut self, targets: &'a [Pattern], list: Expr, ty: Type, span: Span) -> (ForIter, Vec<Expr>) {
        let item = self.local("item", ty, LocalKind::Let, span);
        let (index, pattern) = match targets {
            [index, pattern] => (Some((self.local("index", Type::Int, LocalKind::Let, span), index)), Some(pattern)),
            _ => (None, targets.first()),
        };
        let mut exprs = Vec::new();
        if let Some((local, pattern)) = index {
            let value = self.read(local, span);
            exprs.extend(self.bind_param(pattern, value));
        }
        if let Some(pattern) = pattern {
            let value = self.read(item, span);
            exprs.extend(self.bind_param(pattern, value));
        }
        (ForIter::Items { item, index: index.map(|(local, _)| local), list }, exprs)
    }

    fn entries_head(
        &mut self,
        targets: &'a [Pattern],
        map: Expr,
        (key, value): (Type, Type),
        span: Span,
    ) -> (ForIter, Vec<Expr>) {
        let pair = Type::Tuple([key.clone(), value.clone()].into());
        let key = self.local("key", key, LocalKind::Let, span);
        let value = self.local("value", value, LocalKind::Let, span);
        let (key_read, value_read) = (self.read(key, span), self.read(value, span));
        let mut exprs = Vec::new();
        match targets {
            [first, second] => {
                exprs.extend(self.bind_param(first, key_read));
                exprs.extend(self.bind_param(second, value_read));
            }
            [only] => {
                let pair = build::expr(ExprKind::Tuple(vec![key_read, value_read]), pair, span);
                exprs.extend(self.bind_pattern(only, pair));
            }
            _ => {}
        }
        (ForIter::Entries { key, value, map }, exprs)
    }

    /// `let p = e`, `mut x = e`
    fn let_stmt(&mut self, declaration: &'a LetStmt, span: Span) -> Vec<Expr> {
        let targets: Vec<Left<'a>> = declaration.targets.iter().map(Left::Pattern).collect();
        self.assign_all(&targets, &declaration.values, span)
    }

    /// `place = e`, `place += e`, `a, b = b, a`
    fn assign(&mut self, assign: &'a AssignStmt, span: Span) -> Vec<Expr> {
        if let (Some(op), [AssignTarget::Place(place)], [value]) =
            (assign.op, assign.targets.as_slice(), assign.values.as_slice())
        {
            return self.compound(op, place, value, span);
        }
        let targets: Vec<Left<'a>> = assign
            .targets
            .iter()
            .map(|target| match target {
                AssignTarget::Place(e) => Left::Place(e),
                AssignTarget::Pattern(pattern) => Left::Pattern(pattern),
            })
            .collect();
        self.assign_all(&targets, &assign.values, span)
    }

    fn assign_all(&mut self, targets: &[Left<'a>], values: &'a [ast::Expr], span: Span) -> Vec<Expr> {
        if let ([target], [value]) = (targets, values) {
            return self.assign_one(*target, value, span);
        }
        let mut exprs = Vec::new();
        let mut kept = Vec::new();
        for value in values {
            let value = self.expr(value);
            let local = self.local("value", value.ty.clone(), LocalKind::Let, span);
            exprs.push(build::let_(local, value));
            kept.push(local);
        }
        for (index, target) in targets.iter().enumerate() {
            let Some(local) = kept.get(index).or(kept.last()) else { continue };
            let value = self.read(*local, span);
            exprs.extend(self.put(*target, value, span));
        }
        exprs
    }

    fn assign_one(&mut self, target: Left<'a>, value: &'a ast::Expr, span: Span) -> Vec<Expr> {
        if let Some(ty) = self.declared_ty(target) {
            let value = self.expr_to(value, &ty);
            return self.put(target, value, span);
        }
        match target {
            Left::Pattern(_) => {
                if let Some(init) = self.init_globals(target, span) {
                    return init;
                }
                let value = self.expr(value);
                self.put(target, value, span)
            }
            Left::Place(place) => {
                if let Some(init) = self.init_globals(target, span) {
                    return init;
                }
                let mut exprs = Vec::new();
                let target = self.target(place, &mut exprs, false);
                let ty = self.target_ty(&target).unwrap_or(Type::Unit);
                let value = self.expr_to(value, &ty);
                exprs.push(self.write_target(target, value, span));
                exprs
            }
        }
    }

    /// The type of the local that a target declares.
    fn declared_ty(&mut self, target: Left<'a>) -> Option<Type> {
        let id = match target {
            Left::Pattern(pattern) => pattern.id,
            Left::Place(e) => e.id,
        };
        match self.res(id) {
            Some(Res::Local(var))
                if self.lower.checked.locals.get(var.0 as usize).is_some_and(|info| info.decl == id) =>
            {
                let var = *var;
                Some(self.var_ty(var))
            }
            _ => None,
        }
    }

    /// Puts a value into a target: a new variable, the names of a pattern, or a place.
    fn put(&mut self, target: Left<'a>, value: Expr, span: Span) -> Vec<Expr> {
        if let Some(init) = self.init_globals(target, span) {
            return init;
        }
        match target {
            Left::Pattern(pattern) => self.bind_pattern(pattern, value),
            Left::Place(e) => {
                if self.declared_ty(target).is_some()
                    && let Some(Res::Local(var)) = self.res(e.id)
                {
                    return vec![self.declare_with(*var, value)];
                }
                let mut exprs = Vec::new();
                let target = self.target(e, &mut exprs, false);
                exprs.push(self.write_target(target, value, span));
                exprs
            }
        }
    }

    /// For a target that declares variables outside of functions: computes their first values.
    fn init_globals(&mut self, target: Left<'a>, span: Span) -> Option<Vec<Expr>> {
        let mut ids = Vec::new();
        match target {
            Left::Pattern(pattern) => names_of(pattern, &mut ids),
            Left::Place(e) => ids.push(e.id),
        }
        let mut exprs = Vec::new();
        for id in ids {
            let Some(Res::Global(global)) = self.res(id) else { return None };
            if self.lower.checked.globals.get(global.0 as usize).is_none_or(|info| info.decl != id) {
                return None;
            }
            for global in self.lower.global_and_source(*global) {
                let init = build::expr(ExprKind::Init(global), Type::Unit, span);
                if !exprs.contains(&init) {
                    exprs.push(init);
                }
            }
        }
        (!exprs.is_empty()).then_some(exprs)
    }

    /// `place op= value`
    fn compound(&mut self, op: BinaryOp, place: &'a ast::Expr, value: &'a ast::Expr, span: Span) -> Vec<Expr> {
        let mut exprs = Vec::new();
        let target = self.target(place, &mut exprs, true);
        let Some(ty) = self.target_ty(&target) else { return exprs };
        let old = self.read_target(&target, span);
        let value = match (op, &ty) {
            (BinaryOp::Add | BinaryOp::Concat, Type::List(_)) => self.expr_to(value, &ty),
            _ => self.expr(value),
        };
        let new = self.operate(op, old, value, &ty, span);
        exprs.push(self.write_target(target, new, span));
        exprs
    }

    /// A target with a value that is already lowered, for `bind:value` and its kin.
    pub(crate) fn assign_lowered(
        &mut self,
        place: &'a ast::Expr,
        value: impl FnOnce(&mut Self, Option<Type>, Expr) -> Expr,
    ) -> Expr {
        let mut exprs = Vec::new();
        let target: Target = self.target(place, &mut exprs, true);
        let ty = self.target_ty(&target);
        let old = self.read_target(&target, place.span);
        let value = value(self, ty, old);
        exprs.push(self.write_target(target, value, place.span));
        build::block(exprs, place.span)
    }
}

/// The left side of one assignment.
#[derive(Clone, Copy)]
enum Left<'a> {
    Place(&'a ast::Expr),
    Pattern(&'a Pattern),
}

/// The ids of the names that a pattern declares.
pub(crate) fn names_of(pattern: &Pattern, ids: &mut Vec<ast::NodeId>) {
    use ast::PatternKind as Kind;
    match &pattern.kind {
        Kind::Name(name) if name == "_" => {}
        Kind::Name(_) | Kind::Typed { .. } => ids.push(pattern.id),
        Kind::Prefix { rest, .. } => names_of(rest, ids),
        Kind::List(elements) => elements.iter().for_each(|element| names_of(&element.pattern, ids)),
        Kind::Tuple(items) | Kind::Or(items) => items.iter().for_each(|item| names_of(item, ids)),
        Kind::Variant { args, .. } => args.iter().for_each(|arg| names_of(&arg.pattern, ids)),
        Kind::Record(fields) => fields.iter().for_each(|field| names_of(&field.pattern, ids)),
        Kind::Wildcard
        | Kind::Nil
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Str(_)
        | Kind::Range { .. }
        | Kind::Error => {}
    }
}
