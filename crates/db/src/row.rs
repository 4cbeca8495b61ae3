//! Rows: the drivers' own, read by column name.

use datawave_core::{Failure, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, TypeInfo, ValueRef};

use crate::error::ColumnError;

/// One row of a result. Getters read a column by its name in the statement.
///
/// # Errors
/// A missing column, another type or an unexpected NULL is a defect of the store: INTERNAL, and the private
/// cause names the column.
pub struct Row(pub(crate) Native);

pub(crate) enum Native {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl std::fmt::Debug for Row {
    /// Column names only: rows hold data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = match &self.0 {
            Native::Sqlite(row) => row.columns().iter().map(Column::name).collect(),
            Native::Postgres(row) => row.columns().iter().map(Column::name).collect(),
        };
        f.debug_tuple("Row").field(&names).finish()
    }
}

impl Row {
    /// Text.
    pub fn text(&self, column: &str) -> Result<String, Failure> {
        required(column, "text", self.opt_text(column)?)
    }

    /// Text or NULL.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, Failure> {
        self.get(column, "text")
    }

    /// A 64-bit integer; narrower integers of the engine are widened.
    pub fn i64(&self, column: &str) -> Result<i64, Failure> {
        required(column, "a 64-bit integer", self.opt_i64(column)?)
    }

    /// A 64-bit integer or NULL.
    pub fn opt_i64(&self, column: &str) -> Result<Option<i64>, Failure> {
        // NOTE: literals and some functions of PostgreSQL are INT4.
        if self.postgres_type(column).as_deref() == Some("INT4") {
            return Ok(self.get::<i32>(column, "a 64-bit integer")?.map(i64::from));
        }
        self.get(column, "a 64-bit integer")
    }

    /// A floating-point number.
    pub fn f64(&self, column: &str) -> Result<f64, Failure> {
        required(column, "a number", self.opt_f64(column)?)
    }

    /// A floating-point number or NULL.
    pub fn opt_f64(&self, column: &str) -> Result<Option<f64>, Failure> {
        self.get(column, "a number")
    }

    /// A truth value.
    pub fn bool(&self, column: &str) -> Result<bool, Failure> {
        required(column, "a truth value", self.get(column, "a truth value")?)
    }

    /// Bytes.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, Failure> {
        required(column, "bytes", self.opt_bytes(column)?)
    }

    /// Bytes or NULL.
    pub fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.get(column, "bytes")
    }

    /// Exactly 32 bytes: a digest or a key.
    pub fn digest(&self, column: &str) -> Result<[u8; 32], Failure> {
        let bytes = self.bytes(column)?;
        <[u8; 32]>::try_from(bytes.as_slice()).map_err(|e| column_failure(column, "32 bytes", Box::new(e)))
    }

    /// A time.
    pub fn time(&self, column: &str) -> Result<Timestamp, Failure> {
        self.i64(column).map(Timestamp::from_micros)
    }

    /// A time or NULL.
    pub fn opt_time(&self, column: &str) -> Result<Option<Timestamp>, Failure> {
        Ok(self.opt_i64(column)?.map(Timestamp::from_micros))
    }

    /// JSON text, decoded.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, Failure> {
        let text = self.text(column)?;
        // NOTE: serde_json's message may quote the value; its position may not.
        serde_json::from_str(&text).map_err(|e| {
            let place = format!(
                "{:?} error at line {} column {}",
                e.classify(),
                e.line(),
                e.column()
            );
            column_failure(column, "JSON of the expected shape", place.into())
        })
    }

    fn get<'r, T>(&'r self, column: &str, wanted: &'static str) -> Result<Option<T>, Failure>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        let got = match &self.0 {
            Native::Sqlite(row) => row.try_get::<Option<T>, _>(column),
            Native::Postgres(row) => row.try_get::<Option<T>, _>(column),
        };
        got.map_err(|e| column_failure(column, wanted, Box::new(e)))
    }

    fn postgres_type(&self, column: &str) -> Option<String> {
        match &self.0 {
            Native::Sqlite(_) => None,
            Native::Postgres(row) => {
                let index = column.index(row).ok()?;
                Some(row.try_get_raw(index).ok()?.type_info().name().to_owned())
            }
        }
    }
}

fn required<T>(column: &str, wanted: &'static str, value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| column_failure(column, wanted, "it is NULL".into()))
}

fn column_failure(
    column: &str,
    wanted: &'static str,
    source: Box<dyn std::error::Error + Send + Sync>,
) -> Failure {
    Failure::internal(ColumnError {
        column: column.to_owned(),
        wanted,
        source,
    })
}
