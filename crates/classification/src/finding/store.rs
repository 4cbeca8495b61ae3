//! SQL of column results, findings, batches and label deliveries.

use datawave_core::{Failure, TenantId, Timestamp};
use datawave_db::{Row, Session, Tx, sql};
use serde::{Deserialize, Serialize};

use super::model::{Finding, FindingState};

/// A column's result as it is stored: the contract's message, encoded, with what lists need beside it.
pub(crate) struct ResultRow {
    pub(crate) source: String,
    pub(crate) column_key: String,
    pub(crate) sort_key: String,
    pub(crate) scan: String,
    pub(crate) has_findings: bool,
    pub(crate) document: Vec<u8>,
}

/// Which results a list shows. Empty fields do not filter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ResultFilter {
    pub(crate) source: Option<String>,
    pub(crate) scan: Option<String>,
    pub(crate) with_findings_only: bool,
}

/// Which findings a list shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FindingFilter {
    pub(crate) source: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) state: Option<FindingState>,
}

/// Marks a batch as received; the counts of its first time when it was before.
pub(crate) async fn former_batch(
    session: &mut Session,
    tenant: &TenantId,
    batch: &str,
) -> Result<Option<(u32, u32)>, Failure> {
    let row =
        sql("SELECT created_count, changed_count FROM received_batches WHERE tenant = $1 AND batch = $2")
            .bind(tenant)
            .bind(batch)
            .fetch_optional(session)
            .await?;
    row.map(|row| {
        let count = |name| row.i64(name).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        Ok((count("created_count")?, count("changed_count")?))
    })
    .transpose()
}

