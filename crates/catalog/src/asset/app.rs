//! What the catalog does with assets. No wire types, no SQL text: authorise, load, decide, write, audit, tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use datawave_authz::{Decider, ResourceRef};
use datawave_core::{AuditRecord, CallContext, Clock, Failure, IdSource, Reason, TenantId};
use datawave_db::page::{self, PageTokens};
use datawave_db::{Db, Tx};
use datawave_infra::search::{Filter, SearchQuery};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::model::{
    Asset, AssetChange, AssetKind, Details, Difference, FindingLabel, Labels, Path, asset_id, next_version,
    qualified_name, with_finding_labels,
};
use super::store::{self, AssetFilter};
use crate::events;
use crate::search::Indexer;

/// How long an applied batch is remembered: longer than any sender retries.
const BATCH_MEMORY: Duration = Duration::from_secs(30 * 24 * 3600);

/// The use cases. One per process; cheap to share.
pub(crate) struct AssetApp {
    pub(crate) db: Db,
    pub(crate) policy: Arc<Decider>,
    pub(crate) indexer: Arc<Indexer>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) pages: PageTokens,
    /// Counts commits of this process, so that watchers and the indexer need not poll.
    pub(crate) commits: watch::Sender<u64>,
    /// Ends the streams of watchers when the process shuts down.
    pub(crate) stop: CancellationToken,
}

/// A table that a scan discovered.
#[derive(Clone, Debug)]
pub(crate) struct DiscoveredTable {
    pub(crate) path: Path,
    pub(crate) comment: String,
    pub(crate) details: Details,
    pub(crate) columns: Vec<DiscoveredColumn>,
}

/// A column that a scan discovered.
#[derive(Clone, Debug)]
pub(crate) struct DiscoveredColumn {
    pub(crate) name: String,
    pub(crate) comment: String,
    pub(crate) details: Details,
}

/// Labels from findings, by column.
pub(crate) type ColumnLabels = Vec<(Path, BTreeMap<String, FindingLabel>)>;

/// A page of a list, and the token of the next one (empty at the end).
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: String,
}

/// Where batches come from.
pub(crate) struct Batch<'a> {
    pub(crate) id: &'a str,
    pub(crate) source: &'a str,
}

impl AssetApp {
    /// One asset. An asset that the caller may not see does not exist for it.
    pub(crate) async fn get(&self, ctx: &CallContext, id: &str) -> Result<Asset, Failure> {
        let mut session = self.db.read().await?;
        let asset = store::asset(&mut session, &ctx.tenant, id).await?;
        asset
            .filter(|a| self.may(ctx, "catalog.assets.get", a))
            .ok_or_else(|| not_found(id))
    }

    /// One page of assets by qualified name.
    pub(crate) async fn list(
        &self,
        ctx: &CallContext,
        filter: &AssetFilter,
        size: i32,
        token: &str,
    ) -> Result<Page<Asset>, Failure> {
        let query = digest_of("list_assets", filter)?;
        let after = self.pages.open(&ctx.tenant, &query, token)?;
        let after = match after.as_slice() {
            [name, id] => Some((name.as_str(), id.as_str())),
            _ => None,
        };
        let size = page::page_size(size);
        let mut session = self.db.read().await?;
        let mut items = store::list(&mut session, &ctx.tenant, filter, after, size).await?;
        let next = match items.last() {
            Some(last) if items.len() == size => self.pages.seal(
                &ctx.tenant,
                &query,
                &[last.qualified_name.clone(), last.id.clone()],
            ),
            _ => String::new(),
        };
        items.retain(|a| self.may(ctx, "catalog.assets.list", a));
        Ok(Page { items, next })
    }

