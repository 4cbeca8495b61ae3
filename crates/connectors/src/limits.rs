//! What a connector may spend on a source, and what it may take from it.

use std::time::Duration;

/// Bounds of one connection. Every field is enforced by the connector itself; the memory limit of the
/// process it runs in is a second wall behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first packet (or `open`) to a usable session. Default 10 s.
    pub connect: Duration,
    /// One statement, at the server and, with a small margin, on this side. Default 30 s.
    pub statement: Duration,
    /// Waiting for a lock. Default 5 s: a scan must never queue behind a migration for long.
    pub lock: Duration,
    /// How much of one value is read: bytes of binary values and of SQLite text, characters of PostgreSQL
    /// text. The cut is made at the source. Default 8,192.
    pub value_bytes: u32,
    /// Rows that one sample may read. Default 1,000.
    pub sample_rows: u32,
    /// Bytes of values that one sample may read. Default 16 MiB.
    pub sample_bytes: u64,
    /// Columns that a discovery takes; what lies beyond is reported as a problem. Default 500,000.
    pub catalogue_columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            statement: Duration::from_secs(30),
            lock: Duration::from_secs(5),
            value_bytes: 8 * 1024,
            sample_rows: 1_000,
            sample_bytes: 16 * 1024 * 1024,
            catalogue_columns: 500_000,
        }
    }
}
