//! Declarations as text.

use super::Node;
use super::expr::{expr, lambda, params, ty};
use super::stmt::{block, pattern, stmt};
use crate::ast::{
    Attribute, BlockKind, ClientDecl, ConfigEntry, FieldDecl, FnDecl, HookTime, Ident, ImportNames, Item, ItemKind,
    ServerDecl, TypeBody, TypeDecl, VariantDecl,
};

pub(super) fn item(item: &Item) -> Node {
    let kind = item_kind(&item.kind);
    let mut parts = Vec::new();
    parts.extend(item.docs.as_ref().map(|docs| Node::list("doc", [Node::quoted(docs)])));
    parts.extend(item.attributes.iter().map(attribute));
    parts.extend(item.public.map(|_| Node::atom("pub")));
    if parts.is_empty() {
        return kind;
    }
    parts.push(kind);
    Node::List(parts)
}

fn attribute(attribute: &Attribute) -> Node {
    Node::list(&format!("@{}", attribute.name.name), attribute.args.iter().map(expr))
}

fn item_kind(kind: &ItemKind) -> Node {
    match kind {
        ItemKind::Fn(decl) => fn_decl(decl),
        ItemKind::Type(decl) => type_decl(decl),
        ItemKind::Impl(decl) => {
            let mut parts = names("params", &decl.type_params);
            parts.extend(decl.trait_.as_ref().map(Node::name));
            parts.push(ty(&decl.ty));
            parts.extend(decl.items.iter().map(item));
            Node::list("impl", parts)
        }
        ItemKind::Trait(decl) => {
            Node::list("trait", [Node::name(&decl.name)].into_iter().chain(decl.items.iter().map(item)))
        }
        ItemKind::Import(decl) => {
            Node::list("import", import_names(&decl.names).into_iter().chain([Node::quoted(&decl.path)]))
        }
        ItemKind::Block(decl) => {
            let head = match decl.kind {
                BlockKind::Shared => "shared",
                BlockKind::Server => "server",
                BlockKind::Client => "client",
            };
            Node::list(head, quoted_name(decl.name.as_ref()).into_iter().chain(decl.items.iter().map(item)))
        }
        ItemKind::Server(decl) => server(decl),
        ItemKind::Client(decl) => client(decl),
        ItemKind::Test(decl) => {
            let timeout = decl.timeout.as_ref().map(|timeout| Node::list("timeout", [expr(timeout)]));
            let head = quoted_name(decl.name.as_ref()).into_iter().chain(timeout);
            Node::list("test", head.chain([block(&decl.body)]))
        }
        ItemKind::Bench(decl) => {
            Node::list("bench", quoted_name(decl.name.as_ref()).into_iter().chain([block(&decl.body)]))
        }
        ItemKind::TestHook(decl) => {
            let head = match decl.time {
                HookTime::Before => "before_each",
                HookTime::After => "after_each",
            };
            Node::list(head, [block(&decl.body)])
        }
        ItemKind::Stmt(decl) => stmt(decl),
        ItemKind::Error => Node::atom("error"),
    }
}

fn quoted_name(name: Option<&Ident>) -> Option<Node> {
    name.map(|name| Node::quoted(&name.name))
}

fn names(head: &str, names: &[Ident]) -> Vec<Node> {
    Node::maybe(head, names.iter().map(Node::name)).into_iter().collect()
}

fn import_names(names: &ImportNames) -> Vec<Node> {
    match names {
        ImportNames::Some(names) => names
            .iter()
            .map(|(name, alias)| match alias {
                Some(alias) => Node::list("as", [Node::name(name), Node::name(alias)]),
                None => Node::name(name),
            })
            .collect(),
        ImportNames::All(name) => vec![Node::list("*", [Node::name(name)])],
        ImportNames::Default(name) => vec![Node::list("default", [Node::name(name)])],
    }
}

fn fn_decl(decl: &FnDecl) -> Node {
    let mut parts: Vec<Node> = decl.async_.map(|_| Node::atom("async")).into_iter().collect();
    parts.push(Node::name(&decl.name));
    parts.extend(names("types", &decl.type_params));
    parts.push(params(&decl.params));
    parts.extend(decl.ret.as_ref().map(|ret| Node::list("->", [ty(ret)])));
    parts.extend(decl.body.as_ref().map(block));
    Node::list("fn", parts)
}