    /// Versions of an asset, newest first.
    pub(crate) async fn versions(
        &self,
        ctx: &CallContext,
        id: &str,
        size: i32,
        token: &str,
    ) -> Result<Page<store::AssetVersionRow>, Failure> {
        self.get(ctx, id).await?;
        let query = digest_of("list_asset_versions", &id)?;
        let after = self.pages.open(&ctx.tenant, &query, token)?;
        let before = after.first().and_then(|v| v.parse().ok()).unwrap_or(i64::MAX);
        let size = page::page_size(size);
        let mut session = self.db.read().await?;
        let items = store::versions(&mut session, &ctx.tenant, id, before, size).await?;
        let next = match items.last() {
            Some(last) if items.len() == size && last.version > 1 => {
                self.pages.seal(&ctx.tenant, &query, &[last.version.to_string()])
            }
            _ => String::new(),
        };
        Ok(Page { items, next })
    }

    /// Assets that match, best first. A change that was answered is found by the next search.
    pub(crate) async fn search(
        &self,
        ctx: &CallContext,
        text: &str,
        kind: Option<AssetKind>,
        label: Option<&str>,
        prefix: bool,
        limit: i32,
    ) -> Result<Vec<(Asset, f64)>, Failure> {
        self.indexer.catch_up().await?;
        let mut filters = Vec::new();
        if let Some(kind) = kind {
            filters.push(Filter {
                field: "kind".to_owned(),
                any_of: vec![kind.as_str().to_owned()],
            });
        }
        if let Some(label) = label {
            filters.push(Filter {
                field: "label".to_owned(),
                any_of: vec![label.to_owned()],
            });
        }
        let query = SearchQuery {
            tenant: ctx.tenant.clone(),
            text: text.to_owned(),
            filters,
            prefix,
            limit: page::page_size(limit),
            after: None,
        };
        let hits = self.indexer.search(query).await?.hits;
        let ids: Vec<String> = hits.iter().map(|h| h.id.clone()).collect();
        let mut session = self.db.read().await?;
        let mut assets = store::assets_by_id(&mut session, &ctx.tenant, &ids).await?;
        Ok(hits
            .iter()
            .filter_map(|hit| Some((assets.remove(&hit.id)?, f64::from(hit.matched.score()))))
            .filter(|(asset, _)| self.may(ctx, "catalog.assets.search", asset))
            .collect())
    }

