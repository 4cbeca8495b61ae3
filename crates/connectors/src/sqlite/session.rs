//! One connection to a SQLite file: read-only twice over, every statement with a time limit.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use datawave_core::{Failure, Reason};
use futures::TryStreamExt;
use futures::future::BoxFuture;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};

use super::error::{self, Doing};
use crate::TAG;
use crate::limits::Limits;
use crate::model::Cost;

/// Virtual machine steps between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 10_000;

/// Time beyond a statement's limit until we stop waiting for the engine to notice it itself.
const MARGIN: Duration = Duration::from_secs(5);

/// `never` in the shared deadline.
const NEVER: u64 = u64::MAX;

pub(super) struct Session {
    connection: SqliteConnection,
    /// Milliseconds since `start` at which the engine must give up.
    deadline: Arc<AtomicU64>,
    start: Instant,
    statement: Duration,
    cost: Cost,
    lost: bool,
}

impl Session {
    /// Opens `path` for reading. A missing file is never created.
    pub(super) async fn open(path: &Path, limits: &Limits) -> Result<Self, Failure> {
        error::check_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .create_if_missing(false)
            .busy_timeout(limits.lock)
            .statement_cache_capacity(16)
            // The channel between SQLite's thread and ours: a few rows, so that budgets bite early.
            .row_buffer_size(4)
            // The second lock on the door: even ATTACH or a writable file changes nothing.
            .pragma("query_only", "ON")
            // The schema is somebody else's: its views and triggers may not call what has side effects.
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON")
            .pragma("mmap_size", "0")
            .disable_statement_logging();
        let opened =
            tokio::time::timeout(limits.connect + MARGIN, SqliteConnection::connect_with(&options)).await;
        let mut connection = match opened {
            Ok(Ok(connection)) => connection,
            Ok(Err(cause)) => return Err(error::failure(&cause, &Doing::Open(path))),
            Err(_) => return Err(error::too_slow("opening the file", limits.connect)),
        };
        let start = Instant::now();
        let deadline = Arc::new(AtomicU64::new(NEVER));
        let seen = Arc::clone(&deadline);
        connection
            .lock_handle()
            .await
            .map_err(|cause| error::failure(&cause, &Doing::Open(path)))?
            .set_progress_handler(STEPS, move || {
                let limit = seen.load(Ordering::Relaxed);
                limit == NEVER || millis(start.elapsed()) < limit
            });
        Ok(Self {
            connection,
            deadline,
            start,
            statement: limits.statement,
            cost: Cost::default(),
            lost: false,
        })
    }

    /// Runs one statement and hands each row to `each`, until it says `false` or the rows end.
    ///
    /// Decoding happens in `each`, so that a row with an unreadable value is its caller's matter.
    pub(super) async fn rows(
        &mut self,
        sql: String,
        arguments: Vec<Bound>,
        doing: &Doing<'_>,
        mut each: impl FnMut(&SqliteRow) -> Result<bool, Failure> + Send,
    ) -> Result<(), Failure> {
        if self.lost {
            return Err(error::lost());
        }
        self.cost.statements += 1;
        let begun = Instant::now();
        self.deadline
            .store(millis(self.start.elapsed() + self.statement), Ordering::Relaxed);
        let mut query = sqlx::query(AssertSqlSafe(format!("{TAG}{sql}")));
        for argument in arguments {
            query = argument.bind(query);
        }
        let cost = &mut self.cost;
        let connection = &mut self.connection;
        let work: BoxFuture<'_, Result<(), Failure>> = Box::pin(async move {
            let mut stream = query.fetch(connection);
            loop {
                let row = stream
                    .try_next()
                    .await
                    .map_err(|cause| error::failure(&cause, doing))?;
                let Some(row) = row else { return Ok(()) };
                cost.rows += 1;
                if !each(&row)? {
                    return Ok(());
                }
            }
        });
        let result = tokio::time::timeout(self.statement + MARGIN, work).await;
        self.deadline.store(NEVER, Ordering::Relaxed);
        self.cost.millis += millis(begun.elapsed());
        result.unwrap_or_else(|_| {
            self.lost = true;
            Err(error::too_slow(&doing.to_string(), self.statement))
        })
    }

    /// Runs a statement for its effect on the session (`BEGIN`, `ROLLBACK`); not counted as a cost.
    pub(super) async fn control(&mut self, sql: &'static str) -> Result<(), Failure> {
        let doing = Doing::Session;
        let result = self.rows(sql.into(), Vec::new(), &doing, |_| Ok(true)).await;
        self.cost.statements -= 1;
        result
    }

    /// First column of the first row as text; empty when there is no row.
    pub(super) async fn first_text(&mut self, sql: &str) -> Result<String, Failure> {
        let mut out = String::new();
        self.rows(sql.into(), Vec::new(), &Doing::Session, |row| {
            out = text(row, 0).unwrap_or_default();
            Ok(false)
        })
        .await?;
        Ok(out)
    }

    /// Counts bytes of values that were received.
    pub(super) fn count_bytes(&mut self, bytes: u64) {
        self.cost.bytes += bytes;
    }

    /// What the session cost since the last call.
    pub(super) fn take_cost(&mut self) -> Cost {
        std::mem::take(&mut self.cost)
    }

    /// The engine did not answer in time; this session cannot be used again.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }
}

/// A value for a placeholder.
pub(super) enum Bound {
    Text(String),
    Integer(i64),
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments>;

impl Bound {
    fn bind(self, query: Query<'_>) -> Query<'_> {
        match self {
            Self::Text(value) => query.bind(value),
            Self::Integer(value) => query.bind(value),
        }
    }
}

/// A column of the catalogue as text; `None` for NULL and for octets that are not UTF-8.
pub(super) fn text(row: &SqliteRow, index: usize) -> Option<String> {
    row.try_get_unchecked::<Option<Vec<u8>>, _>(index)
        .ok()
        .flatten()
        .and_then(|bytes| String::from_utf8(bytes).ok())
}

/// A column of the catalogue as a number; `None` for NULL.
pub(super) fn integer(row: &SqliteRow, index: usize) -> Option<i64> {
    row.try_get_unchecked::<Option<i64>, _>(index).ok().flatten()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(NEVER - 1)
}

/// The engine answered with what no statement of ours asks for.
pub(super) fn broken(what: &str) -> Failure {
    Failure::new(
        Reason::SourceBroken,
        format!("the source's catalogue is damaged: {what}"),
    )
    .with_remedy("run PRAGMA integrity_check on the file with the sqlite3 shell")
}
