//! Columns: how each type of value is kept in a table.

use tova_ir::Type;

/// Whether values of the type are kept as JSON text.
pub(crate) fn is_json(ty: &Type) -> bool {
    !matches!(plain(ty), Type::Int | Type::Float | Type::Bool | Type::Str | Type::Duration | Type::Size)
}

/// The type without its option.
pub(crate) fn plain(ty: &Type) -> &Type {
    if let Type::Option(item) = ty { item } else { ty }
}