    /// Changes an asset by hand.
    pub(crate) async fn update(&self, ctx: &CallContext, change: &AssetChange) -> Result<Asset, Failure> {
        let updated = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let before = store::asset(tx, &ctx.tenant, &change.id).await?;
                    let before = before
                        .filter(|a| self.may(ctx, "catalog.assets.get", a))
                        .ok_or_else(|| not_found(&change.id))?;
                    if !self.may(ctx, "catalog.assets.update", &before) {
                        return Err(Failure::new(
                            Reason::PermissionMissing,
                            "you may not change this asset",
                        ));
                    }
                    let now = self.clock.now();
                    let after = change.apply(&before, now)?;
                    let difference = Difference::between(&before, &after);
                    if !difference.is_empty() {
                        store::put(tx, &ctx.tenant, &after, &ctx.actor.subject).await?;
                        self.tell(tx, ctx, &after, &difference).await?;
                    }
                    let record = AuditRecord::allowed(
                        self.ids.id("aud"),
                        now,
                        self.db.service(),
                        ctx,
                        if difference.is_empty() {
                            "unchanged"
                        } else {
                            "updated"
                        },
                        &after.name(),
                    )
                    .with_detail("fields", difference.fields.join(","))
                    .with_detail("labels_added", difference.added.join(","))
                    .with_detail("labels_removed", difference.removed.join(","))
                    .with_detail("version", after.version.to_string());
                    tx.audit(record).await?;
                    Ok(after)
                })
            })
            .await?;
        self.committed();
        Ok(updated)
    }

    /// Catalogues discovered tables with all assets above them. Answers (created, changed).
    pub(crate) async fn upsert(
        &self,
        ctx: &CallContext,
        batch: Batch<'_>,
        source_name: &str,
        tables: &[DiscoveredTable],
    ) -> Result<(u32, u32), Failure> {
        let wanted = expand(batch.source, source_name, tables);
        let ids: Vec<String> = wanted.iter().map(|a| a.id.clone()).collect();
        let batch = &batch;
        let (wanted, ids) = (&wanted, &ids);
        let counts = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    if !store::begin_batch(tx, &ctx.tenant, batch.id, now).await? {
                        return Ok((0, 0));
                    }
                    let existing = store::assets_by_id(tx, &ctx.tenant, ids).await?;
                    let (mut created, mut changed) = (0_u32, 0_u32);
                    for fresh in wanted {
                        let after = match existing.get(&fresh.id) {
                            None => Asset {
                                created: now,
                                updated: now,
                                ..fresh.clone()
                            },
                            Some(before) => next_version(before, merged(before, fresh), now),
                        };
                        let difference = match existing.get(&fresh.id) {
                            None => {
                                created += 1;
                                Difference {
                                    fields: vec!["created"],
                                    ..Difference::default()
                                }
                            }
                            Some(before) => Difference::between(before, &after),
                        };
                        if difference.is_empty() {
                            continue;
                        }
                        changed += u32::from(existing.contains_key(&fresh.id));
                        store::put(tx, &ctx.tenant, &after, &ctx.actor.subject).await?;
                        self.tell(tx, ctx, &after, &difference).await?;
                    }
                    self.audit_batch(tx, ctx, batch, "catalogued", created, changed)
                        .await?;
                    Ok((created, changed))
                })
            })
            .await?;
        self.committed();
        Ok(counts)
    }

    /// Sets the labels that findings give. Answers (changed, unknown columns).
    pub(crate) async fn apply_labels(
        &self,
        ctx: &CallContext,
        batch: Batch<'_>,
        columns: &ColumnLabels,
    ) -> Result<(u32, u32), Failure> {
        let ids: Vec<String> = columns
            .iter()
            .map(|(path, _)| asset_id(batch.source, path))
            .collect();
        let (batch, ids) = (&batch, &ids);
        let counts = self
            .db
            .write(|tx| {
                Box::pin(async move {
                    let now = self.clock.now();
                    if !store::begin_batch(tx, &ctx.tenant, batch.id, now).await? {
                        return Ok((0, 0));
                    }
                    let existing = store::assets_by_id(tx, &ctx.tenant, ids).await?;
                    let (mut changed, mut unknown) = (0_u32, 0_u32);
                    for (id, (_, labels)) in ids.iter().zip(columns) {
                        let Some(before) = existing.get(id) else {
                            unknown += 1;
                            continue;
                        };
                        let after = with_finding_labels(before, labels, now);
                        let difference = Difference::between(before, &after);
                        if !difference.is_empty() {
                            changed += 1;
                            store::put(tx, &ctx.tenant, &after, &ctx.actor.subject).await?;
                            self.tell(tx, ctx, &after, &difference).await?;
                        }
                    }
                    self.audit_batch(tx, ctx, batch, "labelled", 0, changed).await?;
                    Ok((changed, unknown))
                })
            })
            .await?;
        self.committed();
        Ok(counts)
    }

    /// Changes after `revision` in commit order.
    pub(crate) async fn changes_after(
        &self,
        ctx: &CallContext,
        revision: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Asset)>, Failure> {
        let mut session = self.db.read().await?;
        store::changes_after(&mut session, &ctx.tenant, revision, limit).await
    }

    /// Revision to begin a watch at.
    pub(crate) async fn revision(&self, tenant: &TenantId) -> Result<i64, Failure> {
        let mut session = self.db.read().await?;
        store::revision(&mut session, tenant).await
    }

    /// Forgets batches that no sender repeats any more. Run now and then.
    pub(crate) async fn sweep(&self) -> Result<(), Failure> {
        let limit = i64::try_from(BATCH_MEMORY.as_micros()).unwrap_or(i64::MAX);
        let before = datawave_core::Timestamp(self.clock.now().0.saturating_sub(limit));
        self.db
            .write(|tx| Box::pin(async move { store::forget_batches(tx, before).await }))
            .await?;
        Ok(())
    }

    pub(crate) fn may(&self, ctx: &CallContext, permission: &str, asset: &Asset) -> bool {
        let resource = ResourceRef::new("asset", &asset.id, &ctx.tenant);
        self.policy
            .decide(&ctx.tenant, &ctx.actor, permission, &resource)
            .allowed
    }

    fn committed(&self) {
        self.commits.send_modify(|n| *n = n.wrapping_add(1));
    }

    async fn tell(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        after: &Asset,
        difference: &Difference,
    ) -> Result<(), Failure> {
        tx.emit(events::changed(self.ids.id("evt"), ctx, after, difference))
            .await
    }

    async fn audit_batch(
        &self,
        tx: &mut Tx<'_>,
        ctx: &CallContext,
        batch: &Batch<'_>,
        action: &str,
        created: u32,
        changed: u32,
    ) -> Result<(), Failure> {
        let record = AuditRecord::allowed(
            self.ids.id("aud"),
            self.clock.now(),
            self.db.service(),
            ctx,
            action,
            batch.source,
        )
        .with_detail("batch", batch.id)
        .with_detail("created", created.to_string())
        .with_detail("changed", changed.to_string());
        tx.audit(record).await
    }
}

