//! Facts as messages of the contract, cut to the bounds that the contract sets.

use std::time::Duration;

use datawave_core::Failure;
use datawave_facts::{
    ColumnFact, ColumnStatus, CostFact, Decision, EvidenceFact, EvidenceKind, FindingFact, FindingKind,
    ForeignKeyFact, TableFact, TableKind, TablePath,
};
use datawave_proto::datawave::catalog::v1 as catalog;
use datawave_proto::datawave::common::v1 as common;
use datawave_proto::datawave::edge::v1::{ScanAssignment, SubmitTableResultRequest};
use datawave_proto::datawave::scans::v1 as scans;
use prost::Message as _;

use crate::assignment::{Assignment, Budget, Lease, PendingColumn, PendingTable};
use crate::result::ColumnReport;

/// Room for one message, in bytes: the centre refuses more than 4 MiB.
const MESSAGE_BYTES: usize = 3 << 20;
/// Bounds of the contract.
const KEY_COLUMNS: usize = 64;
const FOREIGN_KEYS: usize = 1_000;
const DETECTIONS: usize = 64;
const EVIDENCE: usize = 64;

pub(crate) fn path(path: &TablePath, column: &str) -> common::ColumnPath {
    common::ColumnPath {
        database: path.database.clone(),
        schema: path.schema.clone(),
        table: path.table.clone(),
        column: column.to_owned(),
    }
}

pub(crate) fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

pub(crate) fn duration(value: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: i64::try_from(value.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(value.subsec_nanos()).unwrap_or_default(),
    }
}

fn period(value: Option<prost_types::Duration>) -> Duration {
    value.and_then(|d| Duration::try_from(d).ok()).unwrap_or_default()
}

pub(crate) fn cost(cost: CostFact) -> scans::ScanCost {
    scans::ScanCost {
        statements: cost.statements,
        rows: cost.rows,
        bytes: cost.bytes,
        source_time: Some(duration(Duration::from_millis(cost.source_millis))),
    }
}

/// The public half of a failure, and nothing else of it.
pub(crate) fn error(failure: &Failure) -> scans::ScanError {
    scans::ScanError {
        reason: failure.reason().as_str().to_owned(),
        message: cut(failure.message(), 1_000),
        remedy: cut(failure.remedy().unwrap_or_default(), 2_000),
    }
}

pub(crate) fn discovered_table(table: &TableFact) -> catalog::DiscoveredTable {
    let mut message = catalog::DiscoveredTable {
        path: Some(path(&table.path, "")),
        comment: comment(table.comment.as_ref()),
        details: Some(catalog::TableDetails {
            table_kind: table_kind(table.kind).to_owned(),
            row_estimate: table.row_estimate,
            primary_key: table.primary_key.iter().take(KEY_COLUMNS).cloned().collect(),
            foreign_keys: table
                .foreign_keys
                .iter()
                .take(FOREIGN_KEYS)
                .map(foreign_key)
                .collect(),
        }),
        columns: table.columns.iter().map(discovered_column).collect(),
    };
    if message.encoded_len() > MESSAGE_BYTES {
        // Thousands of columns with long comments: the names are what matters.
        for column in &mut message.columns {
            column.comment.clear();
        }
    }
    message
}

fn comment(text: Option<&datawave_facts::CleanText>) -> String {
    text.map(|t| cut(t.as_str(), 4_096)).unwrap_or_default()
}

fn discovered_column(column: &ColumnFact) -> catalog::DiscoveredColumn {
    catalog::DiscoveredColumn {
        column: column.name.clone(),
        comment: comment(column.comment.as_ref()),
        details: Some(catalog::ColumnDetails {
            ordinal: column.ordinal,
            declared_type: cut(&column.declared_type, 512),
            nullable: column.nullable,
            generated: column.generated,
            unique: column.unique,
            has_default: column.default.is_some(),
        }),
    }
}

fn foreign_key(key: &ForeignKeyFact) -> catalog::ForeignKey {
    catalog::ForeignKey {
        columns: key.columns.iter().take(KEY_COLUMNS).cloned().collect(),
        references: Some(path(&key.references, "")),
        referenced_columns: key.referenced_columns.iter().take(KEY_COLUMNS).cloned().collect(),
    }
}

fn table_kind(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Table => "table",
        TableKind::PartitionedTable => "partitioned_table",
        TableKind::ForeignTable => "foreign_table",
        TableKind::View => "view",
        TableKind::MaterializedView => "materialized_view",
        TableKind::VirtualTable => "virtual_table",
    }
}

