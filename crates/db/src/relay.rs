//! Relays: background tasks that carry outbox events and audit rows to where they belong.
//!
//! At least once: what a sink has confirmed is marked only afterwards, so a crash in between delivers it
//! again. In order: one batch at a time, and one relay at a time for a store (on PostgreSQL the relays of
//! several processes take turns by a lock; an SQLite store has one process). A batch that fails is tried
//! again with growing pauses and in smaller pieces, so that what stands before a bad item still arrives.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::{EventRecord, Failure};
use futures::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use crate::audit::ChainedRecord;
use crate::db::{Db, Store, jittered};
use crate::dialect::{self, Engine};
use crate::migrate::lock_key;
use crate::query::sql;
use crate::session::Session;
use crate::{audit, outbox};

/// Takes a batch and answers `Ok` when it is safely where it belongs.
pub type Sink<T> = Arc<dyn Fn(Vec<T>) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// Most items in one call of a sink.
const BATCH: usize = 128;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a delivery under way may go on after the stop.
const GRACE: Duration = Duration::from_secs(5);

/// Delivers events of the outbox: those of one key in commit order, at least once.
///
/// Begins with what an earlier run left; wakes on every commit of this process, and looks once a second for
/// commits of others. Ends after `stop`, when the delivery under way is done or 5 s later.
pub fn spawn_outbox(db: Db, sink: Sink<EventRecord>, stop: CancellationToken) -> JoinHandle<()> {
    let wake = db.store.outbox.subscribe();
    let relay = Relay {
        store: Arc::clone(&db.store),
        what: "outbox",
        wake,
        stop,
    };
    tokio::spawn(relay.run(move |store, limit| {
        let sink = Arc::clone(&sink);
        Box::pin(async move { deliver_outbox(&store, &sink, limit).await })
    }))
}

/// Delivers the audit chain: every record in order, at least once. Otherwise like [`spawn_outbox`].
pub fn spawn_audit(db: Db, sink: Sink<ChainedRecord>, stop: CancellationToken) -> JoinHandle<()> {
    let wake = db.store.audits.subscribe();
    let relay = Relay {
        store: Arc::clone(&db.store),
        what: "audit",
        wake,
        stop,
    };
    tokio::spawn(relay.run(move |store, limit| {
        let sink = Arc::clone(&sink);
        Box::pin(async move { deliver_audit(&store, &sink, limit).await })
    }))
}

async fn deliver_outbox(
    store: &Arc<Store>,
    sink: &Sink<EventRecord>,
    limit: usize,
) -> Result<usize, Failure> {
    // A look without the lock first: mostly there is nothing.
    if outbox::oldest(&mut store.read().await?, 1).await?.is_empty() {
        return Ok(0);
    }
    let Some(turn) = Turn::take(store, "outbox").await? else {
        return Ok(0);
    };
    let waiting = outbox::oldest(&mut store.read().await?, limit).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let (positions, events): (Vec<i64>, Vec<EventRecord>) =
        waiting.into_iter().map(|w| (w.position, w.event)).unzip();
    sink(events).await?;
    let positions = Arc::new(positions);
    let count = positions.len();
    store
        .write(move |tx| {
            let positions = Arc::clone(&positions);
            Box::pin(async move { outbox::forget(tx, &positions).await })
        })
        .await?;
    turn.end().await;
    Ok(count)
}

async fn deliver_audit(
    store: &Arc<Store>,
    sink: &Sink<ChainedRecord>,
    limit: usize,
) -> Result<usize, Failure> {
    if audit::undelivered(&mut store.read().await?, 1).await?.is_empty() {
        return Ok(0);
    }
    let Some(turn) = Turn::take(store, "audit").await? else {
        return Ok(0);
    };
    let records = audit::undelivered(&mut store.read().await?, limit).await?;
    let Some(last) = records.last().map(|r| r.sequence) else {
        return Ok(0);
    };
    let count = records.len();
    sink(records).await?;
    store
        .write(move |tx| Box::pin(async move { audit::mark_delivered(tx, last).await }))
        .await?;
    turn.end().await;
    Ok(count)
}

/// The right to deliver, held by an otherwise idle transaction; lost with its connection.
struct Turn(Option<Session>);

impl Turn {
    /// `None` when another process delivers now.
    async fn take(store: &Store, what: &str) -> Result<Option<Self>, Failure> {
        let Some(lock) = dialect::try_lock_statement(store.engine()) else {
            return Ok(Some(Self(None)));
        };
        let mut session = store.begin().await?;
        let row = sql(lock)
            .bind(lock_key(&["relay", store.service(), what]))
            .fetch_one(&mut session)
            .await?;
        Ok(row.bool("locked")?.then_some(Self(Some(session))))
    }

    async fn end(self) {
        if let Some(session) = self.0 {
            session.rollback().await;
        }
    }
}

struct Relay {
    store: Arc<Store>,
    what: &'static str,
    wake: watch::Receiver<u64>,
    stop: CancellationToken,
}

impl Relay {
    async fn run<D>(mut self, deliver: D)
    where
        D: Fn(Arc<Store>, usize) -> BoxFuture<'static, Result<usize, Failure>> + Send + Sync,
    {
        // Other processes can write to a PostgreSQL store; an SQLite store has this one only, and the slow
        // look is for the case that a wake-up came while a delivery failed.
        let look = match self.store.engine() {
            Engine::Sqlite => Duration::from_secs(30),
            Engine::Postgres => Duration::from_secs(1),
        };
        let (mut limit, mut pause) = (BATCH, FIRST_PAUSE);
        while !self.stop.is_cancelled() {
            // Before the delivery reads: a commit after this makes the wait below return at once.
            self.wake.mark_unchanged();
            let delivered = tokio::select! {
                delivered = deliver(Arc::clone(&self.store), limit) => delivered,
                () = grace_is_over(&self.stop) => return,
            };
            let wait = match delivered {
                Ok(0) => look,
                Ok(_) => {
                    (limit, pause) = ((limit * 2).min(BATCH), FIRST_PAUSE);
                    continue;
                }
                Err(failure) => {
                    tracing::warn!(
                        service = self.store.service(),
                        relay = self.what,
                        reason = failure.reason().as_str(),
                        cause = failure.source_chain(),
                        %failure,
                        "delivery failed, trying again"
                    );
                    limit = (limit / 2).max(1);
                    let wait = jittered(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    // A failing sink is not asked more often because more is waiting for it.
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = self.stop.cancelled() => return,
                    }
                    continue;
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                changed = self.wake.changed() => if changed.is_err() { return },
                () = self.stop.cancelled() => return,
            }
        }
    }
}

async fn grace_is_over(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
}
