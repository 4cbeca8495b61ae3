//! Settings of an edge node. The binary fills them in; nothing here reads the environment.

use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_uplink::RetryPolicy;

/// Settings, each with its default.
#[derive(Clone, Debug)]
pub struct EdgeConfig {
    /// Name of the node, as the centre knows it. Default `local`.
    pub name: String,
    /// Scans carried out at one time. Default 2.
    pub scans_in_parallel: usize,
    /// Tables of one scan read at one time, each by a child process with a connection of its own. Default 1: a
    /// source is somebody's production database.
    pub tables_in_parallel: usize,
    /// Memory that a child may commit, in bytes. Default 512 MiB.
    pub child_memory_bytes: u64,
    /// Deadline for a child to start and say hello. Default 20 s: only a machine in trouble takes longer.
    pub start_timeout: Duration,
    /// Deadline for the connection to a source: name, TCP, TLS, login. Default 10 s.
    pub connect_timeout: Duration,
    /// Deadline for reading a source's catalogue. Default 10 minutes.
    pub discovery_timeout: Duration,
    /// Deadline for one table, all its statements together. Default 5 minutes.
    pub table_timeout: Duration,
    /// Longest run of one statement where the centre states none. Default 30 s.
    pub statement_timeout: Duration,
    /// Longest run of a whole scan where the centre states none. Default 6 h.
    pub scan_timeout: Duration,
    /// Deadline for a step-by-step test of a source. Default 2 minutes.
    pub test_timeout: Duration,
    /// Children that may die in one scan before it ends as failed. Default 20. The table that a child died on is
    /// tried once more, so this is at least ten tables that kill whoever reads them.
    pub child_losses: u32,
    /// Longest wait of one request for work. Default 20 s.
    pub lease_wait: Duration,
    /// How calls to the centre are repeated while it is away.
    pub retry: RetryPolicy,
}

impl Default for EdgeConfig {
    fn default() -> Self {
        Self {
            name: "local".to_owned(),
            scans_in_parallel: 2,
            tables_in_parallel: 1,
            child_memory_bytes: 512 << 20,
            start_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            discovery_timeout: Duration::from_secs(600),
            table_timeout: Duration::from_secs(300),
            statement_timeout: Duration::from_secs(30),
            scan_timeout: Duration::from_secs(6 * 3600),
            test_timeout: Duration::from_secs(120),
            child_losses: 20,
            lease_wait: Duration::from_secs(20),
            retry: RetryPolicy::default(),
        }
    }
}

/// Below this a child cannot even connect to a source.
const LEAST_MEMORY: u64 = 64 << 20;

impl EdgeConfig {
    /// Refuses settings that make no sense, naming the first.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let wrong = |key: &str, why: &str| {
            Err(
                Failure::new(Reason::ConfigInvalid, format!("edge.{key} {why}")).with_remedy(format!(
                    "correct edge.{key} in the configuration, or leave it out"
                )),
            )
        };
        if self.name.is_empty() || self.name.len() > 100 {
            return wrong("name", "has 1 to 100 characters");
        }
        if !(1..=64).contains(&self.scans_in_parallel) {
            return wrong("scans_in_parallel", "is 1 to 64");
        }
        if !(1..=16).contains(&self.tables_in_parallel) {
            return wrong("tables_in_parallel", "is 1 to 16");
        }
        if self.child_memory_bytes < LEAST_MEMORY {
            return wrong("child_memory_bytes", "is at least 67108864 (64 MiB)");
        }
        let periods = [
            ("start_timeout", self.start_timeout),
            ("connect_timeout", self.connect_timeout),
            ("discovery_timeout", self.discovery_timeout),
            ("table_timeout", self.table_timeout),
            ("statement_timeout", self.statement_timeout),
            ("scan_timeout", self.scan_timeout),
            ("test_timeout", self.test_timeout),
        ];
        match periods.iter().find(|(_, period)| period.is_zero()) {
            Some((key, _)) => wrong(key, "is longer than zero"),
            None => Ok(()),
        }
    }
}