pub(crate) fn column_result(
    source: &str,
    row_estimate: Option<i64>,
    report: &ColumnReport<'_>,
) -> common::ColumnResult {
    let verdict = &report.verdict;
    common::ColumnResult {
        source: source.to_owned(),
        path: Some(path(&verdict.path, &verdict.column)),
        declared_type: cut(report.declared_type, 512),
        row_estimate,
        sampled_rows: verdict.sampled_rows,
        non_null: verdict.non_null,
        status: match verdict.status {
            ColumnStatus::Ok => common::ColumnStatus::Ok,
            ColumnStatus::Skipped => common::ColumnStatus::Skipped,
            ColumnStatus::Failed => common::ColumnStatus::Failed,
        }
        .into(),
        status_reason: cut(verdict.status_reason.as_deref().unwrap_or_default(), 64),
        detections: verdict.findings.iter().take(DETECTIONS).map(detection).collect(),
        engine_version: cut(&verdict.engine_version, 64),
        ordinal: report.ordinal,
    }
}

/// A finding in the words of the contract, cut to its bounds.
pub fn detection(finding: &FindingFact) -> common::Detection {
    common::Detection {
        label: cut(&finding.label, 64),
        infotype: cut(&finding.infotype, 64),
        subtype: cut(finding.subtype.as_deref().unwrap_or_default(), 64),
        category: cut(&finding.category, 64),
        kind: match finding.kind {
            FindingKind::Is => common::FindingKind::Is,
            FindingKind::Contains => common::FindingKind::Contains,
        }
        .into(),
        advice: match finding.decision {
            Decision::Yes => common::Advice::Yes,
            Decision::Review => common::Advice::Review,
        }
        .into(),
        confidence: share(finding.confidence),
        prevalence: share(finding.prevalence),
        interval_low: share(finding.interval.0),
        interval_high: share(finding.interval.1),
        evidence: finding.evidence.iter().take(EVIDENCE).map(evidence).collect(),
    }
}

/// A number from 0 to 1; what is none is 0.
fn share(value: f64) -> f64 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, 1.0)
    }
}

fn evidence(evidence: &EvidenceFact) -> common::Evidence {
    common::Evidence {
        kind: evidence_kind(evidence.kind).to_owned(),
        weight: evidence.weight,
        support: evidence.support,
        total: evidence.total,
        reason: cut(&evidence.reason, 500),
    }
}

fn evidence_kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Checksum => "checksum",
        EvidenceKind::Format => "format",
        EvidenceKind::Dictionary => "dictionary",
        EvidenceKind::Model => "model",
        EvidenceKind::ColumnName => "column_name",
        EvidenceKind::Comment => "comment",
        EvidenceKind::DeclaredType => "declared_type",
        EvidenceKind::TableContext => "table_context",
        EvidenceKind::KeyRole => "key_role",
        EvidenceKind::Statistics => "statistics",
    }
}

/// Makes a result fit a message: weaker evidence goes first, columns never.
pub(crate) fn fit(request: &mut SubmitTableResultRequest) {
    for most in [16, 4, 1, 0] {
        if request.encoded_len() <= MESSAGE_BYTES {
            return;
        }
        for detection in request.results.iter_mut().flat_map(|r| &mut r.detections) {
            detection.evidence.truncate(most);
        }
    }
}

pub(crate) fn assignment(message: ScanAssignment) -> Assignment {
    let budget = message.budget.unwrap_or_default();
    Assignment {
        lease: Lease {
            scan: message.scan,
            id: message.lease_id,
        },
        lease_time: period(message.lease_time),
        source: message.source,
        source_name: message.source_name,
        url: message.url,
        credential_ref: message.credential_ref,
        login: message.login,
        include: message.include,
        exclude: message.exclude,
        budget: Budget {
            rows_per_table: budget.rows_per_table,
            bytes_per_table: budget.bytes_per_table,
            bytes_per_value: budget.bytes_per_value,
            statement_timeout: period(budget.statement_timeout),
            total_timeout: period(budget.total_timeout),
        },
        seed: message.seed,
        discovered: message.discovered,
        attempt: message.attempt,
    }
}

pub(crate) fn pending_table(message: catalog::DiscoveredTable) -> PendingTable {
    let path = message.path.unwrap_or_default();
    PendingTable {
        path: TablePath {
            database: path.database,
            schema: path.schema,
            table: path.table,
        },
        row_estimate: message.details.and_then(|d| d.row_estimate),
        columns: message
            .columns
            .into_iter()
            .map(|column| {
                let details = column.details.unwrap_or_default();
                PendingColumn {
                    name: column.column,
                    ordinal: details.ordinal,
                    declared_type: details.declared_type,
                }
            })
            .collect(),
    }
}
