//! SQL of the index of the log.

use datawave_core::{Failure, TenantId};
use datawave_db::{Query, Row, Session, Tx, placeholders, sql, sql_owned};

use crate::log::{Columns, Hash, IndexRow};
use crate::model::{ChainEnd, RecordFilter};

/// Rows in one INSERT: 14 values each, far below both engines' limits.
const ROWS_PER_INSERT: usize = 100;

const COLUMNS: &str = "tenant, log_index, service, sequence, previous, hash, record, id, occurred, subject, \
                       method, verdict, resource, action";
const COLUMN_COUNT: usize = 14;

/// Rows that the log has or will have: one more than the highest index.
pub(crate) async fn count(session: &mut Session) -> Result<u64, Failure> {
    let row = sql("SELECT COALESCE(MAX(log_index), -1) AS last FROM audit_records")
        .fetch_one(session)
        .await?;
    Ok(u64::try_from(row.i64("last")?.saturating_add(1)).unwrap_or(0))
}

/// The end of a chain.
pub(crate) async fn chain_end(session: &mut Session, service: &str) -> Result<ChainEnd, Failure> {
    let last =
        sql("SELECT sequence, hash FROM audit_records WHERE service = $1 ORDER BY sequence DESC LIMIT 1")
            .bind(service)
            .fetch_optional(session)
            .await?;
    match last {
        Some(row) => Ok(ChainEnd {
            sequence: row.i64("sequence")?,
            hash: row.digest("hash")?,
        }),
        None => Ok(ChainEnd::default()),
    }
}

/// Hashes of a chain from sequence `from` on, in order.
pub(crate) async fn chain_hashes(
    session: &mut Session,
    service: &str,
    from: u64,
    limit: usize,
) -> Result<Vec<Hash>, Failure> {
    let rows = sql(
        "SELECT hash FROM audit_records WHERE service = $1 AND sequence >= $2 \
                    ORDER BY sequence LIMIT $3",
    )
    .bind(service)
    .bind(signed(from))
    .bind(signed(limit as u64))
    .fetch_all(session)
    .await?;
    rows.iter().map(|row| row.digest("hash")).collect()
}

/// Adds rows.
pub(crate) async fn add(tx: &mut Tx<'_>, rows: &[IndexRow]) -> Result<(), Failure> {
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let values: Vec<String> = (0..chunk.len())
            .map(|n| format!("({})", placeholders(n * COLUMN_COUNT + 1, COLUMN_COUNT)))
            .collect();
        let mut insert = sql_owned(format!(
            "INSERT INTO audit_records ({COLUMNS}) VALUES {}",
            values.join(", ")
        ));
        for row in chunk {
            insert = bind_row(insert, row);
        }
        insert.execute(tx).await?;
    }
    Ok(())
}

fn bind_row(query: Query, row: &IndexRow) -> Query {
    let columns = &row.columns;
    query
        .bind(columns.tenant.as_str())
        .bind(row.index)
        .bind(row.service.as_str())
        .bind(row.sequence)
        .bind(row.previous.as_slice())
        .bind(row.hash.as_slice())
        .bind(row.record.as_slice())
        .bind(columns.id.as_str())
        .bind(columns.time)
        .bind(columns.subject.as_str())
        .bind(columns.method.as_str())
        .bind(columns.verdict.as_str())
        .bind(columns.resource.as_str())
        .bind(columns.action.as_str())
}

/// Rows of all tenants in the order of the log, from index `from` on.
pub(crate) async fn rows(session: &mut Session, from: i64, limit: usize) -> Result<Vec<IndexRow>, Failure> {
    let rows = sql_owned(format!(
        "SELECT {COLUMNS} FROM audit_records WHERE log_index >= $1 ORDER BY log_index LIMIT $2"
    ))
    .bind(from)
    .bind(signed(limit as u64))
    .fetch_all(session)
    .await?;
    rows.iter().map(index_row).collect()
}

/// One page of a tenant's records below index `before`, newest first.
pub(crate) async fn list(
    session: &mut Session,
    tenant: &TenantId,
    filter: &RecordFilter,
    before: i64,
    limit: usize,
) -> Result<Vec<IndexRow>, Failure> {
    let mut text = format!("SELECT {COLUMNS} FROM audit_records WHERE tenant = $1 AND log_index < $2");
    let mut bound = 2;
    let mut narrow = |wanted: bool, condition: &str| {
        if wanted {
            bound += 1;
            text.push_str(&format!(" AND {condition} ${bound}"));
        }
    };
    narrow(!filter.subject.is_empty(), "subject =");
    narrow(!filter.resource.is_empty(), "resource =");
    narrow(!filter.verdict.is_empty(), "verdict =");
    narrow(filter.start.is_some(), "occurred >=");
    narrow(filter.end.is_some(), "occurred <");
    text.push_str(&format!(" ORDER BY log_index DESC LIMIT ${}", bound + 1));
    let texts = [&filter.subject, &filter.resource, &filter.verdict];
    let rows = sql_owned(text)
        .bind(tenant)
        .bind(before)
        .bind_all(texts.into_iter().filter(|text| !text.is_empty()))
        .bind_all([filter.start, filter.end].into_iter().flatten())
        .bind(signed(limit as u64))
        .fetch_all(session)
        .await?;
    rows.iter().map(index_row).collect()
}

fn index_row(row: &Row) -> Result<IndexRow, Failure> {
    Ok(IndexRow {
        index: row.i64("log_index")?,
        service: row.text("service")?,
        sequence: row.i64("sequence")?,
        previous: row.bytes("previous")?,
        hash: row.bytes("hash")?,
        record: row.bytes("record")?,
        columns: Columns {
            tenant: row.text("tenant")?,
            id: row.text("id")?,
            time: row.i64("occurred")?,
            subject: row.text("subject")?,
            method: row.text("method")?,
            verdict: row.text("verdict")?,
            resource: row.text("resource")?,
            action: row.text("action")?,
        },
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
