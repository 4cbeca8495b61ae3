//! What classification does: take results over, list, let people decide, hand labels to the catalog.

use std::sync::Arc;

use datawave_authz::{Decider, ResourceRef};
use datawave_core::{AuditRecord, CallContext, Clock, Failure, IdSource, Reason, Timestamp, digest};
use datawave_db::page::{self, PageTokens};
use datawave_db::{Db, Tx};
use tokio::sync::{Mutex, Notify};

use super::model::{ColumnPath, Decision, Detection, Finding, finding_id};
use super::store::{self, FindingFilter, ResultFilter, ResultRow};
use crate::clients::CatalogClient;
use crate::{convert, events};

/// The use cases.
pub(crate) struct FindingApp {
    pub(crate) db: Db,
    pub(crate) policy: Arc<Decider>,
    pub(crate) catalog: CatalogClient,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) pages: PageTokens,
    /// One delivery to the catalog at a time: labels arrive in the order in which they were decided.
    pub(crate) delivering: Mutex<()>,
    pub(crate) queued: Notify,
}

/// Results of a scan to take over.
pub(crate) struct Submission {
    pub(crate) batch: String,
    pub(crate) source: String,
    pub(crate) source_name: String,
    pub(crate) scan: String,
    pub(crate) columns: Vec<SubmittedColumn>,
}

/// One column of them.
pub(crate) struct SubmittedColumn {
    pub(crate) path: ColumnPath,
    pub(crate) ordinal: u32,
    /// Whether the column was judged: a failed column says nothing about what it holds.
    pub(crate) judged: bool,
    pub(crate) engine_version: String,
    pub(crate) detections: Vec<Detection>,
    /// The contract's message, encoded, for lists.
    pub(crate) document: Vec<u8>,
}

