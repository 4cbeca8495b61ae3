//! `Fact`: the closed list of what may leave a site.
//!
//! Everything that an edge node tells the centre is one of these types. None of them can hold a value of a
//! governed column: names, types, counts, verdicts, reasons from a fixed list of sentences, and text that
//! `detect` has cleaned. Adding a variant or a field here is a decision about what leaves a site; say in the
//! comment why it is not a raw value (README of this crate).

use serde::{Deserialize, Serialize};

/// Everything that may leave a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A table or view was found in the engine's catalogue.
    Table(TableFact),
    /// A column was judged, skipped, or could not be read.
    Verdict(VerdictFact),
    /// What a task cost the source.
    Cost(CostFact),
    /// The engine behind the source.
    Engine(EngineFact),
}

/// Where a table is: identifiers only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TablePath {
    /// Database, or the file's stem for SQLite.
    pub database: String,
    /// Schema; `main` for SQLite.
    pub schema: String,
    /// Table or view.
    pub table: String,
}

/// Kind of relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Ordinary table.
    Table,
    /// Partitioned parent.
    PartitionedTable,
    /// Table of another server.
    ForeignTable,
    /// View.
    View,
    /// Materialised view.
    MaterializedView,
    /// SQLite virtual table.
    VirtualTable,
}

/// A table as the engine's catalogue describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableFact {
    /// Identifiers.
    pub path: TablePath,
    /// Kind of relation.
    pub kind: TableKind,
    /// The engine's own estimate; never a `COUNT(*)`.
    pub row_estimate: Option<i64>,
    /// Comment, cleaned.
    pub comment: Option<CleanText>,
    /// Columns in order.
    pub columns: Vec<ColumnFact>,
    /// Names of the primary key's columns, in key order.
    pub primary_key: Vec<String>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKeyFact>,
}

/// A column as the engine's catalogue describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFact {
    /// Name.
    pub name: String,
    /// Position, from 1.
    pub ordinal: u32,
    /// Type as declared, identifiers and numbers only (enum labels never: they are values).
    pub declared_type: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Comment, cleaned.
    pub comment: Option<CleanText>,
    /// Default expression: presence, length class, keyed digest.
    pub default: Option<OpaqueText>,
    /// Generated or computed column.
    pub generated: bool,
    /// Single-column unique constraint or primary key.
    pub unique: bool,
}

/// A foreign key: identifiers only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKeyFact {
    /// Columns on this side, in key order.
    pub columns: Vec<String>,
    /// Table referred to.
    pub references: TablePath,
    /// Columns on the other side; empty when the engine leaves them implicit.
    pub referenced_columns: Vec<String>,
}

/// Text of the source's schema in which `detect` has replaced every personal-data span by its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CleanText(String);

impl CleanText {
    /// Wraps text that `detect::declassify` has cleaned; nobody else calls this (a test greps).
    pub fn from_declassified(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text that may not leave: what stands for it outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpaqueText {
    /// Length rounded up to the next power of two.
    pub length_class: u32,
    /// HMAC-SHA-256 under a key of the site, hex, first 16 bytes: tells equal from changed, nothing else.
    pub keyed_digest: String,
}

/// Outcome for a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnStatus {
    /// Read and judged (an empty table counts: it is judged by names).
    Ok,
    /// Left out on purpose: excluded, or of a type that cannot be sampled; judged by names only.
    Skipped,
    /// The source refused or broke.
    Failed,
}

/// What was found in one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictFact {
    /// Table.
    pub path: TablePath,
    /// Column.
    pub column: String,
    /// Outcome.
    pub status: ColumnStatus,
    /// Why skipped or failed: a reason code of `core::Reason`, or `excluded`, `unsupported_type`.
    pub status_reason: Option<String>,
    /// Rows read.
    pub sampled_rows: u64,
    /// Rows of these in which the column was not NULL.
    pub non_null: u64,
    /// Findings, most certain first; empty when nothing was found.
    pub findings: Vec<FindingFact>,
    /// Version of engine and catalogue, `detect-2`.
    pub engine_version: String,
}

/// Whether a column is of a type or merely has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The column holds this type.
    Is,
    /// Some rows hold it.
    Contains,
}

/// What the engine advises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Certain enough to label.
    Yes,
    /// A person should look.
    Review,
}

/// One type found in a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingFact {
    /// One of the coarse labels of the taxonomy (`email`, `national_id`, …).
    pub label: String,
    /// Our finer type (`us_ssn`, `iban`, …).
    pub infotype: String,
    /// Variant within the infotype, such as the country of an id.
    pub subtype: Option<String>,
    /// `identifier`, `contact`, `location`, `financial`, `health`, `credential`, `technical`, `special`.
    pub category: String,
    /// Is or contains.
    pub kind: FindingKind,
    /// Yes or review.
    pub decision: Decision,
    /// Calibrated probability that the finding is right, 0 to 1.
    pub confidence: f64,
    /// Share of non-null sampled values that match, 0 to 1.
    pub prevalence: f64,
    /// 95 % Wilson interval of the prevalence.
    pub interval: (f64, f64),
    /// Evidence for and against, strongest first.
    pub evidence: Vec<EvidenceFact>,
}

/// Where a piece of evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A check digit or another computed rule.
    Checksum,
    /// The shape of the values.
    Format,
    /// A closed vocabulary.
    Dictionary,
    /// A trained model.
    Model,
    /// Words of the column's name.
    ColumnName,
    /// Words of the column's comment.
    Comment,
    /// Declared type and length.
    DeclaredType,
    /// The table's name or its other columns.
    TableContext,
    /// Keys and uniqueness.
    KeyRole,
    /// Distribution of lengths, distinct values, ranges.
    Statistics,
}

/// One piece of evidence; weights add up to the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceFact {
    /// Where it comes from.
    pub kind: EvidenceKind,
    /// Log-likelihood ratio in nats: positive for, negative against.
    pub weight: f64,
    /// Values that support it, of `total` (0 of 0 when no values are involved).
    pub support: u64,
    /// Values examined.
    pub total: u64,
    /// A sentence from the engine's fixed list with counts and identifiers filled in, never a value.
    pub reason: String,
}

/// What a task cost the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostFact {
    /// Statements sent.
    pub statements: u64,
    /// Rows received.
    pub rows: u64,
    /// Bytes of values received.
    pub bytes: u64,
    /// Time spent waiting for the source, in milliseconds.
    pub source_millis: u64,
}

/// The engine behind the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineFact {
    /// `sqlite`, `postgresql`.
    pub engine: String,
    /// Version as the engine says it, digits and dots only.
    pub version: String,
}
