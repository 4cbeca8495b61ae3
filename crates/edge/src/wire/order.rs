//! What a child is told.

use std::time::Duration;

use datawave_facts::TablePath;
use serde::{Deserialize, Serialize};

/// Version of these words; parent and child are the same executable, so they must agree exactly.
pub const PROTOCOL: u32 = 1;

/// Everything that a child can be told. Each order is answered by frames up to `Frame::Done`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Confine yourself; answered by `Hello` alone. The first order, before anything foreign is touched.
    Begin {
        /// Memory that the child may commit, in bytes.
        memory_bytes: u64,
    },
    /// Connect to a source; answered by `Fact::Engine`. Followed by the site key, and by the password when the
    /// job has one.
    Open {
        /// The source and the limits.
        job: Job,
    },
    /// Read the catalogue; answered by `Fact::Table` for each table and by `Fact::Cost`.
    Discover {
        /// Whether the tables are wanted; without, only the count of the cost comes back.
        report: bool,
    },
    /// Read and judge one table; answered by `Fact::Verdict` for each of its columns and by `Fact::Cost`.
    Read {
        /// The table, as a former `Fact::Table` named it.
        path: TablePath,
    },
    /// Test a source step by step; answered by `Step`s. Followed by the password when the job has one.
    Test {
        /// The source and the limits.
        job: Job,
    },
}

/// A source and what may be taken from it. Holds no secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Where the source is, login name included, password not.
    pub url: String,
    /// Whether a password follows.
    pub password: bool,
    /// Patterns to look at.
    pub include: Vec<String>,
    /// Patterns to leave out.
    pub exclude: Vec<String>,
    /// Limits.
    pub limits: JobLimits,
    /// Seed of the sampling plan.
    pub seed: u64,
}

/// Limits that the child keeps by itself; the parent's deadlines stand behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobLimits {
    /// For the connection.
    pub connect: Duration,
    /// For one statement.
    pub statement: Duration,
    /// Rows sampled per table.
    pub rows_per_table: u32,
    /// Bytes of values read per table.
    pub bytes_per_table: u64,
    /// Most bytes of one value.
    pub bytes_per_value: u32,
}
