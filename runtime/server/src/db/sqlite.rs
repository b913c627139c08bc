//! SQLite: one connection that writes and a few that read, statements prepared once.

use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter};

use super::row::{Row, SqlValue};
use crate::value::Fault;

/// What is done with a row; `false` ends the statement.
pub(super) type OnRow<'a> = &'a mut dyn FnMut(&Row<'_>) -> Result<bool, Fault>;

/// A database file, or one in memory.
pub(super) struct Database {
    writer: Mutex<Connection>,
    /// Empty for a database in memory, which belongs to its connection.
    readers: Vec<Mutex<Connection>>,
}

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 256;
/// How long a statement waits for another process.
const BUSY: Duration = Duration::from_secs(5);

impl Database {
    /// Opens a file, by its path or as `sqlite:path`.
    pub(super) fn open(file: &str) -> Result<Self, String> {
        let file = file.strip_prefix("sqlite:").unwrap_or(file);
        let writer = connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        writer.pragma_update(None, "journal_mode", "WAL").map_err(text)?;
        writer.pragma_update(None, "synchronous", "NORMAL").map_err(text)?;
        writer.pragma_update(None, "foreign_keys", "ON").map_err(text)?;
        let in_memory = file == ":memory:" || file.is_empty();
        let count = if in_memory { 0 } else { std::thread::available_parallelism().map_or(2, |n| n.get().min(8)) };
        let readers = (0..count)
            .map(|_| connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map(Mutex::new))
            .collect::<Result<_, _>>()?;
        Ok(Self { writer: Mutex::new(writer), readers })
    }

    /// Runs a statement that only reads.
    pub(super) fn read(&self, sql: &str, params: &[SqlValue], on_row: OnRow<'_>) -> Result<(), Fault> {
        step(&self.reader(), sql, params, on_row)
    }

    /// Runs a statement that writes and gives rows.
    pub(super) fn write(&self, sql: &str, params: &[SqlValue], on_row: OnRow<'_>) -> Result<(), Fault> {
        step(&self.writer.lock(), sql, params, on_row)
    }

    /// Runs a statement of which it is not known whether it writes.
    pub(super) fn any(&self, sql: &str, params: &[SqlValue], on_row: OnRow<'_>) -> Result<(), Fault> {
        let writer = self.writer.lock();
        let reads = writer.prepare_cached(sql).map_err(fault)?.readonly();
        if reads && !self.readers.is_empty() {
            drop(writer);
            return self.read(sql, params, on_row);
        }
        step(&writer, sql, params, on_row)
    }

    /// Runs a statement; gives the number of changed rows and the id of the last inserted one.
    pub(super) fn execute(&self, sql: &str, params: &[SqlValue]) -> Result<(i64, i64), Fault> {
        let writer = self.writer.lock();
        let mut statement = writer.prepare_cached(sql).map_err(fault)?;
        let changes = statement.execute(params_from_iter(params)).map_err(fault)?;
        Ok((i64::try_from(changes).unwrap_or(i64::MAX), writer.last_insert_rowid()))
    }

    /// Moves what is in the write-ahead log into the file. Another process may be at it, and then it is that one's task.
    pub(super) fn settle(&self) {
        let _ = self.writer.lock().execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// Runs a statement that defines a table.
    pub(super) fn define(&self, sql: &str) -> Result<(), String> {
        self.writer.lock().execute_batch(sql).map_err(text)
    }

    /// The names of a table's columns.
    pub(super) fn column_names(&self, table: &str) -> Result<Vec<String>, String> {
        let writer = self.writer.lock();
        let mut statement = writer.prepare("SELECT name FROM pragma_table_info(?1)").map_err(text)?;
        let names = statement.query_map([table], |row| row.get(0)).map_err(text)?;
        names.collect::<Result<_, _>>().map_err(text)
    }

    /// A free reader, or any one to wait for.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        let Some(first) = self.readers.first() else { return self.writer.lock() };
        self.readers.iter().find_map(Mutex::try_lock).unwrap_or_else(|| first.lock())
    }
}

fn connect(file: &str, flags: OpenFlags) -> Result<Connection, String> {
    // Connections are behind locks of our own.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(file, flags).map_err(text)?;
    connection.busy_timeout(BUSY).map_err(text)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Runs a statement to its end, or until there is enough.
fn step(connection: &Connection, sql: &str, params: &[SqlValue], on_row: OnRow<'_>) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let mut rows = statement.query(params_from_iter(params)).map_err(fault)?;
    while let Some(row) = rows.next().map_err(fault)? {
        if !on_row(&Row::new(row))? {
            break;
        }
    }
    Ok(())
}

/// What went wrong, for a program that may catch it. A broken constraint is the caller's conflict.
fn fault(problem: rusqlite::Error) -> Fault {
    match problem.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Fault::with_status(409, "CONFLICT", text(problem)),
        _ => Fault::with_status(500, "DATABASE_ERROR", format!("database: {problem}")),
    }
}

fn text(problem: rusqlite::Error) -> String {
    problem.to_string()
}
