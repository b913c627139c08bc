//! Statements and blocks of them.

use tova_source::Span;

use super::{Expr, Ident, Item, NodeId, Pattern, TypeExpr};

/// `{ … }`: statements; the value of the last one is the value of the block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its id.
    pub id: NodeId,
    /// The place, braces included.
    pub span: Span,
    /// The statements.
    pub stmts: Vec<Stmt>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// Its id.
    pub id: NodeId,
    /// The place.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind,
}

/// The kinds of statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// A declaration among statements: function, type, state, effect, nested component, …
    Item(Box<Item>),
    /// A declaration by word: `let p = e`, `mut x = e`, `var a, b = 1, 2`, `let (a, b) = e`.
    Let(LetStmt),
    /// `place = e`, `place += e`, `a, b = b, a`, `{x, y} = e`. Whether a plain name is declared or updated is the
    /// checker's decision: the first `=` on a name in scope declares it.
    Assign(AssignStmt),
    /// An expression.
    Expr(Expr),
    /// `for x in xs { … }`
    For(ForStmt),
    /// `while c { … }`
    While { label: Option<Ident>, cond: Expr, body: Block },
    /// `loop { … }`
    Loop { label: Option<Ident>, body: Block },
    /// `return e`
    Return(Option<Expr>),
    /// `break`, `break outer`
    Break(Option<Ident>),
    /// `continue`, `continue outer`
    Continue(Option<Ident>),
    /// `guard c else { … }`
    Guard { cond: Expr, body: Block },
    /// `defer e`, `defer { … }`
    Defer(Block),
    /// Text that is not a statement; it has been reported.
    Error,
}

/// A binding opened by `let`, `mut` or `var`.
#[derive(Clone, Debug)]
pub struct LetStmt {
    /// Place of the opening word.
    pub keyword: Span,
    /// Whether the names may be updated (`mut`, `var`).
    pub mutable: bool,
    /// What is bound; several for `mut a, b = 1, 2`.
    pub targets: Vec<Pattern>,
    /// `: T`
    pub ty: Option<TypeExpr>,
    /// One value, or one for each target.
    pub values: Vec<Expr>,
}

/// A statement with `=`.
#[derive(Clone, Debug)]
pub struct AssignStmt {
    /// What is assigned; several for `a, b = b, a`.
    pub targets: Vec<AssignTarget>,
    /// `: T` after a single name.
    pub ty: Option<TypeExpr>,
    /// The operator of a compound assignment (`+=` has [`super::BinaryOp::Add`]).
    pub op: Option<super::BinaryOp>,
    /// Place of the operator.
    pub op_span: Span,
    /// One value, or one for each target.
    pub values: Vec<Expr>,
}

/// The left side of an assignment.
#[derive(Clone, Debug)]
pub enum AssignTarget {
    /// A name, a field or an element.
    Place(Expr),
    /// `{a, b}`, `[a, ...rest]`, `(a, b)`: declares its names.
    Pattern(Pattern),
}

/// `label: for i, x in e when c { … } else { … }`
#[derive(Clone, Debug)]
pub struct ForStmt {
    /// `label:`
    pub label: Option<Ident>,
    /// One pattern, or two for `i, x` / `k, v`.
    pub targets: Vec<Pattern>,
    /// What is walked.
    pub iterable: Expr,
    /// `when c`
    pub when: Option<Expr>,
    /// The body.
    pub body: Block,
    /// Runs if no `break` happened.
    pub else_: Option<Block>,
}
