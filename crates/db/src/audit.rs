//! Audit rows: a gap-free, hash-chained sequence per service.

use std::collections::HashSet;

use datawave_core::digest::sha256_parts;
use datawave_core::{AuditRecord, Failure, Reason};

use crate::query::{placeholders, sql, sql_owned};
use crate::row::Row;
use crate::session::Session;
use crate::value::check_text;

/// What the first record of a chain has as `previous`.
pub const GENESIS: [u8; 32] = [0; 32];

/// The longest record that the contract of the audit log takes over (`audit.v1.ChainedRecord`): a longer one
/// would stop the relay for all that come after it.
const MAX_RECORD_BYTES: usize = 60_000;

/// Rows in one INSERT: 6 values each, far below both engines' limits.
const ROWS_PER_INSERT: usize = 100;

/// An audit record with its place in the chain of its service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainedRecord {
    /// Service whose chain this is.
    pub service: String,
    /// Place in the chain: from 1, without gaps.
    pub sequence: i64,
    /// The record in its canonical form, [`AuditRecord::canonical_bytes`].
    pub record: Vec<u8>,
    /// Hash of the record before; [`GENESIS`] for the first.
    pub previous: [u8; 32],
    /// `sha256_parts([previous, record])`.
    pub hash: [u8; 32],
}

impl ChainedRecord {
    /// Whether the hash is that of the record after `previous`.
    pub fn is_consistent(&self) -> bool {
        self.hash == sha256_parts(&[&self.previous, &self.record])
    }
}

/// Reads records of the chain in order: at most `limit`, from sequence number `from` (inclusive).
pub async fn audit_rows(
    session: &mut Session,
    from: i64,
    limit: usize,
) -> Result<Vec<ChainedRecord>, Failure> {
    let service = session.service();
    sql(
        "SELECT sequence, record, previous, hash FROM dw_audit_rows WHERE sequence >= $1 \
         ORDER BY sequence LIMIT $2",
    )
    .bind(from)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(session)
    .await?
    .iter()
    .map(|row| chained(service, row))
    .collect()
}

fn chained(service: &str, row: &Row) -> Result<ChainedRecord, Failure> {
    Ok(ChainedRecord {
        service: service.to_owned(),
        sequence: row.i64("sequence")?,
        record: row.bytes("record")?,
        previous: row.digest("previous")?,
        hash: row.digest("hash")?,
    })
}

/// Refuses what could not be stored, before it can spoil a group.
pub(crate) fn check(record: &AuditRecord) -> Result<(), Failure> {
    check_text(&record.id)?;
    check_text(&record.tenant)?;
    if record.canonical_bytes().len() > MAX_RECORD_BYTES {
        return Err(Failure::new(
            Reason::TooLarge,
            "the audit record of this act would be too large",
        )
        .with_remedy("send a smaller request"));
    }
    Ok(())
}

/// Appends the records whose ids are not in the chain yet.
///
/// Holds the head of the chain from here to the commit: so sequence numbers have no gaps, and whoever sees
/// number `n` sees all before it.
pub(crate) async fn append(session: &mut Session, records: &[AuditRecord]) -> Result<(), Failure> {
    if records.is_empty() {
        return Ok(());
    }
    let head = sql("SELECT sequence, hash FROM dw_audit_head WHERE id = 1 {for_update}")
        .fetch_one(session)
        .await?;
    let (mut sequence, mut previous) = (head.i64("sequence")?, head.digest("hash")?);
    let mut known = known_ids(session, records).await?;
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        if !known.insert(record.id.clone()) {
            continue;
        }
        sequence += 1;
        let bytes = record.canonical_bytes();
        let hash = sha256_parts(&[&previous, &bytes]);
        rows.push((sequence, record, bytes, previous, hash));
        previous = hash;
    }
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let values: Vec<String> = (0..chunk.len())
            .map(|n| format!("({})", placeholders(n * 6 + 1, 6)))
            .collect();
        let mut insert = sql_owned(format!(
            "INSERT INTO dw_audit_rows (sequence, id, tenant, record, previous, hash) VALUES {}",
            values.join(", ")
        ));
        for (sequence, record, bytes, previous, hash) in chunk {
            insert = insert
                .bind(*sequence)
                .bind(&record.id)
                .bind(&record.tenant)
                .bind(bytes.as_slice())
                .bind(previous)
                .bind(hash);
        }
        insert.execute(session).await?;
    }
    if !rows.is_empty() {
        sql("UPDATE dw_audit_head SET sequence = $1, hash = $2 WHERE id = 1")
            .bind(sequence)
            .bind(&previous)
            .execute(session)
            .await?;
    }
    Ok(())
}

async fn known_ids(session: &mut Session, records: &[AuditRecord]) -> Result<HashSet<String>, Failure> {
    let mut known = HashSet::new();
    for chunk in records.chunks(500) {
        let list = placeholders(1, chunk.len());
        let rows = sql_owned(format!("SELECT id FROM dw_audit_rows WHERE id IN ({list})"))
            .bind_all(chunk.iter().map(|r| &r.id))
            .fetch_all(session)
            .await?;
        for row in rows {
            known.insert(row.text("id")?);
        }
    }
    Ok(known)
}

/// Records that the relay has not delivered yet, in order.
pub(crate) async fn undelivered(session: &mut Session, limit: usize) -> Result<Vec<ChainedRecord>, Failure> {
    let head = sql("SELECT delivered FROM dw_audit_head WHERE id = 1")
        .fetch_one(session)
        .await?;
    audit_rows(session, head.i64("delivered")? + 1, limit).await
}

/// Marks all records up to `sequence` as delivered. Never moves back.
pub(crate) async fn mark_delivered(session: &mut Session, sequence: i64) -> Result<(), Failure> {
    sql("UPDATE dw_audit_head SET delivered = $1 WHERE id = 1 AND delivered < $1")
        .bind(sequence)
        .execute(session)
        .await?;
    Ok(())
}
