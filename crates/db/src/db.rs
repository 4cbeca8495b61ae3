//! The store handle: open, read, write.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::digest::random_bytes;
use datawave_core::{AuditRecord, Failure};
use futures::future::BoxFuture;
use tokio::sync::watch;

use crate::dialect::Engine;
use crate::error::{self, Condition};
use crate::group::AuditGroup;
use crate::migrate::{self, Migration};
use crate::pool::Pools;
use crate::session::{Session, Tx};
use crate::url::DbUrl;

/// Tries of a transaction that loses against others.
const ATTEMPTS: u32 = 12;

/// The store of one service. Cheap to clone; all clones are one store.
///
/// A write that was acknowledged is on disk: SQLite runs with `synchronous=FULL`, PostgreSQL as its server
/// is configured.
#[derive(Clone)]
pub struct Db {
    pub(crate) store: Arc<Store>,
    group: AuditGroup,
}

/// What the handle and the background tasks share.
pub(crate) struct Store {
    service: &'static str,
    pools: Pools,
    /// Counts commits that left something for the outbox relay, and for the audit relay.
    pub(crate) outbox: watch::Sender<u64>,
    pub(crate) audits: watch::Sender<u64>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("service", &self.store.service)
            .field("engine", &self.engine())
            .finish()
    }
}

impl Db {
    /// Opens the store of `service`, creating what is missing, and brings its schema up to date.
    ///
    /// SQLite: the file is created with mode 0600; its folder must exist. PostgreSQL: everything lives in a
    /// schema named after the service, which is created when the user may and it is missing. Migrations run
    /// each in its own transaction, first those of this crate, then `migrations`; a run that was cut off
    /// goes on at the next opening, and processes that open at once take turns.
    ///
    /// # Errors
    /// `DATA_DIRECTORY_TOO_NEW` when the store was written by a newer version; `STORE_CORRUPT` when a
    /// migration that was applied has another text today; `DEPENDENCY_UNAVAILABLE` when it cannot be reached.
    pub async fn open(
        url: &DbUrl,
        service: &'static str,
        migrations: &'static [Migration],
    ) -> Result<Db, Failure> {
        migrate::check(service, migrations)?;
        let pools = Pools::open(&url.target, service).await?;
        migrate::run(&pools, service, migrations).await?;
        let store = Arc::new(Store {
            service,
            pools,
            outbox: watch::Sender::new(0),
            audits: watch::Sender::new(0),
        });
        Ok(Db {
            group: AuditGroup::start(Arc::clone(&store)),
            store,
        })
    }

    /// A connection that can only read. Do not keep it over calls to others: there are few.
    pub async fn read(&self) -> Result<Session, Failure> {
        self.store.pools.read().await
    }

    /// Runs `work` in one transaction: commits when it returns `Ok`, rolls back when it returns `Err`.
    ///
    /// When the transaction loses against a concurrent one, `work` runs again, up to 12 times with a growing
    /// pause: so it must have no effect outside the transaction, and no network call inside. It must not call
    /// `write` or [`Db::record_audit`] of the same store, which would wait for it. When the caller goes
    /// away, the transaction is rolled back.
    ///
    /// # Errors
    /// What `work` returned; `DEPENDENCY_UNAVAILABLE` when the store is away or every try lost.
    pub async fn write<'a, T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send,
        F: for<'t> Fn(&'t mut Tx<'a>) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync,
    {
        self.store.write(work).await
    }

    /// Appends records to the audit chain outside of any transaction: refusals and sensitive reads.
    ///
    /// Durable when it returns `Ok`. Calls that come while another is being written share one transaction.
    /// Records whose ids are in the chain already are not appended again.
    ///
    /// # Errors
    /// `AUDIT_UNAVAILABLE`: nothing may be answered. `INVALID_REQUEST` when an id holds U+0000.
    pub async fn record_audit(&self, records: Vec<AuditRecord>) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        self.group.record(records).await
    }

    /// The service whose store this is.
    pub fn service(&self) -> &'static str {
        self.store.service
    }

    /// The engine, for messages and tests.
    pub fn engine(&self) -> Engine {
        self.store.pools.engine()
    }

    /// Waits for the connections in use to come back, and closes the store. Later calls fail.
    pub async fn close(&self) {
        self.store.pools.close().await;
    }
}

impl Store {
    pub(crate) async fn read(&self) -> Result<Session, Failure> {
        self.pools.read().await
    }

    pub(crate) async fn begin(&self) -> Result<Session, Failure> {
        self.pools.begin().await
    }

    pub(crate) fn engine(&self) -> Engine {
        self.pools.engine()
    }

    pub(crate) fn service(&self) -> &'static str {
        self.service
    }

    pub(crate) async fn write<'a, T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send,
        F: for<'t> Fn(&'t mut Tx<'a>) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync,
    {
        let mut attempt = 0;
        loop {
            match self.attempt(&work).await {
                Ok(value) => return Ok(value),
                Err((true, failure)) if attempt + 1 < ATTEMPTS => {
                    attempt += 1;
                    tracing::debug!(service = self.service, attempt, %failure, "transaction lost, trying again");
                    tokio::time::sleep(pause(attempt)).await;
                }
                Err((_, failure)) => return Err(failure),
            }
        }
    }

    /// One try; the flag says whether another may succeed.
    async fn attempt<'a, T, F>(&self, work: &F) -> Result<T, (bool, Failure)>
    where
        T: Send,
        F: for<'t> Fn(&'t mut Tx<'a>) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync,
    {
        let session = self
            .pools
            .begin()
            .await
            .map_err(|f| (error::condition(&f) == Some(Condition::Conflict), f))?;
        let mut tx = Tx::<'a>::new(session);
        let value = match work(&mut tx).await {
            Ok(value) => value,
            Err(failure) => {
                // The flag is the session's: the work may have put other words on the driver's error.
                let conflict = tx.met_conflict();
                tx.abandon().await;
                return Err((conflict, failure));
            }
        };
        let (events, audits) = (!tx.events.is_empty(), !tx.audits.is_empty());
        tx.finish().await?;
        if events {
            self.outbox.send_modify(|n| *n = n.wrapping_add(1));
        }
        if audits {
            self.audits.send_modify(|n| *n = n.wrapping_add(1));
        }
        Ok(value)
    }
}

/// 2 ms doubled with each try up to 256 ms, of which a random half is waited: losers must not meet again.
pub(crate) fn pause(attempt: u32) -> Duration {
    jittered(Duration::from_millis(1 << attempt.clamp(1, 8)))
}

/// Between half of `time` and all of it.
pub(crate) fn jittered(time: Duration) -> Duration {
    let mut byte = [0];
    random_bytes(&mut byte);
    time / 2 + time * u32::from(byte[0]) / 512
}
