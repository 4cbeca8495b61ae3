//! Audit: the tamper-evident log of who did what.
//!
//! Laid out like `crates/catalog`; what each file holds is said there. Here as well:
//!
//! * [`log`]: the Merkle log itself: files, proofs, signatures, verification. Knows no store and no network.
//! * `sequencer.rs`: the one writer; keeps rows and files in agreement over crashes.
//! * `clients.rs`: [`relay_sink`], with which the relay of any service hands its records over.
//!
//! A record's way: the service commits it with its change in its own store, its relay delivers it, a row with
//! its place in the log is committed here, and within about a second it is sealed under a signed checkpoint.
//! The files of the log are the truth; the rows are an index to search by. Records *about* this service (denied
//! calls, reads of the log) take the same way: they lie in its own store first.

mod app;
mod clients;
mod convert;
pub mod log;
mod model;
mod rpc;
mod sequencer;
mod store;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use datawave_core::Failure;
use datawave_db::page::PageTokens;
use datawave_db::{Db, DbUrl, Migration};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use app::AuditApp;
use log::{Report, SavedCheckpoint, load_or_create_signer};
use sequencer::Sequencer;

pub use clients::relay_sink;
pub use rpc::Routes;

/// Migrations, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "records",
    sqlite: include_str!("../migrations/sqlite/0001_records.sql"),
    postgres: include_str!("../migrations/postgres/0001_records.sql"),
}];

/// Least time between two checkpoints that nobody asked for.
const SEAL_EVERY: Duration = Duration::from_secs(1);

/// What the audit service needs from the process around it.
pub struct AuditDeps {
    /// Where its store is.
    pub url: DbUrl,
    /// Its directory: the log in `log/`, the signing key in `signer.key`, made on the first start.
    pub dir: PathBuf,
    /// Name of a new log in its checkpoints; a random one without it. Later starts keep the first.
    pub origin: Option<String>,
    /// Key of page tokens; the same on every replica.
    pub page_key: [u8; 32],
}

/// The running service.
pub struct Audit {
    app: Arc<AuditApp>,
}

impl Audit {
    /// Opens store and log, and seals what an earlier process had accepted.
    ///
    /// # Errors
    /// `DATA_DIRECTORY_TOO_NEW` for a store of a newer version, `DEPENDENCY_UNAVAILABLE` when it cannot be
    /// reached, `DATA_DIRECTORY_BUSY` when another process has the log, `AUDIT_TAMPERED` when log, key and
    /// rows contradict each other where they end.
    pub async fn open(deps: AuditDeps) -> Result<Self, Failure> {
        let db = Db::open(&deps.url, "audit", MIGRATIONS).await?;
        let key = signer_key(&deps.dir);
        let signer = sequencer::blocking(move || load_or_create_signer(&key, deps.origin.as_deref())).await?;
        let log = log_dir(&deps.dir);
        let sequencer = Arc::new(Sequencer::open(db.clone(), &log, signer).await?);
        let app = AuditApp {
            db,
            sequencer,
            log,
            pages: PageTokens::new(deps.page_key),
            turn: tokio::sync::Mutex::new(()),
            verifying: tokio::sync::Semaphore::new(1),
        };
        Ok(Self { app: Arc::new(app) })
    }

    /// The store, for the relay of this service's own audit rows.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The generated server, for the server stack.
    pub fn routes(&self) -> Routes {
        rpc::routes(Arc::clone(&self.app))
    }

    /// Seals accepted records about once a second until `stop`, and once more then.
    pub fn spawn_jobs(&self, stop: CancellationToken) -> JoinHandle<()> {
        tokio::spawn(Arc::clone(&self.app.sequencer).run(SEAL_EVERY, stop))
    }

    /// Number of entries under the newest checkpoint, as it grows.
    pub fn sealed(&self) -> watch::Receiver<u64> {
        self.app.sequencer.sealed()
    }
}

/// Where the log of an audit directory is.
pub fn log_dir(dir: &Path) -> PathBuf {
    dir.join("log")
}

fn signer_key(dir: &Path) -> PathBuf {
    dir.join("signer.key")
}

/// Verifies the log in the audit directory `dir` with the rows at `url` and the saved checkpoint in the file
/// `saved`, without a running service; beside one it works too.
///
/// # Errors
/// As [`log::verify_directory`], and what opening the store fails with. What is wrong with the log is in the
/// report.
pub async fn verify_directory(dir: &Path, url: &DbUrl, saved: Option<&Path>) -> Result<Report, Failure> {
    let saved = saved.map(SavedCheckpoint::read).transpose()?;
    let db = Db::open(url, "audit", MIGRATIONS).await?;
    let report = app::verify(&db, log_dir(dir), saved).await;
    db.close().await;
    report
}
