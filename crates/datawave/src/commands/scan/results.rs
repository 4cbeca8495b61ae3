//! What a scan found: a table for people, a line per column for scripts.

use std::collections::BTreeMap;

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::classification::v1::classification_service_client::ClassificationServiceClient;
use datawave_proto::datawave::classification::v1::{ListColumnResultsRequest, ListFindingsRequest};
use datawave_proto::datawave::common::v1::ColumnResult;
use datawave_proto::datawave::scans::v1::{Scan, ScanState};
use datawave_rpc::failure;
use serde::Serialize;

use super::super::{Context, paging};
use crate::attach::Session;
use crate::cli::Format;
use crate::output::{Cell, Table};
use crate::view::{ColumnLine, FindingLine, ScanLine, SummaryLine};

/// A whole scan as one document.
#[derive(Serialize)]
struct Document {
    columns: Vec<ColumnLine>,
    summary: SummaryLine,
}

/// Prints what `scan` found; how many columns have a label of `fail_on` that nobody rejected.
pub(super) async fn print(
    context: &Context,
    session: &Session,
    scan: &Scan,
    fail_on: &[String],
) -> Result<u64, Failure> {
    let output = &context.output;
    let summary = SummaryLine {
        event: "summary",
        scan: ScanLine::from(scan.clone()),
    };
    match output.format() {
        Format::Jsonl => {
            each_column(session, scan, |line| output.line(&line)).await?;
            output.line(&summary)?;
        }
        Format::Json | Format::Yaml => {
            let mut columns = Vec::new();
            each_column(session, scan, |line| {
                columns.push(line);
                Ok(())
            })
            .await?;
            output.one(&Document { columns, summary }, |_| String::new())?;
        }
        Format::Table => for_people(context, session, scan, &summary.scan).await?,
    }
    if fail_on.is_empty() {
        return Ok(0);
    }
    let mut places: Vec<String> = findings(session, scan)
        .await?
        .into_iter()
        .filter(|f| f.state != "rejected" && fail_on.contains(&f.found.label))
        .map(|f| format!("{}\u{0}{}\u{0}{}", f.schema, f.table, f.column))
        .collect();
    places.sort();
    places.dedup();
    Ok(places.len() as u64)
}

async fn for_people(
    context: &Context,
    session: &Session,
    scan: &Scan,
    line: &ScanLine,
) -> Result<(), Failure> {
    let output = &context.output;
    let found = findings(session, scan).await?;
    if !found.is_empty() {
        output.table(&FindingLine::findings_table(&found))?;
    }
    if line.columns.failed > 0 || line.columns.skipped > 0 {
        let mut failed: BTreeMap<(String, &'static str, String), usize> = BTreeMap::new();
        each_column(session, scan, |column| {
            if column.status != "ok" {
                let place = format!("{}.{}", column.schema, column.table);
                *failed
                    .entry((place, column.status, column.status_reason.unwrap_or_default()))
                    .or_default() += 1;
            }
            Ok(())
        })
        .await?;
        let mut table = Table::new(&["TABLE", "COLUMNS", "STATUS", "REASON"]);
        for ((place, status, reason), count) in failed {
            let status = if status == "failed" {
                Cell::bad(status)
            } else {
                Cell::from(status)
            };
            table.row([place.into(), count.to_string().into(), status, reason.into()]);
        }
        output.note("");
        output.table(&table)?;
    }
    if scan.state() != ScanState::Failed {
        output.note("");
        if found.is_empty() {
            output.note("nothing found that looks personal or secret");
        }
        output.note(&format!("{}: {}", line.source, line.summary()));
    }
    if scan.state() == ScanState::Partial
        && let Some(error) = &line.error
    {
        output.note(&format!(
            "some objects failed: {} ({})",
            error.message, error.reason
        ));
        if let Some(remedy) = &error.remedy {
            output.note(&format!("  try: {remedy}"));
        }
    }
    let review = found.iter().filter(|f| f.state == "review").count();
    if review > 0 {
        output.note(&format!(
            "{} for a decision: datawave finding list --state review",
            if review == 1 {
                "1 finding waits".to_owned()
            } else {
                format!("{review} findings wait")
            }
        ));
    }
    Ok(())
}

/// Findings that this scan saw, by path.
async fn findings(session: &Session, scan: &Scan) -> Result<Vec<FindingLine>, Failure> {
    let client = ClassificationServiceClient::new(session.channel.clone());
    let found = paging::all(None, async |page| {
        let request = ListFindingsRequest {
            page: Some(page),
            source: scan.source.clone(),
            ..ListFindingsRequest::default()
        };
        let answer = client
            .clone()
            .list_findings(request)
            .await
            .map_err(failure)?
            .into_inner();
        Ok((answer.findings, answer.page))
    })
    .await?;
    let seen = found
        .into_iter()
        .filter(|finding| finding.scan == scan.name)
        .map(FindingLine::from);
    Ok(seen.filter(|line| line.state != "gone").collect())
}

async fn each_column(
    session: &Session,
    scan: &Scan,
    mut take: impl FnMut(ColumnLine) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let client = ClassificationServiceClient::new(session.channel.clone());
    let ask = async |page| {
        let request = ListColumnResultsRequest {
            page: Some(page),
            source: scan.source.clone(),
            scan: scan.name.clone(),
            with_findings_only: false,
        };
        let answer = client
            .clone()
            .list_column_results(request)
            .await
            .map_err(failure)?
            .into_inner();
        Ok((answer.results, answer.page))
    };
    paging::each(None, ask, |result: ColumnResult| {
        take(ColumnLine::new(result, &scan.source_name))
    })
    .await
}

/// Why a scan failed, as a failure of the command.
pub(super) fn failure_of(scan: &Scan) -> Failure {
    let Some(error) = &scan.error else {
        return Failure::new(Reason::Internal, "the scan failed and does not say why")
            .with_remedy("look into the log of the instance");
    };
    let reason = Reason::parse(&error.reason).unwrap_or(Reason::Internal);
    let failed = Failure::new(reason, error.message.clone());
    if error.remedy.is_empty() {
        failed
    } else {
        failed.with_remedy(error.remedy.clone())
    }
}
