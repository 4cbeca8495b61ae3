//! Sources: what is governed, where it is, which site reads it. Laid out as `crates/catalog`.
//!
//! Owns: sources with references to their credentials (never the credentials). Asks nobody. Tells:
//! `source_created`, `source_updated`, `source_deleted`.

mod convert;
mod events;
mod rpc;
mod source;

use std::sync::Arc;

use datawave_authz::Decider;
use datawave_core::{Clock, Failure, IdSource};
use datawave_db::page::PageTokens;
use datawave_db::{Db, DbUrl, Migration};

use source::app::SourceApp;
pub use source::model::Location;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "sources",
    sqlite: include_str!("../migrations/sqlite/0001_sources.sql"),
    postgres: include_str!("../migrations/postgres/0001_sources.sql"),
}];

/// What the registry needs from the process around it.
pub struct SourcesDeps {
    /// Where its store is.
    pub url: DbUrl,
    /// Decisions about single sources.
    pub policy: Arc<Decider>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids of audit records and events.
    pub ids: Arc<dyn IdSource>,
    /// Key of page tokens; the same on every replica.
    pub page_key: [u8; 32],
    /// Edge node of sources that name none.
    pub default_edge: String,
}

/// The running service.
pub struct Sources {
    app: Arc<SourceApp>,
}

impl Sources {
    /// Opens the store, applying migrations.
    pub async fn open(deps: SourcesDeps) -> Result<Self, Failure> {
        let app = SourceApp {
            db: Db::open(&deps.url, "sources", MIGRATIONS).await?,
            policy: deps.policy,
            clock: deps.clock,
            ids: deps.ids,
            pages: PageTokens::new(deps.page_key),
            default_edge: deps.default_edge,
        };
        Ok(Self { app: Arc::new(app) })
    }

    /// The store, for the relays of outbox and audit rows.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The generated server, for the server stack.
    pub fn routes(&self) -> datawave_rpc::Routes {
        datawave_rpc::Routes::new(rpc::SourcesRpc::server(Arc::clone(&self.app)))
    }
}
