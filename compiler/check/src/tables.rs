//! What the checker finds out, as tables beside the trees. This is all that lowering and the language server read.
//!
//! The types are the truth: where the type of an expression differs from the type that its place asks for, the conversion follows
//! from the two (see [`Checked::expr_ty`]):
//! - `T` where `T?` is asked for: present value; `nil` there: absent.
//! - a variable of type `T?` read as `T` (narrowed by a test before): its value, known to be present.
//! - `Int` where `Float` is asked for: widened. An integer literal may itself have type `Float`.
//! - anything where `Any` is asked for: as dynamic data; `Any` where another type is asked for: decoded, throws if it does not fit.
//! - a record literal where a map or a declared record is asked for has that type already.
//! - a member of a union where the union is asked for: its variant.
//! - a record where a record of the same fields in another order, or with more optional ones, is asked for: field by field.
//! - a function of fewer parameters where one of more is asked for; a result where unit is asked for is dropped.
//! - `T?` as the result of a function declared `-> T` in a server block: nil throws `NotFound` ([`FnInfo::found`]).
//!
//! Operators on type parameters are resolved when the types are known, by the types of the operands.

use std::collections::HashMap;

use ecow::EcoString;
use indexmap::IndexMap;
use tova_diagnostics::Diagnostic;
use tova_source::Span;
use tova_syntax::ast::{self, NodeId};

use crate::types::{Ty, TypeTable};

/// Index into [`Checked::fns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FnIdx(pub u32);
/// Index into [`Checked::type_decls`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);
/// Index into [`Checked::locals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub u32);
/// Index into [`Checked::globals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GlobalIdx(pub u32);
/// Index into [`Checked::models`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelIdx(pub u32);
/// Index into [`Checked::components`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CompIdx(pub u32);

/// The checked program.
#[derive(Debug, Default)]
pub struct Checked<'a> {
    /// Problems, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// All types.
    pub types: TypeTable,
    /// Types by node: expressions, patterns (the type of what they match), type expressions, lambdas' results under their body's id.
    pub node_types: Vec<Ty>,
    /// What names mean, by the id of the node that holds the name: [`ast::ExprKind::Name`], [`ast::ExprKind::Field`], variant and name patterns,
    /// [`ast::ExprKind::Is`], routes' guards.
    pub names: HashMap<NodeId, Res>,
    /// Type arguments of a generic function, type or variant, by the id of the same node.
    pub instances: HashMap<NodeId, Vec<Ty>>,
    /// For a call, how its arguments map to the callee's parameters: for each parameter in order. Absent when they are
    /// simply one after another.
    pub call_args: HashMap<NodeId, Vec<ArgFrom>>,
    /// Resolved components, by the start of the element's tag span.
    pub elements: HashMap<Span, CompIdx>,
    /// Variables.
    pub locals: Vec<VarInfo>,
    /// Functions: of the program and of the standard library.
    pub fns: Vec<FnInfo<'a>>,
    /// Declared types.
    pub type_decls: Vec<TypeInfo<'a>>,
    /// Variables outside of functions.
    pub globals: Vec<GlobalInfo<'a>>,
    /// Models.
    pub models: Vec<ModelInfo<'a>>,
    /// Components.
    pub components: Vec<ComponentInfo<'a>>,
    /// Services in source order.
    pub servers: Vec<ServerInfo<'a>>,
    /// The client blocks, merged; absent if there is none.
    pub client: Option<ClientInfo<'a>>,
    /// Tests of the program, in order.
    pub tests: Vec<TestInfo<'a>>,
    /// Hooks that stand at the level of a file or block: they surround each test of their file.
    pub test_hooks: Vec<TestHookInfo<'a>>,
    /// Benchmarks of the program, in order.
    pub benches: Vec<BenchInfo<'a>>,
    /// Statements at the top of files, in order: what `tova run` runs.
    pub script: Vec<&'a ast::Stmt>,
    /// The type `Error` of the standard library.
    pub error_type: Option<TypeId>,
    /// The type `Result` of the standard library.
    pub result_type: Option<TypeId>,
}

