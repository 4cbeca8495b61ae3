//! Between the words of the contract and those of the node.

use datawave_detect::Span;
use datawave_proto::datawave::edge::v1 as edge;
use datawave_proto::datawave::inspect::v1 as inspect;

use crate::node::{InspectedColumn, InspectedText, Probe};
use crate::wire::{StepReport, StepStatus};

pub(crate) fn probe(request: edge::TestSourceRequest) -> Probe {
    Probe {
        url: request.url,
        credential_ref: request.credential_ref,
        login: request.login,
        secret: request.secret,
    }
}

pub(crate) fn step(report: StepReport) -> edge::TestSourceResponse {
    edge::TestSourceResponse {
        step: report.name,
        status: match report.status {
            StepStatus::Ok => edge::StepStatus::Ok,
            StepStatus::Failed => edge::StepStatus::Failed,
            StepStatus::Skipped => edge::StepStatus::Skipped,
        }
        .into(),
        reason: report.reason,
        message: report.message,
        remedy: report.remedy,
    }
}

pub(crate) fn inspected_text(found: InspectedText) -> inspect::InspectTextResponse {
    inspect::InspectTextResponse {
        spans: found.spans.iter().map(span).collect(),
        engine_version: found.engine_version,
    }
}

fn span(span: &Span) -> inspect::Span {
    inspect::Span {
        start: span.start as u64,
        end: span.end as u64,
        start_byte: span.byte_start as u64,
        end_byte: span.byte_end as u64,
        label: span.label.as_str().to_owned(),
        infotype: span.infotype.to_owned(),
        confidence: span.confidence,
    }
}

pub(crate) fn inspected_column(found: InspectedColumn) -> inspect::InspectColumnResponse {
    inspect::InspectColumnResponse {
        detections: found.findings.iter().map(datawave_uplink::detection).collect(),
        engine_version: found.engine_version,
    }
}
