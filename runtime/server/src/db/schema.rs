//! Tables of the models: created if they are not there, extended by columns that are missing.

use super::sqlite::Database;

/// The table of a model.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The name.
    pub name: &'static str,
    /// The columns beside `id`, which every table has.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name.
    pub name: &'static str,
    /// The type of its values.
    pub ty: ColumnType,
    /// Whether a row may have no value here.
    pub optional: bool,
    /// SQL text of the value for rows that do not give one.
    pub default: Option<&'static str>,
}

/// The type of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// `Int`
    Int,
    /// `Float`
    Float,
    /// `Bool`
    Bool,
    /// `String`
    Text,
    /// Anything else, as JSON text.
    Json,
}

/// Brings the database up to what the models need. Nothing is ever removed.
pub(super) fn prepare(database: &Database, tables: &[Table]) -> Result<(), String> {
    for table in tables {
        let columns: String = table.columns.iter().map(|column| format!(", {}", definition(column))).collect();
        database.define(&format!(
            "CREATE TABLE IF NOT EXISTS {} (\"id\" INTEGER PRIMARY KEY AUTOINCREMENT{columns})",
            quoted(table.name)
        ))?;
        let present = database.column_names(table.name)?;
        for column in table.columns {
            if !present.iter().any(|name| name.eq_ignore_ascii_case(column.name)) {
                database.define(&format!("ALTER TABLE {} ADD COLUMN {}", quoted(table.name), definition(column)))?;
            }
        }
    }
    Ok(())
}

/// `"name" TEXT NOT NULL DEFAULT ''`: rows that were there before a column get its default.
fn definition(column: &Column) -> String {
    let (ty, zero) = match column.ty {
        ColumnType::Int => ("INTEGER", "0"),
        ColumnType::Float => ("REAL", "0.0"),
        ColumnType::Bool => ("INTEGER", "0"),
        ColumnType::Text => ("TEXT", "''"),
        ColumnType::Json => ("TEXT", "'null'"),
    };
    let name = quoted(column.name);
    match (column.optional, column.default) {
        (true, None) => format!("{name} {ty}"),
        (true, Some(default)) => format!("{name} {ty} DEFAULT {default}"),
        (false, default) => format!("{name} {ty} NOT NULL DEFAULT {}", default.unwrap_or(zero)),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
