//! What a scan is and which states it may go through. Pure.

use std::time::Duration;

use datawave_core::{Failure, Reason, Timestamp};
use serde::{Deserialize, Serialize};

use super::store::ColumnCounts;

/// State of a scan. The permitted steps are in [`ScanState::may_become`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScanState {
    /// Waits for an edge.
    Pending,
    /// The edge reads the engine's catalogue.
    Discovering,
    /// The edge samples tables.
    Reading,
    /// Results are being handed on.
    Delivering,
    /// Everything was read.
    Succeeded,
    /// Done, but some objects failed.
    Partial,
    /// Nothing could be read.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

impl ScanState {
    /// Name in the store and in events.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Discovering => "discovering",
            Self::Reading => "reading",
            Self::Delivering => "delivering",
            Self::Succeeded => "succeeded",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more happens by itself.
    pub(crate) const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Partial | Self::Failed | Self::Cancelled
        )
    }

    /// Whether the step from `self` to `next` is permitted. Staying is.
    pub(crate) fn may_become(self, next: Self) -> bool {
        use ScanState::{Cancelled, Delivering, Discovering, Failed, Partial, Pending, Reading, Succeeded};
        match (self, next) {
            (a, b) if a == b => true,
            (Pending, Discovering | Reading) => true,
            (Discovering, Pending | Reading | Delivering) => true,
            (Reading, Pending | Delivering) => true,
            (Delivering, Succeeded | Partial) => true,
            (Failed | Cancelled | Partial, Pending) => true,
            (from, Failed | Cancelled) => !from.is_final(),
            _ => false,
        }
    }
}

/// Budgets of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Budget {
    /// Rows sampled per table.
    pub(crate) rows_per_table: u32,
    /// Bytes of values read per table.
    pub(crate) bytes_per_table: u64,
    /// Most bytes of one value that leave the source.
    pub(crate) bytes_per_value: u32,
    /// Longest run of one statement.
    pub(crate) statement_timeout: Duration,
    /// Longest run of the whole scan.
    pub(crate) total_timeout: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            rows_per_table: 1_000,
            bytes_per_table: 8 * 1024 * 1024,
            bytes_per_value: 4_096,
            statement_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(6 * 3600),
        }
    }
}

/// What a scan cost the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Statements sent.
    pub(crate) statements: u64,
    /// Rows received.
    pub(crate) rows: u64,
    /// Bytes of values received.
    pub(crate) bytes: u64,
    /// Time spent waiting for the source.
    pub(crate) source_time: Duration,
}

impl Cost {
    /// Adds another cost (saturating).
    pub(crate) fn add(&mut self, other: Self) {
        self.statements = self.statements.saturating_add(other.statements);
        self.rows = self.rows.saturating_add(other.rows);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.source_time = self.source_time.saturating_add(other.source_time);
    }
}

/// How far a scan is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// Tables found.
    pub(crate) tables_total: u32,
    /// Tables finished, failed ones included.
    pub(crate) tables_done: u32,
    /// Tables that failed.
    pub(crate) tables_failed: u32,
    /// Columns visited.
    pub(crate) columns: u32,
    /// Columns read and judged.
    pub(crate) columns_ok: u32,
    /// Columns left out on purpose.
    pub(crate) columns_skipped: u32,
    /// Columns that failed.
    pub(crate) columns_failed: u32,
    /// Columns with a finding.
    pub(crate) columns_with_findings: u32,
    /// Table being read.
    pub(crate) current_table: String,
}

/// Why a scan failed, in words of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScanError {
    /// Reason code.
    pub(crate) reason: String,
    /// What happened.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) remedy: String,
}

/// Where the source is and how it is read, copied when the scan starts so that a later change of the source
/// does not bend a running scan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Target {
    /// URL without credentials.
    pub(crate) url: String,
    /// Reference to the credential.
    pub(crate) credential_ref: String,
    /// Login name.
    pub(crate) login: String,
    /// Patterns to look at.
    pub(crate) include: Vec<String>,
    /// Patterns to leave out.
    pub(crate) exclude: Vec<String>,
}

