//! Walking the tree, in the order of the text.
//!
//! Implement [`Visitor`] and override what is of interest; an overridden method that wants the parts too calls the `walk_…`
//! function of the same name.

use super::{
    AssignTarget, Attr, AttrKind, Block, Child, ChildKind, ClientDecl, CompClause, ConfigEntry, Element, Expr,
    ExprKind, FieldDecl, FnDecl, Item, ItemKind, Lambda, LambdaBody, Param, Pattern, PatternKind, RecordEntry,
    ServerDecl, Stmt, StmtKind, TemplatePart, TypeBody, TypeDecl, TypeExpr, TypeExprKind,
};

/// Something that is shown every node.
pub trait Visitor {
    /// A declaration, or a statement in the place of one.
    fn item(&mut self, item: &Item) {
        walk_item(self, item);
    }
    /// A statement.
    fn stmt(&mut self, stmt: &Stmt) {
        walk_stmt(self, stmt);
    }
    /// An expression.
    fn expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }
    /// A pattern.
    fn pattern(&mut self, pattern: &Pattern) {
        walk_pattern(self, pattern);
    }
    /// A type.
    fn ty(&mut self, ty: &TypeExpr) {
        walk_ty(self, ty);
    }
    /// A JSX element.
    fn element(&mut self, element: &Element) {
        walk_element(self, element);
    }
}

/// Visits what a block holds.
pub fn walk_block(v: &mut (impl Visitor + ?Sized), block: &Block) {
    for stmt in &block.stmts {
        v.stmt(stmt);
    }
}

fn exprs<'a>(v: &mut (impl Visitor + ?Sized), exprs: impl IntoIterator<Item = &'a Expr>) {
    for expr in exprs {
        v.expr(expr);
    }
}

fn patterns(v: &mut (impl Visitor + ?Sized), patterns: &[Pattern]) {
    for pattern in patterns {
        v.pattern(pattern);
    }
}

fn types<'a>(v: &mut (impl Visitor + ?Sized), types: impl IntoIterator<Item = &'a TypeExpr>) {
    for ty in types {
        v.ty(ty);
    }
}

fn params(v: &mut (impl Visitor + ?Sized), params: &[Param]) {
    for param in params {
        v.pattern(&param.pattern);
        types(v, &param.ty);
        exprs(v, &param.default);
    }
}

/// Visits the parts of a declaration.
pub fn walk_item(v: &mut (impl Visitor + ?Sized), item: &Item) {
    exprs(v, item.attributes.iter().flat_map(|attribute| &attribute.args));
    match &item.kind {
        ItemKind::Fn(decl) => walk_fn(v, decl),
        ItemKind::Type(decl) => walk_type_decl(v, decl),
        ItemKind::Impl(decl) => {
            v.ty(&decl.ty);
            decl.items.iter().for_each(|item| v.item(item));
        }
        ItemKind::Trait(decl) => decl.items.iter().for_each(|item| v.item(item)),
        ItemKind::Block(decl) => decl.items.iter().for_each(|item| v.item(item)),
        ItemKind::Server(decl) => walk_server(v, decl),
        ItemKind::Client(decl) => walk_client(v, decl),
        ItemKind::Test(decl) => {
            exprs(v, &decl.timeout);
            walk_block(v, &decl.body);
        }
        ItemKind::Bench(decl) => walk_block(v, &decl.body),
        ItemKind::TestHook(decl) => walk_block(v, &decl.body),
        ItemKind::Stmt(stmt) => v.stmt(stmt),
        ItemKind::Import(_) | ItemKind::Error => {}
    }
}

fn walk_fn(v: &mut (impl Visitor + ?Sized), decl: &FnDecl) {
    params(v, &decl.params);
    types(v, &decl.ret);
    decl.body.iter().for_each(|body| walk_block(v, body));
}

