//! Declarations: what stands at the top of a file, of a block, or (functions and types) among statements.

use ecow::EcoString;
use tova_source::Span;

use super::{Block, ClientDecl, Expr, Ident, NodeId, Param, ServerDecl, Stmt, TypeExpr};

/// A declaration or a statement at the level of a file or block.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: NodeId,
    /// The whole text, attributes included, doc comment not.
    pub span: Span,
    /// Text of the `///` lines before it, without markers, joined by `\n`.
    pub docs: Option<EcoString>,
    /// `@name(args)` before it.
    pub attributes: Vec<Attribute>,
    /// Place of `pub` / `export`, if written.
    pub public: Option<Span>,
    /// What it is.
    pub kind: ItemKind,
}

/// The kinds of items.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `fn f(x) { … }`
    Fn(FnDecl),
    /// `type T { … }` or `type T = …`
    Type(TypeDecl),
    /// `impl T { … }`, `impl Trait for T { … }`
    Impl(ImplDecl),
    /// `trait T { … }` or `interface T { … }`
    Trait(TraitDecl),
    /// `import { a } from "b"`
    Import(ImportDecl),
    /// `shared { … }`, `server "api" { … }`, `client { … }`
    Block(BlockDecl),
    /// A declaration that only a server block may hold.
    Server(ServerDecl),
    /// A declaration that only a client block, store or component may hold.
    Client(ClientDecl),
    /// `test "name" { … }`
    Test(TestDecl),
    /// `bench "name" { … }`
    Bench(BenchDecl),
    /// `before_each { … }`, at the top of a file or among the statements of a test.
    TestHook(TestHook),
    /// Any statement: a binding, an expression, a loop.
    Stmt(Stmt),
    /// Text that is not an item; it has been reported.
    Error,
}

/// `@name(args)`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The place from `@` on.
    pub span: Span,
    /// The name.
    pub name: Ident,
    /// The arguments.
    pub args: Vec<Expr>,
}

/// A function with a name. The id of the item that holds it names it in the tables.
#[derive(Clone, Debug)]
pub struct FnDecl {
    /// Its id.
    pub id: NodeId,
    /// Place of `async`, if written; it changes nothing, effects are inferred.
    pub async_: Option<Span>,
    /// The name.
    pub name: Ident,
    /// `<T, U>`
    pub type_params: Vec<Ident>,
    /// The parameters; a method's `self` is an ordinary first one.
    pub params: Vec<Param>,
    /// `-> T`
    pub ret: Option<TypeExpr>,
    /// The body; absent in traits and for host functions of the standard library.
    pub body: Option<Block>,
}

/// `type T<A> …`
#[derive(Clone, Debug)]
pub struct TypeDecl {
    /// Its id.
    pub id: NodeId,
    /// The name.
    pub name: Ident,
    /// `<A, B>`
    pub params: Vec<Ident>,
    /// What it is.
    pub body: TypeBody,
    /// `derive [A, B]`
    pub derives: Vec<Ident>,
}

/// What a type declaration says.
#[derive(Clone, Debug)]
pub enum TypeBody {
    /// `{ id: Int, name: String }`
    Record(Vec<FieldDecl>),
    /// `{ Circle(r: Float), Dot }`; a type with both fields and variants keeps both lists, which the checker reports.
    Enum(Vec<VariantDecl>, Vec<FieldDecl>),
    /// `= T`
    Alias(TypeExpr),
    /// A broken body; it has been reported.
    Error,
}

/// A field of a record type or a model's column: any word may be its name.
#[derive(Clone, Debug)]
pub struct FieldDecl {
    /// Its id.
    pub id: NodeId,
    /// The whole text.
    pub span: Span,
    /// `///` text before it.
    pub docs: Option<EcoString>,
    /// `@name(args)` before it.
    pub attributes: Vec<Attribute>,
    /// The name.
    pub name: Ident,
    /// The type.
    pub ty: TypeExpr,
    /// `= e`
    pub default: Option<Expr>,
    /// `{ required, min(2) }` after the type.
    pub validators: Vec<Validator>,
}

