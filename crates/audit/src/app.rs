//! Use cases: take over records, list them, give a checkpoint, verify.

use std::path::PathBuf;
use std::sync::Arc;

use datawave_core::{CallContext, Failure, Reason};
use datawave_db::page::{self, PageTokens};
use datawave_db::{ChainedRecord, Db, Tx};
use tokio::sync::mpsc;

use crate::log::{self, Entry, IndexRow, Malformed, Report, SavedCheckpoint};
use crate::model::{self, Plan, RecordFilter};
use crate::sequencer::{Sequencer, blocking, send_rows};
use crate::store;

pub(crate) struct AuditApp {
    pub(crate) db: Db,
    pub(crate) sequencer: Arc<Sequencer>,
    /// Directory of the log.
    pub(crate) log: PathBuf,
    pub(crate) pages: PageTokens,
    /// Deliveries take turns, so that indexes are given one after the other.
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// A verification reads everything: one at a time.
    pub(crate) verifying: tokio::sync::Semaphore,
}

/// A page of a list, and the token of the next one (empty at the end).
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: String,
}

impl AuditApp {
    /// Takes over records of the caller's chain; gives the sequence that is expected next. After a gap nothing
    /// is taken, and that answer says where to begin. What is known already has no effect.
    pub(crate) async fn append(
        &self,
        ctx: &CallContext,
        records: Vec<ChainedRecord>,
    ) -> Result<i64, Failure> {
        let chain = model::chain_of(&ctx.actor)?;
        let entries = model::entries(&chain, records)?;
        let (chain, entries) = (chain.as_str(), entries.as_slice());
        let _turn = self.turn.lock().await;
        let next = self
            .db
            .write(|tx| Box::pin(async move { take(tx, chain, entries).await }))
            .await?;
        self.sequencer.accepted();
        Ok(next)
    }

    /// One page of the tenant's records, newest first.
    pub(crate) async fn list(
        &self,
        ctx: &CallContext,
        filter: &RecordFilter,
        size: i32,
        token: &str,
    ) -> Result<Page<(i64, Entry)>, Failure> {
        let query = filter.digest();
        let before = match token {
            "" => i64::MAX,
            token => self
                .pages
                .open(&ctx.tenant, &query, token)?
                .first()
                .and_then(|index| index.parse().ok())
                .ok_or_else(|| Failure::internal("a page token of ours holds no index"))?,
        };
        let size = page::page_size(size);
        let rows = store::list(&mut self.db.read().await?, &ctx.tenant, filter, before, size).await?;
        let next = match rows.last() {
            Some(last) if rows.len() == size && last.index > 0 => {
                self.pages.seal(&ctx.tenant, &query, &[last.index.to_string()])
            }
            _ => String::new(),
        };
        let items = rows
            .iter()
            .map(|row| Ok((row.index, row.entry().map_err(|why| damaged(row, &why))?)));
        Ok(Page {
            items: items.collect::<Result<_, Failure>>()?,
            next,
        })
    }

    /// A checkpoint over everything that was accepted before the call.
    pub(crate) async fn checkpoint(&self) -> Result<SavedCheckpoint, Failure> {
        self.sequencer.seal().await?;
        self.sequencer.checkpoint().await
    }

    /// Verifies the whole log, its index, and its agreement with the saved checkpoint in `text`, if there is
    /// one.
    pub(crate) async fn verify(&self, text: &str) -> Result<Report, Failure> {
        let saved = match text {
            "" => None,
            text => Some(SavedCheckpoint::parse(text).map_err(|why| {
                Failure::invalid("checkpoint", format!("is no saved checkpoint: {why}"))
                    .with_remedy("send the text as `datawave audit checkpoint` gave it")
            })?),
        };
        let Ok(_place) = self.verifying.try_acquire() else {
            return Err(Failure::new(
                Reason::Overloaded,
                "another verification of the audit log is running",
            )
            .with_remedy("try again when it has ended"));
        };
        verify(&self.db, self.log.clone(), saved).await
    }
}

async fn take(tx: &mut Tx<'_>, chain: &str, entries: &[Entry]) -> Result<i64, Failure> {
    let end = store::chain_end(tx, chain).await?;
    let Plan::Take { known } = model::plan(entries, end) else {
        return Ok(end.sequence + 1);
    };
    let (old, new) = entries.split_at(known);
    if let Some(first) = old.first() {
        let hashes = store::chain_hashes(tx, chain, first.sequence, old.len()).await?;
        for (at, entry) in old.iter().enumerate() {
            if hashes.get(at) != Some(&entry.hash()) {
                return Err(model::forked(chain, entry.sequence));
            }
        }
    }
    let Some(first) = new.first() else {
        return Ok(end.sequence + 1);
    };
    if first.previous != end.hash {
        return Err(model::forked(chain, first.sequence));
    }
    let index = store::count(tx).await?;
    let rows: Result<Vec<IndexRow>, Malformed> = (index..)
        .zip(new)
        .map(|(index, entry)| IndexRow::of(index, entry))
        .collect();
    store::add(tx, &rows.map_err(Failure::internal)?).await?;
    Ok(end.sequence + 1 + new.len() as i64)
}

/// Verifies the log in the directory `log` with the rows in `db`. When the caller goes away it stops.
pub(crate) async fn verify(db: &Db, log: PathBuf, saved: Option<SavedCheckpoint>) -> Result<Report, Failure> {
    let (sender, mut pages) = mpsc::channel::<Result<Vec<IndexRow>, Failure>>(2);
    let work = blocking(move || {
        let mut page: std::vec::IntoIter<IndexRow> = Vec::new().into_iter();
        let mut rows = std::iter::from_fn(|| {
            loop {
                if let Some(row) = page.next() {
                    return Some(Ok(row));
                }
                match pages.blocking_recv() {
                    // The last page is empty: without it, reading was cut off.
                    Some(Ok(rows)) if rows.is_empty() => return None,
                    Some(Ok(rows)) => page = rows.into_iter(),
                    Some(Err(failure)) => return Some(Err(failure)),
                    None => {
                        return Some(Err(Failure::new(
                            Reason::Cancelled,
                            "the verification was cut off",
                        )));
                    }
                }
            }
        })
        .fuse();
        log::verify(&log, Some(&mut rows), saved.as_ref())
    });
    let (report, ()) = tokio::join!(work, send_rows(db, sender));
    report
}

fn damaged(row: &IndexRow, why: &Malformed) -> Failure {
    Failure::new(
        Reason::StoreCorrupt,
        format!("the row of audit entry {} is damaged: {why}", row.index),
    )
    .with_remedy("run `datawave audit verify`, then restore the store of the audit service from a backup")
}