/// One scan of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scan {
    /// Id, `scn_…`.
    pub(crate) id: String,
    /// Source, `sources/src_…`.
    pub(crate) source: String,
    /// The source's display name.
    pub(crate) source_name: String,
    /// Edge that carries it out.
    pub(crate) edge: String,
    /// State.
    pub(crate) state: ScanState,
    /// Where the source is.
    pub(crate) target: Target,
    /// Budgets.
    pub(crate) budget: Budget,
    /// Seed of the sampling plan.
    pub(crate) seed: u64,
    /// Progress.
    pub(crate) progress: Progress,
    /// Cost so far.
    pub(crate) cost: Cost,
    /// Why it failed, or the first failure of a partial one.
    pub(crate) error: Option<ScanError>,
    /// How often it was leased.
    pub(crate) attempts: u32,
    /// Discovery is complete.
    pub(crate) discovered: bool,
    /// A person asked for the end.
    pub(crate) cancel_requested: bool,
    /// Deliveries queued so far; the next one has this number.
    pub(crate) deliveries: i64,
    /// Who started it.
    pub(crate) started_by: String,
    /// Version of detection at the edge.
    pub(crate) engine_version: String,
    /// Engine and version of the source.
    pub(crate) source_engine: String,
    /// Started.
    pub(crate) created: Timestamp,
    /// Last changed.
    pub(crate) updated: Timestamp,
    /// Reached its final state.
    pub(crate) ended: Option<Timestamp>,
}

impl Scan {
    /// Resource name.
    pub(crate) fn name(&self) -> String {
        format!("scans/{}", self.id)
    }

    /// Steps to `next`.
    ///
    /// # Errors
    /// `SCAN_STATE_INVALID` when the step is not permitted.
    pub(crate) fn step(&mut self, next: ScanState, now: Timestamp) -> Result<(), Failure> {
        if !self.state.may_become(next) {
            return Err(wrong_state(self, &format!("it cannot become {}", next.as_str())));
        }
        self.state = next;
        self.updated = now;
        self.ended = next.is_final().then_some(now);
        if next.is_final() {
            self.progress.current_table.clear();
        }
        Ok(())
    }

    /// Takes back what tables that are read again had counted for.
    pub(crate) fn uncount(&mut self, tables: &[ColumnCounts]) {
        let progress = &mut self.progress;
        let again = u32::try_from(tables.len()).unwrap_or(u32::MAX);
        progress.tables_done = progress.tables_done.saturating_sub(again);
        progress.tables_failed = progress.tables_failed.saturating_sub(again);
        for table in tables {
            let columns = table.ok + table.skipped + table.failed;
            progress.columns = progress.columns.saturating_sub(columns);
            progress.columns_ok = progress.columns_ok.saturating_sub(table.ok);
            progress.columns_skipped = progress.columns_skipped.saturating_sub(table.skipped);
            progress.columns_failed = progress.columns_failed.saturating_sub(table.failed);
            progress.columns_with_findings =
                progress.columns_with_findings.saturating_sub(table.with_findings);
        }
    }

    /// The state that follows when everything was read and handed on.
    pub(crate) fn outcome(&self) -> ScanState {
        if self.progress.tables_failed > 0 || self.progress.columns_failed > 0 {
            ScanState::Partial
        } else {
            ScanState::Succeeded
        }
    }
}

/// The scan's state does not permit what was asked.
pub(crate) fn wrong_state(scan: &Scan, why: &str) -> Failure {
    Failure::new(
        Reason::ScanStateInvalid,
        format!("{} is {}: {why}", scan.name(), scan.state.as_str()),
    )
    .with_remedy(format!("see `datawave scan show {}`", scan.id))
    .with_metadata("resource", scan.name())
    .with_metadata("state", scan.state.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ScanState; 8] = [
        ScanState::Pending,
        ScanState::Discovering,
        ScanState::Reading,
        ScanState::Delivering,
        ScanState::Succeeded,
        ScanState::Partial,
        ScanState::Failed,
        ScanState::Cancelled,
    ];

    #[test]
    fn no_step_leaves_success_and_every_unfinished_state_can_be_cancelled() {
        for state in ALL {
            for next in ALL {
                if state == ScanState::Succeeded {
                    assert_eq!(state.may_become(next), state == next);
                }
            }
            assert!(state.is_final() || state.may_become(ScanState::Cancelled));
        }
    }

    #[test]
    fn only_scans_that_left_something_unread_are_taken_up_again() {
        let restartable: Vec<_> = ALL
            .into_iter()
            .filter(|s| s.is_final() && s.may_become(ScanState::Pending))
            .collect();
        assert_eq!(
            restartable,
            [ScanState::Partial, ScanState::Failed, ScanState::Cancelled]
        );
    }
}
