//! Between the contract's messages and the scan's own types.

use std::time::Duration;

use datawave_core::Failure;
use datawave_proto::datawave::scans::v1 as pb;
use datawave_rpc::pb_time;

use super::app::NewScan;
use super::model::{Budget, Cost, Progress, Scan, ScanError, ScanState};

pub(crate) fn scan_id(name: &str) -> Result<&str, Failure> {
    name.strip_prefix("scans/")
        .ok_or_else(|| Failure::invalid("name", "must be scans/scn_…"))
}

pub(crate) fn new_scan(message: pb::StartScanRequest) -> Result<NewScan, Failure> {
    Ok(NewScan {
        source: message.source,
        budget: budget(message.budget.unwrap_or_default())?,
        include: message.include,
        exclude: message.exclude,
        seed: message.seed,
    })
}

fn budget(message: pb::ScanBudget) -> Result<Budget, Failure> {
    let default = Budget::default();
    let or = |given: u64, default: u64| if given == 0 { default } else { given };
    let small = |given: u32, default: u32| if given == 0 { default } else { given };
    Ok(Budget {
        rows_per_table: small(message.rows_per_table, default.rows_per_table),
        bytes_per_table: or(message.bytes_per_table, default.bytes_per_table),
        bytes_per_value: small(message.bytes_per_value, default.bytes_per_value),
        statement_timeout: timeout(
            "budget.statement_timeout",
            message.statement_timeout,
            default.statement_timeout,
        )?,
        total_timeout: timeout(
            "budget.total_timeout",
            message.total_timeout,
            default.total_timeout,
        )?,
    })
}

fn timeout(
    field: &str,
    given: Option<prost_types::Duration>,
    default: Duration,
) -> Result<Duration, Failure> {
    let Some(given) = given else { return Ok(default) };
    let given = Duration::try_from(given).map_err(|_| Failure::invalid(field, "must not be negative"))?;
    let longest = Duration::from_secs(30 * 24 * 3600);
    match given {
        d if d.is_zero() => Ok(default),
        d if d > longest => Err(Failure::invalid(field, "must be at most 30 days")),
        d => Ok(d),
    }
}

pub(crate) fn cost(message: Option<pb::ScanCost>) -> Cost {
    let message = message.unwrap_or_default();
    Cost {
        statements: message.statements,
        rows: message.rows,
        bytes: message.bytes,
        source_time: message
            .source_time
            .and_then(|d| Duration::try_from(d).ok())
            .unwrap_or_default(),
    }
}

pub(crate) fn error(message: Option<pb::ScanError>) -> Option<ScanError> {
    message.map(|e| ScanError {
        reason: e.reason,
        message: e.message,
        remedy: e.remedy,
    })
}

pub(crate) fn duration(duration: Duration) -> prost_types::Duration {
    prost_types::Duration::try_from(duration).unwrap_or_default()
}

pub(crate) fn pb_budget(budget: &Budget) -> pb::ScanBudget {
    pb::ScanBudget {
        rows_per_table: budget.rows_per_table,
        bytes_per_table: budget.bytes_per_table,
        bytes_per_value: budget.bytes_per_value,
        statement_timeout: Some(duration(budget.statement_timeout)),
        total_timeout: Some(duration(budget.total_timeout)),
    }
}

fn pb_state(state: ScanState) -> pb::ScanState {
    match state {
        ScanState::Pending => pb::ScanState::Pending,
        ScanState::Discovering => pb::ScanState::Discovering,
        ScanState::Reading => pb::ScanState::Reading,
        ScanState::Delivering => pb::ScanState::Delivering,
        ScanState::Succeeded => pb::ScanState::Succeeded,
        ScanState::Partial => pb::ScanState::Partial,
        ScanState::Failed => pb::ScanState::Failed,
        ScanState::Cancelled => pb::ScanState::Cancelled,
    }
}

fn pb_progress(progress: &Progress) -> pb::ScanProgress {
    pb::ScanProgress {
        tables_total: progress.tables_total,
        tables_done: progress.tables_done,
        tables_failed: progress.tables_failed,
        columns: progress.columns,
        columns_ok: progress.columns_ok,
        columns_skipped: progress.columns_skipped,
        columns_failed: progress.columns_failed,
        columns_with_findings: progress.columns_with_findings,
        current_table: progress.current_table.clone(),
    }
}

pub(crate) fn pb_scan(scan: &Scan) -> pb::Scan {
    pb::Scan {
        name: scan.name(),
        source: scan.source.clone(),
        source_name: scan.source_name.clone(),
        state: pb_state(scan.state).into(),
        progress: Some(pb_progress(&scan.progress)),
        cost: Some(pb::ScanCost {
            statements: scan.cost.statements,
            rows: scan.cost.rows,
            bytes: scan.cost.bytes,
            source_time: Some(duration(scan.cost.source_time)),
        }),
        error: scan.error.as_ref().map(|e| pb::ScanError {
            reason: e.reason.clone(),
            message: e.message.clone(),
            remedy: e.remedy.clone(),
        }),
        budget: Some(pb_budget(&scan.budget)),
        attempts: scan.attempts,
        started_by: scan.started_by.clone(),
        create_time: Some(pb_time(scan.created)),
        end_time: scan.ended.map(pb_time),
        engine_version: scan.engine_version.clone(),
        source_engine: scan.source_engine.clone(),
    }
}
