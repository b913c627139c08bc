//! What a name stands for, and what there is to say about it.

use ecow::EcoString;
use tova_check::tables::{CompIdx, FnIdx, GlobalIdx, QueryOp, TypeId, VarId};
use tova_syntax::ast::NodeId;

/// What a name stands for. Two names are the same if their symbols are equal, wherever they stand: the call of a server's function over the wire
/// has the symbol of the function, a model that of its rows' type, a component's attribute that of the parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    /// A variable of a function, a parameter, a component's property.
    Local(VarId),
    /// A variable outside of functions.
    Global(GlobalIdx),
    /// A function or method.
    Fn(FnIdx),
    /// A declared type; also a model.
    Type(TypeId),
    /// A variant of an enum.
    Variant(TypeId, u32),
    /// A field of a declared record or handle; also a column.
    Field(TypeId, EcoString),
    /// A field of a variant.
    VariantField(TypeId, u32, u32),
    /// A type parameter of the declaration with this id.
    TypeParam(NodeId, EcoString),
    /// A component.
    Component(CompIdx),
    /// A store of the client.
    Store(EcoString),
    /// A middleware, by its declaration.
    Middleware(NodeId),
    /// A server with this name in quotes, or all of them as `server`.
    Server(Option<EcoString>),
    /// A field that middleware adds to a server's requests.
    RequestField(u32, EcoString),
    /// A namespace of the library: `JSON`.
    Namespace(EcoString),
    /// A statement on a model.
    Query(QueryOp),
}

/// What a place does with the symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Declares it.
    Definition,
    /// Uses its value.
    Read,
    /// Gives it another value.
    Write,
    /// Calls it.
    Call,
}

/// How a name stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// By itself.
    Plain,
    /// As the field of `{ name }`, where it is the value's name too.
    ShortField,
    /// As the value or variable of `{ name }`, where it is the field's name too.
    ShortValue,
    /// Not under the symbol's own name: `server` before a call, `user_id_gt` of a column.
    Derived,
}
