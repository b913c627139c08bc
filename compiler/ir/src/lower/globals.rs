//! Variables outside of functions, each with the function that computes its first value.

use ecow::{EcoString, eco_format};
use tova_check::tables::{self, GlobalIdx, GlobalInfo};
use tova_source::Span;
use tova_syntax::ast::{
    self, AssignTarget, EnvDecl, Item, ItemKind, NodeId, Pattern, PatternKind, ServerDecl, Stmt, StmtKind,
};

use super::jobs::Head;
use super::{Body, Lower, build, fns, stmt};
use crate::{Expr, ExprKind, Global, GlobalId, GlobalKind, Home, LocalKind, Prim, Type};

impl<'a> Lower<'a> {
    /// The global of a variable.
    pub(crate) fn global(&mut self, index: GlobalIdx) -> GlobalId {
        if let Some(id) = self.globals.get(&index) {
            return *id;
        }
        let Some(info) = self.checked.globals.get(index.0 as usize) else { return GlobalId(0) };
        let ty = self.concrete(info.ty, &[]);
        let kind = match info.kind {
            tables::GlobalKind::Const => GlobalKind::Const,
            tables::GlobalKind::Mut => GlobalKind::Mut,
            tables::GlobalKind::State => GlobalKind::Signal,
            tables::GlobalKind::Computed => GlobalKind::Memo,
        };
        let home = fns::home(info.place);
        let id = self.add_global(&info.name, ty.clone(), kind, home, info.span);
        self.globals.insert(index, id);
        let head = Head::made(eco_format!("init_{}", info.name), info.span, home, ty.clone());
        let source = self.source_of(info);
        let init = match source {
            Some(Source::Pattern(pattern, value)) => {
                let whole = self.pattern_global(pattern, value, home);
                let decl = info.decl;
                self.request(head, Box::new(move |body| (Vec::new(), body.part_of_global(whole, pattern, decl, &ty))))
            }
            Some(Source::Value(value)) => {
                self.request(head, Box::new(move |body| (Vec::new(), body.expr_to(value, &ty))))
            }
            Some(Source::Env(env)) => self.request(head, Box::new(move |body| (Vec::new(), body.env(env, &ty)))),
            None => self.request(head, Box::new(move |body| (Vec::new(), body.convert(build::unit(info.span), &ty)))),
        };
        self.set_init(id, init);
        id
    }

    fn add_global(&mut self, name: &str, ty: Type, kind: GlobalKind, home: Home, span: Span) -> GlobalId {
        let id = GlobalId(self.program.globals.len() as u32);
        let name = self.global_names.entry(home).or_default().unique(name);
        self.program.globals.push(Global { name, ty, kind, home, init: crate::FnId(0), span });
        id
    }

    fn set_init(&mut self, id: GlobalId, init: crate::FnId) {
        if let Some(global) = self.program.globals.get_mut(id.0 as usize) {
            global.init = init;
        }
    }

    /// The global that holds the whole value of which a pattern takes parts.
    fn pattern_global(&mut self, pattern: &'a Pattern, value: &'a ast::Expr, home: Home) -> GlobalId {
        if let Some(id) = self.pattern_globals.get(&pattern.id) {
            return *id;
        }
        let node_ty = self.checked.node_ty(value.id);
        let ty = self.concrete(node_ty, &[]);
        let id = self.add_global("parts", ty.clone(), GlobalKind::Const, home, value.span);
        self.pattern_globals.insert(pattern.id, id);
        let head = Head::made("init_parts", value.span, home, ty.clone());
        let init = self.request(head, Box::new(move |body| (Vec::new(), body.expr_to(value, &ty))));
        self.set_init(id, init);
        id
    }

    /// The global of a variable, after the one that holds the value that it is a part of.
    pub(crate) fn global_and_source(&mut self, index: GlobalIdx) -> Vec<GlobalId> {
        let id = self.global(index);
        let Some(info) = self.checked.globals.get(index.0 as usize) else { return vec![id] };
        match self.source_of(info) {
            Some(Source::Pattern(pattern, _)) => {
                self.pattern_globals.get(&pattern.id).copied().into_iter().chain([id]).collect()
            }
            _ => vec![id],
        }
    }

    /// What computes a global's first value.
    fn source_of(&self, info: &GlobalInfo<'a>) -> Option<Source<'a>> {
        if let Some(env) = self.env_decl(info.decl) {
            return Some(Source::Env(env));
        }
        if let Some(value) = info.value {
            return Some(Source::Value(value));
        }
        let checked = self.checked;
        let items = checked.servers.iter().flat_map(|server| &server.items).copied();
        let items = items.chain(checked.client.iter().flat_map(|client| &client.items).copied());
        let stmts = checked.script.iter().copied().chain(items.filter_map(item_stmt));
        stmts
            .flat_map(bindings)
            .find(|(pattern, _)| declares(pattern, info.decl))
            .map(|(pattern, value)| Source::Pattern(pattern, value))
    }

    fn env_decl(&self, decl: NodeId) -> Option<&'a EnvDecl> {
        let items = self.checked.servers.iter().flat_map(|server| &server.items);
        items.copied().find_map(|item| match &item.kind {
            ItemKind::Server(ServerDecl::Env(env)) if env.id == decl => Some(env),
            _ => None,
        })
    }
}

