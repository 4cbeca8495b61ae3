//! SQL of scans, their tables, received batches and leases.

use datawave_core::{Failure, TenantId, Timestamp};
use datawave_db::{Row, Session, Tx, sql};

use super::model::{Scan, ScanState};

/// How a table ended; until then its state is `pending`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableState {
    Done,
    Failed,
}

impl TableState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// Who holds a scan, and until when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) id: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) until: Timestamp,
}

pub(crate) async fn scan(
    session: &mut Session,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Scan>, Failure> {
    let row = sql("SELECT document FROM scans WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .fetch_optional(session)
        .await?;
    row.map(|row| row.json("document")).transpose()
}

/// The scan and its lease, locked until the transaction ends.
pub(crate) async fn locked(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<(Scan, Lease)>, Failure> {
    let row = sql("SELECT document, lease_id, lease_instance, lease_until FROM scans WHERE tenant = $1 AND id = $2 {for_update}")
        .bind(tenant)
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.map(|row| Ok((row.json("document")?, lease(&row)?)))
        .transpose()
}

fn lease(row: &Row) -> Result<Lease, Failure> {
    Ok(Lease {
        id: row.opt_text("lease_id")?,
        instance: row.opt_text("lease_instance")?,
        until: row.time("lease_until")?,
    })
}

/// The scan of `source` that is not finished.
pub(crate) async fn active_of(
    session: &mut Session,
    tenant: &TenantId,
    source: &str,
) -> Result<Option<Scan>, Failure> {
    let row = sql("SELECT document FROM scans WHERE tenant = $1 AND source = $2 AND active")
        .bind(tenant)
        .bind(source)
        .fetch_optional(session)
        .await?;
    row.map(|row| row.json("document")).transpose()
}

/// One page, newest first, below `before` (ids sort by time).
pub(crate) async fn list(
    session: &mut Session,
    tenant: &TenantId,
    source: Option<&str>,
    active_only: bool,
    before: Option<&str>,
    limit: usize,
) -> Result<Vec<Scan>, Failure> {
    let rows = sql(
        "SELECT document FROM scans WHERE tenant = $1 AND ($2 IS NULL OR source = $2) AND (active OR NOT $3) \
                    AND ($4 IS NULL OR id < $4) ORDER BY id DESC LIMIT $5",
    )
    .bind(tenant)
    .bind(source)
    .bind(active_only)
    .bind(before)
    .bind(limit as i64)
    .fetch_all(session)
    .await?;
    rows.iter().map(|row| row.json("document")).collect()
}

pub(crate) async fn insert(tx: &mut Tx<'_>, tenant: &TenantId, scan: &Scan) -> Result<(), Failure> {
    sql("INSERT INTO scans (tenant, id, source, source_name, edge, state, active, document, lease_id, lease_instance, \
         lease_until, created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, 0, $9, $10)")
        .bind(tenant)
        .bind(scan.id.as_str())
        .bind(scan.source.as_str())
        .bind(scan.source_name.as_str())
        .bind(scan.edge.as_str())
        .bind(scan.state.as_str())
        .bind(!scan.state.is_final())
        .bind(document(scan)?)
        .bind(scan.created)
        .bind(scan.updated)
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn update(tx: &mut Tx<'_>, tenant: &TenantId, scan: &Scan) -> Result<(), Failure> {
    sql(
        "UPDATE scans SET state = $1, active = $2, document = $3, updated = $4 WHERE tenant = $5 AND id = $6",
    )
    .bind(scan.state.as_str())
    .bind(!scan.state.is_final())
    .bind(document(scan)?)
    .bind(scan.updated)
    .bind(tenant)
    .bind(scan.id.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

pub(crate) async fn set_lease(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    id: &str,
    lease: &Lease,
) -> Result<(), Failure> {
    sql(
        "UPDATE scans SET lease_id = $1, lease_instance = $2, lease_until = $3 WHERE tenant = $4 AND id = $5",
    )
    .bind(lease.id.clone())
    .bind(lease.instance.clone())
    .bind(lease.until)
    .bind(tenant)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// The oldest scan of `edge` that no living lease holds: never leased, run out, or held by another life of
/// the same edge.
pub(crate) async fn next_for_edge(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    edge: &str,
    instance: &str,
    now: Timestamp,
) -> Result<Option<String>, Failure> {
    let row = sql("SELECT id FROM scans WHERE tenant = $1 AND edge = $2 AND active \
                   AND state IN ('pending', 'discovering', 'reading') \
                   AND (lease_id IS NULL OR lease_until < $3 OR lease_instance <> $4) \
                   ORDER BY id LIMIT 1 {for_update_skip_locked}")
    .bind(tenant)
    .bind(edge)
    .bind(now)
    .bind(instance)
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.text("id")).transpose()
}

/// Scans that can get their next state without an edge: whose edge is done, and which a person cancelled while
/// no edge holds them. (tenant, id).
pub(crate) async fn unattended(
    session: &mut Session,
    now: Timestamp,
) -> Result<Vec<(TenantId, String)>, Failure> {
    let rows = sql("SELECT tenant, id, document FROM scans WHERE active \
                    AND (state = 'delivering' OR lease_id IS NULL OR lease_until < $1) ORDER BY id")
    .bind(now)
    .fetch_all(session)
    .await?;
    let mut out = Vec::new();
    for row in &rows {
        let scan: Scan = row.json("document")?;
        if scan.state == ScanState::Delivering || scan.cancel_requested {
            out.push(tenant_and_id(row)?);
        }
    }
    Ok(out)
}

fn tenant_and_id(row: &Row) -> Result<(TenantId, String), Failure> {
    let tenant = TenantId::parse(&row.text("tenant")?)
        .ok_or_else(|| Failure::internal("scans.tenant holds no tenant name"))?;
    Ok((tenant, row.text("id")?))
}

/// Marks a batch as received; `false` when it was before.
pub(crate) async fn receive(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &str,
    batch: &str,
    now: Timestamp,
) -> Result<bool, Failure> {
    let inserted = sql(
        "INSERT INTO received_batches (tenant, batch, scan, received) VALUES ($1, $2, $3, $4) \
                        ON CONFLICT (tenant, batch) DO NOTHING",
    )
    .bind(tenant)
    .bind(batch)
    .bind(scan)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(inserted == 1)
}

/// Adds a table; one that is there keeps its state. `true` when it is new.
pub(crate) async fn add_table(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &str,
    position: i64,
    key: &str,
    discovered: Vec<u8>,
) -> Result<bool, Failure> {
    let inserted = sql("INSERT INTO scan_tables (tenant, scan, position, table_key, state, discovered, columns_ok, \
         columns_skipped, columns_failed, columns_with_findings) VALUES ($1, $2, $3, $4, 'pending', $5, 0, 0, 0, 0) ON CONFLICT (tenant, scan, table_key) DO NOTHING")
        .bind(tenant)
        .bind(scan)
        .bind(position)
        .bind(key)
        .bind(discovered)
        .execute(tx)
        .await?;
    Ok(inserted == 1)
}

/// Pending tables after `position`: (position, discovered).
pub(crate) async fn pending_tables(
    session: &mut Session,
    tenant: &TenantId,
    scan: &str,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, Vec<u8>)>, Failure> {
    let rows = sql(
        "SELECT position, discovered FROM scan_tables WHERE tenant = $1 AND scan = $2 AND state = 'pending' \
                    AND position > $3 ORDER BY position LIMIT $4",
    )
    .bind(tenant)
    .bind(scan)
    .bind(after)
    .bind(limit as i64)
    .fetch_all(session)
    .await?;
    rows.iter()
        .map(|row| Ok((row.i64("position")?, row.bytes("discovered")?)))
        .collect()
}

/// What the columns of a table came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ColumnCounts {
    pub(crate) ok: u32,
    pub(crate) skipped: u32,
    pub(crate) failed: u32,
    pub(crate) with_findings: u32,
}

/// Ends a pending table with the result of `batch`. `false` when it is not pending.
pub(crate) async fn end_table(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &str,
    key: &str,
    state: TableState,
    batch: &str,
    counts: ColumnCounts,
) -> Result<bool, Failure> {
    let updated = sql(
        "UPDATE scan_tables SET state = $1, result_batch = $2, columns_ok = $3, columns_skipped = $4, \
         columns_failed = $5, columns_with_findings = $6 \
         WHERE tenant = $7 AND scan = $8 AND table_key = $9 AND state = 'pending'",
    )
    .bind(state.as_str())
    .bind(batch)
    .bind(counts.ok)
    .bind(counts.skipped)
    .bind(counts.failed)
    .bind(counts.with_findings)
    .bind(tenant)
    .bind(scan)
    .bind(key)
    .execute(tx)
    .await?;
    Ok(updated == 1)
}

/// Makes failed tables pending again and forgets their results; what each had counted for.
pub(crate) async fn reopen_failed(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &str,
) -> Result<Vec<ColumnCounts>, Failure> {
    sql(
        "DELETE FROM received_batches WHERE tenant = $1 AND batch IN (SELECT result_batch FROM scan_tables \
         WHERE tenant = $1 AND scan = $2 AND state = 'failed')",
    )
    .bind(tenant)
    .bind(scan)
    .execute(tx)
    .await?;
    let failed = sql(
        "SELECT columns_ok, columns_skipped, columns_failed, columns_with_findings FROM scan_tables \
         WHERE tenant = $1 AND scan = $2 AND state = 'failed'",
    )
    .bind(tenant)
    .bind(scan)
    .fetch_all(tx)
    .await?;
    sql(
        "UPDATE scan_tables SET state = 'pending', result_batch = NULL, columns_ok = 0, columns_skipped = 0, \
         columns_failed = 0, columns_with_findings = 0 WHERE tenant = $1 AND scan = $2 AND state = 'failed'",
    )
    .bind(tenant)
    .bind(scan)
    .execute(tx)
    .await?;
    let count = |row: &Row, name: &str| row.i64(name).map(|n| u32::try_from(n).unwrap_or(0));
    failed
        .iter()
        .map(|row| {
            Ok(ColumnCounts {
                ok: count(row, "columns_ok")?,
                skipped: count(row, "columns_skipped")?,
                failed: count(row, "columns_failed")?,
                with_findings: count(row, "columns_with_findings")?,
            })
        })
        .collect()
}

/// Whether a table still has to be read.
pub(crate) async fn has_pending(
    session: &mut Session,
    tenant: &TenantId,
    scan: &str,
) -> Result<bool, Failure> {
    Ok(!pending_tables(session, tenant, scan, -1, 1).await?.is_empty())
}

fn document(scan: &Scan) -> Result<String, Failure> {
    serde_json::to_string(scan).map_err(Failure::internal)
}
