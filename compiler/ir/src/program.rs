//! The program: functions, globals, services, the page.

use ecow::EcoString;
use tova_source::Span;

use crate::{Enum, Expr, Field, LocalId, Record, RecordId, Type};

/// A whole program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Record types.
    pub records: Vec<Record>,
    /// Enum types.
    pub enums: Vec<Enum>,
    /// Functions that something reaches, instances of generic ones included.
    pub functions: Vec<Function>,
    /// Variables outside of functions.
    pub globals: Vec<Global>,
    /// Models of all servers.
    pub models: Vec<Model>,
    /// Functions that the client calls over the wire.
    pub rpcs: Vec<Rpc>,
    /// Services in source order.
    pub servers: Vec<Server>,
    /// The page.
    pub client: Option<Client>,
    /// Tests; only in programs that were lowered for them.
    pub tests: Vec<Test>,
    /// Benchmarks; only in programs that were lowered for them.
    pub benches: Vec<Bench>,
    /// Top-level statements of a script, as a function without parameters.
    pub script: Option<FnId>,
    /// The record that `catch` binds: fields `message: Str`, `code: Str?`, `status: Int?`. Present if something uses it.
    pub error: Option<RecordId>,
}

/// Index into [`Program::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FnId(pub u32);

/// Index into [`Program::globals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GlobalId(pub u32);

/// Index into [`Program::models`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(pub u32);

/// Index into [`Program::rpcs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RpcId(pub u32);

/// Index into [`Client::components`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComponentId(pub u32);

/// Where a function or global lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Home {
    /// In every artifact that uses it.
    Shared,
    /// In the server with this index.
    Server(u32),
    /// In the page.
    Client,
}

/// What calling a function may do, computed over the call graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Effects {
    /// May suspend.
    pub is_async: bool,
    /// May throw (faults such as overflow are not counted: they can happen anywhere).
    pub throws: bool,
    /// Reads or writes a `mut` global of its server.
    pub touches_state: bool,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// A readable name, unique among functions: `list_users`, `fold_of_Int_Str`.
    pub name: EcoString,
    /// Doc comment.
    pub docs: Option<EcoString>,
    /// The declaration.
    pub span: Span,
    /// Where it lives.
    pub home: Home,
    /// The parameters, in order.
    pub params: Vec<LocalId>,
    /// Type of the result.
    pub ret: Type,
    /// All locals, those of closures inside included.
    pub locals: Vec<Local>,
    /// The body; its value is the result.
    pub body: Expr,
    /// What a call may do.
    pub effects: Effects,
}

/// A variable of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// The name as the user wrote it, or a made-up one.
    pub name: EcoString,
    /// The type of its value.
    pub ty: Type,
    /// How it is kept.
    pub kind: LocalKind,
    /// The declaration.
    pub span: Span,
}

/// How a variable is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalKind {
    /// Set once.
    Let,
    /// Updated, and not captured by a closure.
    Mut,
    /// Updated and captured: shared between the function and its closures.
    Shared,
    /// `state` of a component: reads are tracked, an update with an unequal value notifies.
    Signal,
    /// `computed` of a component, or a binding inside a view that follows its source: reads are tracked. Its
    /// [`ExprKind::Let`](crate::ExprKind::Let) has the expression to recompute.
    Memo,
    /// A component's property: reads evaluate the parent's expression and are tracked.
    Prop,
    /// The item of a keyed list: reads are tracked, the list updates it.
    Item,
}

/// A variable outside of functions.
#[derive(Clone, Debug, PartialEq)]
pub struct Global {
    /// The name, unique within its home.
    pub name: EcoString,
    /// The type of its value.
    pub ty: Type,
    /// How it is kept.
    pub kind: GlobalKind,
    /// Where it lives. Shared globals are constants.
    pub home: Home,
    /// A function without parameters that computes its first value (of a memo: every value). Run at the start in the order of
    /// the list that names it; in a script by [`ExprKind::Init`](crate::ExprKind::Init).
    pub init: FnId,
    /// The declaration.
    pub span: Span,
}

