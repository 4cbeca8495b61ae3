//! The loop of a consumer: read, handle, commit, wait.

use std::future::Future;
use std::time::Duration;

use datawave_core::Failure;

use super::{Batch, Cursor, EventLog};

const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Delivers `topic` to `handle` from where `consumer` last committed, at least once and in order, and
/// commits after each batch that was handled. Runs until the future is dropped, which is safe at any time.
///
/// When the log or `handle` fails, the same batch is delivered again after a pause that grows from 100 ms
/// to 10 s; nothing is ever skipped. `limit` is the most events in one delivery.
pub async fn consume<F, Fut>(log: &dyn EventLog, topic: &str, consumer: &str, limit: usize, mut handle: F)
where
    F: FnMut(Batch) -> Fut + Send,
    Fut: Future<Output = Result<(), Failure>> + Send,
{
    let mut position = None;
    let mut pause = SHORTEST_PAUSE;
    loop {
        let failure = match deliver_next(log, topic, consumer, limit, &mut position, &mut handle).await {
            Ok(()) => {
                pause = SHORTEST_PAUSE;
                continue;
            }
            Err(failure) => failure,
        };
        tracing::warn!(
            topic,
            consumer,
            reason = failure.reason().as_str(),
            error = %failure,
            cause = failure.source_chain(),
            "event delivery failed, will be repeated"
        );
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Waits for one batch, hands it on and commits. `position` moves only when all of that worked.
async fn deliver_next<F, Fut>(
    log: &dyn EventLog,
    topic: &str,
    consumer: &str,
    limit: usize,
    position: &mut Option<Cursor>,
    handle: &mut F,
) -> Result<(), Failure>
where
    F: FnMut(Batch) -> Fut + Send,
    Fut: Future<Output = Result<(), Failure>> + Send,
{
    let from = match position.take() {
        Some(position) => position,
        None => log.committed(topic, consumer).await?,
    };
    log.wait(topic, &from).await?;
    let batch = log.read(topic, &from, limit).await?;
    let next = batch.next.clone();
    if !batch.events.is_empty() || batch.skipped > 0 {
        handle(batch).await?;
    }
    log.commit(topic, consumer, &next).await?;
    *position = Some(next);
    Ok(())
}
