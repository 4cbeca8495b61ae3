//! Scans: started by people, carried out by edge nodes, handed on to catalog and classification. Laid out as
//! `crates/catalog`, with a folder per resource: `scan/` (people), `link/` (edge nodes), `delivery/` (handing
//! results on).
//!
//! Owns: scans, their tables and leases, facts received once. Asks: sources. Calls: catalog, classification.
//! Tells: `scan_started`, `scan_finished`, `scan_cancelled`, `scan_resumed`.

mod clients;
mod delivery;
mod events;
mod link;
mod scan;

use std::sync::Arc;

use datawave_authz::Decider;
use datawave_core::{Clock, Failure, IdSource};
use datawave_db::page::PageTokens;
use datawave_db::{Db, DbUrl, Migration};
use datawave_rpc::Channel;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use clients::{Receivers, SourcesClient};
use link::app::LinkApp;
use scan::app::ScanApp;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "scans",
    sqlite: include_str!("../migrations/sqlite/0001_scans.sql"),
    postgres: include_str!("../migrations/postgres/0001_scans.sql"),
}];

/// What scans need from the process around them.
pub struct ScansDeps {
    /// Where the store is.
    pub url: DbUrl,
    /// Decisions about single scans.
    pub policy: Arc<Decider>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids of scans, leases, audit records and events.
    pub ids: Arc<dyn IdSource>,
    /// Key of page tokens; the same on every replica.
    pub page_key: [u8; 32],
    /// Channel to sources.
    pub sources: Channel,
    /// Channel to the catalog.
    pub catalog: Channel,
    /// Channel to classification.
    pub classification: Channel,
}

/// The running service.
pub struct Scans {
    app: Arc<ScanApp>,
    catalog: Channel,
    classification: Channel,
}

impl Scans {
    /// Opens the store, applying migrations.
    pub async fn open(deps: ScansDeps) -> Result<Self, Failure> {
        let app = ScanApp {
            db: Db::open(&deps.url, "scans", MIGRATIONS).await?,
            policy: deps.policy,
            sources: SourcesClient(deps.sources),
            clock: deps.clock,
            ids: deps.ids,
            pages: PageTokens::new(deps.page_key),
            commits: watch::Sender::new(0),
            stop: CancellationToken::new(),
        };
        Ok(Self {
            app: Arc::new(app),
            catalog: deps.catalog,
            classification: deps.classification,
        })
    }

    /// The store, for the relays of outbox and audit rows.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The generated servers, for people and for edge nodes.
    pub fn routes(&self) -> datawave_rpc::Routes {
        let link = Arc::new(LinkApp {
            scans: Arc::clone(&self.app),
        });
        datawave_rpc::Routes::new(scan::rpc::ScansRpc::server(Arc::clone(&self.app)))
            .add_service(link::rpc::LinkRpc::server(link))
    }

    /// Hands results on until `stop`, which ends the streams of watchers too.
    pub fn spawn_jobs(&self, stop: CancellationToken) -> tokio::task::JoinHandle<()> {
        let receivers = Receivers {
            catalog: self.catalog.clone(),
            classification: self.classification.clone(),
        };
        tokio::spawn(delivery::job::run(Arc::clone(&self.app), receivers, stop))
    }
}
