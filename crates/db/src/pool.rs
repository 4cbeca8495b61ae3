//! Connections: how each engine is opened, read and written.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use datawave_core::{Failure, Reason};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::dialect::Engine;
use crate::error;
use crate::session::{Link, Session};
use crate::url::Target;

/// How long a call waits for a connection before it gives up with `DEPENDENCY_UNAVAILABLE`. Callers have their
/// own deadlines; this bounds what has none, and a disk may stall for seconds.
const ACQUIRE: Duration = Duration::from_secs(30);
/// How long a PostgreSQL server may take to answer the first connection.
const REACH: Duration = Duration::from_secs(10);
/// How long SQLite waits for another process that holds the write lock.
const BUSY: Duration = Duration::from_secs(15);
const SQLITE_READERS: u32 = 4;
/// Per direction. With eight services in one process: 8 * 2 * 5 stays below PostgreSQL's default of 100.
const POSTGRES_CONNECTIONS: u32 = 5;

/// The connections of one store: those that read, and those that write.
pub(crate) struct Pools {
    service: &'static str,
    native: Native,
}

enum Native {
    /// One writer, so that `BEGIN IMMEDIATE` never meets a competitor of the same process.
    Sqlite { reader: SqlitePool, writer: SqlitePool },
    Postgres {
        reader: PgPool,
        writer: PgPool,
        persistent: bool,
    },
}

impl Pools {
    pub(crate) async fn open(target: &Target, service: &'static str) -> Result<Self, Failure> {
        let native = match target {
            Target::Sqlite(path) => open_sqlite(path, service).await?,
            Target::Postgres { options, persistent } => open_postgres(options, *persistent, service).await?,
        };
        Ok(Self { service, native })
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.native {
            Native::Sqlite { .. } => Engine::Sqlite,
            Native::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A connection that can only read.
    pub(crate) async fn read(&self) -> Result<Session, Failure> {
        let link = match &self.native {
            Native::Sqlite { reader, .. } => reader.acquire().await.map(Link::Sqlite),
            Native::Postgres { reader, .. } => reader.acquire().await.map(Link::Postgres),
        };
        self.session(link)
    }

    /// A connection with an open transaction that can write; dropped, it rolls back.
    pub(crate) async fn begin(&self) -> Result<Session, Failure> {
        let link = match &self.native {
            Native::Sqlite { writer, .. } => writer.begin_with("BEGIN IMMEDIATE").await.map(Link::SqliteTx),
            Native::Postgres { writer, .. } => writer.begin().await.map(Link::PostgresTx),
        };
        self.session(link)
    }

    fn session(&self, link: Result<Link, sqlx::Error>) -> Result<Session, Failure> {
        let persistent = match self.native {
            Native::Sqlite { .. } => true,
            Native::Postgres { persistent, .. } => persistent,
        };
        let link = link.map_err(|e| error::failure(self.service, e))?;
        Ok(Session::new(link, self.service, persistent))
    }

    /// Waits for the connections in use, then closes all.
    pub(crate) async fn close(&self) {
        match &self.native {
            Native::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Native::Postgres { reader, writer, .. } => {
                reader.close().await;
                writer.close().await;
            }
        }
    }
}

async fn open_sqlite(path: &Path, service: &'static str) -> Result<Native, Failure> {
    create_private(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .synchronous(SqliteSynchronous::Full);
    // The writer comes first: it turns the write-ahead log on, which stays with the file.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone().journal_mode(SqliteJournalMode::Wal))
        .await
        .map_err(|e| error::failure(service, e))?;
    let reader = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(|e| error::failure(service, e))?;
    Ok(Native::Sqlite { reader, writer })
}

/// Creates the file for its owner alone; SQLite gives its log files the same mode.
fn create_private(path: &Path) -> Result<(), Failure> {
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Ok(file) => file.sync_all().map_err(|e| not_created(path, e)),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(not_created(path, e)),
    }
}

fn not_created(path: &Path, source: std::io::Error) -> Failure {
    Failure::new(
        Reason::DependencyUnavailable,
        format!(
            "the store {} cannot be created: {}",
            path.display(),
            source.kind()
        ),
    )
    .with_remedy("check that the folder exists, belongs to this user and has space")
    .with_source(source)
}

async fn open_postgres(
    options: &PgConnectOptions,
    persistent: bool,
    service: &'static str,
) -> Result<Native, Failure> {
    let pool = |read_only: bool| {
        let settings = format!(
            "SET search_path TO \"{service}\"; SET default_transaction_read_only = {}; \
             SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning; \
             SET lock_timeout = '30s'; SET statement_timeout = '60s'",
            if read_only { "on" } else { "off" }
        );
        PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            // The time-outs are for statements whose caller has gone: they must not keep a connection for ever.
            // Settings made after connecting, not as start-up parameters, which poolers refuse.
            .after_connect(move |connection, _| {
                let settings = settings.clone();
                Box::pin(async move {
                    connection.execute(sqlx::raw_sql(AssertSqlSafe(settings))).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(options.clone().application_name(&format!("datawave-{service}")))
    };
    let (reader, writer) = (pool(true), pool(false));
    // NOTE: a pool tries again until its time is up; a wrong address is to be told at once.
    let probe = tokio::time::timeout(REACH, options.connect()).await;
    let closed = match probe {
        Ok(Ok(connection)) => connection.close().await,
        Ok(Err(error)) => Err(error),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    };
    closed.map_err(|e| error::failure(service, e))?;
    Ok(Native::Postgres {
        reader,
        writer,
        persistent,
    })
}
