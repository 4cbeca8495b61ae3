//! Between the contract's messages and classification's own types.

use std::collections::BTreeMap;

use datawave_core::Failure;
use datawave_proto::datawave::catalog::v1 as pb_catalog;
use datawave_proto::datawave::classification::v1 as pb;
use datawave_proto::datawave::common::v1 as pb_common;
use datawave_rpc::pb_time;
use prost::Message;

use crate::finding::app::{Submission, SubmittedColumn};
use crate::finding::model::{
    Advice, ColumnPath, Decision, Detection, Evidence, Finding, FindingKind, FindingState,
};
use crate::finding::store::{FindingFilter, ResultFilter};

pub(crate) fn finding_id(name: &str) -> Result<&str, Failure> {
    name.strip_prefix("findings/")
        .ok_or_else(|| Failure::invalid("name", "must be findings/fnd_…"))
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(crate) fn result_filter(message: &pb::ListColumnResultsRequest) -> ResultFilter {
    ResultFilter {
        source: given(&message.source),
        scan: given(&message.scan),
        with_findings_only: message.with_findings_only,
    }
}

pub(crate) fn finding_filter(message: &pb::ListFindingsRequest) -> FindingFilter {
    let state = match message.state() {
        pb::FindingState::Unspecified => None,
        pb::FindingState::Applied => Some(FindingState::Applied),
        pb::FindingState::Review => Some(FindingState::Review),
        pb::FindingState::Accepted => Some(FindingState::Accepted),
        pb::FindingState::Rejected => Some(FindingState::Rejected),
        pb::FindingState::Gone => Some(FindingState::Gone),
    };
    FindingFilter {
        source: given(&message.source),
        label: given(&message.label),
        state,
    }
}

pub(crate) fn decision(value: i32) -> Result<Decision, Failure> {
    match pb::ReviewDecision::try_from(value) {
        Ok(pb::ReviewDecision::Accept) => Ok(Decision::Accept),
        Ok(pb::ReviewDecision::Reject) => Ok(Decision::Reject),
        Ok(pb::ReviewDecision::Clear) => Ok(Decision::Clear),
        _ => Err(Failure::invalid("decision", "must be accept, reject or clear")),
    }
}

pub(crate) fn submission(message: pb::SubmitResultsRequest) -> Result<Submission, Failure> {
    let mut columns = Vec::with_capacity(message.results.len());
    for (i, result) in message.results.into_iter().enumerate() {
        let document = result.encode_to_vec();
        let judged = result.status() != pb_common::ColumnStatus::Failed;
        let path = result
            .path
            .filter(|p| !p.column.is_empty() && !p.table.is_empty());
        let path =
            path.ok_or_else(|| Failure::invalid(format!("results[{i}].path"), "must name a column"))?;
        columns.push(SubmittedColumn {
            path: ColumnPath {
                database: path.database,
                schema: path.schema,
                table: path.table,
                column: path.column,
            },
            ordinal: result.ordinal,
            judged,
            engine_version: result.engine_version,
            detections: result.detections.into_iter().map(detection).collect(),
            document,
        });
    }
    Ok(Submission {
        batch: message.batch_id,
        source: message.source,
        source_name: message.source_name,
        scan: message.scan,
        columns,
    })
}

fn detection(message: pb_common::Detection) -> Detection {
    let kind = match message.kind() {
        pb_common::FindingKind::Contains => FindingKind::Contains,
        _ => FindingKind::Is,
    };
    let advice = match message.advice() {
        pb_common::Advice::Yes => Advice::Yes,
        _ => Advice::Review,
    };
    let evidence = message.evidence.into_iter().map(|e| Evidence {
        kind: e.kind,
        weight: e.weight,
        support: e.support,
        total: e.total,
        reason: e.reason,
    });
    Detection {
        label: message.label,
        infotype: message.infotype,
        subtype: message.subtype,
        category: message.category,
        kind,
        advice,
        confidence: message.confidence,
        prevalence: message.prevalence,
        interval: (message.interval_low, message.interval_high),
        evidence: evidence.collect(),
    }
}

fn pb_kind(kind: FindingKind) -> pb_common::FindingKind {
    match kind {
        FindingKind::Is => pb_common::FindingKind::Is,
        FindingKind::Contains => pb_common::FindingKind::Contains,
    }
}

fn pb_detection(detection: &Detection) -> pb_common::Detection {
    let advice = match detection.advice {
        Advice::Yes => pb_common::Advice::Yes,
        Advice::Review => pb_common::Advice::Review,
    };
    let evidence = detection.evidence.iter().map(|e| pb_common::Evidence {
        kind: e.kind.clone(),
        weight: e.weight,
        support: e.support,
        total: e.total,
        reason: e.reason.clone(),
    });
    pb_common::Detection {
        label: detection.label.clone(),
        infotype: detection.infotype.clone(),
        subtype: detection.subtype.clone(),
        category: detection.category.clone(),
        kind: pb_kind(detection.kind).into(),
        advice: advice.into(),
        confidence: detection.confidence,
        prevalence: detection.prevalence,
        interval_low: detection.interval.0,
        interval_high: detection.interval.1,
        evidence: evidence.collect(),
    }
}

fn pb_path(path: &ColumnPath) -> pb_common::ColumnPath {
    pb_common::ColumnPath {
        database: path.database.clone(),
        schema: path.schema.clone(),
        table: path.table.clone(),
        column: path.column.clone(),
    }
}

fn pb_state(state: FindingState) -> pb::FindingState {
    match state {
        FindingState::Applied => pb::FindingState::Applied,
        FindingState::Review => pb::FindingState::Review,
        FindingState::Accepted => pb::FindingState::Accepted,
        FindingState::Rejected => pb::FindingState::Rejected,
        FindingState::Gone => pb::FindingState::Gone,
    }
}

pub(crate) fn pb_finding(finding: &Finding) -> pb::Finding {
    let review = finding.review.as_ref();
    pb::Finding {
        name: finding.name(),
        source: finding.source.clone(),
        source_name: finding.source_name.clone(),
        path: Some(pb_path(&finding.path)),
        detection: Some(pb_detection(&finding.detection)),
        state: pb_state(finding.state()).into(),
        decided_by: review.map(|r| r.by.clone()).unwrap_or_default(),
        decision_note: review.map(|r| r.note.clone()).unwrap_or_default(),
        decide_time: review.map(|r| pb_time(r.at)),
        scan: finding.scan.clone(),
        engine_version: finding.engine_version.clone(),
        create_time: Some(pb_time(finding.created)),
        update_time: Some(pb_time(finding.updated)),
        etag: finding.etag(),
    }
}

pub(crate) fn pb_results(documents: &[Vec<u8>]) -> Result<Vec<pb_common::ColumnResult>, Failure> {
    documents
        .iter()
        .map(|d| pb_common::ColumnResult::decode(d.as_slice()).map_err(Failure::internal))
        .collect()
}

/// The encoded request that gives columns exactly the labels of their findings in effect. Of several findings
/// with one label the most certain gives it.
pub(crate) fn apply_labels(batch: &str, source: &str, columns: &[(ColumnPath, Vec<Finding>)]) -> Vec<u8> {
    let columns = columns.iter().map(|(path, findings)| {
        let mut labels: BTreeMap<&str, &Finding> = BTreeMap::new();
        for finding in findings.iter().filter(|f| f.labels()) {
            let best = labels.entry(&finding.detection.label).or_insert(finding);
            if finding.detection.confidence > best.detection.confidence {
                *best = finding;
            }
        }
        let labels = labels.into_iter().map(|(label, finding)| pb_catalog::AssetLabel {
            label: label.to_owned(),
            infotype: finding.detection.infotype.clone(),
            origin: pb_catalog::LabelOrigin::Finding.into(),
            kind: pb_kind(finding.detection.kind).into(),
            confidence: finding.detection.confidence,
            finding: finding.name(),
        });
        pb_catalog::ColumnLabels {
            path: Some(pb_path(path)),
            labels: labels.collect(),
        }
    });
    pb_catalog::ApplyLabelsRequest {
        batch_id: batch.to_owned(),
        source: source.to_owned(),
        columns: columns.collect(),
    }
    .encode_to_vec()
}
