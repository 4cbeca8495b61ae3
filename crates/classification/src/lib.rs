//! Classification: what the engine found, what people decided, the labels that follow. Laid out as
//! `crates/catalog`.
//!
//! Owns: column results, findings, decisions, evidence. Calls: `catalog.ApplyLabels`. Tells:
//! `finding_proposed`, `finding_decided`. A decision of a person is sticky: no scan overwrites it.

mod clients;
mod convert;
mod events;
mod finding;
mod rpc;

use std::sync::Arc;
use std::time::Duration;

use datawave_authz::Decider;
use datawave_core::{Clock, Failure, IdSource};
use datawave_db::page::PageTokens;
use datawave_db::{Db, DbUrl, Migration};
use datawave_rpc::Channel;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

use clients::CatalogClient;
use finding::app::FindingApp;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "findings",
    sqlite: include_str!("../migrations/sqlite/0001_findings.sql"),
    postgres: include_str!("../migrations/postgres/0001_findings.sql"),
}];

/// What classification needs from the process around it.
pub struct ClassificationDeps {
    /// Where its store is.
    pub url: DbUrl,
    /// Decisions about single findings.
    pub policy: Arc<Decider>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids of audit records and events.
    pub ids: Arc<dyn IdSource>,
    /// Key of page tokens; the same on every replica.
    pub page_key: [u8; 32],
    /// Channel to the catalog.
    pub catalog: Channel,
}

/// The running service.
pub struct Classification {
    app: Arc<FindingApp>,
}

impl Classification {
    /// Opens the store, applying migrations.
    pub async fn open(deps: ClassificationDeps) -> Result<Self, Failure> {
        let app = FindingApp {
            db: Db::open(&deps.url, "classification", MIGRATIONS).await?,
            policy: deps.policy,
            catalog: CatalogClient(deps.catalog),
            clock: deps.clock,
            ids: deps.ids,
            pages: PageTokens::new(deps.page_key),
            delivering: Mutex::new(()),
            queued: Notify::new(),
        };
        Ok(Self { app: Arc::new(app) })
    }

    /// The store, for the relays of outbox and audit rows.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The generated server, for the server stack.
    pub fn routes(&self) -> datawave_rpc::Routes {
        datawave_rpc::Routes::new(rpc::ClassificationRpc::server(Arc::clone(&self.app)))
    }

    /// Hands labels that wait to the catalog, until `stop`: after a crash, and after the catalog was away.
    pub fn spawn_jobs(&self, stop: CancellationToken) -> tokio::task::JoinHandle<()> {
        const FIRST_WAIT: Duration = Duration::from_secs(1);
        const LAST_WAIT: Duration = Duration::from_secs(30);
        let app = Arc::clone(&self.app);
        tokio::spawn(async move {
            let mut wait = FIRST_WAIT;
            loop {
                match app.deliver().await {
                    Ok(()) => wait = FIRST_WAIT,
                    Err(failure) => {
                        tracing::warn!(
                            cause = failure.source_chain(),
                            "labels wait for the catalog: {failure}"
                        );
                        wait = (wait * 2).min(LAST_WAIT);
                    }
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = app.queued.notified() => {}
                    () = tokio::time::sleep(if wait == FIRST_WAIT { LAST_WAIT } else { wait }) => {}
                }
            }
        })
    }
}