impl Checked<'_> {
    /// The type of an expression: what its value is before any conversion.
    #[must_use]
    pub fn expr_ty(&self, expr: &ast::Expr) -> Ty {
        self.node_ty(expr.id)
    }

    /// The type of a node.
    #[must_use]
    pub fn node_ty(&self, id: NodeId) -> Ty {
        self.node_types.get(id.0 as usize).copied().unwrap_or(Ty(0))
    }
}

/// What a name means.
#[derive(Clone, Debug, PartialEq)]
pub enum Res {
    /// A variable. If [`VarInfo::decl`] is this node, the node declares it.
    Local(VarId),
    /// A variable outside of functions. If [`GlobalInfo::decl`] is this node, the node declares it.
    Global(GlobalIdx),
    /// A function.
    Fn(FnIdx),
    /// `x.f(…)`, `x |> .f(…)`: a function whose first parameter is the receiver.
    Method(FnIdx),
    /// A record type as the constructor `User(id: 1, …)`.
    Record(TypeId),
    /// A variant: constructor, value or pattern. `Some` and `None` are not variants, see below.
    Variant(TypeId, u32),
    /// `Some` of options: constructor or pattern.
    SomeOf,
    /// `None`: value or pattern.
    NoneOf,
    /// A component as a function or value.
    Component(CompIdx),
    /// A name that only opens a path: a server, a model, a namespace of the library (`JSON`), a store.
    Path,
    /// A field of a record: declared or not.
    Field(u32),
    /// A property of a handle, read by the intrinsic `TYPE.get_NAME` (type in lower case) and set by `TYPE.set_NAME`.
    Property {
        /// Name of the handle type.
        ty: EcoString,
        /// Name of the property.
        name: EcoString,
    },
    /// A field that the server's middleware adds to requests: index into [`ServerInfo::request_fields`].
    RequestField(u32),
    /// `.key` of dynamic data or of a map with string keys.
    Member,
    /// A statement on a model.
    Query(ModelIdx, QueryOp),
    /// `server.f`, `api.f` from a client: a function of a server over the wire.
    Rpc(FnIdx),
    /// `30.seconds`: milliseconds for one.
    DurationUnit(i64),
    /// `5.megabytes`: bytes for one.
    SizeUnit(i64),
    /// The length of a list, string, map or set: `.length`.
    Length,
    /// `next` of a middleware `(req, next)`: calling it continues the chain.
    Next,
    /// Something broken.
    Error,
}

/// Statements on a model. Record arguments are literals whose entries name columns (`age_gt` = column and operator).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueryOp {
    /// `all()`
    All,
    /// `find(id)`
    Find,
    /// `find_by({ … })`
    FindBy,
    /// `where({ … })`
    Where,
    /// `create({ … })`
    Create,
    /// `update(id, { … })`
    Update,
    /// `delete(id)`
    Delete,
    /// `count()`, `count({ … })`
    Count,
}

/// Where a parameter's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgFrom {
    /// The receiver of a method call, or the value of a pipe.
    Receiver,
    /// The argument at this position of the call.
    Arg(u32),
    /// The parameter's default.
    Default,
    /// All arguments from this position on, as a list (`@variadic`, rest parameters).
    Rest(u32),
}

/// A variable of a function, lambda, component or arm.
#[derive(Clone, Debug)]
pub struct VarInfo {
    /// The name.
    pub name: EcoString,
    /// Its type, before narrowing.
    pub ty: Ty,
    /// The node that declares it: a name pattern or the name on the left of the first `=`.
    pub decl: NodeId,
    /// Place of that name.
    pub span: Span,
    /// Whether it may be updated.
    pub mutable: bool,
    /// What it is.
    pub kind: VarKind,
    /// Whether a lambda inside its function reads or writes it.
    pub captured: bool,
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// A binding.
    Binding,
    /// A parameter, a loop's or a pattern's variable.
    Param,
    /// `state` of a component.
    State,
    /// `computed` of a component.
    Computed,
    /// A component's property.
    Prop,
    /// A variable of a view's `for` or `match`.
    View,
}

