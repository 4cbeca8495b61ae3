//! What edge nodes do with scans.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::{AuditRecord, CallContext, Failure, Reason, TenantId, Timestamp, digest};
use datawave_db::Tx;

use crate::delivery::store::{self as deliveries, Target};
use crate::events;
use crate::scan::app::{ScanApp, not_found};
use crate::scan::model::{Cost, Scan, ScanError, ScanState, wrong_state};
use crate::scan::store::{self, ColumnCounts, Lease, TableState};

/// How long a lease lives without renewal.
pub(crate) const LEASE: Duration = Duration::from_secs(30);
/// Longest wait of a long poll.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How often a waiting edge looks for work that another replica queued.
const POLL: Duration = Duration::from_secs(1);

/// The use cases of the edge link.
pub(crate) struct LinkApp {
    pub(crate) scans: Arc<ScanApp>,
}

/// One discovered table, encoded, with the key that names it.
pub(crate) struct EncodedTable {
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
}

/// A batch of discovery.
pub(crate) struct TablesBatch {
    pub(crate) id: String,
    pub(crate) tables: Vec<EncodedTable>,
    /// Encoded `UpsertAssetsRequest` for the catalog.
    pub(crate) assets: Vec<u8>,
    pub(crate) last: bool,
    pub(crate) source_engine: String,
    pub(crate) engine_version: String,
    pub(crate) cost: Cost,
}

/// The result of one table.
pub(crate) struct TableBatch {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) counts: ColumnCounts,
    /// Encoded `SubmitResultsRequest` for classification.
    pub(crate) results: Vec<u8>,
    pub(crate) error: Option<ScanError>,
    pub(crate) cost: Cost,
}

/// Key of a table within a scan.
pub(crate) fn table_key(database: &str, schema: &str, table: &str) -> String {
    digest::hex(&digest::sha256_parts(&[database.as_bytes(), schema.as_bytes(), table.as_bytes()])[..16])
}

impl LinkApp {
    /// Waits for a scan and leases it.
    pub(crate) async fn lease(
        &self,
        ctx: &CallContext,
        edge: &str,
        instance: &str,
        wait: Duration,
    ) -> Result<Option<(Scan, Lease)>, Failure> {
        only_itself(ctx, edge)?;
        let until = tokio::time::Instant::now() + wait.min(LONGEST_WAIT);
        let mut commits = self.scans.commits.subscribe();
        loop {
            if let Some(leased) = self.try_lease(&ctx.tenant, edge, instance).await? {
                self.scans.committed();
                return Ok(Some(leased));
            }
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            // Either a commit here, or the time to look for commits of another replica.
            let _ = tokio::time::timeout(left.min(POLL), commits.changed()).await;
        }
    }

