//! The database of a server: what generated code calls for models, with SQL text that the compiler has written, and `db.query` and its kin.
//!
//! One engine so far, SQLite. Another one comes in beside `sqlite` behind the same functions; nothing above this module knows it.

mod row;
mod schema;
mod sqlite;

use std::sync::OnceLock;

pub use row::{Row, SqlValue};
pub use schema::{Column, ColumnType, Table};

use crate::value::{Any, Fault, JsonWriter, List, Map, Str};

/// The database of this process's server.
static DATABASE: OnceLock<sqlite::Database> = OnceLock::new();

/// Opens the database and brings its tables up to what the models need.
pub(crate) fn open(file: &str, tables: &[Table]) -> Result<(), String> {
    let database =
        sqlite::Database::open(file).map_err(|problem| format!("cannot open the database {file}: {problem}"))?;
    schema::prepare(&database, tables).map_err(|problem| format!("cannot prepare the database {file}: {problem}"))?;
    // A second server of the same process (tests) shares the first one's.
    let _ = DATABASE.set(database);
    Ok(())
}

/// Moves what is in the write-ahead log into the file, so that the file alone has everything.
pub(crate) fn settle() {
    if let Some(database) = DATABASE.get() {
        database.settle();
    }
}

fn database() -> Result<&'static sqlite::Database, Fault> {
    DATABASE.get().ok_or_else(|| Fault::with_status(500, "NO_DATABASE", "the server has no database"))
}

/// All rows of a statement that only reads.
///
/// # Errors
/// The statement fails, or a row does not fit its record.
pub fn select<T>(sql: &str, params: &[SqlValue], from_row: fn(&Row<'_>) -> Result<T, Fault>) -> Result<List<T>, Fault> {
    let mut rows = Vec::new();
    database()?.read(sql, params, &mut |row| {
        rows.push(from_row(row)?);
        Ok(true)
    })?;
    Ok(rows.into())
}

/// The first row of a statement that only reads.
///
/// # Errors
/// As for [`select`].
pub fn first<T>(
    sql: &str,
    params: &[SqlValue],
    from_row: fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let mut found = None;
    database()?.read(sql, params, &mut |row| {
        found = Some(from_row(row)?);
        Ok(false)
    })?;
    Ok(found)
}

/// All rows of a statement that only reads, straight into a JSON array.
///
/// # Errors
/// As for [`select`].
pub fn select_json(
    out: &mut JsonWriter,
    sql: &str,
    params: &[SqlValue],
    write_row: fn(&Row<'_>, &mut JsonWriter) -> Result<(), Fault>,
) -> Result<(), Fault> {
    // Lists are long more often than not, and growing step by step copies each time.
    out.buf.reserve(4096);
    out.raw("[");
    let mut is_first = true;
    database()?.read(sql, params, &mut |row| {
        if !std::mem::take(&mut is_first) {
            out.raw(",");
        }
        write_row(row, out)?;
        Ok(true)
    })?;
    out.raw("]");
    Ok(())
}

/// A number that a statement counts.
///
/// # Errors
/// As for [`select`].
pub fn count(sql: &str, params: &[SqlValue]) -> Result<i64, Fault> {
    Ok(first(sql, params, |row| row.int(0))?.unwrap_or(0))
}

/// The row that an `INSERT … RETURNING` gives.
///
/// # Errors
/// The statement fails.
pub fn insert<T>(sql: &str, params: &[SqlValue], from_row: fn(&Row<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
    update(sql, params, from_row)?.ok_or_else(|| Fault::with_status(500, "DATABASE_ERROR", "the insert gave no row"))
}

/// The first row that an `UPDATE … RETURNING` gives.
///
/// # Errors
/// The statement fails.
pub fn update<T>(
    sql: &str,
    params: &[SqlValue],
    from_row: fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let mut found = None;
    database()?.write(sql, params, &mut |row| {
        // Every row is stepped through, or the statement would not be complete.
        if found.is_none() {
            found = Some(from_row(row)?);
        }
        Ok(true)
    })?;
    Ok(found)
}

/// Runs a statement and says how many rows it changed.
///
/// # Errors
/// The statement fails.
pub fn execute(sql: &str, params: &[SqlValue]) -> Result<i64, Fault> {
    Ok(database()?.execute(sql, params)?.0)
}

/// `db.query(sql, …)`: the rows as maps.
///
/// # Errors
/// The statement fails.
pub fn query(sql: &str, params: &[SqlValue]) -> Result<List<Map<Str, Any>>, Fault> {
    let mut rows = Vec::new();
    database()?.any(sql, params, &mut |row| {
        rows.push(row.map()?);
        Ok(true)
    })?;
    Ok(rows.into())
}

/// `db.get(sql, …)`: the first row as a map.
///
/// # Errors
/// The statement fails.
pub fn get(sql: &str, params: &[SqlValue]) -> Result<Option<Map<Str, Any>>, Fault> {
    Ok(query(sql, params)?.into_iter().next())
}

/// `db.run(sql, …)`: `{changes, lastInsertRowid}`.
///
/// # Errors
/// The statement fails.
pub fn run(sql: &str, params: &[SqlValue]) -> Result<Map<Str, i64>, Fault> {
    let (changes, rowid) = database()?.execute(sql, params)?;
    Ok([("changes".into(), changes), ("lastInsertRowid".into(), rowid)].into_iter().collect())
}