fn walk_type_decl(v: &mut (impl Visitor + ?Sized), decl: &TypeDecl) {
    match &decl.body {
        TypeBody::Record(declared) => fields(v, declared),
        TypeBody::Enum(variants, declared) => {
            types(v, variants.iter().flat_map(|variant| &variant.fields).flat_map(|field| &field.ty));
            fields(v, declared);
        }
        TypeBody::Alias(ty) => v.ty(ty),
        TypeBody::Error => {}
    }
}

fn fields(v: &mut (impl Visitor + ?Sized), fields: &[FieldDecl]) {
    for field in fields {
        exprs(v, field.attributes.iter().flat_map(|attribute| &attribute.args));
        v.ty(&field.ty);
        exprs(v, &field.default);
        exprs(v, field.validators.iter().flat_map(|rule| &rule.args));
    }
}

fn settings(v: &mut (impl Visitor + ?Sized), entries: &[ConfigEntry]) {
    exprs(v, entries.iter().map(|entry| &entry.value));
}

fn walk_server(v: &mut (impl Visitor + ?Sized), decl: &ServerDecl) {
    match decl {
        ServerDecl::Route(route) => {
            types(v, &route.body);
            exprs(v, &route.guards);
            types(v, &route.ret);
            v.expr(&route.handler);
        }
        ServerDecl::Middleware(decl) => {
            params(v, &decl.params);
            walk_block(v, &decl.body);
        }
        ServerDecl::Model(decl) => {
            fields(v, &decl.columns);
            settings(v, &decl.settings);
        }
        ServerDecl::Config(decl) => settings(v, &decl.entries),
        ServerDecl::Port { value, .. } | ServerDecl::MaxBody { value, .. } => v.expr(value),
        ServerDecl::Env(decl) => {
            v.ty(&decl.ty);
            exprs(v, &decl.default);
        }
        ServerDecl::Hook { handler, .. } => walk_lambda(v, handler),
        ServerDecl::Health { .. } => {}
    }
}

fn walk_client(v: &mut (impl Visitor + ?Sized), decl: &ClientDecl) {
    match decl {
        ClientDecl::State { name, ty, value } | ClientDecl::Computed { name, ty, value } => {
            v.pattern(name);
            types(v, ty);
            v.expr(value);
        }
        ClientDecl::Effect { body, .. } => walk_block(v, body),
        ClientDecl::Component(decl) => {
            params(v, &decl.params);
            walk_block(v, &decl.body);
        }
        ClientDecl::Store { items, .. } => items.iter().for_each(|item| v.item(item)),
        ClientDecl::Hook { handler, .. } => v.expr(handler),
        ClientDecl::Style { .. } => {}
    }
}

/// Visits the parts of a statement.
pub fn walk_stmt(v: &mut (impl Visitor + ?Sized), stmt: &Stmt) {
    match &stmt.kind {
        StmtKind::Item(item) => v.item(item),
        StmtKind::Let(stmt) => {
            patterns(v, &stmt.targets);
            types(v, &stmt.ty);
            exprs(v, &stmt.values);
        }
        StmtKind::Assign(stmt) => {
            for target in &stmt.targets {
                match target {
                    AssignTarget::Place(place) => v.expr(place),
                    AssignTarget::Pattern(pattern) => v.pattern(pattern),
                }
            }
            types(v, &stmt.ty);
            exprs(v, &stmt.values);
        }
        StmtKind::Expr(value) => v.expr(value),
        StmtKind::For(stmt) => {
            patterns(v, &stmt.targets);
            v.expr(&stmt.iterable);
            exprs(v, &stmt.when);
            walk_block(v, &stmt.body);
            stmt.else_.iter().for_each(|body| walk_block(v, body));
        }
        StmtKind::While { cond, body, .. } | StmtKind::Guard { cond, body } => {
            v.expr(cond);
            walk_block(v, body);
        }
        StmtKind::Loop { body, .. } | StmtKind::Defer(body) => walk_block(v, body),
        StmtKind::Return(value) => exprs(v, value),
        StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Error => {}
    }
}

