//! One column that a scan visited, found or not.

use datawave_proto::datawave::common::v1 as pb;
use serde::Serialize;

/// A column, as `scan -o jsonl` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct ColumnLine {
    /// Name of the source.
    pub(crate) source: String,
    /// Database, or the file's stem.
    pub(crate) database: String,
    /// Schema.
    pub(crate) schema: String,
    /// Table or view.
    pub(crate) table: String,
    /// Column.
    pub(crate) column: String,
    /// Type as declared.
    pub(crate) declared_type: String,
    /// The engine's own estimate; null when it has none.
    pub(crate) row_estimate: Option<i64>,
    /// Rows read.
    pub(crate) sampled_rows: u64,
    /// Rows of these in which the column was not NULL.
    pub(crate) non_null: u64,
    /// ok, skipped or failed.
    pub(crate) status: &'static str,
    /// Reason code; null when ok.
    pub(crate) status_reason: Option<String>,
    /// Types found, most certain first.
    pub(crate) findings: Vec<FoundLine>,
    /// Version of engine and catalogue.
    pub(crate) engine_version: String,
}

/// One type that was found in a column.
#[derive(Debug, Serialize)]
pub(crate) struct FoundLine {
    /// Label of the taxonomy.
    pub(crate) label: String,
    /// Finer type.
    pub(crate) infotype: String,
    /// Variant; null when there is none.
    pub(crate) subtype: Option<String>,
    /// Category.
    pub(crate) category: String,
    /// is or contains.
    pub(crate) kind: &'static str,
    /// yes or review.
    pub(crate) decision: &'static str,
    /// 0 to 1.
    pub(crate) confidence: f64,
    /// Share of non-null values that match.
    pub(crate) prevalence: f64,
    /// 95 % interval of the prevalence.
    pub(crate) interval: [f64; 2],
    /// Evidence in sentences, strongest first.
    pub(crate) reasons: Vec<String>,
}

impl ColumnLine {
    /// The line of a result; `source` is the name of its source.
    pub(crate) fn new(result: pb::ColumnResult, source: &str) -> Self {
        let status = match result.status() {
            pb::ColumnStatus::Ok => "ok",
            pb::ColumnStatus::Skipped => "skipped",
            pb::ColumnStatus::Failed => "failed",
            pb::ColumnStatus::Unspecified => "unknown",
        };
        let path = result.path.unwrap_or_default();
        Self {
            source: source.to_owned(),
            database: path.database,
            schema: path.schema,
            table: path.table,
            column: path.column,
            declared_type: result.declared_type,
            row_estimate: result.row_estimate,
            sampled_rows: result.sampled_rows,
            non_null: result.non_null,
            status,
            status_reason: super::some(result.status_reason),
            findings: result.detections.into_iter().map(FoundLine::new).collect(),
            engine_version: result.engine_version,
        }
    }
}

impl FoundLine {
    /// The line of a detection.
    pub(crate) fn new(found: pb::Detection) -> Self {
        let kind = match found.kind() {
            pb::FindingKind::Contains => "contains",
            pb::FindingKind::Is | pb::FindingKind::Unspecified => "is",
        };
        let decision = match found.advice() {
            pb::Advice::Yes => "yes",
            pb::Advice::Review | pb::Advice::Unspecified => "review",
        };
        Self {
            label: found.label,
            infotype: found.infotype,
            subtype: super::some(found.subtype),
            category: found.category,
            kind,
            decision,
            confidence: found.confidence,
            prevalence: found.prevalence,
            interval: [found.interval_low, found.interval_high],
            reasons: found.evidence.into_iter().map(|e| e.reason).collect(),
        }
    }
}