/// Where something is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Shared block, top of a file, or the standard library.
    Shared,
    /// The server with this index.
    Server(u32),
    /// The client.
    Client,
}

/// A function.
#[derive(Clone, Debug)]
pub struct FnInfo<'a> {
    /// Its name; of a method `Type.name`.
    pub name: EcoString,
    /// The declaration.
    pub decl: &'a ast::FnDecl,
    /// The item that holds it: documentation, attributes.
    pub item: &'a ast::Item,
    /// Where it lives.
    pub place: Place,
    /// Number of type parameters: declared and inferred ones.
    pub type_params: u32,
    /// Types of the parameters.
    pub params: Vec<Ty>,
    /// Type of the result as callers see it.
    pub ret: Ty,
    /// Type of the body before the conversion to `ret`.
    pub body_ty: Ty,
    /// Whether it is declared `-> T` in a server block while its body gives `T?`: nil is `NotFound`.
    pub found: bool,
    /// `@intrinsic("…")` of the standard library.
    pub intrinsic: Option<EcoString>,
    /// The first parameter is a place that the call updates: `@mutates` of the library, or a method that assigns to `self`.
    pub mutates: bool,
    /// Whether it stands inside another function: its free variables are captured.
    pub nested: bool,
    /// Whether it belongs to the standard library.
    pub std: bool,
}

/// A declared type.
#[derive(Clone, Debug)]
pub struct TypeInfo<'a> {
    /// The name.
    pub name: EcoString,
    /// The declaration; absent for a model without a shared type.
    pub decl: Option<&'a ast::TypeDecl>,
    /// Doc comment.
    pub docs: Option<EcoString>,
    /// Place of the name.
    pub span: Span,
    /// Number of parameters.
    pub params: u32,
    /// What it is.
    pub kind: TypeKind,
}

/// What a declared type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// Fields with types over the parameters, and the default of each.
    Record(IndexMap<EcoString, Ty>),
    /// Variants with their fields.
    Enum(IndexMap<EcoString, Vec<(EcoString, Ty)>>),
    /// A handle: properties and whether they can be set.
    Handle(IndexMap<EcoString, (Ty, bool)>),
    /// Another name for a type.
    Alias(Ty),
}

/// A variable outside of functions.
#[derive(Clone, Debug)]
pub struct GlobalInfo<'a> {
    /// The name; of a store's member `Store.name`.
    pub name: EcoString,
    /// Its type.
    pub ty: Ty,
    /// The node that declares it.
    pub decl: NodeId,
    /// Place of its name.
    pub span: Span,
    /// Where it lives.
    pub place: Place,
    /// What it is.
    pub kind: GlobalKind,
    /// The expression that computes it; absent when a pattern declares it.
    pub value: Option<&'a ast::Expr>,
    /// Whether the top of a file declares it: a variable of the script.
    pub script: bool,
}

/// What a variable outside of functions is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalKind {
    /// Set once.
    Const,
    /// `mut`, `var`
    Mut,
    /// `state`
    State,
    /// `computed`
    Computed,
}

/// A model.
#[derive(Clone, Debug)]
pub struct ModelInfo<'a> {
    /// The declaration.
    pub decl: &'a ast::ModelDecl,
    /// Index of the server.
    pub server: u32,
    /// The rows' type: a declared record whose fields are the columns.
    pub row: TypeId,
    /// The table.
    pub table: EcoString,
}

/// A component.
#[derive(Clone, Debug)]
pub struct ComponentInfo<'a> {
    /// The declaration.
    pub decl: &'a ast::ComponentDecl,
    /// Names, types and variables of its properties; `children` included if it is used.
    pub props: Vec<PropInfo>,
}

