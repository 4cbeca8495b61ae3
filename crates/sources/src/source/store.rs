//! SQL of sources.

use datawave_core::{Failure, TenantId};
use datawave_db::{Row, Session, Tx, sql};

use super::model::Source;

pub(crate) async fn by_id(
    session: &mut Session,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Source>, Failure> {
    let row = sql("SELECT * FROM sources WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .fetch_optional(session)
        .await?;
    row.map(|row| from_row(&row)).transpose()
}

pub(crate) async fn by_display_name(
    session: &mut Session,
    tenant: &TenantId,
    name: &str,
) -> Result<Option<Source>, Failure> {
    let row = sql("SELECT * FROM sources WHERE tenant = $1 AND display_name = $2")
        .bind(tenant)
        .bind(name)
        .fetch_optional(session)
        .await?;
    row.map(|row| from_row(&row)).transpose()
}

/// One page by display name (unique), after `after`.
pub(crate) async fn list(
    session: &mut Session,
    tenant: &TenantId,
    after: &str,
    limit: usize,
) -> Result<Vec<Source>, Failure> {
    let rows =
        sql("SELECT * FROM sources WHERE tenant = $1 AND display_name > $2 ORDER BY display_name LIMIT $3")
            .bind(tenant)
            .bind(after)
            .bind(limit as i64)
            .fetch_all(session)
            .await?;
    rows.iter().map(from_row).collect()
}

pub(crate) async fn put(tx: &mut Tx<'_>, tenant: &TenantId, source: &Source) -> Result<(), Failure> {
    sql("INSERT INTO sources (tenant, id, display_name, engine, url, credential_ref, login, edge, include_patterns, \
         exclude_patterns, version, created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (tenant, id) DO UPDATE SET display_name = excluded.display_name, url = excluded.url, \
         credential_ref = excluded.credential_ref, login = excluded.login, edge = excluded.edge, \
         include_patterns = excluded.include_patterns, exclude_patterns = excluded.exclude_patterns, \
         version = excluded.version, updated = excluded.updated")
    .bind(tenant)
    .bind(source.id.as_str())
    .bind(source.display_name.as_str())
    .bind(source.engine.as_str())
    .bind(source.url.as_str())
    .bind(source.credential_ref.as_str())
    .bind(source.login.as_str())
    .bind(source.edge.as_str())
    .bind(serde_json::to_string(&source.include).map_err(Failure::internal)?)
    .bind(serde_json::to_string(&source.exclude).map_err(Failure::internal)?)
    .bind(source.version)
    .bind(source.created)
    .bind(source.updated)
    .execute(tx)
    .await?;
    Ok(())
}

pub(crate) async fn delete(tx: &mut Tx<'_>, tenant: &TenantId, id: &str) -> Result<(), Failure> {
    sql("DELETE FROM sources WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Source, Failure> {
    Ok(Source {
        id: row.text("id")?,
        display_name: row.text("display_name")?,
        engine: row.text("engine")?,
        url: row.text("url")?,
        credential_ref: row.text("credential_ref")?,
        login: row.text("login")?,
        edge: row.text("edge")?,
        include: row.json("include_patterns")?,
        exclude: row.json("exclude_patterns")?,
        version: row.i64("version")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
    })
}
