//! SQL of assets. Knows rows, not callers; every statement is inside one tenant.

use std::collections::BTreeMap;

use datawave_core::{Failure, TenantId, Timestamp};
use datawave_db::{Row, Session, Tx, sql};
use serde::{Deserialize, Serialize};

use super::model::{Asset, AssetKind, Path};

/// Which assets a list shows. Empty fields do not filter.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) struct AssetFilter {
    pub(crate) source: Option<String>,
    pub(crate) kind: Option<AssetKind>,
    pub(crate) parent: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) prefix: Option<String>,
}

/// A former version of an asset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AssetVersionRow {
    pub(crate) version: i64,
    pub(crate) asset: Asset,
    pub(crate) changed_by: String,
    pub(crate) changed: Timestamp,
}

pub(crate) async fn asset(
    session: &mut Session,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Asset>, Failure> {
    sql("SELECT * FROM assets WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .fetch_optional(session)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// Assets with these ids, by id.
pub(crate) async fn assets_by_id(
    session: &mut Session,
    tenant: &TenantId,
    ids: &[String],
) -> Result<BTreeMap<String, Asset>, Failure> {
    // SQLite takes 32,766 parameters, PostgreSQL 65,535; a smaller chunk keeps statements few in kind.
    const CHUNK: usize = 500;
    let mut out = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let text = format!(
            "SELECT * FROM assets WHERE tenant = $1 AND id IN ({})",
            datawave_db::placeholders(2, chunk.len())
        );
        let query = datawave_db::sql_owned(text)
            .bind(tenant)
            .bind_all(chunk.iter().map(String::as_str));
        for row in query.fetch_all(session).await? {
            let asset = from_row(&row)?;
            out.insert(asset.id.clone(), asset);
        }
    }
    Ok(out)
}

/// One page by (qualified name, id), after `after`.
pub(crate) async fn list(
    session: &mut Session,
    tenant: &TenantId,
    filter: &AssetFilter,
    after: Option<(&str, &str)>,
    limit: usize,
) -> Result<Vec<Asset>, Failure> {
    let (name, id) = after.unwrap_or_default();
    let prefix_end = filter.prefix.as_deref().map(after_prefix);
    let rows = sql(
        "SELECT * FROM assets a WHERE tenant = $1 \
         AND (qualified_name > $2 OR (qualified_name = $2 AND id > $3)) \
         AND ($4 IS NULL OR source = $4) AND ($5 IS NULL OR kind = $5) AND ($6 IS NULL OR parent = $6) \
         AND ($7 IS NULL OR EXISTS (SELECT 1 FROM asset_labels l WHERE l.tenant = a.tenant AND l.label = $7 AND l.asset = a.id)) \
         AND ($8 IS NULL OR (qualified_name >= $8 AND qualified_name < $9)) \
         ORDER BY qualified_name, id LIMIT $10",
    )
    .bind(tenant)
    .bind(name)
    .bind(id)
    .bind(filter.source.clone())
    .bind(filter.kind.map(|k| k.as_str().to_owned()))
    .bind(filter.parent.clone())
    .bind(filter.label.clone())
    .bind(filter.prefix.clone())
    .bind(prefix_end)
    .bind(limit as i64)
    .fetch_all(session)
    .await?;
    rows.iter().map(from_row).collect()
}

/// The least text that is greater than every text with this prefix, in code point order.
fn after_prefix(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Changed assets after `revision` in commit order, with their revisions.
pub(crate) async fn changes_after(
    session: &mut Session,
    tenant: &TenantId,
    revision: i64,
    limit: usize,
) -> Result<Vec<(i64, Asset)>, Failure> {
    let rows = sql("SELECT * FROM assets WHERE tenant = $1 AND revision > $2 ORDER BY revision LIMIT $3")
        .bind(tenant)
        .bind(revision)
        .bind(limit as i64)
        .fetch_all(session)
        .await?;
    rows.iter()
        .map(|row| Ok((row.i64("revision")?, from_row(row)?)))
        .collect()
}

/// Revision of the last committed change; 0 before the first.
pub(crate) async fn revision(session: &mut Session, tenant: &TenantId) -> Result<i64, Failure> {
    let row = sql("SELECT value FROM revisions WHERE tenant = $1")
        .bind(tenant)
        .fetch_optional(session)
        .await?;
    row.map_or(Ok(0), |row| row.i64("value"))
}

/// Tenants that have assets.
pub(crate) async fn tenants(session: &mut Session) -> Result<Vec<String>, Failure> {
    let rows = sql("SELECT tenant FROM revisions ORDER BY tenant")
        .fetch_all(session)
        .await?;
    rows.iter().map(|row| row.text("tenant")).collect()
}

/// Takes the next revision. The counter's row stays locked until the transaction ends, so that revisions
/// become visible in their order.
async fn next_revision(tx: &mut Tx<'_>, tenant: &TenantId) -> Result<i64, Failure> {
    sql("INSERT INTO revisions (tenant, value) VALUES ($1, 1) \
         ON CONFLICT (tenant) DO UPDATE SET value = revisions.value + 1 RETURNING value")
    .bind(tenant)
    .fetch_one(tx)
    .await?
    .i64("value")
}

/// Writes an asset and its version; replaces the row with the same id.
pub(crate) async fn put(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    asset: &Asset,
    changed_by: &str,
) -> Result<(), Failure> {
    let revision = next_revision(tx, tenant).await?;
    let details = to_json(&asset.details)?;
    let labels = to_json(&asset.labels)?;
    sql("INSERT INTO assets (tenant, id, kind, source, source_name, database_name, schema_name, table_name, column_name, \
         qualified_name, parent, comment, description, owner, details, labels, version, created, updated, revision) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         ON CONFLICT (tenant, id) DO UPDATE SET kind = excluded.kind, source_name = excluded.source_name, \
         qualified_name = excluded.qualified_name, parent = excluded.parent, comment = excluded.comment, \
         description = excluded.description, owner = excluded.owner, details = excluded.details, labels = excluded.labels, \
         version = excluded.version, updated = excluded.updated, revision = excluded.revision")
    .bind(tenant)
    .bind(asset.id.as_str())
    .bind(asset.kind.as_str())
    .bind(asset.source.as_str())
    .bind(asset.source_name.as_str())
    .bind(asset.path.database.as_str())
    .bind(asset.path.schema.as_str())
    .bind(asset.path.table.as_str())
    .bind(asset.path.column.as_str())
    .bind(asset.qualified_name.as_str())
    .bind(asset.parent.clone())
    .bind(asset.comment.as_str())
    .bind(asset.description.as_str())
    .bind(asset.owner.as_str())
    .bind(details)
    .bind(labels)
    .bind(asset.version)
    .bind(asset.created)
    .bind(asset.updated)
    .bind(revision)
    .execute(tx)
    .await?;
    sql("INSERT INTO asset_versions (tenant, asset, version, document, changed_by, changed) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(tenant)
        .bind(asset.id.as_str())
        .bind(asset.version)
        .bind(to_json(asset)?)
        .bind(changed_by)
        .bind(asset.updated)
        .execute(tx)
        .await?;
    sql("DELETE FROM asset_labels WHERE tenant = $1 AND asset = $2")
        .bind(tenant)
        .bind(asset.id.as_str())
        .execute(tx)
        .await?;
    for label in asset.effective_labels() {
        sql("INSERT INTO asset_labels (tenant, asset, label) VALUES ($1, $2, $3)")
            .bind(tenant)
            .bind(asset.id.as_str())
            .bind(label)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Versions below `before`, newest first.
pub(crate) async fn versions(
    session: &mut Session,
    tenant: &TenantId,
    id: &str,
    before: i64,
    limit: usize,
) -> Result<Vec<AssetVersionRow>, Failure> {
    let rows = sql(
        "SELECT version, document, changed_by, changed FROM asset_versions \
                    WHERE tenant = $1 AND asset = $2 AND version < $3 ORDER BY version DESC LIMIT $4",
    )
    .bind(tenant)
    .bind(id)
    .bind(before)
    .bind(limit as i64)
    .fetch_all(session)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(AssetVersionRow {
                version: row.i64("version")?,
                asset: row.json("document")?,
                changed_by: row.text("changed_by")?,
                changed: row.time("changed")?,
            })
        })
        .collect()
}

/// Marks a batch as applied; `false` when it was before.
pub(crate) async fn begin_batch(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    batch: &str,
    now: Timestamp,
) -> Result<bool, Failure> {
    let inserted = sql("INSERT INTO applied_batches (tenant, batch, applied) VALUES ($1, $2, $3) ON CONFLICT (tenant, batch) DO NOTHING")
        .bind(tenant)
        .bind(batch)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(inserted == 1)
}

/// Forgets batches applied before `time`.
pub(crate) async fn forget_batches(tx: &mut Tx<'_>, time: Timestamp) -> Result<u64, Failure> {
    sql("DELETE FROM applied_batches WHERE applied < $1")
        .bind(time)
        .execute(tx)
        .await
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::internal)
}

fn from_row(row: &Row) -> Result<Asset, Failure> {
    let kind = row.text("kind")?;
    Ok(Asset {
        id: row.text("id")?,
        kind: AssetKind::parse(&kind)
            .ok_or_else(|| Failure::internal(format!("assets.kind holds an unknown kind {kind:?}")))?,
        source: row.text("source")?,
        source_name: row.text("source_name")?,
        path: Path {
            database: row.text("database_name")?,
            schema: row.text("schema_name")?,
            table: row.text("table_name")?,
            column: row.text("column_name")?,
        },
        qualified_name: row.text("qualified_name")?,
        parent: row.opt_text("parent")?,
        comment: row.text("comment")?,
        description: row.text("description")?,
        owner: row.text("owner")?,
        details: row.json("details")?,
        labels: row.json("labels")?,
        version: row.i64("version")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
    })
}
