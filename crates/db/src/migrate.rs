//! Schema versions: what was applied, what is missing, and who may not open the store.

use datawave_core::digest::sha256;
use datawave_core::{Failure, Reason};

use crate::db::Db;
use crate::dialect::{self, Engine};
use crate::error::Misuse;
use crate::pool::Pools;
use crate::query::{run_script, sql, sql_owned};
use crate::session::Session;

/// One step of a schema, for both engines: the same tables and columns, each in the engine's words.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Number of the step: 1, 2, 3, …
    pub version: i64,
    /// Name of the file without number and ending: `assets` for `0001_assets.sql`.
    pub name: &'static str,
    /// Text for SQLite.
    pub sqlite: &'static str,
    /// Text for PostgreSQL.
    pub postgres: &'static str,
}

impl Migration {
    fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// Tables of this crate, in every store.
const BASE: &[Migration] = &[Migration {
    version: 1,
    name: "base",
    sqlite: include_str!("../migrations/sqlite/0001_base.sql"),
    postgres: include_str!("../migrations/postgres/0001_base.sql"),
}];

/// Whose migrations a row of `dw_schema` is about.
const SCOPES: [&str; 2] = ["base", "service"];

/// Table and column names of the store, sorted: what a test compares between the engines.
pub async fn schema_of(db: &Db) -> Result<Vec<(String, String)>, Failure> {
    let mut session = db.read().await?;
    sql(dialect::columns_statement(db.engine()))
        .fetch_all(&mut session)
        .await?
        .iter()
        .map(|row| Ok((row.text("t")?, row.text("c")?)))
        .collect()
}

/// Refuses a service name that is no schema name, and steps out of order.
pub(crate) fn check(service: &str, migrations: &[Migration]) -> Result<(), Failure> {
    let name = (1..=40).contains(&service.len())
        && service.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        && !service.starts_with("pg_");
    if !name {
        return Err(Failure::internal(Misuse(
            "a service name is 1 to 40 characters of a-z and _",
        )));
    }
    if migrations.iter().zip(1..).any(|(m, n)| m.version != n) {
        return Err(Failure::internal(Misuse(
            "migrations are numbered 1, 2, 3, … in order",
        )));
    }
    Ok(())
}

/// A number for a named lock.
pub(crate) fn lock_key(parts: &[&str]) -> i64 {
    let parts: Vec<&[u8]> = parts.iter().map(|p| p.as_bytes()).collect();
    let digest = datawave_core::digest::sha256_parts(&parts);
    let mut head = [0; 8];
    head.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(head)
}

/// Applies what is missing.
pub(crate) async fn run(
    pools: &Pools,
    service: &str,
    migrations: &'static [Migration],
) -> Result<(), Failure> {
    while step(pools, service, migrations).await? {}
    Ok(())
}

/// One transaction: looks at the whole state, applies the first missing step. `false` when none was missing.
async fn step(pools: &Pools, service: &str, migrations: &'static [Migration]) -> Result<bool, Failure> {
    let mut session = pools.begin().await?;
    if let Some(lock) = dialect::lock_statement(session.engine()) {
        // A step may take as long as it needs, and others wait for it.
        run_script(
            &mut session,
            "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0",
        )
        .await?;
        sql(lock)
            .bind(lock_key(&["migrate", service]))
            .fetch_optional(&mut session)
            .await?;
        prepare_schema(&mut session, service).await?;
    }
    let engine = session.engine();
    let applied = applied(&mut session).await?;
    let mut missing = None;
    for (scope, known) in SCOPES.into_iter().zip([BASE, migrations]) {
        for row in applied.iter().filter(|row| row.scope == scope) {
            let Some(migration) = known.iter().find(|m| m.version == row.version) else {
                return Err(too_new(service, scope, row.version, known.len()));
            };
            if row.checksum != sha256(migration.text(engine).as_bytes()) || row.name != migration.name {
                return Err(changed(service, migration));
            }
        }
        let next = known
            .iter()
            .find(|m| !applied.iter().any(|r| r.scope == scope && r.version == m.version));
        if missing.is_none() {
            missing = next.map(|m| (scope, m));
        }
    }
    let Some((scope, migration)) = missing else {
        session.rollback().await;
        return Ok(false);
    };
    run_script(&mut session, migration.text(engine)).await?;
    sql("INSERT INTO dw_schema (scope, version, name, checksum) VALUES ($1, $2, $3, $4)")
        .bind(scope)
        .bind(migration.version)
        .bind(migration.name)
        .bind(&sha256(migration.text(engine).as_bytes()))
        .execute(&mut session)
        .await?;
    session.commit().await?;
    tracing::info!(
        service,
        scope,
        version = migration.version,
        name = migration.name,
        "schema step applied"
    );
    Ok(true)
}

struct Applied {
    scope: String,
    version: i64,
    name: String,
    checksum: [u8; 32],
}

async fn applied(session: &mut Session) -> Result<Vec<Applied>, Failure> {
    let there = sql(dialect::schema_table_statement(session.engine()))
        .fetch_optional(session)
        .await?;
    if there.is_none() {
        let (text, number, bytes) = match session.engine() {
            Engine::Sqlite => ("TEXT", "INTEGER", "BLOB"),
            Engine::Postgres => ("TEXT COLLATE \"C\"", "BIGINT", "BYTEA"),
        };
        sql_owned(format!(
            "CREATE TABLE dw_schema (scope {text} NOT NULL, version {number} NOT NULL, name {text} NOT NULL, \
             checksum {bytes} NOT NULL, PRIMARY KEY (scope, version))"
        ))
        .execute(session)
        .await?;
    }
    sql("SELECT scope, version, name, checksum FROM dw_schema ORDER BY scope, version")
        .fetch_all(session)
        .await?
        .iter()
        .map(|row| {
            Ok(Applied {
                scope: row.text("scope")?,
                version: row.i64("version")?,
                name: row.text("name")?,
                checksum: row.digest("checksum")?,
            })
        })
        .collect()
}

/// PostgreSQL only: a schema for the service, in a database that can hold every text.
async fn prepare_schema(session: &mut Session, service: &str) -> Result<(), Failure> {
    let encoding = sql("SELECT current_setting('server_encoding') AS encoding")
        .fetch_one(session)
        .await?;
    if encoding.text("encoding")? != "UTF8" {
        return Err(Failure::new(
            Reason::ConfigInvalid,
            format!("the database of {service} does not use the encoding UTF8"),
        )
        .with_remedy("create a database with ENCODING 'UTF8' and point the service at it"));
    }
    let there = sql("SELECT CAST(nspname AS TEXT) AS name FROM pg_namespace WHERE nspname = $1")
        .bind(service)
        .fetch_optional(session)
        .await?;
    if there.is_none() {
        // The name was checked to be letters and underscores.
        sql_owned(format!("CREATE SCHEMA \"{service}\""))
            .execute(session)
            .await?;
    }
    Ok(())
}

fn too_new(service: &str, scope: &str, version: i64, known: usize) -> Failure {
    Failure::new(
        Reason::DataDirectoryTooNew,
        format!("the store of {service} has schema version {version} ({scope}); this program knows versions up to {known}"),
    )
    .with_remedy("run the newer version that upgraded this store, or restore a backup made before the upgrade")
    .with_metadata("schema_version", version.to_string())
}

fn changed(service: &str, migration: &Migration) -> Failure {
    Failure::new(
        Reason::StoreCorrupt,
        format!(
            "schema step {} ({}) of the store of {service} was applied with another text than this program has",
            migration.version, migration.name
        ),
    )
    .with_remedy("run the version of the program that wrote this store; an applied schema step must never be edited")
}