fn not_found(id: &str) -> Failure {
    Failure::new(Reason::ResourceNotFound, format!("there is no asset assets/{id}"))
        .with_remedy("list assets with `datawave asset list`, or search by name with `datawave asset search`")
        .with_metadata("resource", format!("assets/{id}"))
}

fn digest_of<T: serde::Serialize>(method: &str, query: &T) -> Result<[u8; 32], Failure> {
    let bytes = serde_json::to_vec(query).map_err(Failure::internal)?;
    Ok(datawave_core::digest::sha256_parts(&[method.as_bytes(), &bytes]))
}

/// What the engine says replaces what it said before; what people added stays.
fn merged(before: &Asset, fresh: &Asset) -> Asset {
    Asset {
        kind: fresh.kind,
        source_name: fresh.source_name.clone(),
        qualified_name: fresh.qualified_name.clone(),
        comment: fresh.comment.clone(),
        details: fresh.details.clone(),
        ..before.clone()
    }
}

/// Every asset that the tables imply: source, databases, schemas, tables, columns, each once.
fn expand(source: &str, source_name: &str, tables: &[DiscoveredTable]) -> Vec<Asset> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |kind: AssetKind, path: Path, comment: &str, details: Details| {
        if !seen.insert(path.clone()) {
            return;
        }
        out.push(Asset {
            id: asset_id(source, &path),
            kind,
            source: source.to_owned(),
            source_name: source_name.to_owned(),
            qualified_name: qualified_name(source_name, &path),
            parent: path.parent().map(|up| asset_id(source, &up)),
            path,
            comment: comment.to_owned(),
            description: String::new(),
            owner: String::new(),
            details,
            labels: Labels::new(),
            version: 1,
            created: datawave_core::Timestamp::default(),
            updated: datawave_core::Timestamp::default(),
        });
    };
    add(AssetKind::Source, Path::default(), "", Details::Container);
    for table in tables {
        let database = Path {
            database: table.path.database.clone(),
            ..Path::default()
        };
        let schema = Path {
            schema: table.path.schema.clone(),
            ..database.clone()
        };
        add(AssetKind::Database, database, "", Details::Container);
        add(AssetKind::Schema, schema, "", Details::Container);
        let is_view =
            matches!(&table.details, Details::Table { table_kind, .. } if table_kind.ends_with("view"));
        let kind = if is_view {
            AssetKind::View
        } else {
            AssetKind::Table
        };
        add(kind, table.path.clone(), &table.comment, table.details.clone());
        for column in &table.columns {
            let path = Path {
                column: column.name.clone(),
                ..table.path.clone()
            };
            add(AssetKind::Column, path, &column.comment, column.details.clone());
        }
    }
    out
}
