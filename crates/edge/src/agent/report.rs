//! From what a child said about a table to what the centre is told: one line per discovered column, always.

use datawave_core::{Failure, Reason};
use datawave_facts::{ColumnStatus, VerdictFact};
use datawave_uplink::{ColumnReport, PendingTable, TableResult};

use crate::worker::Reading;

/// The result of a table that a child has read, or has failed to read.
pub(super) fn of_reading<'a>(
    source: &'a str,
    table: &'a PendingTable,
    mut reading: Reading,
    engine_version: &str,
    failure: Option<&'a Failure>,
) -> TableResult<'a> {
    let reason = failure.map_or(Reason::SourceObjectMissing, Failure::reason);
    let columns = table
        .columns
        .iter()
        .map(|column| ColumnReport {
            ordinal: column.ordinal,
            declared_type: &column.declared_type,
            // A column that was there at discovery and has no verdict now is gone, or went down with the table.
            verdict: reading
                .verdicts
                .remove(&column.name)
                .unwrap_or_else(|| failed(table, &column.name, reason, engine_version)),
        })
        .collect();
    TableResult {
        source,
        table,
        columns,
        failure,
        cost: reading.cost,
    }
}

fn failed(table: &PendingTable, column: &str, reason: Reason, engine_version: &str) -> VerdictFact {
    VerdictFact {
        path: table.path.clone(),
        column: column.to_owned(),
        status: ColumnStatus::Failed,
        status_reason: Some(reason.as_str().to_owned()),
        sampled_rows: 0,
        non_null: 0,
        findings: Vec::new(),
        engine_version: engine_version.to_owned(),
    }
}
