//! Group commit of audit records: one transaction, and one flush of the disk, for many callers.

use std::sync::Arc;

use datawave_core::{AuditRecord, Failure, Reason};
use tokio::sync::{mpsc, oneshot};

use crate::audit;
use crate::db::Store;

/// Callers that may wait for the next group; more wait for a place.
const QUEUE: usize = 1024;
/// Records in one group, unless a single caller brings more.
const GROUP: usize = 1000;

/// One caller's records and where it waits for the outcome; the error is the private cause.
struct Entry {
    records: Vec<AuditRecord>,
    done: oneshot::Sender<Result<(), String>>,
}

/// Where callers hand their records in.
#[derive(Clone)]
pub(crate) struct AuditGroup(mpsc::Sender<Entry>);

impl AuditGroup {
    /// Starts the task that writes; it ends when the last handle is gone.
    pub(crate) fn start(store: Arc<Store>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        // A task of its own: a caller that goes away must not take the group with it.
        tokio::spawn(write_groups(store, receiver));
        Self(sender)
    }

    /// Durable when it returns `Ok`.
    pub(crate) async fn record(&self, records: Vec<AuditRecord>) -> Result<(), Failure> {
        records.iter().try_for_each(audit::check)?;
        let (done, outcome) = oneshot::channel();
        self.0
            .send(Entry { records, done })
            .await
            .map_err(|_| unavailable("the writer of audit records has ended".to_owned()))?;
        match outcome.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(unavailable(cause)),
            Err(_) => Err(unavailable("the writer of audit records was stopped".to_owned())),
        }
    }
}

async fn write_groups(store: Arc<Store>, mut queue: mpsc::Receiver<Entry>) {
    while let Some(first) = queue.recv().await {
        let mut size = first.records.len();
        let mut waiting = vec![first.done];
        let mut records = first.records;
        // While one group was being written, others have queued up: they are the next group.
        while size < GROUP {
            let Ok(entry) = queue.try_recv() else { break };
            size += entry.records.len();
            records.extend(entry.records);
            waiting.push(entry.done);
        }
        let records = Arc::new(records);
        let written = store
            .write(|tx| {
                let records = Arc::clone(&records);
                Box::pin(async move {
                    tx.audits.extend(records.iter().cloned());
                    Ok(())
                })
            })
            .await;
        let outcome = written.map_err(|f| format!("{f}: {}", f.source_chain()));
        for done in waiting {
            // A caller that has gone away does not want to know.
            let _ = done.send(outcome.clone());
        }
    }
}

fn unavailable(cause: String) -> Failure {
    Failure::new(
        Reason::AuditUnavailable,
        "the audit record of this call could not be written, so it was not answered",
    )
    .with_remedy("try again later; the log of the service says why its store takes no audit records")
    .with_source(cause)
}