/// Visits the parts of an expression.
pub fn walk_expr(v: &mut (impl Visitor + ?Sized), expr: &Expr) {
    match &expr.kind {
        ExprKind::Template(parts) => {
            for part in parts {
                if let TemplatePart::Expr(value) = part {
                    v.expr(value);
                }
            }
        }
        ExprKind::List(elements) => exprs(v, elements.iter().map(|element| &element.value)),
        ExprKind::ListComp { value, clause } => {
            v.expr(value);
            walk_clause(v, clause);
        }
        ExprKind::Record(entries) => entries.iter().for_each(|entry| walk_entry(v, entry)),
        ExprKind::RecordComp { key, value, clause } => {
            exprs(v, [&**key, value]);
            walk_clause(v, clause);
        }
        ExprKind::Tuple(elements) => exprs(v, elements),
        ExprKind::Paren(inner) | ExprKind::ImplicitFn(inner) | ExprKind::Propagate(inner) | ExprKind::Await(inner) => {
            v.expr(inner)
        }
        ExprKind::Field { object, .. } | ExprKind::TupleField { object, .. } => v.expr(object),
        ExprKind::Index { object, index } => exprs(v, [&**object, index]),
        ExprKind::Slice { object, start, end, step } => {
            v.expr(object);
            exprs(v, [start, end, step].into_iter().flatten().map(|bound| &**bound));
        }
        ExprKind::Call { callee, args } => {
            v.expr(callee);
            exprs(v, args.iter().map(|arg| &arg.value));
        }
        ExprKind::Unary { operand, .. } => v.expr(operand),
        ExprKind::Binary { left, right, .. } => exprs(v, [&**left, right]),
        ExprKind::Chain { first, rest } => {
            v.expr(first);
            exprs(v, rest.iter().map(|(_, _, operand)| operand));
        }
        ExprKind::Range { start, end, .. } => exprs(v, [&**start, end]),
        ExprKind::Is { value, .. } => v.expr(value),
        ExprKind::Pipe { value, step } => exprs(v, [&**value, step]),
        ExprKind::Lambda(lambda) => walk_lambda(v, lambda),
        ExprKind::If(_) | ExprKind::Match { .. } | ExprKind::Try { .. } | ExprKind::Block(_) => walk_control(v, expr),
        ExprKind::View(element) => v.element(element),
        ExprKind::Nil
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Regex { .. }
        | ExprKind::Name(_)
        | ExprKind::ImplicitReceiver
        | ExprKind::Placeholder
        | ExprKind::Error => {}
    }
}

fn walk_control(v: &mut (impl Visitor + ?Sized), expr: &Expr) {
    match &expr.kind {
        ExprKind::If(if_) => {
            for (cond, body) in &if_.branches {
                v.expr(cond);
                walk_block(v, body);
            }
            if_.else_.iter().for_each(|body| walk_block(v, body));
        }
        ExprKind::Match { subject, arms } => {
            v.expr(subject);
            for arm in arms {
                v.pattern(&arm.pattern);
                exprs(v, &arm.guard);
                walk_body(v, &arm.body);
            }
        }
        ExprKind::Try { body, catch, finally } => {
            walk_block(v, body);
            if let Some(catch) = catch {
                catch.name.iter().for_each(|name| v.pattern(name));
                walk_block(v, &catch.body);
            }
            finally.iter().for_each(|body| walk_block(v, body));
        }
        ExprKind::Block(block) => walk_block(v, block),
        _ => {}
    }
}

fn walk_entry(v: &mut (impl Visitor + ?Sized), entry: &RecordEntry) {
    match entry {
        RecordEntry::Field { value, .. } | RecordEntry::Short { value, .. } | RecordEntry::Spread { value, .. } => {
            v.expr(value)
        }
        RecordEntry::Computed { key, value } => exprs(v, [key, value]),
    }
}

fn walk_clause(v: &mut (impl Visitor + ?Sized), clause: &CompClause) {
    patterns(v, &clause.targets);
    v.expr(&clause.iterable);
    exprs(v, &clause.cond);
}