    async fn try_lease(
        &self,
        tenant: &TenantId,
        edge: &str,
        instance: &str,
    ) -> Result<Option<(Scan, Lease)>, Failure> {
        let scans = &self.scans;
        scans
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = scans.now();
                    let Some(id) = store::next_for_edge(tx, tenant, edge, instance, now).await? else {
                        return Ok(None);
                    };
                    let (mut scan, _) = store::locked(tx, tenant, &id)
                        .await?
                        .ok_or_else(|| not_found(&id))?;
                    if scan.cancel_requested {
                        let ctx = CallContext::background(tenant.clone(), "scans", "lease");
                        scan.step(ScanState::Cancelled, now)?;
                        tx.emit(events::changed(
                            scans.ids.id("evt"),
                            &ctx,
                            "scan_cancelled",
                            &scan,
                        ))
                        .await?;
                        store::update(tx, tenant, &scan).await?;
                        return Ok(None);
                    }
                    scan.attempts += 1;
                    scan.step(
                        if scan.discovered {
                            ScanState::Reading
                        } else {
                            ScanState::Discovering
                        },
                        now,
                    )?;
                    let lease = Lease {
                        id: Some(scans.ids.id("lse")),
                        instance: Some(instance.to_owned()),
                        until: now.plus(LEASE),
                    };
                    store::set_lease(tx, tenant, &id, &lease).await?;
                    store::update(tx, tenant, &scan).await?;
                    Ok(Some((scan, lease)))
                })
            })
            .await
    }

    /// Keeps a lease alive; answers whether the edge shall stop.
    pub(crate) async fn renew(
        &self,
        ctx: &CallContext,
        scan: &str,
        lease: &str,
        table: &str,
    ) -> Result<bool, Failure> {
        let scans = &self.scans;
        let stop = scans
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = scans.now();
                    let mut held = held(tx, &ctx.tenant, scan, lease).await?;
                    extend(tx, &ctx.tenant, &held, now).await?;
                    if held.scan.progress.current_table != table {
                        held.scan.progress.current_table = table.to_owned();
                        held.scan.updated = now;
                        store::update(tx, &ctx.tenant, &held.scan).await?;
                    }
                    Ok(held.scan.cancel_requested)
                })
            })
            .await?;
        scans.committed();
        Ok(stop)
    }

    /// Takes over discovered tables.
    pub(crate) async fn submit_tables(
        &self,
        ctx: &CallContext,
        scan: &str,
        lease: &str,
        batch: &TablesBatch,
    ) -> Result<(), Failure> {
        let scans = &self.scans;
        scans
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = scans.now();
                    let mut held = held(tx, &ctx.tenant, scan, lease).await?;
                    extend(tx, &ctx.tenant, &held, now).await?;
                    if !store::receive(tx, &ctx.tenant, &held.scan.id, &batch.id, now).await? {
                        return Ok(());
                    }
                    let scan = &mut held.scan;
                    if scan.discovered {
                        return Err(wrong_state(scan, "its tables are known already"));
                    }
                    for table in &batch.tables {
                        let position = i64::from(scan.progress.tables_total);
                        if store::add_table(
                            tx,
                            &ctx.tenant,
                            &scan.id,
                            position,
                            &table.key,
                            table.bytes.clone(),
                        )
                        .await?
                        {
                            scan.progress.tables_total += 1;
                        }
                    }
                    if !batch.tables.is_empty() {
                        queue(tx, &ctx.tenant, scan, Target::Catalog, batch.assets.clone()).await?;
                    }
                    scan.cost.add(batch.cost);
                    if batch.last {
                        scan.discovered = true;
                        scan.source_engine.clone_from(&batch.source_engine);
                        scan.engine_version.clone_from(&batch.engine_version);
                        scan.step(ScanState::Reading, now)?;
                    }
                    scan.updated = now;
                    store::update(tx, &ctx.tenant, scan).await
                })
            })
            .await?;
        scans.committed();
        Ok(())
    }

    /// Pending tables after `position`: (position, encoded table).
    pub(crate) async fn pending(
        &self,
        ctx: &CallContext,
        scan: &str,
        lease: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Vec<u8>)>, Failure> {
        let scans = &self.scans;
        scans
            .db
            .write(|tx| {
                Box::pin(async move {
                    let held = held(tx, &ctx.tenant, scan, lease).await?;
                    store::pending_tables(tx, &ctx.tenant, &held.scan.id, after, limit).await
                })
            })
            .await
    }

    /// Takes over the result of a table and marks it done; answers whether the edge shall stop.
    pub(crate) async fn submit_table(
        &self,
        ctx: &CallContext,
        scan: &str,
        lease: &str,
        batch: &TableBatch,
    ) -> Result<bool, Failure> {
        let scans = &self.scans;
        let stop = scans
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = scans.now();
                    let mut held = held(tx, &ctx.tenant, scan, lease).await?;
                    extend(tx, &ctx.tenant, &held, now).await?;
                    let stop = held.scan.cancel_requested;
                    if !store::receive(tx, &ctx.tenant, &held.scan.id, &batch.id, now).await? {
                        return Ok(stop);
                    }
                    let scan = &mut held.scan;
                    let state = if batch.error.is_some() {
                        TableState::Failed
                    } else {
                        TableState::Done
                    };
                    if !store::end_table(
                        tx,
                        &ctx.tenant,
                        &scan.id,
                        &batch.key,
                        state,
                        &batch.id,
                        batch.counts,
                    )
                    .await?
                    {
                        return Err(wrong_state(scan, "the table is not one of its pending tables"));
                    }
                    count(scan, batch);
                    scan.updated = now;
                    queue(
                        tx,
                        &ctx.tenant,
                        scan,
                        Target::Classification,
                        batch.results.clone(),
                    )
                    .await?;
                    store::update(tx, &ctx.tenant, scan).await?;
                    Ok(stop)
                })
            })
            .await?;
        scans.committed();
        Ok(stop)
    }

    /// Ends the edge's part.
    pub(crate) async fn finish(
        &self,
        ctx: &CallContext,
        scan: &str,
        lease: &str,
        error: Option<&ScanError>,
    ) -> Result<(), Failure> {
        let scans = &self.scans;
        scans
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = scans.now();
                    let id = scan.trim_start_matches("scans/");
                    let (mut scan, held) = store::locked(tx, &ctx.tenant, id)
                        .await?
                        .ok_or_else(|| not_found(id))?;
                    if held.id.as_deref() != Some(lease) {
                        // A repeat of a call whose answer was lost: the scan has moved on.
                        return if held.id.is_none() {
                            Ok(())
                        } else {
                            Err(lease_lost(&scan))
                        };
                    }
                    let next = if scan.cancel_requested {
                        ScanState::Cancelled
                    } else if let Some(error) = error {
                        scan.error = Some(error.clone());
                        ScanState::Failed
                    } else if !scan.discovered || store::has_pending(tx, &ctx.tenant, id).await? {
                        ScanState::Pending
                    } else {
                        ScanState::Delivering
                    };
                    scan.step(next, now)?;
                    store::set_lease(tx, &ctx.tenant, id, &Lease::default()).await?;
                    store::update(tx, &ctx.tenant, &scan).await?;
                    let kind = match next {
                        ScanState::Cancelled => "scan_cancelled",
                        ScanState::Failed => "scan_finished",
                        _ => return Ok(()),
                    };
                    tx.emit(events::changed(scans.ids.id("evt"), ctx, kind, &scan))
                        .await?;
                    let record = AuditRecord::allowed(
                        scans.ids.id("aud"),
                        now,
                        "scans",
                        ctx,
                        next.as_str(),
                        &scan.name(),
                    );
                    tx.audit(record).await
                })
            })
            .await?;
        scans.committed();
        Ok(())
    }
}

