//! The one writer of the log: seals accepted rows into it.
//!
//! A record is accepted when its row is committed; the row carries its index, so the order is fixed then.
//! Sealing appends rows to the files in that order and signs a checkpoint. A process that dies in between
//! leaves rows that the next one seals: none is lost, as the rows are on disk, and none comes twice, as the
//! log's size says which row is next.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_db::{Db, Session};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::log::{IndexRow, Log, LogReader, Malformed, SavedCheckpoint, Signer};
use crate::store;

/// Entries appended to the files at once: one checkpoint each.
const BATCH: usize = 1_024;
/// The first and the longest pause after a failure.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));

pub(crate) struct Sequencer {
    db: Db,
    log: Arc<Mutex<Log>>,
    /// Sealing takes turns.
    turn: tokio::sync::Mutex<()>,
    /// Counts commits of rows.
    accepted: watch::Sender<u64>,
    /// Entries under the newest checkpoint.
    sealed: watch::Sender<u64>,
}

impl Sequencer {
    /// Opens the log in `dir` and brings rows and files to agreement.
    ///
    /// # Errors
    /// As [`Log::open`]; `AUDIT_TAMPERED` when rows and files contradict each other.
    pub(crate) async fn open(db: Db, dir: &Path, signer: Signer) -> Result<Self, Failure> {
        let dir = dir.to_path_buf();
        let log = blocking(move || Log::open(&dir, signer)).await?;
        let size = log.checkpoint().size;
        let sequencer = Self {
            db,
            log: Arc::new(Mutex::new(log)),
            turn: tokio::sync::Mutex::new(()),
            accepted: watch::Sender::new(0),
            sealed: watch::Sender::new(size),
        };
        sequencer.reconcile().await?;
        sequencer.seal().await?;
        Ok(sequencer)
    }

    /// Rows that are missing at the end are written again from the log, which is the truth: a store that was
    /// restored from a backup ends earlier than the log. That the two agree where both end is checked; the
    /// whole is compared by verification.
    async fn reconcile(&self) -> Result<(), Failure> {
        let reader = self.reader();
        let size = reader.size();
        let rows = store::count(&mut self.db.read().await?).await?;
        if let Some(last) = rows.min(size).checked_sub(1) {
            let found = store::rows(&mut self.db.read().await?, signed(last), 1).await?;
            let expected = entry_row(&reader, last).await?;
            if found.first() != Some(&expected) {
                return Err(contradiction(last));
            }
        }
        if rows < size {
            tracing::warn!(
                rows,
                size,
                "the index ends before the log: writing the missing rows again"
            );
        }
        let mut next = rows;
        while next < size {
            let end = size.min(next + BATCH as u64);
            let mut missing = Vec::new();
            for index in next..end {
                missing.push(entry_row(&reader, index).await?);
            }
            let missing = Arc::new(missing);
            self.db
                .write(move |tx| {
                    let missing = Arc::clone(&missing);
                    Box::pin(async move { store::add(tx, &missing).await })
                })
                .await?;
            next = end;
        }
        Ok(())
    }

    /// Rows were committed.
    pub(crate) fn accepted(&self) {
        self.accepted.send_modify(|commits| *commits += 1);
    }

    /// Seals every row that was committed before the call.
    ///
    /// # Errors
    /// `AUDIT_TAMPERED` when a row is not what its hash says, so that it cannot become the truth;
    /// `AUDIT_UNAVAILABLE` when files cannot be written.
    pub(crate) async fn seal(&self) -> Result<(), Failure> {
        let _turn = self.turn.lock().await;
        let wanted = store::count(&mut self.db.read().await?).await?;
        let mut size = self
            .with_log(|log| {
                log.reload()?;
                Ok(log.checkpoint().size)
            })
            .await?;
        while size < wanted {
            let limit = usize::try_from(wanted - size).unwrap_or(BATCH).min(BATCH);
            let rows = store::rows(&mut self.db.read().await?, signed(size), limit).await?;
            let entries = encoded(size, limit, &rows)?;
            size = self
                .with_log(move |log| {
                    log.append(&entries)?;
                    Ok(log.checkpoint().size)
                })
                .await?;
            self.sealed.send_replace(size);
        }
        Ok(())
    }