impl FindingApp {
    /// Takes results over once, and hands the labels that follow to the catalog before it answers. A batch that
    /// was taken over before is not taken again, but its labels are handed on if they still wait.
    pub(crate) async fn submit(
        &self,
        ctx: &CallContext,
        submission: &Submission,
    ) -> Result<(u32, u32), Failure> {
        let counts = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    if let Some(counts) = store::former_batch(tx, &ctx.tenant, &submission.batch).await? {
                        return Ok(counts);
                    }
                    let now = self.clock.now();
                    let (mut created, mut changed) = (0_u32, 0_u32);
                    let mut labelled = Vec::new();
                    for column in &submission.columns {
                        let row = ResultRow {
                            source: submission.source.clone(),
                            column_key: column.path.key(),
                            sort_key: column.path.sort_key(&submission.source_name, column.ordinal),
                            scan: submission.scan.clone(),
                            has_findings: !column.detections.is_empty(),
                            document: column.document.clone(),
                        };
                        store::put_result(tx, &ctx.tenant, &row, now).await?;
                        if !column.judged {
                            continue;
                        }
                        let (new, other, findings) = self.merge(tx, ctx, submission, column, now).await?;
                        created += new;
                        changed += other;
                        labelled.push((column.path.clone(), findings));
                    }
                    let payload = convert::apply_labels(
                        &format!("labels/{}", submission.batch),
                        &submission.source,
                        &labelled,
                    );
                    store::queue_labels(tx, &ctx.tenant, payload).await?;
                    store::remember_batch(tx, &ctx.tenant, &submission.batch, (created, changed), now)
                        .await?;
                    let record = self
                        .record(ctx, "classified", &submission.source)
                        .with_detail("batch", submission.batch.clone())
                        .with_detail("scan", submission.scan.clone())
                        .with_detail("created", created.to_string())
                        .with_detail("changed", changed.to_string());
                    tx.audit(record).await?;
                    Ok((created, changed))
                })
            })
            .await?;
        self.deliver().await?;
        Ok(counts)
    }

    /// Brings the findings of one column up to date: found ones are new or seen again, the others are gone.
    async fn merge(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        submission: &Submission,
        column: &SubmittedColumn,
        now: Timestamp,
    ) -> Result<(u32, u32, Vec<Finding>), Failure> {
        let before = store::of_column(tx, &ctx.tenant, &submission.source, &column.path.key()).await?;
        let (mut created, mut changed) = (0, 0);
        let mut after = Vec::new();
        for detection in &column.detections {
            let fresh = Finding {
                id: finding_id(&submission.source, &column.path, &detection.infotype),
                source: submission.source.clone(),
                source_name: submission.source_name.clone(),
                path: column.path.clone(),
                ordinal: column.ordinal,
                detection: detection.clone(),
                review: None,
                present: true,
                scan: submission.scan.clone(),
                engine_version: column.engine_version.clone(),
                version: 1,
                created: now,
                updated: now,
            };
            if after.iter().any(|f: &Finding| f.id == fresh.id) {
                continue;
            }
            let finding = match before.iter().find(|f| f.id == fresh.id) {
                None => {
                    created += 1;
                    tx.emit(events::changed(
                        self.ids.id("evt"),
                        ctx,
                        "finding_proposed",
                        &fresh,
                    ))
                    .await?;
                    fresh
                }
                Some(old) => {
                    let finding = old.seen_again(&fresh, now);
                    changed += u32::from(finding.version != old.version);
                    finding
                }
            };
            store::put(tx, &ctx.tenant, &finding).await?;
            after.push(finding);
        }
        for old in before {
            if after.iter().any(|f| f.id == old.id) {
                continue;
            }
            let finding = old.gone(&submission.scan, now);
            if finding != old {
                changed += 1;
                store::put(tx, &ctx.tenant, &finding).await?;
            }
            after.push(finding);
        }
        Ok((created, changed, after))
    }

    /// One page of results: encoded messages, and the token of the next page.
    pub(crate) async fn results(
        &self,
        ctx: &CallContext,
        filter: &ResultFilter,
        size: i32,
        token: &str,
    ) -> Result<(Vec<Vec<u8>>, String), Failure> {
        let query = digest_of("list_column_results", filter)?;
        let after = self
            .pages
            .open(&ctx.tenant, &query, token)?
            .into_iter()
            .next()
            .unwrap_or_default();
        let size = page::page_size(size);
        let mut session = self.db.read().await?;
        let rows = store::list_results(&mut session, &ctx.tenant, filter, &after, size).await?;
        let next = match rows.last() {
            Some((key, _)) if rows.len() == size => {
                self.pages.seal(&ctx.tenant, &query, std::slice::from_ref(key))
            }
            _ => String::new(),
        };
        Ok((rows.into_iter().map(|(_, document)| document).collect(), next))
    }

    /// One page of findings, and the token of the next.
    pub(crate) async fn list(
        &self,
        ctx: &CallContext,
        filter: &FindingFilter,
        size: i32,
        token: &str,
    ) -> Result<(Vec<Finding>, String), Failure> {
        let query = digest_of("list_findings", filter)?;
        let after = self.pages.open(&ctx.tenant, &query, token)?;
        let after = match after.as_slice() {
            [key, id] => (key.as_str(), id.as_str()),
            _ => ("", ""),
        };
        let size = page::page_size(size);
        let mut session = self.db.read().await?;
        let rows = store::list(&mut session, &ctx.tenant, filter, after, size).await?;
        let next = match rows.last() {
            Some((key, last)) if rows.len() == size => {
                self.pages
                    .seal(&ctx.tenant, &query, &[key.clone(), last.id.clone()])
            }
            _ => String::new(),
        };
        let visible = rows
            .into_iter()
            .map(|(_, f)| f)
            .filter(|f| self.may(ctx, "classification.findings.list", f));
        Ok((visible.collect(), next))
    }

    /// One finding.
    pub(crate) async fn get(&self, ctx: &CallContext, id: &str) -> Result<Finding, Failure> {
        let mut session = self.db.read().await?;
        let finding = store::finding(&mut session, &ctx.tenant, id).await?;
        finding
            .filter(|f| self.may(ctx, "classification.findings.get", f))
            .ok_or_else(|| not_found(id))
    }

    /// A person's decision. The catalog has the labels that follow before the answer leaves, or gets them as
    /// soon as it is there again.
    pub(crate) async fn decide(
        &self,
        ctx: &CallContext,
        id: &str,
        decision: Decision,
        note: &str,
        etag: &str,
    ) -> Result<Finding, Failure> {
        let finding = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let before = store::finding(tx, &ctx.tenant, id).await?;
                    let before = before
                        .filter(|f| self.may(ctx, "classification.findings.get", f))
                        .ok_or_else(|| not_found(id))?;
                    if !self.may(ctx, "classification.findings.decide", &before) {
                        return Err(Failure::new(
                            Reason::PermissionMissing,
                            "you may not decide on this finding",
                        ));
                    }
                    let now = self.clock.now();
                    let after = before.decided(decision, &ctx.actor.subject, note, etag, now)?;
                    if after != before {
                        store::put(tx, &ctx.tenant, &after).await?;
                        let key = after.path.key();
                        let column = store::of_column(tx, &ctx.tenant, &after.source, &key).await?;
                        let batch = format!("decision/{}/{}", after.id, after.version);
                        let payload =
                            convert::apply_labels(&batch, &after.source, &[(after.path.clone(), column)]);
                        store::queue_labels(tx, &ctx.tenant, payload).await?;
                        tx.emit(events::changed(
                            self.ids.id("evt"),
                            ctx,
                            "finding_decided",
                            &after,
                        ))
                        .await?;
                    }
                    let record = self
                        .record(
                            ctx,
                            if after == before { "unchanged" } else { "decided" },
                            &after.name(),
                        )
                        .with_detail("state", after.state().as_str())
                        .with_detail("label", after.detection.label.clone());
                    tx.audit(record).await?;
                    Ok(after)
                })
            })
            .await?;
        // The decision is committed: that the catalog is away must not look like a failed decision.
        if let Err(failure) = self.deliver().await {
            tracing::warn!(
                cause = failure.source_chain(),
                "labels wait for the catalog: {failure}"
            );
            self.queued.notify_one();
        }
        Ok(finding)
    }

    /// Hands everything that waits to the catalog, in order.
    pub(crate) async fn deliver(&self) -> Result<(), Failure> {
        let _one_at_a_time = self.delivering.lock().await;
        loop {
            let mut session = self.db.read().await?;
            let Some((tenant, sequence, payload)) = store::next_labels(&mut session).await? else {
                return Ok(());
            };
            drop(session);
            let ctx = CallContext::background(tenant.clone(), "classification", "labels");
            self.catalog.apply_labels(&ctx, &payload).await?;
            let tenant = &tenant;
            self.db
                .write(|tx| Box::pin(async move { store::labels_delivered(tx, tenant, sequence).await }))
                .await?;
        }
    }

    fn may(&self, ctx: &CallContext, permission: &str, finding: &Finding) -> bool {
        let resource = ResourceRef::new("finding", &finding.id, &ctx.tenant);
        self.policy
            .decide(&ctx.tenant, &ctx.actor, permission, &resource)
            .allowed
    }

    fn record(&self, ctx: &CallContext, action: &str, resource: &str) -> AuditRecord {
        AuditRecord::allowed(
            self.ids.id("aud"),
            self.clock.now(),
            "classification",
            ctx,
            action,
            resource,
        )
    }
}

fn not_found(id: &str) -> Failure {
    Failure::new(
        Reason::ResourceNotFound,
        format!("there is no finding findings/{id}"),
    )
    .with_remedy("see `datawave finding list`")
    .with_metadata("resource", format!("findings/{id}"))
}

fn digest_of<T: serde::Serialize>(method: &str, query: &T) -> Result<[u8; 32], Failure> {
    let bytes = serde_json::to_vec(query).map_err(Failure::internal)?;
    Ok(digest::sha256_parts(&[method.as_bytes(), &bytes]))
}
