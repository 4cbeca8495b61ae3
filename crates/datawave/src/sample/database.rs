//! A database as data, and how it becomes a SQLite file.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// One value of a row.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row from values of different types.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::sample::database::Value::from($value)),*] };
}
pub(super) use row;

/// A table: its name, what stands between the brackets of CREATE TABLE, its rows.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static str,
    pub(super) rows: Vec<Vec<Value>>,
}

/// Tables in an order in which foreign keys can be satisfied, then indexes and views.
pub(super) struct Database {
    pub(super) tables: Vec<Table>,
    pub(super) after: &'static [&'static str],
}

/// Most bound values that one statement of SQLite takes with room to spare.
const BOUND: usize = 16_000;

impl Database {
    /// Writes a new file. The file is complete or the call failed.
    pub(super) async fn write(&self, path: &Path) -> Result<(), sqlx::Error> {
        // Nobody reads the file before it is complete and it can be made again: no journal, no flush.
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .connect()
            .await?;
        let mut transaction = connection.begin().await?;
        for table in &self.tables {
            table.write(&mut transaction).await?;
        }
        for statement in self.after {
            sqlx::query(*statement).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        connection.close().await
    }
}

impl Table {
    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let create = format!("create table {} ({})", self.name, self.columns);
        sqlx::query(AssertSqlSafe(create))
            .execute(&mut *connection)
            .await?;
        let width = self.rows.first().map_or(1, Vec::len);
        for chunk in self.rows.chunks((BOUND / width).max(1)) {
            let one = format!("({})", vec!["?"; width].join(","));
            let insert = format!(
                "insert into {} values {}",
                self.name,
                vec![one; chunk.len()].join(",")
            );
            let mut query = sqlx::query(AssertSqlSafe(insert));
            for value in chunk.iter().flatten().cloned() {
                query = match value {
                    Value::Null => query.bind(None::<String>),
                    Value::Int(value) => query.bind(value),
                    Value::Real(value) => query.bind(value),
                    Value::Text(value) => query.bind(value),
                    Value::Bytes(value) => query.bind(value),
                };
            }
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }
}
