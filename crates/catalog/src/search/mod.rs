//! The search index of assets: derived from the store, followed by revision, rebuilt when it was lost.

use std::sync::Arc;

use datawave_core::{Failure, TenantId};
use datawave_db::Db;
use datawave_infra::search::{Document, IndexBatch, SearchIndex, SearchPage, SearchQuery};
use tokio::sync::Mutex;

use crate::asset::model::Asset;
use crate::asset::store;

/// Documents per index commit: large enough to rebuild fast, small enough to bound memory.
const BATCH: usize = 2_000;

/// Brings the index up to the store and searches it.
///
/// The index knows one revision; revisions of tenants are counters of their own. With one tenant they are the
/// same; with several the index follows each in turn, so [`Indexer::catch_up`] keeps its own position per
/// tenant and replays a tenant from 0 after a restart when the index does not hold its position.
pub(crate) struct Indexer {
    db: Db,
    index: Arc<dyn SearchIndex>,
    position: Mutex<Option<Positions>>,
}

type Positions = std::collections::BTreeMap<String, i64>;

impl Indexer {
    pub(crate) fn new(db: Db, index: Arc<dyn SearchIndex>) -> Self {
        Self {
            db,
            index,
            position: Mutex::new(None),
        }
    }

    /// Indexes everything that was committed before the call.
    pub(crate) async fn catch_up(&self) -> Result<(), Failure> {
        let mut guard = self.position.lock().await;
        let mut positions = match guard.take() {
            Some(positions) => positions,
            None => self.recover().await?,
        };
        let done = self.follow(&mut positions).await;
        if done.is_ok() {
            *guard = Some(positions);
        }
        done
    }

    /// Positions after a start: those of the index when one tenant exists, else everything again.
    async fn recover(&self) -> Result<Positions, Failure> {
        let mut session = self.db.read().await?;
        let tenants = store::tenants(&mut session).await?;
        let held = i64::try_from(self.index.last_revision().await?).unwrap_or(0);
        let mut positions = Positions::new();
        if let [tenant] = tenants.as_slice() {
            let parsed = parse(tenant)?;
            if held <= store::revision(&mut session, &parsed).await? {
                positions.insert(tenant.clone(), held);
                return Ok(positions);
            }
        }
        if held > 0 {
            self.index.clear().await?;
        }
        Ok(positions)
    }

    async fn follow(&self, positions: &mut Positions) -> Result<(), Failure> {
        let mut session = self.db.read().await?;
        for tenant in store::tenants(&mut session).await? {
            let id = parse(&tenant)?;
            let mut at = positions.get(&tenant).copied().unwrap_or(0);
            loop {
                let changes = store::changes_after(&mut session, &id, at, BATCH).await?;
                let Some((last, _)) = changes.last() else { break };
                at = *last;
                // The index orders batches by one number; the sum of all positions grows with every batch
                // and equals the revision while there is one tenant.
                let others: i64 = positions
                    .iter()
                    .filter(|(t, _)| **t != tenant)
                    .map(|(_, p)| p)
                    .sum();
                let batch = IndexBatch {
                    revision: u64::try_from(others + at).unwrap_or(0),
                    upserts: changes.iter().map(|(_, asset)| document(&id, asset)).collect(),
                    deletes: Vec::new(),
                };
                self.index.apply(batch).await?;
                positions.insert(tenant.clone(), at);
            }
        }
        Ok(())
    }

    pub(crate) async fn search(&self, query: SearchQuery) -> Result<SearchPage, Failure> {
        self.index.search(query).await
    }
}

fn parse(tenant: &str) -> Result<TenantId, Failure> {
    TenantId::parse(tenant).ok_or_else(|| Failure::internal("revisions.tenant holds no tenant name"))
}

fn document(tenant: &TenantId, asset: &Asset) -> Document {
    let path = &asset.path;
    let own = [&path.column, &path.table, &path.schema, &path.database]
        .into_iter()
        .find(|p| !p.is_empty());
    let labels: Vec<&str> = asset.effective_labels().collect();
    let mut filters = vec![
        ("kind".to_owned(), asset.kind.as_str().to_owned()),
        ("source".to_owned(), asset.source.clone()),
    ];
    filters.extend(labels.iter().map(|l| ("label".to_owned(), (*l).to_owned())));
    Document {
        tenant: tenant.clone(),
        id: asset.id.clone(),
        name: own.unwrap_or(&asset.source_name).clone(),
        aliases: vec![asset.qualified_name.clone()],
        text: [
            asset.comment.as_str(),
            asset.description.as_str(),
            &labels.join(" "),
        ]
        .join("\n"),
        filters,
    }
}
