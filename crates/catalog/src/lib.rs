//! Catalog: what exists in the governed sources and which labels are in effect.
//!
//! **The canonical service.** Every other service is laid out as this one; read it first:
//!
//! | file | holds | must not |
//! |---|---|---|
//! | `asset/model.rs` | what an asset is and how it changes: pure | know stores, wire types, clocks |
//! | `asset/label.rs` | what is known about a label: by finding, by hand, withheld | the same |
//! | `asset/store.rs` | the SQL, rows to domain types | know callers, decide anything |
//! | `asset/app.rs` | use cases: authorise, load, decide, write, audit, tell | know tonic, hold SQL |
//! | `rpc.rs` | the generated server trait: enter, convert, call, convert | decide anything |
//! | `convert.rs` | contract messages to domain types and back | do I/O |
//! | `events.rs` | changes in the words of `events.v1` | do I/O |
//! | `search/` | the derived index | be the truth |
//!
//! Owns: assets, labels in effect, versions. Asks nobody. Tells: `asset_created`, `asset_changed`,
//! `labels_changed`.

mod asset;
mod convert;
mod events;
mod rpc;
mod search;

use std::sync::Arc;
use std::time::Duration;

use datawave_authz::Decider;
use datawave_core::{Clock, Failure, IdSource};
use datawave_db::page::PageTokens;
use datawave_db::{Db, DbUrl, Migration};
use datawave_infra::search::SearchIndex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use asset::app::AssetApp;
use search::Indexer;

pub use asset::model::{Path, asset_id, qualified_name};

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "assets",
    sqlite: include_str!("../migrations/sqlite/0001_assets.sql"),
    postgres: include_str!("../migrations/postgres/0001_assets.sql"),
}];

/// What the catalog needs from the process around it.
pub struct CatalogDeps {
    /// Where its store is.
    pub url: DbUrl,
    /// Its search index; derived, may be empty.
    pub index: Arc<dyn SearchIndex>,
    /// Decisions about single assets.
    pub policy: Arc<Decider>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids of audit records and events.
    pub ids: Arc<dyn IdSource>,
    /// Key of page and resume tokens; the same on every replica.
    pub page_key: [u8; 32],
}

/// The running service.
pub struct Catalog {
    app: Arc<AssetApp>,
}

impl Catalog {
    /// Opens the store, applying migrations.
    ///
    /// # Errors
    /// `DATA_DIRECTORY_TOO_NEW` for a store of a newer version, `DEPENDENCY_UNAVAILABLE` when it cannot be
    /// reached.
    pub async fn open(deps: CatalogDeps) -> Result<Self, Failure> {
        let db = Db::open(&deps.url, "catalog", MIGRATIONS).await?;
        let indexer = Arc::new(Indexer::new(db.clone(), deps.index));
        let app = AssetApp {
            db,
            policy: deps.policy,
            indexer,
            clock: deps.clock,
            ids: deps.ids,
            pages: PageTokens::new(deps.page_key),
            commits: watch::Sender::new(0),
            stop: CancellationToken::new(),
        };
        Ok(Self { app: Arc::new(app) })
    }

    /// The store, for the relays of outbox and audit rows.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The generated server, for the server stack.
    pub fn routes(&self) -> datawave_rpc::Routes {
        datawave_rpc::Routes::new(rpc::CatalogRpc::server(Arc::clone(&self.app)))
    }

    /// Keeps the index near the store and forgets old batches until `stop`, which ends
    /// the streams of watchers too.
    pub fn spawn_jobs(&self, stop: CancellationToken) -> tokio::task::JoinHandle<()> {
        let app = Arc::clone(&self.app);
        tokio::spawn(async move {
            let mut commits = app.commits.subscribe();
            loop {
                if let Err(failure) = app.indexer.catch_up().await {
                    tracing::warn!(
                        cause = failure.source_chain(),
                        "the search index is behind: {failure}"
                    );
                }
                if let Err(failure) = app.sweep().await {
                    tracing::warn!(
                        cause = failure.source_chain(),
                        "old batches were not forgotten: {failure}"
                    );
                }
                tokio::select! {
                    () = stop.cancelled() => return app.stop.cancel(),
                    changed = commits.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        // Many small commits become one commit of the index.
                        tokio::time::sleep(Duration::from_millis(500)).await;
                    }
                    () = tokio::time::sleep(Duration::from_secs(60)) => {}
                }
            }
        })
    }
}
