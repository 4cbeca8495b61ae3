//! Contract messages to domain types and back.

use datawave_core::{Failure, Timestamp, Verdict};
use datawave_db::ChainedRecord;
use datawave_proto::datawave::audit::v1 as pb;

use crate::log::{Entry, Problem, Report};
use crate::model::RecordFilter;

/// Records of a delivery.
pub(crate) fn records(records: Vec<pb::ChainedRecord>) -> Result<Vec<ChainedRecord>, Failure> {
    let hash = |at: usize, field: &str, bytes: Vec<u8>| {
        <[u8; 32]>::try_from(bytes)
            .map_err(|_| Failure::invalid(format!("records[{at}].{field}"), "must be a hash of 32 bytes"))
    };
    let record = |(at, record): (usize, pb::ChainedRecord)| {
        Ok(ChainedRecord {
            previous: hash(at, "previous", record.previous)?,
            hash: hash(at, "hash", record.hash)?,
            service: record.service,
            sequence: record.sequence,
            record: record.record,
        })
    };
    records.into_iter().enumerate().map(record).collect()
}

/// The inverse of [`records`] for one record.
pub(crate) fn pb_record(record: ChainedRecord) -> pb::ChainedRecord {
    pb::ChainedRecord {
        service: record.service,
        sequence: record.sequence,
        record: record.record,
        previous: record.previous.to_vec(),
        hash: record.hash.to_vec(),
    }
}

/// The filter of a list.
pub(crate) fn filter(message: &pb::ListRecordsRequest) -> RecordFilter {
    let time = |time: &prost_types::Timestamp| Timestamp::from_seconds_and_nanos(time.seconds, time.nanos);
    RecordFilter {
        subject: message.subject.clone(),
        resource: message.resource.clone(),
        verdict: message.verdict.clone(),
        start: message.start_time.as_ref().map(time),
        end: message.end_time.as_ref().map(time),
    }
}

/// An entry for readers.
pub(crate) fn pb_entry(index: i64, entry: &Entry) -> Result<pb::AuditEntry, Failure> {
    let record = entry.audit_record().map_err(Failure::internal)?;
    let (seconds, nanos) = record.time.seconds_and_nanos();
    Ok(pb::AuditEntry {
        index,
        id: record.id,
        time: Some(prost_types::Timestamp { seconds, nanos }),
        service: record.service,
        subject: record.subject,
        origin: record.origin.unwrap_or_default(),
        method: record.method,
        permission: record.permission,
        verdict: match record.verdict {
            Verdict::Allow => "allow".to_owned(),
            Verdict::Deny => "deny".to_owned(),
        },
        resource: record.resource,
        action: record.action,
        request_id: record.request_id,
        trace_id: record.trace_id.unwrap_or_default(),
        details: record.details.into_iter().collect(),
        policy_revision: record.policy_revision,
        policies: record.policies,
    })
}

/// A report.
pub(crate) fn pb_report(report: Report) -> pb::VerifyLogResponse {
    let problem = |problem: Problem| pb::AuditProblem {
        index: signed(problem.index),
        what: problem.what,
        last_index: signed(problem.last),
        kind: problem.kind.as_str().to_owned(),
    };
    pb::VerifyLogResponse {
        ok: report.ok(),
        size: signed(report.size),
        root: report
            .root
            .map(|root| datawave_core::digest::hex(&root))
            .unwrap_or_default(),
        problem_count: signed(report.problem_count),
        first_bad_index: report.first_bad.map(|(first, _)| signed(first)),
        first_bad_last_index: report.first_bad.map(|(_, last)| signed(last)),
        unsealed: signed(report.unsealed_rows),
        problems: report.problems.into_iter().map(problem).collect(),
    }
}

pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
