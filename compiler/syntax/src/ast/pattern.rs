//! Patterns of `match`, bindings, parameters and loops.

use ecow::EcoString;
use tova_source::Span;

use super::{Ident, NodeId, TypeExpr};

/// A pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Its id; the id of a name is the id of the variable that it declares.
    pub id: NodeId,
    /// The place.
    pub span: Span,
    /// What it is.
    pub kind: PatternKind,
}

/// The kinds of patterns.
#[derive(Clone, Debug)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// A lower-case name: binds the value. In a parameter or binding any name.
    Name(EcoString),
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// `3`, `-1`
    Int(i64),
    /// `2.5`
    Float(f64),
    /// `"s"`
    Str(EcoString),
    /// `"/api" ++ rest`
    Prefix { prefix: EcoString, rest: Box<Pattern> },
    /// `1..10`, `1..=10`
    Range { start: i64, end: i64, inclusive: bool },
    /// `[a, ...rest, b]`
    List(Vec<PatternElement>),
    /// `(a, b)`
    Tuple(Vec<Pattern>),
    /// `Circle(r)`, `Dot`, `Rect(width: w)`; an upper-case name without arguments is a variant.
    Variant { name: Ident, args: Vec<VariantArg> },
    /// `{ role: "admin", name, port = 80 }`
    Record(Vec<FieldPattern>),
    /// `a | b`
    Or(Vec<Pattern>),
    /// `name: T`, only in `match` on a union or `Any`.
    Typed { name: EcoString, ty: TypeExpr },
    /// Text that is not a pattern; it has been reported.
    Error,
}

/// An element of a list pattern.
#[derive(Clone, Debug)]
pub struct PatternElement {
    /// Place of `...`, if this takes the rest.
    pub rest: Option<Span>,
    /// The pattern.
    pub pattern: Pattern,
}

/// An argument of a variant pattern.
#[derive(Clone, Debug)]
pub struct VariantArg {
    /// `name:`
    pub name: Option<Ident>,
    /// The pattern.
    pub pattern: Pattern,
}

/// A field of a record pattern.
#[derive(Clone, Debug)]
pub struct FieldPattern {
    /// The field's name.
    pub name: Ident,
    /// What its value must match; for `{ name }` a name pattern of the same name.
    pub pattern: Pattern,
    /// `= e`, in bindings and parameters.
    pub default: Option<super::Expr>,
}