/// A scan that the caller holds.
struct Held {
    scan: Scan,
    lease: Lease,
}

async fn held(tx: &mut Tx<'_>, tenant: &TenantId, scan: &str, lease: &str) -> Result<Held, Failure> {
    let id = scan.trim_start_matches("scans/");
    let (scan, current) = store::locked(tx, tenant, id)
        .await?
        .ok_or_else(|| not_found(id))?;
    if current.id.as_deref() != Some(lease) || scan.state.is_final() {
        return Err(lease_lost(&scan));
    }
    Ok(Held { scan, lease: current })
}

/// Any sign of life extends the lease.
async fn extend(tx: &mut Tx<'_>, tenant: &TenantId, held: &Held, now: Timestamp) -> Result<(), Failure> {
    let lease = Lease {
        until: now.plus(LEASE),
        ..held.lease.clone()
    };
    store::set_lease(tx, tenant, &held.scan.id, &lease).await
}

fn lease_lost(scan: &Scan) -> Failure {
    Failure::new(
        Reason::ScanStateInvalid,
        format!("the lease of {} is not the current one", scan.name()),
    )
    .with_remedy("drop what was read of this scan and lease work again")
    .with_metadata("resource", scan.name())
    .with_metadata("state", scan.state.as_str())
}

/// An edge fetches its own work and nobody else's.
fn only_itself(ctx: &CallContext, edge: &str) -> Result<(), Failure> {
    if ctx.actor.subject == format!("edge:{edge}") {
        return Ok(());
    }
    Err(Failure::new(
        Reason::PermissionMissing,
        "an edge node may lease only its own scans",
    ))
}

async fn queue(
    tx: &mut Tx<'_>,
    tenant: &TenantId,
    scan: &mut Scan,
    target: Target,
    payload: Vec<u8>,
) -> Result<(), Failure> {
    let sequence = scan.deliveries;
    scan.deliveries += 1;
    deliveries::add(tx, tenant, &scan.id, sequence, target, payload).await
}

fn count(scan: &mut Scan, batch: &TableBatch) {
    let progress = &mut scan.progress;
    progress.tables_done += 1;
    progress.columns_ok += batch.counts.ok;
    progress.columns_skipped += batch.counts.skipped;
    progress.columns_failed += batch.counts.failed;
    progress.columns += batch.counts.ok + batch.counts.skipped + batch.counts.failed;
    progress.columns_with_findings += batch.counts.with_findings;
    scan.cost.add(batch.cost);
    if let Some(error) = &batch.error {
        progress.tables_failed += 1;
        if scan.error.is_none() {
            let message = format!("{}: {}", batch.name, error.message);
            scan.error = Some(ScanError {
                message,
                ..error.clone()
            });
        }
    }
}