/// How a global is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalKind {
    /// Set once.
    Const,
    /// Updated; on a server it is part of the state behind the lock.
    Mut,
    /// `state`
    Signal,
    /// `computed`
    Memo,
}

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// The name in quotes, if it has one.
    pub name: Option<EcoString>,
    /// The block.
    pub span: Span,
    /// The port that the program asks for by `port N`.
    pub port: Option<u16>,
    /// Its globals in the order in which they are to be computed.
    pub globals: Vec<GlobalId>,
    /// Statements of the block, run at the start after the globals.
    pub start: Option<FnId>,
    /// Middleware in order, outermost first.
    pub middleware: Vec<Middleware>,
    /// HTTP routes in source order.
    pub routes: Vec<Route>,
    /// WebSocket routes.
    pub sockets: Vec<SocketRoute>,
    /// What it offers to clients under `/rpc/`.
    pub rpcs: Vec<RpcId>,
    /// Its models.
    pub models: Vec<ModelId>,
    /// Its database, if it has models or a `db` block.
    pub db: Option<Db>,
    /// Fields that middleware adds to requests; each is read as an option.
    pub request_fields: Vec<Field>,
    /// `max_body`, in bytes.
    pub max_body: Option<i64>,
    /// `cors { … }`
    pub cors: Option<Cors>,
    /// Paths of `health "/p"` beside the built-in ones.
    pub health: Vec<EcoString>,
    /// `on_error`: takes (Error, Request, Response) or fewer.
    pub on_error: Option<FnId>,
    /// Whether it serves the page.
    pub serves_page: bool,
}

/// `middleware name(req, res) { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Middleware {
    /// The name.
    pub name: EcoString,
    /// The function. Style `(req, res)`: its result is the optional reply body (an option, or unit if it never returns
    /// a value). Style `(req, next)`: its result is a `Reply`.
    pub function: FnId,
    /// How it is called.
    pub style: MiddlewareStyle,
}

/// The two ways to write middleware, and the short one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MiddlewareStyle {
    /// `(req)`: runs before.
    Request,
    /// `(req, res)`: an explicit `return value` or a sent `res` ends the chain.
    RequestResponse,
    /// `(req, next)`: gives the reply.
    Around,
}

/// `route METHOD "path" => handler`
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// In upper case.
    pub method: EcoString,
    /// With `:name` and `*rest`.
    pub path: EcoString,
    /// The declaration.
    pub span: Span,
    /// The function to call.
    pub handler: FnId,
    /// Where its arguments come from, one for each parameter.
    pub args: Vec<ArgSource>,
    /// Middleware of this route alone, in order.
    pub guards: Vec<Middleware>,
    /// What its result means.
    pub reply: ReplyKind,
}

/// Where a handler's argument comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgSource {
    /// The request.
    Request,
    /// The response.
    Response,
    /// The path parameter of that name, converted.
    Path(EcoString),
    /// The field of the body, else the query parameter, of that name, converted. Optional if the parameter's type is an option
    /// or it has a default (a function without parameters).
    Named {
        /// The name.
        name: EcoString,
        /// The function that gives the default.
        default: Option<FnId>,
    },
    /// The whole body (`body: T`), decoded.
    Body,
}

/// What a handler's result means on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    /// A value as JSON, 200; unit is 204.
    Value,
    /// An option that was declared as a plain type: nil is 404.
    Found,
    /// A `Result`: `Ok` is 200, `Err` is an error status.
    Result,
    /// A `Reply` built by `respond` and its kin.
    Reply,
}

/// `route WS "path" => handler`
#[derive(Clone, Debug, PartialEq)]
pub struct SocketRoute {
    /// The path.
    pub path: EcoString,
    /// A function of the `Socket`.
    pub handler: FnId,
    /// Middleware of this route alone, in order.
    pub guards: Vec<Middleware>,
    /// The declaration.
    pub span: Span,
}

