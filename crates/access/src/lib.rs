//! Access: API tokens, role bindings, and the policies in force.
//!
//! Laid out like `crates/catalog`; what each file holds is said there. Here as well:
//!
//! * [`TokenAuthenticator`] turns a bearer token into a caller. It reads token and roles anew at each call,
//!   so revoking a token or taking a role away is effective on the next call, on every replica of the store.
//! * [`PolicyAuthorizer`] answers the server stack whether a caller may use a method.
//! * [`Access::bootstrap_admin`] makes the first token of a fresh installation.

mod app;
mod authenticate;
mod convert;
mod events;
mod model;
mod policy;
mod rpc;
mod store;

use std::sync::Arc;

use datawave_authz::Decider;
use datawave_core::{Clock, Failure, IdSource};
use datawave_db::page::PageTokens;
use datawave_db::{Db, DbUrl, Migration};

use app::AccessApp;

pub use authenticate::TokenAuthenticator;
pub use policy::PolicyAuthorizer;
pub use rpc::Routes;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "access",
    sqlite: include_str!("../migrations/sqlite/0001_access.sql"),
    postgres: include_str!("../migrations/postgres/0001_access.sql"),
}];

/// What access needs from the process around it.
pub struct AccessDeps {
    /// Where its store is.
    pub url: DbUrl,
    /// The decider of the process. [`Access::open`] puts the stored policies in force in it.
    pub policy: Arc<Decider>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids of tokens, audit records and events.
    pub ids: Arc<dyn IdSource>,
    /// Key of page tokens; the same on every replica.
    pub page_key: [u8; 32],
}

/// The running service.
pub struct Access {
    app: Arc<AccessApp>,
}

impl Access {
    /// Opens the store, applying migrations, and puts the newest stored policies in force. The policies of
    /// this version are stored first when they differ from the newest.
    ///
    /// # Errors
    /// `DATA_DIRECTORY_TOO_NEW` for a store of a newer version, `DEPENDENCY_UNAVAILABLE` when it cannot be
    /// reached, `STORE_CORRUPT` when the stored policies do not compile.
    pub async fn open(deps: AccessDeps) -> Result<Self, Failure> {
        let app = AccessApp {
            db: Db::open(&deps.url, "access", MIGRATIONS).await?,
            policy: deps.policy,
            clock: deps.clock,
            ids: deps.ids,
            pages: PageTokens::new(deps.page_key),
        };
        app.load_policies().await?;
        Ok(Self { app: Arc::new(app) })
    }

    /// The store, for the relays of outbox and audit rows.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The generated server, for the server stack.
    pub fn routes(&self) -> Routes {
        rpc::routes(Arc::clone(&self.app))
    }

    /// Who checks bearer tokens, for the server stack.
    pub fn authenticator(&self) -> TokenAuthenticator {
        TokenAuthenticator {
            app: Arc::clone(&self.app),
        }
    }

    /// Makes the first token, of `user:admin` with role admin and without an end, when the store has no
    /// token at all. `keep` gets the secret *before* the token is stored and must make it durable for the
    /// operator: a crash in between leaves a file with a secret that is nobody's, and the next start makes
    /// another one, but never a token whose secret is lost. Whether a token was made.
    ///
    /// # Errors
    /// What `keep` returns (then no token is made), or a failure of the store.
    pub async fn bootstrap_admin(
        &self,
        keep: impl FnOnce(&str) -> Result<(), Failure> + Send,
    ) -> Result<bool, Failure> {
        self.app.bootstrap_admin(keep).await
    }
}
