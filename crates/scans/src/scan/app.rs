//! What people do with scans: start, look, cancel, take up again.

use std::sync::Arc;

use datawave_authz::{Decider, ResourceRef};
use datawave_core::{AuditRecord, CallContext, Clock, Failure, IdSource, Reason, Timestamp, digest};
use datawave_db::page::{self, PageTokens};
use datawave_db::{Db, Idempotency, Tx};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::model::{Budget, Cost, Progress, Scan, ScanState, Target, wrong_state};
use super::store;
use crate::clients::SourcesClient;
use crate::events;

/// The use cases, and what the edge link and the deliveries share with them.
pub(crate) struct ScanApp {
    pub(crate) db: Db,
    pub(crate) policy: Arc<Decider>,
    pub(crate) sources: SourcesClient,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) pages: PageTokens,
    /// Counts commits of this process, so that watchers, edges and deliveries need not poll.
    pub(crate) commits: watch::Sender<u64>,
    /// Ends the streams of watchers when the process shuts down.
    pub(crate) stop: CancellationToken,
}

/// A scan to start.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewScan {
    pub(crate) source: String,
    pub(crate) budget: Budget,
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) seed: u64,
}

impl ScanApp {
    /// Starts a scan of a source that has none running.
    pub(crate) async fn start(&self, ctx: &CallContext, new: &NewScan) -> Result<Scan, Failure> {
        // Asked before the transaction: no call leaves while a transaction is open.
        let source = self.sources.get(ctx, &new.source).await?;
        let payload = digest::sha256_parts(&[source.name.as_bytes(), &new.seed.to_be_bytes()]);
        let drawn = self.ids.next();
        let (source, payload) = (&source, &payload);
        let scan = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    if let Idempotency::Repeat(name) = tx.idempotent(ctx, payload, now).await?
                        && let Some(scan) =
                            store::scan(tx, &ctx.tenant, name.trim_start_matches("scans/")).await?
                    {
                        return Ok(scan);
                    }
                    if let Some(running) = store::active_of(tx, &ctx.tenant, &source.name).await? {
                        return Err(already_running(&running));
                    }
                    let mut exclude = source.exclude.clone();
                    exclude.extend(new.exclude.iter().cloned());
                    let scan = Scan {
                        id: self.ids.id("scn"),
                        source: source.name.clone(),
                        source_name: source.display_name.clone(),
                        edge: source.edge.clone(),
                        state: ScanState::Pending,
                        target: Target {
                            url: source.url.clone(),
                            credential_ref: source.credential_ref.clone(),
                            login: source.login.clone(),
                            include: if new.include.is_empty() {
                                source.include.clone()
                            } else {
                                new.include.clone()
                            },
                            exclude,
                        },
                        budget: new.budget,
                        seed: if new.seed == 0 {
                            (drawn as u64) | 1
                        } else {
                            new.seed
                        },
                        progress: Progress::default(),
                        cost: Cost::default(),
                        error: None,
                        attempts: 0,
                        discovered: false,
                        cancel_requested: false,
                        deliveries: 0,
                        started_by: ctx.actor.subject.clone(),
                        engine_version: String::new(),
                        source_engine: String::new(),
                        created: now,
                        updated: now,
                        ended: None,
                    };
                    store::insert(tx, &ctx.tenant, &scan).await?;
                    tx.remember(ctx, &scan.name()).await?;
                    tx.emit(events::changed(self.ids.id("evt"), ctx, "scan_started", &scan))
                        .await?;
                    self.audit(tx, ctx, "started", &scan).await?;
                    Ok(scan)
                })
            })
            .await;
        // Two callers that start at the same moment: the store's unique index decides, the loser is told.
        let scan = match scan {
            Err(failure) if datawave_db::is_unique_violation(&failure) => {
                let mut session = self.db.read().await?;
                let running = store::active_of(&mut session, &ctx.tenant, &source.name).await?;
                return Err(running.map_or(failure, |scan| already_running(&scan)));
            }
            other => other?,
        };
        self.committed();
        Ok(scan)
    }

    /// One scan.
    pub(crate) async fn get(&self, ctx: &CallContext, id: &str) -> Result<Scan, Failure> {
        let mut session = self.db.read().await?;
        let scan = store::scan(&mut session, &ctx.tenant, id).await?;
        scan.filter(|s| self.may(ctx, "scans.runs.get", s))
            .ok_or_else(|| not_found(id))
    }

    /// One page, newest first, and the token of the next.
    pub(crate) async fn list(
        &self,
        ctx: &CallContext,
        source: &str,
        active_only: bool,
        size: i32,
        token: &str,
    ) -> Result<(Vec<Scan>, String), Failure> {
        let query = digest::sha256_parts(&[b"list_scans", source.as_bytes(), &[u8::from(active_only)]]);
        let before = self.pages.open(&ctx.tenant, &query, token)?.into_iter().next();
        let size = page::page_size(size);
        let source = Some(source).filter(|s| !s.is_empty());
        let mut session = self.db.read().await?;
        let mut items = store::list(
            &mut session,
            &ctx.tenant,
            source,
            active_only,
            before.as_deref(),
            size,
        )
        .await?;
        let next = match items.last() {
            Some(last) if items.len() == size => {
                self.pages
                    .seal(&ctx.tenant, &query, std::slice::from_ref(&last.id))
            }
            _ => String::new(),
        };
        items.retain(|s| self.may(ctx, "scans.runs.list", s));
        Ok((items, next))
    }

    /// Asks for the end of a scan. Without a living edge it ends at once, else when the edge has stopped.
    pub(crate) async fn cancel(&self, ctx: &CallContext, id: &str) -> Result<Scan, Failure> {
        let scan = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    let (mut scan, lease) = self.visible(tx, ctx, id).await?;
                    if scan.state.is_final() {
                        self.audit(tx, ctx, "unchanged", &scan).await?;
                        return Ok(scan);
                    }
                    if scan.state == ScanState::Delivering {
                        return Err(wrong_state(
                            &scan,
                            "everything was read, only results are still handed on",
                        ));
                    }
                    scan.cancel_requested = true;
                    scan.updated = now;
                    if lease.id.is_none() || lease.until < now {
                        scan.step(ScanState::Cancelled, now)?;
                        tx.emit(events::changed(self.ids.id("evt"), ctx, "scan_cancelled", &scan))
                            .await?;
                    }
                    store::update(tx, &ctx.tenant, &scan).await?;
                    self.audit(tx, ctx, "cancelled", &scan).await?;
                    Ok(scan)
                })
            })
            .await?;
        self.committed();
        Ok(scan)
    }

    /// Takes up a scan that left something unread: finished tables stay, the others and the failed ones are read.
    pub(crate) async fn resume(&self, ctx: &CallContext, id: &str) -> Result<Scan, Failure> {
        let scan = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    let (mut scan, _) = self.visible(tx, ctx, id).await?;
                    // A second call while it runs, and a scan that has nothing left to read.
                    let complete = scan.state == ScanState::Succeeded;
                    if complete || !scan.state.is_final() {
                        self.audit(tx, ctx, "unchanged", &scan).await?;
                        return Ok(scan);
                    }
                    if let Some(running) = store::active_of(tx, &ctx.tenant, &scan.source).await? {
                        return Err(already_running(&running));
                    }
                    scan.step(ScanState::Pending, now)?;
                    scan.cancel_requested = false;
                    scan.error = None;
                    let again = store::reopen_failed(tx, &ctx.tenant, &scan.id).await?;
                    scan.uncount(&again);
                    store::update(tx, &ctx.tenant, &scan).await?;
                    tx.emit(events::changed(self.ids.id("evt"), ctx, "scan_resumed", &scan))
                        .await?;
                    self.audit(tx, ctx, "resumed", &scan).await?;
                    Ok(scan)
                })
            })
            .await?;
        self.committed();
        Ok(scan)
    }

    async fn visible(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        id: &str,
    ) -> Result<(Scan, store::Lease), Failure> {
        let found = store::locked(tx, &ctx.tenant, id).await?;
        found
            .filter(|(scan, _)| self.may(ctx, "scans.runs.get", scan))
            .ok_or_else(|| not_found(id))
    }

    fn may(&self, ctx: &CallContext, permission: &str, scan: &Scan) -> bool {
        let resource = ResourceRef::new("scan", &scan.id, &ctx.tenant);
        self.policy
            .decide(&ctx.tenant, &ctx.actor, permission, &resource)
            .allowed
    }

    async fn audit(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        action: &str,
        scan: &Scan,
    ) -> Result<(), Failure> {
        let record = AuditRecord::allowed(
            self.ids.id("aud"),
            self.clock.now(),
            "scans",
            ctx,
            action,
            &scan.name(),
        )
        .with_detail("source", scan.source.clone())
        .with_detail("state", scan.state.as_str());
        tx.audit(record).await
    }

    pub(crate) fn committed(&self) {
        self.commits.send_modify(|n| *n = n.wrapping_add(1));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

pub(crate) fn not_found(id: &str) -> Failure {
    Failure::new(Reason::ResourceNotFound, format!("there is no scan scans/{id}"))
        .with_remedy("see `datawave scan list`")
        .with_metadata("resource", format!("scans/{id}"))
}

fn already_running(scan: &Scan) -> Failure {
    Failure::new(
        Reason::ScanAlreadyRunning,
        format!("{} is being scanned by {}", scan.source_name, scan.name()),
    )
    .with_remedy(format!(
        "wait for it (`datawave scan show {0}`) or stop it (`datawave scan cancel {0}`)",
        scan.id
    ))
    .with_metadata("resource", scan.name())
}
