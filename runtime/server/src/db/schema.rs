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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Row, SqlValue};

    const NAME: Column = Column { name: "name", ty: ColumnType::Text, optional: false, default: None };
    const AGE: Column = Column { name: "age", ty: ColumnType::Int, optional: true, default: None };
    const LEVEL: Column = Column { name: "level", ty: ColumnType::Int, optional: false, default: Some("7") };

    /// A file that is gone at the end.
    struct File(std::path::PathBuf);

    impl File {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("tova-{name}-{}.db", std::process::id())))
        }

        fn name(&self) -> &str {
            self.0.to_str().expect("a plain path")
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
            }
        }
    }

    #[test]
    fn missing_columns_are_added_and_rows_stay() {
        let file = File::new("columns");
        let database = Database::open(file.name()).unwrap();
        prepare(&database, &[Table { name: "users", columns: &[NAME] }]).unwrap();
        database.execute("INSERT INTO users (name) VALUES (?1)", &[SqlValue::Text("Ada".into())]).unwrap();
        drop(database);
        let database = Database::open(file.name()).unwrap();
        for _ in 0..2 {
            prepare(&database, &[Table { name: "users", columns: &[NAME, AGE, LEVEL] }]).unwrap();
        }
        let mut rows = Vec::new();
        let sql = "SELECT name, age, level FROM users";
        let mut keep = |row: &Row<'_>| {
            rows.push((row.text(0)?, row.is_null(1)?, row.int(2)?));
            Ok(true)
        };
        database.read(sql, &[], &mut keep).unwrap();
        assert_eq!(rows, [("Ada".into(), true, 7)]);
        assert!(database.read("INSERT INTO users (name) VALUES ('x')", &[], &mut |_| Ok(true)).is_err());
    }

    #[test]
    fn what_is_no_database_is_told() {
        let file = File::new("text");
        std::fs::write(&file.0, "a text that is long enough to be looked at as a database").unwrap();
        assert_eq!(Database::open(file.name()).err(), Some("file is not a database".into()));
        assert!(Database::open("/nowhere/at/all.db").is_err_and(|problem| problem.starts_with("unable to open")));
    }
}