fn type_decl(decl: &TypeDecl) -> Node {
    let mut parts = vec![Node::name(&decl.name)];
    parts.extend(names("types", &decl.params));
    match &decl.body {
        TypeBody::Record(fields) => parts.extend(fields.iter().map(field)),
        TypeBody::Enum(variants, fields) => {
            parts.extend(variants.iter().map(variant));
            parts.extend(fields.iter().map(field));
        }
        TypeBody::Alias(alias) => parts.push(Node::list("=", [ty(alias)])),
        TypeBody::Error => parts.push(Node::atom("error")),
    }
    parts.extend(names("derive", &decl.derives));
    Node::list("type", parts)
}

fn field(field: &FieldDecl) -> Node {
    let mut parts: Vec<Node> = field.attributes.iter().map(attribute).collect();
    parts.extend([Node::name(&field.name), ty(&field.ty)]);
    parts.extend(field.default.as_ref().map(|value| Node::list("=", [expr(value)])));
    parts.extend(
        field.validators.iter().map(|rule| Node::list(&format!("rule {}", rule.name.name), rule.args.iter().map(expr))),
    );
    Node::list("field", parts)
}

fn variant(variant: &VariantDecl) -> Node {
    let fields = variant.fields.iter().map(|field| {
        let name = field.name.as_ref().map(Node::name);
        match (name, field.ty.as_ref().map(ty)) {
            (Some(name), Some(ty)) => Node::List(vec![name, ty]),
            (name, ty) => name.or(ty).unwrap_or(Node::atom("_")),
        }
    });
    Node::list("variant", [Node::name(&variant.name)].into_iter().chain(fields))
}

fn entries(entries: &[ConfigEntry]) -> impl Iterator<Item = Node> {
    entries.iter().map(|entry| Node::List(vec![Node::name(&entry.key), expr(&entry.value)]))
}

fn server(decl: &ServerDecl) -> Node {
    match decl {
        ServerDecl::Route(route) => {
            let mut parts = vec![Node::name(&route.method), Node::quoted(&route.path)];
            parts.extend(route.body.as_ref().map(|body| Node::list("body", [ty(body)])));
            parts.extend(Node::maybe("with", route.guards.iter().map(expr)));
            parts.extend(route.ret.as_ref().map(|ret| Node::list("->", [ty(ret)])));
            parts.push(expr(&route.handler));
            Node::list("route", parts)
        }
        ServerDecl::Middleware(decl) => {
            Node::list("middleware", [Node::name(&decl.name), params(&decl.params), block(&decl.body)])
        }
        ServerDecl::Model(decl) => {
            let columns = decl.columns.iter().map(field);
            Node::list("model", [Node::name(&decl.name)].into_iter().chain(columns).chain(entries(&decl.settings)))
        }
        ServerDecl::Config(decl) => Node::list(&format!("config {}", decl.word.name), entries(&decl.entries)),
        ServerDecl::Port { value, .. } => Node::list("port", [expr(value)]),
        ServerDecl::MaxBody { value, .. } => Node::list("max_body", [expr(value)]),
        ServerDecl::Health { path, checks, .. } => {
            Node::list("health", [Node::quoted(&path.name)].into_iter().chain(checks.iter().map(Node::name)))
        }
        ServerDecl::Env(decl) => {
            let default = decl.default.as_ref().map(expr);
            Node::list("env", [Node::name(&decl.name), ty(&decl.ty)].into_iter().chain(default))
        }
        ServerDecl::Hook { word, handler, .. } => Node::list(&word.name, [lambda(handler)]),
    }
}

fn client(decl: &ClientDecl) -> Node {
    match decl {
        ClientDecl::State { name, ty: written, value } => {
            let ty = written.as_ref().map(|written| Node::list(":", [ty(written)]));
            Node::list("state", [pattern(name)].into_iter().chain(ty).chain([expr(value)]))
        }
        ClientDecl::Computed { name, ty: written, value } => {
            let ty = written.as_ref().map(|written| Node::list(":", [ty(written)]));
            Node::list("computed", [pattern(name)].into_iter().chain(ty).chain([expr(value)]))
        }
        ClientDecl::Effect { body, .. } => Node::list("effect", [block(body)]),
        ClientDecl::Component(decl) => {
            Node::list("component", [Node::name(&decl.name), params(&decl.params), block(&decl.body)])
        }
        ClientDecl::Store { name, items, .. } => {
            Node::list("store", [Node::name(name)].into_iter().chain(items.iter().map(item)))
        }
        ClientDecl::Hook { word, handler } => Node::list(&word.name, [expr(handler)]),
        ClientDecl::Style { css, .. } => Node::list("style", [Node::quoted(css)]),
    }
}