/// A property of a component.
#[derive(Clone, Debug)]
pub struct PropInfo {
    /// The name.
    pub name: EcoString,
    /// The type.
    pub ty: Ty,
    /// The variable; of a `children` that no parameter declares, one without a node.
    pub var: VarId,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A service: all server blocks of one name.
#[derive(Clone, Debug, Default)]
pub struct ServerInfo<'a> {
    /// The name in quotes.
    pub name: Option<EcoString>,
    /// The first block.
    pub span: Span,
    /// Everything in its blocks, in order.
    pub items: Vec<&'a ast::Item>,
    /// Its globals in an order in which each stands after those that it uses.
    pub globals: Vec<GlobalIdx>,
    /// Fields that its middleware adds to requests.
    pub request_fields: IndexMap<EcoString, Ty>,
    /// Functions that clients reach.
    pub rpcs: Vec<FnIdx>,
    /// Functions that only tests of the page reach over the wire.
    pub test_rpcs: Vec<FnIdx>,
    /// Middleware, as functions: by the id of their declaration.
    pub middleware: IndexMap<NodeId, MiddlewareInfo>,
    /// Routes in source order.
    pub routes: Vec<RouteInfo<'a>>,
    /// Its models.
    pub models: Vec<ModelIdx>,
}

/// A middleware, which has parameters and a body like a function.
#[derive(Clone, Debug)]
pub struct MiddlewareInfo {
    /// Types of the parameters: `Request`, and `Response` or none for `next`.
    pub params: Vec<Ty>,
    /// How it is written.
    pub style: MiddlewareStyle,
    /// The type of what it returns early (style `(req, res)`; unit if it never does) or of its reply.
    pub ret: Ty,
}

/// The ways to write middleware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MiddlewareStyle {
    /// `(req)`
    Request,
    /// `(req, res)`
    RequestResponse,
    /// `(req, next)`
    Around,
}

/// A route.
#[derive(Clone, Debug)]
pub struct RouteInfo<'a> {
    /// The declaration.
    pub decl: &'a ast::RouteDecl,
    /// The handler, if it is a function with a name; a lambda stands in the declaration.
    pub handler: Option<FnIdx>,
    /// Where the handler's arguments come from.
    pub args: Vec<RouteArg>,
}

/// Where a handler's argument comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteArg {
    /// The request.
    Request,
    /// The response.
    Response,
    /// The socket of a `WS` route.
    Socket,
    /// The path parameter of this name.
    Path(EcoString),
    /// Body field or query parameter of this name.
    Named(EcoString),
    /// The whole body.
    Body,
}

/// The client blocks.
#[derive(Clone, Debug, Default)]
pub struct ClientInfo<'a> {
    /// Everything in its blocks, in order.
    pub items: Vec<&'a ast::Item>,
    /// Its globals in an order in which each stands after those that it uses.
    pub globals: Vec<GlobalIdx>,
    /// The component `App`.
    pub root: Option<CompIdx>,
}

/// A test.
#[derive(Clone, Debug)]
pub struct TestInfo<'a> {
    /// The declaration.
    pub decl: &'a ast::TestDecl,
    /// The whole text.
    pub span: Span,
    /// Whose names it uses: where it runs.
    pub place: Place,
    /// `timeout=…` in milliseconds.
    pub timeout: Option<i64>,
}

/// A hook at the level of a file or block. It surrounds the tests of its file that run at its place; a shared one surrounds all.
#[derive(Clone, Debug)]
pub struct TestHookInfo<'a> {
    /// The declaration.
    pub decl: &'a ast::TestHook,
    /// Whose names it uses.
    pub place: Place,
}

/// A benchmark.
#[derive(Clone, Debug)]
pub struct BenchInfo<'a> {
    /// The declaration.
    pub decl: &'a ast::BenchDecl,
    /// The whole text.
    pub span: Span,
    /// Whose names it uses: where it runs.
    pub place: Place,
}