/// Where a global's first value comes from.
enum Source<'a> {
    Value(&'a ast::Expr),
    Pattern(&'a Pattern, &'a ast::Expr),
    Env(&'a EnvDecl),
}

fn item_stmt(item: &Item) -> Option<&Stmt> {
    match &item.kind {
        ItemKind::Stmt(stmt) => Some(stmt),
        _ => None,
    }
}

/// The patterns that a statement binds, with their values.
fn bindings(stmt: &Stmt) -> Vec<(&Pattern, &ast::Expr)> {
    match &stmt.kind {
        StmtKind::Let(declaration) => declaration.targets.iter().zip(&declaration.values).collect(),
        StmtKind::Assign(assign) => assign
            .targets
            .iter()
            .zip(&assign.values)
            .filter_map(|(target, value)| match target {
                AssignTarget::Pattern(pattern) => Some((pattern, value)),
                AssignTarget::Place(_) => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn declares(pattern: &Pattern, decl: NodeId) -> bool {
    let mut names = Vec::new();
    stmt::names_of(pattern, &mut names);
    names.contains(&decl)
}

impl<'a> Body<'_, 'a> {
    fn part_of_global(&mut self, whole: GlobalId, pattern: &'a Pattern, decl: NodeId, ty: &Type) -> Expr {
        let value = self.read_global(whole, pattern.span);
        let part = self.part_for(value, pattern, decl).unwrap_or_else(|| build::unit(pattern.span));
        self.convert(part, ty)
    }

    /// The part of a value that a name of a pattern takes.
    fn part_for(&mut self, value: Expr, pattern: &'a Pattern, decl: NodeId) -> Option<Expr> {
        if pattern.id == decl {
            return Some(value);
        }
        match &pattern.kind {
            PatternKind::Tuple(items) => {
                let (item, index) = items.iter().zip(0..).find(|(item, _)| declares(item, decl))?;
                let part = self.tuple_field(value, index, item.span);
                self.part_for(part, item, decl)
            }
            PatternKind::List(elements) => {
                let index = elements.iter().position(|element| declares(&element.pattern, decl))?;
                let part = self.list_part(&value, elements, index);
                self.part_for(part, &elements.get(index)?.pattern, decl)
            }
            PatternKind::Record(fields) => {
                let field = fields.iter().find(|field| declares(&field.pattern, decl))?;
                let part = self.field_part(&value, field);
                self.part_for(part, &field.pattern, decl)
            }
            _ => None,
        }
    }

    /// `env NAME: T = default`: the variable's text as a `T`.
    fn env(&mut self, env: &'a EnvDecl, ty: &Type) -> Expr {
        let span = env.name.span;
        let name = env.name.name.clone();
        let text_ty = Type::option(Type::Str);
        let value = build::intrinsic("env.get", vec![build::str(name.clone(), span)], text_ty, span);
        let local = self.local("text", Type::Str, LocalKind::Let, span);
        let text = self.read(local, span);
        let some = self.env_value(text, &build::present(ty), &name, span);
        let some = self.convert(some, ty);
        let none = match &env.default {
            Some(default) => self.expr_to(default, ty),
            None if matches!(ty, Type::Option(_) | Type::Any) => build::nil(ty.clone(), span),
            None => build::panic(&format!("the environment variable `{name}` is not set"), span),
        };
        build::switch_option(value, Some(local), some, none)
    }

    fn env_value(&mut self, text: Expr, ty: &Type, name: &EcoString, span: Span) -> Expr {
        let parse = match ty {
            Type::Int => "str.to_int",
            Type::Float => "str.to_float",
            Type::Bool => {
                let yes = |word| build::test(Prim::Eq, vec![text.clone(), build::str(word, span)], span);
                return build::test(Prim::Or, vec![yes("true"), yes("1")], span);
            }
            Type::List(item) if **item == Type::Str => {
                return build::intrinsic("str.split", vec![text, build::str(",", span)], ty.clone(), span);
            }
            _ => return text,
        };
        let parsed = build::intrinsic(parse, vec![text], Type::option(ty.clone()), span);
        let message = format!("the environment variable `{name}` is not a number");
        build::intrinsic("option.expect", vec![parsed, build::str(message, span)], ty.clone(), span)
    }

    /// An expression that must be a literal, for settings.
    pub(crate) fn setting(&mut self, e: &'a ast::Expr) -> Option<ExprKind> {
        let value = self.expr(e);
        build::is_literal(&value).then_some(value.kind)
    }
}
