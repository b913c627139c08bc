//! Types by handle.

use wasm_encoder::{AbstractHeapType, HeapType, RefType, ValType};

/// A composite type of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(crate) u32);

impl TypeId {
    /// The number that instructions carry.
    #[must_use]
    pub const fn raw(self) -> u32 {
        self.0
    }
}

/// The type of a value on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Val {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f64`
    F64,
    /// `externref`: strings and everything else of the host.
    Ext,
    /// `(ref extern)`: only in signatures of the engine's string functions.
    ExtNonNull,
    /// `anyref`
    Any,
    /// `eqref`
    Eq,
    /// `structref`
    Struct,
    /// `funcref`
    Func,
    /// `(ref null T)`
    Ref(TypeId),
    /// `(ref T)`: only in fields that are always set.
    NonNull(TypeId),
}

impl Val {
    /// Whether it is a reference that may be null.
    #[must_use]
    pub const fn is_nullable(self) -> bool {
        matches!(self, Self::Ext | Self::Any | Self::Eq | Self::Struct | Self::Func | Self::Ref(_))
    }

    /// The heap type of a reference.
    #[must_use]
    pub const fn heap(self) -> Option<HeapType> {
        match self {
            Self::Ext | Self::ExtNonNull => Some(HeapType::EXTERN),
            Self::Any => Some(HeapType::ANY),
            Self::Eq => Some(abstract_heap(AbstractHeapType::Eq)),
            Self::Struct => Some(abstract_heap(AbstractHeapType::Struct)),
            Self::Func => Some(HeapType::FUNC),
            Self::Ref(id) | Self::NonNull(id) => Some(HeapType::Concrete(id.0)),
            Self::I32 | Self::I64 | Self::F64 => None,
        }
    }

    /// The encoder's type, with a handle where the format has an index.
    pub(crate) fn encoded(self) -> ValType {
        match self {
            Self::I32 => ValType::I32,
            Self::I64 => ValType::I64,
            Self::F64 => ValType::F64,
            Self::Ext
            | Self::ExtNonNull
            | Self::Any
            | Self::Eq
            | Self::Struct
            | Self::Func
            | Self::Ref(_)
            | Self::NonNull(_) => {
                let nullable = !matches!(self, Self::ExtNonNull | Self::NonNull(_));
                ValType::Ref(RefType { nullable, heap_type: self.heap().unwrap_or(HeapType::ANY) })
            }
        }
    }

    /// The composite type that it mentions.
    pub(crate) const fn mentions(self) -> Option<TypeId> {
        match self {
            Self::Ref(id) | Self::NonNull(id) => Some(id),
            Self::I32
            | Self::I64
            | Self::F64
            | Self::Ext
            | Self::ExtNonNull
            | Self::Any
            | Self::Eq
            | Self::Struct
            | Self::Func => None,
        }
    }
}

const fn abstract_heap(ty: AbstractHeapType) -> HeapType {
    HeapType::Abstract { shared: false, ty }
}

/// What a field or array element keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// A byte.
    I8,
    /// Two bytes.
    I16,
    /// A whole value.
    Val(Val),
}

/// A field of a struct, or the element of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// What it keeps.
    pub storage: Storage,
    /// Whether it can be set after the creation.
    pub mutable: bool,
}

impl Field {
    /// A field that is set once.
    #[must_use]
    pub const fn fixed(val: Val) -> Self {
        Self { storage: Storage::Val(val), mutable: false }
    }

    /// A field that is updated.
    #[must_use]
    pub const fn mutable(val: Val) -> Self {
        Self { storage: Storage::Val(val), mutable: true }
    }

    pub(crate) const fn mentions(self) -> Option<TypeId> {
        match self.storage {
            Storage::Val(val) => val.mentions(),
            Storage::I8 | Storage::I16 => None,
        }
    }
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Composite {
    /// A function's signature.
    Func {
        /// Its parameters.
        params: Vec<Val>,
        /// Its results.
        results: Vec<Val>,
    },
    /// A struct; its fields begin with those of the supertype.
    Struct {
        /// The supertype.
        supertype: Option<TypeId>,
        /// All fields, inherited ones included.
        fields: Vec<Field>,
    },
    /// An array.
    Array(Field),
}

impl Composite {
    /// The composite types that it mentions.
    pub(crate) fn mentions(&self) -> Vec<TypeId> {
        match self {
            Self::Func { params, results } => params.iter().chain(results).filter_map(|val| val.mentions()).collect(),
            Self::Struct { supertype, fields } => {
                supertype.iter().copied().chain(fields.iter().filter_map(|field| field.mentions())).collect()
            }
            Self::Array(field) => field.mentions().into_iter().collect(),
        }
    }
}
