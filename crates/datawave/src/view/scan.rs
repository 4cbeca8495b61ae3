//! A scan: how far it is, what it cost, why it failed.

use std::time::Duration;

use datawave_proto::datawave::scans::v1 as pb;
use serde::Serialize;

use crate::output::{Cell, Table, bytes, count, duration, short_id};

/// A scan, as `scan list` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct ScanLine {
    /// Id, scn_….
    pub(crate) scan: String,
    /// Name of the source.
    pub(crate) source: String,
    /// pending, discovering, reading, delivering, succeeded, partial, failed or cancelled.
    pub(crate) state: &'static str,
    /// Tables found; 0 until discovery is done.
    pub(crate) tables: u32,
    /// Tables finished.
    pub(crate) tables_done: u32,
    /// Tables that failed.
    pub(crate) tables_failed: u32,
    /// Columns per status.
    pub(crate) columns: Columns,
    /// Cost to the source.
    pub(crate) cost: Cost,
    /// Why it failed, or the first failure of a partial one.
    pub(crate) error: Option<ErrorLine>,
    /// How often it was taken up.
    pub(crate) attempts: u32,
    /// Who started it.
    pub(crate) started_by: String,
    /// Started.
    pub(crate) created_at: Option<String>,
    /// Reached its final state.
    pub(crate) ended_at: Option<String>,
    /// Milliseconds from start to end; null while it runs.
    pub(crate) duration_ms: Option<u64>,
    /// Version of engine and catalogue.
    pub(crate) engine_version: String,
    /// Engine of the source and its version.
    pub(crate) source_engine: String,
}

/// Columns per status.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Columns {
    /// Visited.
    pub(crate) visited: u32,
    /// Read and judged.
    pub(crate) ok: u32,
    /// Left out on purpose.
    pub(crate) skipped: u32,
    /// Failed.
    pub(crate) failed: u32,
    /// With a finding.
    pub(crate) with_findings: u32,
}

/// What a scan cost the source.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Cost {
    /// Statements sent.
    pub(crate) statements: u64,
    /// Rows received.
    pub(crate) rows: u64,
    /// Bytes of values received.
    pub(crate) bytes: u64,
    /// Milliseconds spent waiting for the source.
    pub(crate) source_ms: u64,
}

/// Why a scan failed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ErrorLine {
    /// Reason code.
    pub(crate) reason: String,
    /// What happened.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) remedy: Option<String>,
}

/// The last line of `scan -o jsonl`.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryLine {
    /// `summary`.
    pub(crate) event: &'static str,
    /// The scan.
    #[serde(flatten)]
    pub(crate) scan: ScanLine,
}

impl From<pb::Scan> for ScanLine {
    fn from(scan: pb::Scan) -> Self {
        let state = state_name(scan.state());
        let progress = scan.progress.unwrap_or_default();
        let cost = scan.cost.unwrap_or_default();
        Self {
            scan: short_id(&scan.name).to_owned(),
            source: scan.source_name,
            state,
            tables: progress.tables_total,
            tables_done: progress.tables_done,
            tables_failed: progress.tables_failed,
            columns: Columns {
                visited: progress.columns,
                ok: progress.columns_ok,
                skipped: progress.columns_skipped,
                failed: progress.columns_failed,
                with_findings: progress.columns_with_findings,
            },
            cost: Cost {
                statements: cost.statements,
                rows: cost.rows,
                bytes: cost.bytes,
                source_ms: u64::try_from(super::span(cost.source_time).as_millis()).unwrap_or(u64::MAX),
            },
            error: scan.error.map(|e| ErrorLine {
                reason: e.reason,
                message: e.message,
                remedy: super::some(e.remedy),
            }),
            attempts: scan.attempts,
            started_by: scan.started_by,
            duration_ms: super::millis_between(scan.create_time, scan.end_time),
            created_at: super::time(scan.create_time),
            ended_at: super::time(scan.end_time),
            engine_version: scan.engine_version,
            source_engine: scan.source_engine,
        }
    }
}

/// The state in one word.
pub(crate) fn state_name(state: pb::ScanState) -> &'static str {
    match state {
        pb::ScanState::Pending => "pending",
        pb::ScanState::Discovering => "discovering",
        pb::ScanState::Reading => "reading",
        pb::ScanState::Delivering => "delivering",
        pb::ScanState::Succeeded => "succeeded",
        pb::ScanState::Partial => "partial",
        pb::ScanState::Failed => "failed",
        pb::ScanState::Cancelled => "cancelled",
        pb::ScanState::Unspecified => "unknown",
    }
}

impl ScanLine {
    fn state_cell(&self) -> Cell {
        match self.state {
            "succeeded" => Cell::good(self.state),
            "partial" | "cancelled" => Cell::warn(self.state),
            "failed" => Cell::bad(self.state),
            other => other.into(),
        }
    }

    fn took(&self) -> String {
        self.duration_ms
            .map(|ms| duration(Duration::from_millis(ms)))
            .unwrap_or_default()
    }

    /// Scans, newest first.
    pub(crate) fn table(lines: &[Self]) -> Table {
        let mut table = Table::new(&[
            "ID",
            "SOURCE",
            "STATE",
            "TABLES",
            "COLUMNS",
            "WITH FINDINGS",
            "STARTED",
            "TOOK",
        ]);
        for line in lines {
            table.row([
                line.scan.clone().into(),
                line.source.clone().into(),
                line.state_cell(),
                format!("{}/{}", line.tables_done, line.tables).into(),
                line.columns.visited.to_string().into(),
                line.columns.with_findings.to_string().into(),
                line.created_at
                    .as_deref()
                    .map_or("", |t| t.get(..19).unwrap_or(t))
                    .into(),
                line.took().into(),
            ]);
        }
        table
    }

    /// One scan.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{} of {}: {}\n  {}\n",
            self.scan,
            self.source,
            self.state,
            self.summary()
        );
        if let Some(error) = &self.error {
            text.push_str(&format!("  {} ({})\n", error.message, error.reason));
            if let Some(remedy) = &error.remedy {
                text.push_str(&format!("  try: {remedy}\n"));
            }
        }
        if self.attempts > 1 {
            text.push_str(&format!("  taken up {} times\n", self.attempts));
        }
        crate::output::plain(&text)
    }

    /// Counts, time and cost in one sentence.
    pub(crate) fn summary(&self) -> String {
        let columns = &self.columns;
        let mut parts = vec![format!(
            "{} in {} visited, {} with findings",
            count(columns.visited.into(), "column"),
            count(self.tables_done.into(), "table"),
            columns.with_findings
        )];
        if columns.skipped > 0 {
            parts.push(format!("{} skipped", columns.skipped));
        }
        if columns.failed > 0 {
            parts.push(format!("{} failed", columns.failed));
        }
        if self.duration_ms.is_some() {
            parts.push(self.took());
        }
        parts.push(format!(
            "{}, {}, {} read",
            count(self.cost.statements, "statement"),
            count(self.cost.rows, "row"),
            bytes(self.cost.bytes)
        ));
        parts.join("; ")
    }
}
