//! Concrete types.

use std::sync::Arc;

use ecow::EcoString;
use tova_source::Span;

/// A type without unknowns or parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// No value: what a statement has. Shown as `nil`, empty on the wire.
    Unit,
    /// The type of what never ends normally: `return`, `break`, a throw.
    Never,
    /// `true`, `false`
    Bool,
    /// Checked 64-bit integer.
    Int,
    /// IEEE double.
    Float,
    /// Text; length and indices count Unicode scalar values.
    Str,
    /// Dynamic data: nil, a bool, an int, a float, a string, a list or a map of such.
    Any,
    /// A span of time, milliseconds inside.
    Duration,
    /// A size in bytes.
    Size,
    /// `[T]`
    List(Arc<Type>),
    /// `Map<K, V>`, in insertion order.
    Map(Arc<Type>, Arc<Type>),
    /// `Set<T>`, in insertion order.
    Set(Arc<Type>),
    /// `(A, B)`, two or more.
    Tuple(Arc<[Type]>),
    /// `T?`; never an option of an option, of `Any` or of `Unit`.
    Option(Arc<Type>),
    /// A record, named or not.
    Record(RecordId),
    /// An enum, `Result` included.
    Enum(EnumId),
    /// A function value.
    Fn(Arc<FnType>),
    /// A thing with identity that the host keeps: `Request`, `Response`, `Socket`, `WebSocket`, `Event`, `Element`, …
    Handle(EcoString),
    /// What JSX gives: nodes to insert once.
    View,
}

/// The type of a function value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FnType {
    /// Types of the arguments.
    pub params: Vec<Type>,
    /// Type of the result.
    pub ret: Type,
    /// Whether a call may suspend. One answer for all function values of one signature on one side of the program: if
    /// any closure of the signature may suspend, all are called that way.
    pub is_async: bool,
}

/// Index into [`Program::records`](crate::Program::records).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub u32);

/// Index into [`Program::enums`](crate::Program::enums).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u32);

/// A record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// A name that is unique among records and enums, fit for a type name: `User`, `PairOfIntStr`, `RecordNameEmail`.
    pub name: EcoString,
    /// The name to show (`User(name: "Ada")`); absent for records without a declaration (`{name: "Ada"}`).
    pub shown: Option<EcoString>,
    /// The fields in order of declaration.
    pub fields: Vec<Field>,
    /// Doc comment.
    pub docs: Option<EcoString>,
    /// The declaration, or the first place where the type was met.
    pub span: Span,
}

/// A field of a record or of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name: any word, keywords included. Fields of variants without names are called `0`, `1`, ….
    pub name: EcoString,
    /// The type.
    pub ty: Type,
}

/// An enum type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// A name that is unique among records and enums, fit for a type name: `Shape`, `ResultOfIntStr`.
    pub name: EcoString,
    /// What kind it is.
    pub kind: EnumKind,
    /// The variants in order of declaration.
    pub variants: Vec<Variant>,
    /// Doc comment.
    pub docs: Option<EcoString>,
    /// The declaration.
    pub span: Span,
}

/// Kinds of enums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumKind {
    /// Declared by a program.
    Declared,
    /// `Result<T, E>`: `Ok(value)`, `Err(error)`.
    Result,
    /// An anonymous union `A | B`: one variant with one field for each member.
    Union,
}

/// A variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The name.
    pub name: EcoString,
    /// The fields.
    pub fields: Vec<Field>,
}

impl Type {
    /// `[ty]`
    #[must_use]
    pub fn list(ty: Self) -> Self {
        Self::List(Arc::new(ty))
    }

    /// `ty?`; an option of an option, of `Any` or of `Unit` is itself.
    #[must_use]
    pub fn option(ty: Self) -> Self {
        if matches!(ty, Self::Option(_) | Self::Any | Self::Unit) { ty } else { Self::Option(Arc::new(ty)) }
    }

    /// `Map<key, value>`
    #[must_use]
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new(key), Arc::new(value))
    }

    /// `fn(params) -> ret` that never suspends.
    #[must_use]
    pub fn function(params: Vec<Self>, ret: Self) -> Self {
        Self::Fn(Arc::new(FnType { params, ret, is_async: false }))
    }
}
