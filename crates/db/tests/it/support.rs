//! A small schema and what tests of it share.

use datawave_core::{AuditRecord, CallContext, EventRecord, Failure, Reason, TenantId, Timestamp};
use datawave_db::{Db, Migration, Session, Tx, sql};

pub(crate) const SERVICE: &str = "things";

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "things",
    sqlite: "
        CREATE TABLE things (
            tenant TEXT NOT NULL, id TEXT NOT NULL, name TEXT, count INTEGER, ratio REAL, flag BOOLEAN,
            data BLOB, at INTEGER, PRIMARY KEY (tenant, id)
        );
        CREATE TABLE jobs (tenant TEXT NOT NULL, id TEXT NOT NULL, owner TEXT, PRIMARY KEY (tenant, id));",
    postgres: "
        CREATE TABLE things (
            tenant TEXT COLLATE \"C\" NOT NULL, id TEXT COLLATE \"C\" NOT NULL, name TEXT COLLATE \"C\",
            count BIGINT, ratio DOUBLE PRECISION, flag BOOLEAN, data BYTEA, at BIGINT, PRIMARY KEY (tenant, id)
        );
        CREATE TABLE jobs (
            tenant TEXT COLLATE \"C\" NOT NULL, id TEXT COLLATE \"C\" NOT NULL, owner TEXT COLLATE \"C\",
            PRIMARY KEY (tenant, id)
        );",
}];

pub(crate) fn tenant() -> TenantId {
    TenantId::default_tenant()
}

pub(crate) fn context() -> CallContext {
    CallContext::background(tenant(), SERVICE, "datawave.things.v1.ThingService/CreateThing")
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

pub(crate) async fn insert(tx: &mut Tx<'_>, id: &str, count: i64) -> Result<(), Failure> {
    sql("INSERT INTO things (tenant, id, count) VALUES ($1, $2, $3)")
        .bind(&tenant())
        .bind(id)
        .bind(count)
        .execute(tx)
        .await
        .map(drop)
}

pub(crate) async fn insert_committed(db: &Db, id: &str, count: i64) {
    let id = id.to_owned();
    db.write(move |tx| {
        let id = id.clone();
        Box::pin(async move { insert(tx, &id, count).await })
    })
    .await
    .unwrap();
}

pub(crate) async fn count_of(session: &mut Session, id: &str) -> Result<i64, Failure> {
    sql("SELECT count FROM things WHERE tenant = $1 AND id = $2 {for_update}")
        .bind(&tenant())
        .bind(id)
        .fetch_one(session)
        .await?
        .i64("count")
}

pub(crate) async fn things(db: &Db) -> i64 {
    number(db, "SELECT count(*) AS n FROM things").await
}

/// The column `n` of a statement that returns one row.
pub(crate) async fn number(db: &Db, text: &'static str) -> i64 {
    sql(text)
        .fetch_one(&mut db.read().await.unwrap())
        .await
        .unwrap()
        .i64("n")
        .unwrap()
}

pub(crate) fn event(id: &str, key: &str, payload: &[u8]) -> EventRecord {
    EventRecord {
        id: id.to_owned(),
        tenant: tenant().to_string(),
        topic: SERVICE.to_owned(),
        kind: "thing_changed".to_owned(),
        key: key.to_owned(),
        time: now(),
        trace_id: None,
        payload: payload.to_vec(),
    }
}

pub(crate) fn record(id: &str) -> AuditRecord {
    AuditRecord::allowed(id.to_owned(), now(), SERVICE, &context(), "created", "things/x")
}

pub(crate) fn refused() -> Failure {
    Failure::new(Reason::DependencyUnavailable, "not now")
}