/// A function that the client calls over the wire, `POST /rpc/name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rpc {
    /// The name on the wire.
    pub name: EcoString,
    /// Index of the server.
    pub server: u32,
    /// The function.
    pub function: FnId,
    /// Names and types of the arguments.
    pub params: Vec<Field>,
    /// Type of the result: what the client gets. An option that was declared as a plain type throws `NotFound`.
    pub ret: Type,
    /// What the function's result means.
    pub reply: ReplyKind,
    /// The guards of the routes that call the same function: what protects it there protects it here.
    pub guards: Vec<Middleware>,
}

/// A table and its rows' type.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The name.
    pub name: EcoString,
    /// The table: lower-case name and `s`, unless it says otherwise.
    pub table: EcoString,
    /// Index of the server.
    pub server: u32,
    /// The rows' type; its fields are the columns in order, `id` first.
    pub record: RecordId,
    /// The columns; same order as the record's fields.
    pub columns: Vec<Column>,
    /// The declaration.
    pub span: Span,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name.
    pub name: EcoString,
    /// The type of its values: `Int`, `Float`, `Bool`, `Str`, an option of these, or anything else, kept as JSON text.
    pub ty: Type,
    /// A literal to use for rows that do not give a value.
    pub default: Option<Expr>,
}

/// `db { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Db {
    /// Which engine.
    pub adapter: Adapter,
    /// A function without parameters that gives the file (SQLite) or the URL (Postgres) as `Str`; absent: the default.
    pub target: Option<FnId>,
}

/// Database engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapter {
    /// A file, or `:memory:`.
    Sqlite,
    /// A server.
    Postgres,
}

/// `cors { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cors {
    /// Allowed origins; `*` for all.
    pub origins: Vec<EcoString>,
    /// Allowed methods.
    pub methods: Vec<EcoString>,
    /// Allowed request headers.
    pub headers: Vec<EcoString>,
    /// Whether cookies are allowed.
    pub credentials: bool,
    /// Seconds.
    pub max_age: Option<i64>,
}

/// The page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Client {
    /// Its globals in the order in which they are to be computed: constants, states, computeds.
    pub globals: Vec<GlobalId>,
    /// Effects and statements of the client blocks in source order, run after the globals, before the mount.
    pub start: Option<FnId>,
    /// Components that something uses.
    pub components: Vec<Component>,
    /// The component to mount: `App`.
    pub root: Option<ComponentId>,
    /// The style sheets of the components, scoped.
    pub css: EcoString,
    /// Addresses that the page talks to beside its own origin, from literal URLs: for the content security policy.
    pub connect: Vec<EcoString>,
    /// The page's title.
    pub title: EcoString,
}

/// `component Name(params) { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// The name.
    pub name: EcoString,
    /// A function from its properties ([`LocalKind::Prop`] locals) to a [`Type::View`]. Its body declares signals and memos, starts effects, and
    /// ends in the view.
    pub function: FnId,
    /// For each property, a function without parameters that gives its default.
    pub defaults: Vec<Option<FnId>>,
}

/// `test "name" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The name; empty if it has none.
    pub name: EcoString,
    /// The declaration.
    pub span: Span,
    /// Where it runs. Shared ones run anywhere.
    pub home: Home,
    /// A function without parameters and result: first values of the script's variables, hooks, the test itself. It fails by
    /// throwing or faulting.
    pub function: FnId,
    /// The time limit in milliseconds, if it has one of its own.
    pub timeout: Option<i64>,
}

/// `bench "name" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Bench {
    /// The name; empty if it has none.
    pub name: EcoString,
    /// The declaration.
    pub span: Span,
    /// Where it runs. Shared ones run anywhere.
    pub home: Home,
    /// One round: a function without parameters. What it gives is of no use, but must be computed.
    pub function: FnId,
}