/// Visits the parts of a lambda.
pub fn walk_lambda(v: &mut (impl Visitor + ?Sized), lambda: &Lambda) {
    params(v, &lambda.params);
    types(v, &lambda.ret);
    walk_body(v, &lambda.body);
}

fn walk_body(v: &mut (impl Visitor + ?Sized), body: &LambdaBody) {
    match body {
        LambdaBody::Expr(value) => v.expr(value),
        LambdaBody::Block(block) => walk_block(v, block),
    }
}

/// Visits the parts of a pattern.
pub fn walk_pattern(v: &mut (impl Visitor + ?Sized), pattern: &Pattern) {
    match &pattern.kind {
        PatternKind::Prefix { rest, .. } => v.pattern(rest),
        PatternKind::List(elements) => elements.iter().for_each(|element| v.pattern(&element.pattern)),
        PatternKind::Tuple(inner) | PatternKind::Or(inner) => patterns(v, inner),
        PatternKind::Variant { args, .. } => args.iter().for_each(|arg| v.pattern(&arg.pattern)),
        PatternKind::Record(fields) => {
            for field in fields {
                v.pattern(&field.pattern);
                exprs(v, &field.default);
            }
        }
        PatternKind::Typed { ty, .. } => v.ty(ty),
        PatternKind::Wildcard
        | PatternKind::Name(_)
        | PatternKind::Nil
        | PatternKind::Bool(_)
        | PatternKind::Int(_)
        | PatternKind::Float(_)
        | PatternKind::Str(_)
        | PatternKind::Range { .. }
        | PatternKind::Error => {}
    }
}

/// Visits the parts of a type.
pub fn walk_ty(v: &mut (impl Visitor + ?Sized), ty: &TypeExpr) {
    match &ty.kind {
        TypeExprKind::Name { args, .. } => types(v, args),
        TypeExprKind::List(inner) | TypeExprKind::Optional(inner) => v.ty(inner),
        TypeExprKind::Tuple(members) | TypeExprKind::Union(members) => types(v, members),
        TypeExprKind::Fn { params, ret } => {
            types(v, params);
            v.ty(ret);
        }
        TypeExprKind::Record(fields) => types(v, fields.iter().map(|(_, ty)| ty)),
        TypeExprKind::Infer | TypeExprKind::Error => {}
    }
}

/// Visits the attributes and children of an element.
pub fn walk_element(v: &mut (impl Visitor + ?Sized), element: &Element) {
    element.attrs.iter().for_each(|attr| walk_attr(v, attr));
    children(v, &element.children);
}

fn walk_attr(v: &mut (impl Visitor + ?Sized), attr: &Attr) {
    match &attr.kind {
        AttrKind::Plain { value, .. } | AttrKind::Directive { value, .. } => exprs(v, value),
        AttrKind::On { handler: value, .. }
        | AttrKind::Bind { place: value, .. }
        | AttrKind::Class { value, .. }
        | AttrKind::Spread(value) => v.expr(value),
    }
}

fn children(v: &mut (impl Visitor + ?Sized), children: &[Child]) {
    for child in children {
        walk_child(v, child);
    }
}

fn walk_child(v: &mut (impl Visitor + ?Sized), child: &Child) {
    match &child.kind {
        ChildKind::Text(_) => {}
        ChildKind::Expr(value) => v.expr(value),
        ChildKind::Element(element) => v.element(element),
        ChildKind::If { branches, else_ } => {
            for (cond, body) in branches {
                v.expr(cond);
                children(v, body);
            }
            else_.iter().for_each(|body| children(v, body));
        }
        ChildKind::For { targets, iterable, key, body } => {
            patterns(v, targets);
            v.expr(iterable);
            exprs(v, key);
            children(v, body);
        }
        ChildKind::Match { subject, arms } => {
            v.expr(subject);
            for arm in arms {
                v.pattern(&arm.pattern);
                exprs(v, &arm.guard);
                children(v, &arm.body);
            }
        }
    }
}
