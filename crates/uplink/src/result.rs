//! What is delivered about one table.

use datawave_core::Failure;
use datawave_facts::{CostFact, VerdictFact};

use crate::assignment::PendingTable;

/// The outcome of one table: every column of it, found or not.
#[derive(Debug)]
pub struct TableResult<'a> {
    /// Source, "sources/src_…".
    pub source: &'a str,
    /// The table as the centre named it.
    pub table: &'a PendingTable,
    /// One report per column of `table`.
    pub columns: Vec<ColumnReport<'a>>,
    /// Set when the table as a whole failed.
    pub failure: Option<&'a Failure>,
    /// What it cost the source.
    pub cost: CostFact,
}

/// The outcome of one column.
#[derive(Debug)]
pub struct ColumnReport<'a> {
    /// Position, from 1.
    pub ordinal: u32,
    /// Type as declared.
    pub declared_type: &'a str,
    /// The verdict.
    pub verdict: VerdictFact,
}
