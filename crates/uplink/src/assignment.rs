//! Work as the centre hands it out, in words of the edge.

use std::time::Duration;

use datawave_facts::TablePath;

/// The right to carry out a scan, until it lapses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Scan, "scans/scn_…".
    pub scan: String,
    /// Proof of the lease.
    pub id: String,
}

/// Budgets of a scan, defaults filled in by the centre; zero where it said nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Rows sampled per table.
    pub rows_per_table: u32,
    /// Bytes of values read per table.
    pub bytes_per_table: u64,
    /// Most bytes of one value.
    pub bytes_per_value: u32,
    /// Longest run of one statement at the source.
    pub statement_timeout: Duration,
    /// Longest run of the whole scan.
    pub total_timeout: Duration,
}

/// A scan to carry out.
#[derive(Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The lease on it.
    pub lease: Lease,
    /// How long the lease lasts without renewal.
    pub lease_time: Duration,
    /// Source, "sources/src_…".
    pub source: String,
    /// The source's display name.
    pub source_name: String,
    /// Where it is, without credentials.
    pub url: String,
    /// Reference to the credential in the edge's own store; empty when none is needed.
    pub credential_ref: String,
    /// Login name; empty when the address has it or none is needed.
    pub login: String,
    /// Patterns to look at.
    pub include: Vec<String>,
    /// Patterns to leave out.
    pub exclude: Vec<String>,
    /// Budgets.
    pub budget: Budget,
    /// Seed of the sampling plan.
    pub seed: u64,
    /// Discovery was finished by a former attempt.
    pub discovered: bool,
    /// Number of this attempt, from 1.
    pub attempt: u32,
}

/// A table that is not done yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingTable {
    /// Where it is.
    pub path: TablePath,
    /// Rows, as estimated when it was discovered.
    pub row_estimate: Option<i64>,
    /// Columns as discovered, in order.
    pub columns: Vec<PendingColumn>,
}

/// A column of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingColumn {
    /// Name.
    pub name: String,
    /// Position, from 1.
    pub ordinal: u32,
    /// Type as declared, as discovered.
    pub declared_type: String,
}

/// Some of the tables that are not done yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingPage {
    /// In the order in which to read them.
    pub tables: Vec<PendingTable>,
    /// Token of the next page; empty at the end.
    pub next: String,
}
