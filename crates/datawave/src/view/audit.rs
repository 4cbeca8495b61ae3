//! Records of the audit log, and what its verification found.

use std::collections::BTreeMap;

use datawave_audit::log::Report;
use datawave_core::digest;
use datawave_proto::datawave::audit::v1 as pb;
use serde::Serialize;

use crate::output::{Cell, Table};

/// A record, as `audit list` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct AuditLine {
    /// Index in the log, from 0.
    pub(crate) index: i64,
    /// When it was decided.
    pub(crate) time: Option<String>,
    /// Service that wrote it.
    pub(crate) service: String,
    /// Who acted.
    pub(crate) subject: String,
    /// On whose behalf; null when on their own.
    pub(crate) origin: Option<String>,
    /// Full method name.
    pub(crate) method: String,
    /// Permission asked for.
    pub(crate) permission: Option<String>,
    /// allow or deny.
    pub(crate) verdict: String,
    /// What was touched.
    pub(crate) resource: Option<String>,
    /// What was done.
    pub(crate) action: String,
    /// Correlation id.
    pub(crate) request_id: Option<String>,
    /// Trace id.
    pub(crate) trace_id: Option<String>,
    /// Changed fields and codes.
    pub(crate) details: BTreeMap<String, String>,
    /// Policies that decided.
    pub(crate) policies: Vec<String>,
    /// Their revision.
    pub(crate) policy_revision: u64,
    /// Id, aud_….
    pub(crate) id: String,
}

impl From<pb::AuditEntry> for AuditLine {
    fn from(entry: pb::AuditEntry) -> Self {
        Self {
            index: entry.index,
            time: super::time(entry.time),
            service: entry.service,
            subject: entry.subject,
            origin: super::some(entry.origin),
            method: entry.method,
            permission: super::some(entry.permission),
            verdict: entry.verdict,
            resource: super::some(entry.resource),
            action: entry.action,
            request_id: super::some(entry.request_id),
            trace_id: super::some(entry.trace_id),
            details: entry.details.into_iter().collect(),
            policies: entry.policies,
            policy_revision: entry.policy_revision,
            id: entry.id,
        }
    }
}

impl AuditLine {
    /// Records, newest first.
    pub(crate) fn table(lines: &[Self]) -> Table {
        let mut table = Table::new(&["INDEX", "TIME", "WHO", "WHAT", "RESOURCE", "VERDICT"]);
        for line in lines {
            let who = match &line.origin {
                Some(origin) if *origin != line.subject => format!("{} for {origin}", line.subject),
                _ => line.subject.clone(),
            };
            let method = line.method.rsplit('/').next().unwrap_or_default();
            let verdict = if line.verdict == "deny" {
                Cell::bad("deny")
            } else {
                line.verdict.clone().into()
            };
            table.row([
                line.index.to_string().into(),
                line.time
                    .as_deref()
                    .map_or("", |t| t.get(..19).unwrap_or(t))
                    .into(),
                who.into(),
                format!("{} ({method})", line.action).into(),
                line.resource.clone().unwrap_or_default().into(),
                verdict,
            ]);
        }
        table
    }
}

/// What a verification found.
#[derive(Debug, Serialize)]
pub(crate) struct VerifyLine {
    /// Whether everything fits.
    pub(crate) ok: bool,
    /// Records examined.
    pub(crate) size: u64,
    /// Root hash of the tree.
    pub(crate) root: Option<String>,
    /// Records accepted and not yet under a checkpoint.
    pub(crate) unsealed: u64,
    /// The first bad record is at this index or behind it.
    pub(crate) first_bad_index: Option<u64>,
    /// The first bad record is at this index or before it.
    pub(crate) first_bad_last_index: Option<u64>,
    /// How many problems there are.
    pub(crate) problem_count: u64,
    /// The first 1,000 of them.
    pub(crate) problems: Vec<ProblemLine>,
}

/// Something that does not fit.
#[derive(Debug, Serialize)]
pub(crate) struct ProblemLine {
    /// First index that may be affected.
    pub(crate) index: u64,
    /// Last index that may be affected.
    pub(crate) last_index: u64,
    /// entry, tile, row, chain, checkpoint or saved_checkpoint.
    pub(crate) kind: String,
    /// What does not fit.
    pub(crate) what: String,
}

impl From<pb::VerifyLogResponse> for VerifyLine {
    fn from(answer: pb::VerifyLogResponse) -> Self {
        let number = |n: i64| u64::try_from(n).unwrap_or_default();
        let problem = |p: pb::AuditProblem| ProblemLine {
            index: number(p.index),
            last_index: number(p.last_index),
            kind: p.kind,
            what: p.what,
        };
        Self {
            ok: answer.ok,
            size: number(answer.size),
            root: super::some(answer.root),
            unsealed: number(answer.unsealed),
            first_bad_index: answer.first_bad_index.map(number),
            first_bad_last_index: answer.first_bad_last_index.map(number),
            problem_count: number(answer.problem_count),
            problems: answer.problems.into_iter().map(problem).collect(),
        }
    }
}

impl From<Report> for VerifyLine {
    fn from(report: Report) -> Self {
        let problem = |p: datawave_audit::log::Problem| ProblemLine {
            index: p.index,
            last_index: p.last,
            kind: p.kind.as_str().to_owned(),
            what: p.what,
        };
        Self {
            ok: report.ok(),
            size: report.size,
            root: report.root.map(|root| digest::hex(&root)),
            unsealed: report.unsealed_rows,
            first_bad_index: report.first_bad.map(|(first, _)| first),
            first_bad_last_index: report.first_bad.map(|(_, last)| last),
            problem_count: report.problem_count,
            problems: report.problems.into_iter().map(problem).collect(),
        }
    }
}

impl VerifyLine {
    /// The outcome in sentences.
    pub(crate) fn text(&self) -> String {
        if self.ok {
            let root = self.root.as_deref().unwrap_or_default();
            return format!(
                "ok: {} records, root {}\n",
                self.size,
                root.get(..16).unwrap_or(root)
            );
        }
        let place = match (self.first_bad_index, self.first_bad_last_index) {
            (Some(first), Some(last)) if first == last => format!("the first bad record is at index {first}"),
            (Some(first), Some(last)) => format!("the first bad record is between index {first} and {last}"),
            _ => "no place can be named".to_owned(),
        };
        let mut text = format!(
            "TAMPERED: {place}; {} problems in {} records\n",
            self.problem_count, self.size
        );
        for problem in self.problems.iter().take(20) {
            text.push_str(&format!(
                "  {:>8}  {:<16}  {}\n",
                problem.index, problem.kind, problem.what
            ));
        }
        if self.problem_count > 20 {
            text.push_str("  … (-o json shows more)\n");
        }
        text
    }
}
