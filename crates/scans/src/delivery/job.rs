//! The loop that hands results on. At least once; the receivers deduplicate by batch id.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use datawave_core::{AuditRecord, CallContext, Failure, TenantId};
use tokio_util::sync::CancellationToken;

use super::store::{self as deliveries, Target};
use crate::clients::Receivers;
use crate::events;
use crate::scan::app::ScanApp;
use crate::scan::model::ScanState;
use crate::scan::store::{self, Lease};

/// How often it looks without being woken: leases run out silently.
const POLL: Duration = Duration::from_secs(1);
/// Waits after failures of one scan: doubled from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LAST_WAIT: Duration = Duration::from_secs(30);

/// Hands on and finishes scans until `stop`.
pub(crate) async fn run(app: Arc<ScanApp>, receivers: Receivers, stop: CancellationToken) {
    let mut commits = app.commits.subscribe();
    let mut failures: BTreeMap<String, (u32, tokio::time::Instant)> = BTreeMap::new();
    loop {
        let round = async {
            let mut session = app.db.read().await?;
            let waiting = deliveries::scans_waiting(&mut session).await?;
            let unattended = store::unattended(&mut session, app.now()).await?;
            drop(session);
            for (tenant, scan) in waiting {
                if failures
                    .get(&scan)
                    .is_some_and(|(_, until)| *until > tokio::time::Instant::now())
                {
                    continue;
                }
                match hand_on(&app, &receivers, &tenant, &scan).await {
                    Ok(()) => {
                        failures.remove(&scan);
                    }
                    Err(failure) => {
                        let times = failures.get(&scan).map_or(0, |(n, _)| *n);
                        let wait = FIRST_WAIT.saturating_mul(1 << times.min(10)).min(LAST_WAIT);
                        failures.insert(scan.clone(), (times + 1, tokio::time::Instant::now() + wait));
                        tracing::warn!(
                            scan,
                            cause = failure.source_chain(),
                            "results wait to be handed on: {failure}"
                        );
                    }
                }
            }
            for (tenant, scan) in unattended {
                settle(&app, &tenant, &scan).await?;
            }
            Ok::<_, Failure>(())
        };
        if let Err(failure) = round.await {
            tracing::warn!(
                cause = failure.source_chain(),
                "a round of deliveries failed: {failure}"
            );
        }
        tokio::select! {
            () = stop.cancelled() => return app.stop.cancel(),
            changed = commits.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn hand_on(app: &ScanApp, receivers: &Receivers, tenant: &TenantId, scan: &str) -> Result<(), Failure> {
    let ctx = CallContext::background(tenant.clone(), "scans", "delivery");
    loop {
        let mut session = app.db.read().await?;
        let Some(delivery) = deliveries::next(&mut session, tenant, scan).await? else {
            return Ok(());
        };
        drop(session);
        match delivery.target {
            Target::Catalog => receivers.upsert_assets(&ctx, &delivery.payload).await?,
            Target::Classification => receivers.submit_results(&ctx, &delivery.payload).await?,
        }
        let sequence = delivery.sequence;
        app.db
            .write(|tx| Box::pin(async move { deliveries::done(tx, tenant, scan, sequence).await }))
            .await?;
    }
}

/// Gives a scan without a living edge its next state: final when all has arrived, cancelled when a person
/// asked for it; a scan whose lease ran out just waits for the next edge.
async fn settle(app: &ScanApp, tenant: &TenantId, id: &str) -> Result<(), Failure> {
    let ctx = CallContext::background(tenant.clone(), "scans", "settle");
    let ctx = &ctx;
    let settled = app
        .db
        .write(|tx| {
            Box::pin(async move {
                let now = app.now();
                let Some((mut scan, lease)) = store::locked(tx, tenant, id).await? else {
                    return Ok(false);
                };
                let held = lease.id.is_some() && lease.until >= now;
                let next = match scan.state {
                    ScanState::Delivering if deliveries::next(tx, tenant, id).await?.is_none() => {
                        scan.outcome()
                    }
                    state
                        if !state.is_final()
                            && state != ScanState::Delivering
                            && scan.cancel_requested
                            && !held =>
                    {
                        ScanState::Cancelled
                    }
                    _ => return Ok(false),
                };
                scan.step(next, now)?;
                store::set_lease(tx, tenant, id, &Lease::default()).await?;
                store::update(tx, tenant, &scan).await?;
                let kind = if next == ScanState::Cancelled {
                    "scan_cancelled"
                } else {
                    "scan_finished"
                };
                tx.emit(events::changed(app.ids.id("evt"), ctx, kind, &scan))
                    .await?;
                let record =
                    AuditRecord::allowed(app.ids.id("aud"), now, "scans", ctx, next.as_str(), &scan.name());
                tx.audit(record).await?;
                Ok(true)
            })
        })
        .await?;
    if settled {
        app.committed();
    }
    Ok(())
}
