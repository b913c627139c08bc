//! Declarations of server blocks.

use ecow::EcoString;
use tova_source::Span;

use super::{Block, Expr, FieldDecl, Ident, Lambda, NodeId, Param, TypeExpr};

/// A declaration of a server block. The variants are the list of what there is; their opening words are contextual.
#[derive(Clone, Debug)]
pub enum ServerDecl {
    /// `route GET "/users/:id" => get_user`
    Route(RouteDecl),
    /// `middleware auth(req, res) { … }`
    Middleware(MiddlewareDecl),
    /// `model User { name: String }`
    Model(ModelDecl),
    /// `db { adapter: "sqlite" }`, `cors { … }` and every other block of `key: value` pairs.
    Config(ConfigDecl),
    /// `port 3000`
    Port { span: Span, value: Expr },
    /// `max_body 5.megabytes`
    MaxBody { span: Span, value: Expr },
    /// `health "/health" { check_db }`
    Health { span: Span, path: Ident, checks: Vec<Ident> },
    /// `env PORT: Int = 3000`
    Env(EnvDecl),
    /// `on_error fn(err, req, res) { … }`, `on_start fn() { … }`, `on_stop fn() { … }`
    Hook { word: Ident, handler: Lambda, id: NodeId },
}

/// `route METHOD "path" body: T with guards -> T => handler`
#[derive(Clone, Debug)]
pub struct RouteDecl {
    /// Its id.
    pub id: NodeId,
    /// The method as written, in upper case, or `WS`.
    pub method: Ident,
    /// The path without quotes.
    pub path: EcoString,
    /// Place of the path, quotes included.
    pub path_span: Span,
    /// `body: T`
    pub body: Option<TypeExpr>,
    /// `with auth, role("admin")`, before or after the handler: names or calls.
    pub guards: Vec<Expr>,
    /// `-> T`
    pub ret: Option<TypeExpr>,
    /// A name or a lambda.
    pub handler: Expr,
}

/// `middleware fn name(req, res) { … }`
#[derive(Clone, Debug)]
pub struct MiddlewareDecl {
    /// Its id.
    pub id: NodeId,
    /// The name.
    pub name: Ident,
    /// The parameters.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
}

/// `model User { name: String, table: "people" }`
#[derive(Clone, Debug)]
pub struct ModelDecl {
    /// Its id.
    pub id: NodeId,
    /// The name, usually that of a shared type.
    pub name: Ident,
    /// Columns with a type. `id: Int` is implied.
    pub columns: Vec<FieldDecl>,
    /// `table: "people"`, `timestamps: true` and other settings whose value is an expression.
    pub settings: Vec<ConfigEntry>,
}

/// A named block of settings.
#[derive(Clone, Debug)]
pub struct ConfigDecl {
    /// Its id.
    pub id: NodeId,
    /// The opening word: `db`, `cors`, `config`, …
    pub word: Ident,
    /// The settings.
    pub entries: Vec<ConfigEntry>,
}

/// `key: value`; any word may be the key.
#[derive(Clone, Debug)]
pub struct ConfigEntry {
    /// The key.
    pub key: Ident,
    /// The value.
    pub value: Expr,
}

/// `env NAME: T = default`
#[derive(Clone, Debug)]
pub struct EnvDecl {
    /// Its id; the id of the constant that it declares.
    pub id: NodeId,
    /// The name.
    pub name: Ident,
    /// The type.
    pub ty: TypeExpr,
    /// The default.
    pub default: Option<Expr>,
}
