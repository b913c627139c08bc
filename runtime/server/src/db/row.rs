//! Values on their way into a statement and out of a row.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::value::{Any, Fault, Map, Str, ToJson, json};

/// A parameter of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// An absent value.
    Null,
    /// An int, or a bool as 0 or 1.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text, or other data as JSON text.
    Text(Str),
}

impl SqlValue {
    /// Any other value as JSON text.
    pub fn json<T: ToJson + ?Sized>(value: &T) -> Self {
        Self::Text(json::stringify(value))
    }
}

impl rusqlite::ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Float(f) => ValueRef::Real(*f),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl From<i64> for SqlValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for SqlValue {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<bool> for SqlValue {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<Str> for SqlValue {
    fn from(value: Str) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for SqlValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<Any> for SqlValue {
    fn from(value: Any) -> Self {
        match value {
            Any::Nil => Self::Null,
            Any::Bool(b) => b.into(),
            Any::Int(n) => n.into(),
            Any::Float(f) => f.into(),
            Any::Str(text) => text.into(),
            other => Self::json(&other),
        }
    }
}

/// A row of a result. Columns are counted from 0 in the order of the statement.
pub struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
}

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a rusqlite::Row<'a>) -> Self {
        Self { row }
    }

    // Not `#[inline]`: the generic code of rusqlite would be compiled again in programs, which do not link SQLite itself.
    fn value(&self, column: usize) -> Result<ValueRef<'_>, Fault> {
        self.row.get_ref(column).map_err(|_| unfit(column, "a column"))
    }

    /// Whether a column is empty.
    ///
    /// # Errors
    /// There is no such column.
    pub fn is_null(&self, column: usize) -> Result<bool, Fault> {
        Ok(self.value(column)? == ValueRef::Null)
    }

    /// A value unless the column is empty; `get` is one of the other functions.
    ///
    /// # Errors
    /// As `get`.
    pub fn optional<T>(&self, column: usize, get: fn(&Self, usize) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
        if self.is_null(column)? { Ok(None) } else { get(self, column).map(Some) }
    }

    /// An int.
    ///
    /// # Errors
    /// The column has something else.
    #[inline]
    pub fn int(&self, column: usize) -> Result<i64, Fault> {
        match self.value(column)? {
            ValueRef::Integer(n) => Ok(n),
            _ => Err(unfit(column, "an integer")),
        }
    }

    /// A float.
    ///
    /// # Errors
    /// The column has something else than a number.
    #[inline]
    pub fn float(&self, column: usize) -> Result<f64, Fault> {
        match self.value(column)? {
            ValueRef::Real(f) => Ok(f),
            #[expect(clippy::cast_precision_loss, reason = "ints widen to floats")]
            ValueRef::Integer(n) => Ok(n as f64),
            _ => Err(unfit(column, "a number")),
        }
    }

    /// A bool.
    ///
    /// # Errors
    /// The column has something else than 0 or 1.
    #[inline]
    pub fn bool(&self, column: usize) -> Result<bool, Fault> {
        match self.value(column)? {
            ValueRef::Integer(n @ (0 | 1)) => Ok(n == 1),
            _ => Err(unfit(column, "a boolean")),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// The column has something else.
    #[inline]
    pub fn text(&self, column: usize) -> Result<Str, Fault> {
        self.text_ref(column).map(Str::from)
    }

    /// A text in place, for writing it on.
    ///
    /// # Errors
    /// The column has something else.
    #[inline]
    pub fn text_ref(&self, column: usize) -> Result<&str, Fault> {
        match self.value(column)? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| unfit(column, "a text")),
            _ => Err(unfit(column, "a text")),
        }
    }

    /// Data that is kept as JSON text.
    ///
    /// # Errors
    /// The column has no JSON text.
    pub fn json(&self, column: usize) -> Result<Any, Fault> {
        json::read(self.text_ref(column)?).map_err(|_| unfit(column, "JSON"))
    }

    /// Whatever is there.
    ///
    /// # Errors
    /// There is no such column.
    pub fn any(&self, column: usize) -> Result<Any, Fault> {
        Ok(match self.value(column)? {
            ValueRef::Null => Any::Nil,
            ValueRef::Integer(n) => Any::Int(n),
            ValueRef::Real(f) => Any::Float(f),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Any::Str(String::from_utf8_lossy(bytes).as_ref().into()),
        })
    }

    /// The row by column names.
    pub(super) fn map(&self) -> Result<Map<Str, Any>, Fault> {
        let names = self.row.as_ref().column_names();
        names.into_iter().enumerate().map(|(column, name)| Ok((name.into(), self.any(column)?))).collect()
    }
}

#[cold]
fn unfit(column: usize, expected: &str) -> Fault {
    Fault::with_status(500, "DATABASE_ERROR", format!("column {} of the row is not {expected}", column + 1))
}
