//! Statements: a text, its values, and the four ways to run it.

use std::borrow::Cow;

use datawave_core::Failure;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe};

use crate::dialect;
use crate::error::Misuse;
use crate::row::{Native, Row};
use crate::session::{Native as Connection, Session};
use crate::value::Value;

/// A statement with its values. Nothing happens until it is run.
#[must_use = "a query does nothing until it is run"]
#[derive(Debug)]
pub struct Query {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

/// A statement of fixed text, with placeholders `$1`, `$2`, …
pub fn sql(text: &'static str) -> Query {
    Query {
        text: Cow::Borrowed(text),
        values: Vec::new(),
    }
}

/// A statement whose text was put together at run time, from constants and [`placeholders`] only:
/// values and names that anybody could choose are bound, never written into the text.
pub fn sql_owned(text: String) -> Query {
    Query {
        text: Cow::Owned(text),
        values: Vec::new(),
    }
}

/// `$first, $first+1, …`: `count` placeholders for a list, `IN ({})`.
///
/// With `count` 0 it is `NULL`, which no row is IN.
pub fn placeholders(first: usize, count: usize) -> String {
    if count == 0 {
        return "NULL".to_owned();
    }
    let list: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    list.join(", ")
}

impl Query {
    /// Binds the next placeholder.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next placeholders, one for each item.
    pub fn bind_all<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    /// Runs it; the number of rows inserted, changed or deleted.
    pub async fn execute(self, session: &mut Session) -> Result<u64, Failure> {
        let Ready {
            text,
            values,
            persistent,
        } = self.ready(session)?;
        let done = match session.native() {
            Connection::Sqlite(c) => {
                let query = sqlx::query_with(AssertSqlSafe(text), sqlite_arguments(values)?);
                query
                    .persistent(persistent)
                    .execute(c)
                    .await
                    .map(|d| d.rows_affected())
            }
            Connection::Postgres(c) => {
                let query = sqlx::query_with(AssertSqlSafe(text), postgres_arguments(values)?);
                query
                    .persistent(persistent)
                    .execute(c)
                    .await
                    .map(|d| d.rows_affected())
            }
        };
        session.outcome(done)
    }

    /// All rows. Bound your statements with LIMIT: all rows are in memory at once.
    pub async fn fetch_all(self, session: &mut Session) -> Result<Vec<Row>, Failure> {
        let Ready {
            text,
            values,
            persistent,
        } = self.ready(session)?;
        let rows = match session.native() {
            Connection::Sqlite(c) => {
                let query = sqlx::query_with(AssertSqlSafe(text), sqlite_arguments(values)?);
                let rows = query.persistent(persistent).fetch_all(c).await;
                rows.map(|rows| rows.into_iter().map(|r| Row(Native::Sqlite(r))).collect())
            }
            Connection::Postgres(c) => {
                let query = sqlx::query_with(AssertSqlSafe(text), postgres_arguments(values)?);
                let rows = query.persistent(persistent).fetch_all(c).await;
                rows.map(|rows| rows.into_iter().map(|r| Row(Native::Postgres(r))).collect())
            }
        };
        session.outcome(rows)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(self, session: &mut Session) -> Result<Option<Row>, Failure> {
        let Ready {
            text,
            values,
            persistent,
        } = self.ready(session)?;
        let row = match session.native() {
            Connection::Sqlite(c) => {
                let query = sqlx::query_with(AssertSqlSafe(text), sqlite_arguments(values)?);
                let row = query.persistent(persistent).fetch_optional(c).await;
                row.map(|row| row.map(|r| Row(Native::Sqlite(r))))
            }
            Connection::Postgres(c) => {
                let query = sqlx::query_with(AssertSqlSafe(text), postgres_arguments(values)?);
                let row = query.persistent(persistent).fetch_optional(c).await;
                row.map(|row| row.map(|r| Row(Native::Postgres(r))))
            }
        };
        session.outcome(row)
    }

    /// The first row; that there is none is a defect of the caller.
    pub async fn fetch_one(self, session: &mut Session) -> Result<Row, Failure> {
        self.fetch_optional(session)
            .await?
            .ok_or_else(|| Failure::internal(Misuse("a statement that always returns a row returned none")))
    }

    fn ready(self, session: &Session) -> Result<Ready, Failure> {
        for value in &self.values {
            value.check()?;
        }
        // A text made at run time would only push the fixed ones out of the statement cache.
        let persistent = session.keeps_statements() && matches!(self.text, Cow::Borrowed(_));
        let text = dialect::expand(session.engine(), self.text);
        Ok(Ready {
            text,
            values: self.values,
            persistent,
        })
    }
}

struct Ready {
    text: Cow<'static, str>,
    values: Vec<Value>,
    persistent: bool,
}

fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments, Failure> {
    let mut out = SqliteArguments::default();
    for value in values {
        match value {
            Value::Text(v) => Arguments::add(&mut out, v),
            Value::I64(v) => Arguments::add(&mut out, v),
            Value::F64(v) => Arguments::add(&mut out, v),
            Value::Bool(v) => Arguments::add(&mut out, v),
            Value::Bytes(v) => Arguments::add(&mut out, v),
        }
        .map_err(Failure::internal)?;
    }
    Ok(out)
}

fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments, Failure> {
    let mut out = PgArguments::default();
    for value in values {
        match value {
            Value::Text(v) => Arguments::add(&mut out, v),
            Value::I64(v) => Arguments::add(&mut out, v),
            Value::F64(v) => Arguments::add(&mut out, v),
            Value::Bool(v) => Arguments::add(&mut out, v),
            Value::Bytes(v) => Arguments::add(&mut out, v),
        }
        .map_err(Failure::internal)?;
    }
    Ok(out)
}

/// Runs a script of several statements without values: migrations.
pub(crate) async fn run_script(session: &mut Session, text: &'static str) -> Result<(), Failure> {
    let done = match session.native() {
        Connection::Sqlite(c) => sqlx::raw_sql(text).execute(c).await.map(|_| ()),
        Connection::Postgres(c) => sqlx::raw_sql(text).execute(c).await.map(|_| ()),
    };
    session.outcome(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_from_the_first() {
        assert_eq!(placeholders(3, 2), "$3, $4");
        assert_eq!(placeholders(1, 0), "NULL");
    }
}