/// A rule on a field: `minLength(2, "too short")`.
#[derive(Clone, Debug)]
pub struct Validator {
    /// The whole text.
    pub span: Span,
    /// Its name.
    pub name: Ident,
    /// Its arguments.
    pub args: Vec<Expr>,
}

/// A variant of an enum.
#[derive(Clone, Debug)]
pub struct VariantDecl {
    /// Its id.
    pub id: NodeId,
    /// The whole text.
    pub span: Span,
    /// `///` text before it.
    pub docs: Option<EcoString>,
    /// The name.
    pub name: Ident,
    /// Its fields.
    pub fields: Vec<VariantField>,
}

/// A field of a variant: `radius: Float`, or only a type: `Add(Expr, Expr)`.
#[derive(Clone, Debug)]
pub struct VariantField {
    /// The name, if one is written.
    pub name: Option<Ident>,
    /// The type; absent in `Circle(radius)` with a lower-case name, where it is inferred.
    pub ty: Option<TypeExpr>,
}

/// `impl Trait for T { … }`
#[derive(Clone, Debug)]
pub struct ImplDecl {
    /// Its id.
    pub id: NodeId,
    /// The trait, if one is named.
    pub trait_: Option<Ident>,
    /// `<T>`
    pub type_params: Vec<Ident>,
    /// The type.
    pub ty: TypeExpr,
    /// The functions; each item is [`ItemKind::Fn`].
    pub items: Vec<Item>,
}

/// `trait T { … }`
#[derive(Clone, Debug)]
pub struct TraitDecl {
    /// Its id.
    pub id: NodeId,
    /// The name.
    pub name: Ident,
    /// The functions; each item is [`ItemKind::Fn`].
    pub items: Vec<Item>,
}

/// `import { a as b } from "./m"`
#[derive(Clone, Debug)]
pub struct ImportDecl {
    /// What is imported.
    pub names: ImportNames,
    /// The path as written, without quotes.
    pub path: EcoString,
    /// Place of the path.
    pub path_span: Span,
}

/// What an import brings in.
#[derive(Clone, Debug)]
pub enum ImportNames {
    /// `{ a, b as c }`: (name, alias)
    Some(Vec<(Ident, Option<Ident>)>),
    /// `* as m`
    All(Ident),
    /// `m`
    Default(Ident),
}

/// A block that says where its content runs.
#[derive(Clone, Debug)]
pub struct BlockDecl {
    /// Its id.
    pub id: NodeId,
    /// Which kind.
    pub kind: BlockKind,
    /// Place of the opening word, as the user wrote it (`client` or `browser`).
    pub keyword: Span,
    /// The name in quotes, if one is written.
    pub name: Option<Ident>,
    /// The content.
    pub items: Vec<Item>,
}

/// Where a block's content runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// On both sides.
    Shared,
    /// In a server process.
    Server,
    /// In the browser.
    Client,
}

/// `test "name" timeout=500 { … }`
#[derive(Clone, Debug)]
pub struct TestDecl {
    /// Its id.
    pub id: NodeId,
    /// Place of the opening word.
    pub keyword: Span,
    /// The name.
    pub name: Option<Ident>,
    /// `timeout=500`: milliseconds, or a duration.
    pub timeout: Option<Expr>,
    /// The body; hooks of this test alone stand among its statements as [`ItemKind::TestHook`].
    pub body: Block,
}

/// `bench "name" { … }`
#[derive(Clone, Debug)]
pub struct BenchDecl {
    /// Its id.
    pub id: NodeId,
    /// Place of the opening word.
    pub keyword: Span,
    /// The name.
    pub name: Option<Ident>,
    /// What is measured.
    pub body: Block,
}

/// `before_each { … }` or `after_each { … }`
#[derive(Clone, Debug)]
pub struct TestHook {
    /// Its id.
    pub id: NodeId,
    /// The opening word.
    pub keyword: Span,
    /// When it runs.
    pub time: HookTime,
    /// The body.
    pub body: Block,
}

/// When a hook of a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookTime {
    /// Before the test.
    Before,
    /// After the test, whether it passed or not.
    After,
}