pub(crate) async fn remember_batch(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    batch: &str,
    counts: (u32, u32),
    now: Timestamp,
) -> Result<(), Failure> {
    sql("INSERT INTO received_batches (tenant, batch, created_count, changed_count, received) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant)
        .bind(batch)
        .bind(i64::from(counts.0))
        .bind(i64::from(counts.1))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn put_result(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    row: &ResultRow,
    now: Timestamp,
) -> Result<(), Failure> {
    sql("INSERT INTO column_results (tenant, source, column_key, sort_key, scan, has_findings, document, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, source, column_key) DO UPDATE SET \
         sort_key = excluded.sort_key, scan = excluded.scan, has_findings = excluded.has_findings, \
         document = excluded.document, updated = excluded.updated")
    .bind(tenant)
    .bind(row.source.as_str())
    .bind(row.column_key.as_str())
    .bind(row.sort_key.as_str())
    .bind(row.scan.as_str())
    .bind(row.has_findings)
    .bind(row.document.as_slice())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// One page of results by sort key: (sort key, document).
pub(crate) async fn list_results(
    session: &mut Session,
    tenant: &TenantId,
    filter: &ResultFilter,
    after: &str,
    limit: usize,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let rows = sql("SELECT sort_key, document FROM column_results WHERE tenant = $1 AND sort_key > $2 \
                    AND ($3 IS NULL OR source = $3) AND ($4 IS NULL OR scan = $4) AND (has_findings OR NOT $5) \
                    ORDER BY sort_key LIMIT $6")
        .bind(tenant)
        .bind(after)
        .bind(filter.source.clone())
        .bind(filter.scan.clone())
        .bind(filter.with_findings_only)
        .bind(limit as i64)
        .fetch_all(session)
        .await?;
    rows.iter()
        .map(|row| Ok((row.text("sort_key")?, row.bytes("document")?)))
        .collect()
}

pub(crate) async fn finding(
    session: &mut Session,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Finding>, Failure> {
    let row = sql("SELECT document FROM findings WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .fetch_optional(session)
        .await?;
    row.map(|row| row.json("document")).transpose()
}

/// All findings of one column, gone and rejected ones too.
pub(crate) async fn of_column(
    session: &mut Session,
    tenant: &TenantId,
    source: &str,
    column_key: &str,
) -> Result<Vec<Finding>, Failure> {
    let rows = sql(
        "SELECT document FROM findings WHERE tenant = $1 AND source = $2 AND column_key = $3 ORDER BY id",
    )
    .bind(tenant)
    .bind(source)
    .bind(column_key)
    .fetch_all(session)
    .await?;
    rows.iter().map(from_row).collect()
}

/// One page of findings by (sort key, id): (sort key, finding).
pub(crate) async fn list(
    session: &mut Session,
    tenant: &TenantId,
    filter: &FindingFilter,
    after: (&str, &str),
    limit: usize,
) -> Result<Vec<(String, Finding)>, Failure> {
    let rows = sql("SELECT sort_key, document FROM findings WHERE tenant = $1 AND (sort_key > $2 OR (sort_key = $2 AND id > $3)) \
                    AND ($4 IS NULL OR source = $4) AND ($5 IS NULL OR label = $5) AND ($6 IS NULL OR state = $6) \
                    ORDER BY sort_key, id LIMIT $7")
        .bind(tenant)
        .bind(after.0)
        .bind(after.1)
        .bind(filter.source.clone())
        .bind(filter.label.clone())
        .bind(filter.state.map(FindingState::as_str))
        .bind(limit as i64)
        .fetch_all(session)
        .await?;
    rows.iter()
        .map(|row| Ok((row.text("sort_key")?, from_row(row)?)))
        .collect()
}

pub(crate) async fn put(tx: &mut Tx<'_>, tenant: &TenantId, finding: &Finding) -> Result<(), Failure> {
    sql("INSERT INTO findings (tenant, id, source, column_key, sort_key, label, state, document, created, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, id) DO UPDATE SET \
         sort_key = excluded.sort_key, label = excluded.label, state = excluded.state, document = excluded.document, \
         updated = excluded.updated")
    .bind(tenant)
    .bind(finding.id.as_str())
    .bind(finding.source.as_str())
    .bind(finding.path.key())
    .bind(finding.path.sort_key(&finding.source_name, finding.ordinal))
    .bind(finding.detection.label.as_str())
    .bind(finding.state().as_str())
    .bind(serde_json::to_string(finding).map_err(Failure::internal)?)
    .bind(finding.created)
    .bind(finding.updated)
    .execute(tx)
    .await?;
    Ok(())
}

/// Queues labels for the catalog. The counter's row is locked until the end, so that order is commit order.
pub(crate) async fn queue_labels(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    payload: Vec<u8>,
) -> Result<i64, Failure> {
    let sequence = sql("INSERT INTO delivery_sequences (tenant, value) VALUES ($1, 1) \
                        ON CONFLICT (tenant) DO UPDATE SET value = delivery_sequences.value + 1 RETURNING value")
        .bind(tenant)
        .fetch_one(tx)
        .await?
        .i64("value")?;
    sql("INSERT INTO label_deliveries (tenant, sequence, payload) VALUES ($1, $2, $3)")
        .bind(tenant)
        .bind(sequence)
        .bind(payload)
        .execute(tx)
        .await?;
    Ok(sequence)
}

/// The oldest labels that the catalog has not taken over, of any tenant.
pub(crate) async fn next_labels(session: &mut Session) -> Result<Option<(TenantId, i64, Vec<u8>)>, Failure> {
    let row = sql("SELECT tenant, sequence, payload FROM label_deliveries ORDER BY sequence, tenant LIMIT 1")
        .fetch_optional(session)
        .await?;
    row.map(|row| {
        let tenant = TenantId::parse(&row.text("tenant")?)
            .ok_or_else(|| Failure::internal("label_deliveries.tenant holds no tenant name"))?;
        Ok((tenant, row.i64("sequence")?, row.bytes("payload")?))
    })
    .transpose()
}

pub(crate) async fn labels_delivered(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    sequence: i64,
) -> Result<(), Failure> {
    sql("DELETE FROM label_deliveries WHERE tenant = $1 AND sequence = $2")
        .bind(tenant)
        .bind(sequence)
        .execute(tx)
        .await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Finding, Failure> {
    row.json("document")
}