    /// Reads the log as it is sealed now.
    pub(crate) fn reader(&self) -> LogReader {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).reader()
    }

    /// Entries under the newest checkpoint.
    pub(crate) fn sealed(&self) -> watch::Receiver<u64> {
        self.sealed.subscribe()
    }

    /// The newest checkpoint, to be kept elsewhere.
    pub(crate) async fn checkpoint(&self) -> Result<SavedCheckpoint, Failure> {
        let (reader, note, key) = self
            .with_log(|log| {
                log.reload()?;
                Ok((
                    log.reader(),
                    log.note().to_owned(),
                    log.signer().verifier().clone(),
                ))
            })
            .await?;
        blocking(move || SavedCheckpoint::take(&reader, &note, &key, SavedCheckpoint::USUAL_MARKS)).await
    }

    /// Seals at most once per `pause` while rows arrive; once more at the stop.
    pub(crate) async fn run(self: Arc<Self>, pause: Duration, stop: CancellationToken) {
        let mut accepted = self.accepted.subscribe();
        let mut retry = RETRY.0;
        loop {
            accepted.mark_unchanged();
            let stopping = stop.is_cancelled();
            match self.seal().await {
                Ok(()) => retry = RETRY.0,
                Err(failure) => {
                    tracing::error!(
                        reason = failure.reason().as_str(),
                        cause = failure.source_chain(),
                        "accepted audit records were not sealed, trying again: {failure}"
                    );
                    tokio::select! {
                        () = tokio::time::sleep(retry) => {}
                        () = stop.cancelled() => return,
                    }
                    retry = (retry * 2).min(RETRY.1);
                    continue;
                }
            }
            if stopping {
                return;
            }
            tokio::select! {
                _ = accepted.changed() => tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => {}
                },
                () = stop.cancelled() => {}
            }
        }
    }

    async fn with_log<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Log) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let log = Arc::clone(&self.log);
        blocking(move || work(&mut log.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

/// The entries of `rows`, which must be those from index `size` on, each as its hash says.
fn encoded(size: u64, limit: usize, rows: &[IndexRow]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut entries = Vec::with_capacity(rows.len());
    for (index, row) in (size..).zip(rows) {
        let entry = row.entry().and_then(|entry| {
            if IndexRow::of(index, &entry)? == *row {
                entry.encode()
            } else {
                Err(Malformed("contradicts itself"))
            }
        });
        entries.push(entry.map_err(|_| contradiction(index))?);
    }
    if entries.len() < limit {
        return Err(contradiction(size + entries.len() as u64));
    }
    Ok(entries)
}

async fn entry_row(reader: &LogReader, index: u64) -> Result<IndexRow, Failure> {
    let reader = reader.clone();
    blocking(move || {
        let entry = reader.entry(index)?.ok_or_else(|| contradiction(index))?;
        IndexRow::of(index, &entry).map_err(|_| contradiction(index))
    })
    .await
}

fn contradiction(index: u64) -> Failure {
    Failure::new(
        Reason::AuditTampered,
        format!("the audit index contradicts the log or itself at entry {index}"),
    )
    .with_remedy(
        "run `datawave audit verify` with a checkpoint that was saved elsewhere, then restore a backup",
    )
}

/// Pages through all rows for verification; ends when nobody listens any more.
pub(crate) async fn send_rows(db: &Db, pages: tokio::sync::mpsc::Sender<Result<Vec<IndexRow>, Failure>>) {
    let mut from = i64::MIN;
    loop {
        let page = match db.read().await {
            Ok(mut session) => page_from(&mut session, from).await,
            Err(failure) => Err(failure),
        };
        let last = page
            .as_ref()
            .ok()
            .and_then(|rows| rows.last())
            .map(|row| row.index);
        let is_end = last.is_none() || last == Some(i64::MAX);
        if pages.send(page).await.is_err() || is_end {
            return;
        }
        from = last.map_or(i64::MAX, |last| last + 1);
    }
}

async fn page_from(session: &mut Session, from: i64) -> Result<Vec<IndexRow>, Failure> {
    store::rows(session, from, BATCH).await
}

/// Runs `work` where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Failure::internal)?
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
