//! Types as the checker sees them.

use ecow::EcoString;

use crate::tables::TypeId;

/// A type, by its number in a [`TypeTable`]. Equal types of a finished table may have different numbers: compare by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ty(pub u32);

/// What a type is. In a finished table there is no [`TyKind::Var`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TyKind {
    /// The type of something broken; fits everywhere.
    Error,
    /// Not known yet; only while checking.
    Var(u32),
    /// A type parameter of the declaration that it stands in: position in its list, and the name to show.
    Param(u32, EcoString),
    /// No value.
    Unit,
    /// What never ends normally.
    Never,
    /// `Bool`
    Bool,
    /// `Int`
    Int,
    /// `Float`
    Float,
    /// `String`
    Str,
    /// `Any`
    Any,
    /// `Duration`
    Duration,
    /// `Bytes`: a size.
    Size,
    /// JSX.
    View,
    /// `[T]`
    List(Ty),
    /// `Map<K, V>`
    Map(Ty, Ty),
    /// `Set<T>`
    Set(Ty),
    /// `(A, B)`
    Tuple(Vec<Ty>),
    /// `T?`; never of an option, `Any` or unit.
    Option(Ty),
    /// A record without a declaration: fields in order.
    Record(Vec<(EcoString, Ty)>),
    /// A declared type with its arguments: record, enum (`Result` included) or handle.
    Named(TypeId, Vec<Ty>),
    /// A function value.
    Fn(Vec<Ty>, Ty),
    /// `A | B`
    Union(Vec<Ty>),
}

/// All types of a program.
#[derive(Clone, Debug, Default)]
pub struct TypeTable {
    pub(crate) kinds: Vec<TyKind>,
}

impl TypeTable {
    /// What a type is.
    #[must_use]
    pub fn kind(&self, ty: Ty) -> &TyKind {
        self.kinds.get(ty.0 as usize).unwrap_or(&TyKind::Error)
    }
}
