//! Types as they are written.

use tova_source::Span;

use super::{Ident, NodeId};

/// A type in the text.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Its id.
    pub id: NodeId,
    /// The place.
    pub span: Span,
    /// What it is.
    pub kind: TypeExprKind,
}

/// The kinds of types in the text.
#[derive(Clone, Debug)]
pub enum TypeExprKind {
    /// `Int`, `Result<T, E>`
    Name { name: Ident, args: Vec<TypeExpr> },
    /// `[T]`
    List(Box<TypeExpr>),
    /// `(A, B)`; `()` is the unit type, `(T)` is `T`.
    Tuple(Vec<TypeExpr>),
    /// `(A) -> B`, `fn(A) -> B`
    Fn { params: Vec<TypeExpr>, ret: Box<TypeExpr> },
    /// `{ a: Int, b: String }`
    Record(Vec<(Ident, TypeExpr)>),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `A | B`
    Union(Vec<TypeExpr>),
    /// `_`: to be inferred.
    Infer,
    /// Text that is not a type; it has been reported.
    Error,
}
