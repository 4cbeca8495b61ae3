//! The outbox: events that wait in the store for their relay.

use datawave_core::{EventRecord, Failure};

use crate::dialect;
use crate::migrate::lock_key;
use crate::query::sql;
use crate::row::Row;
use crate::session::Session;

/// An event with its place in the outbox.
pub(crate) struct Waiting {
    pub(crate) position: i64,
    pub(crate) event: EventRecord,
}

/// Inserts the events; those of one key keep their order and follow every committed event of that key.
pub(crate) async fn append(session: &mut Session, events: &mut Vec<EventRecord>) -> Result<(), Failure> {
    lock_keys(session, events).await?;
    for event in events.drain(..) {
        sql(
            "INSERT INTO dw_outbox (id, tenant, topic, kind, ordering_key, occurred, trace_id, payload) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(event.id)
        .bind(event.tenant)
        .bind(event.topic)
        .bind(event.kind)
        .bind(event.key)
        .bind(event.time)
        .bind(event.trace_id)
        .bind(event.payload)
        .execute(session)
        .await?;
    }
    Ok(())
}

/// Positions are handed out before commits: without a lock on the key, held to the end of the transaction,
/// a later change could overtake an earlier one. Taken in one order, so that nobody waits in a circle.
async fn lock_keys(session: &mut Session, events: &[EventRecord]) -> Result<(), Failure> {
    let Some(lock) = dialect::lock_statement(session.engine()) else {
        return Ok(());
    };
    let service = session.service();
    let mut keys: Vec<i64> = events
        .iter()
        .map(|e| lock_key(&["outbox", service, &e.tenant, &e.topic, &e.key]))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        sql(lock).bind(key).fetch_optional(session).await?;
    }
    Ok(())
}

/// The oldest events, in order.
pub(crate) async fn oldest(session: &mut Session, limit: usize) -> Result<Vec<Waiting>, Failure> {
    sql(
        "SELECT position, id, tenant, topic, kind, ordering_key, occurred, trace_id, payload \
         FROM dw_outbox ORDER BY position LIMIT $1",
    )
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(session)
    .await?
    .iter()
    .map(waiting)
    .collect()
}

fn waiting(row: &Row) -> Result<Waiting, Failure> {
    Ok(Waiting {
        position: row.i64("position")?,
        event: EventRecord {
            id: row.text("id")?,
            tenant: row.text("tenant")?,
            topic: row.text("topic")?,
            kind: row.text("kind")?,
            key: row.text("ordering_key")?,
            time: row.time("occurred")?,
            trace_id: row.opt_text("trace_id")?,
            payload: row.bytes("payload")?,
        },
    })
}

/// Forgets delivered events.
pub(crate) async fn forget(session: &mut Session, positions: &[i64]) -> Result<(), Failure> {
    // NOTE: by position, not "everything up to": a lower position may be committed later.
    let list = crate::query::placeholders(1, positions.len());
    crate::query::sql_owned(format!("DELETE FROM dw_outbox WHERE position IN ({list})"))
        .bind_all(positions.iter().copied())
        .execute(session)
        .await?;
    Ok(())
}
