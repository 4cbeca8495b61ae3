//! Changes of findings in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{Event, FindingChanged, event::Fact};
use prost::Message;

use crate::finding::model::Finding;

/// `kind` is `finding_proposed` or `finding_decided`.
pub(crate) fn changed(id: String, ctx: &CallContext, kind: &str, finding: &Finding) -> EventRecord {
    let change = FindingChanged {
        finding: finding.name(),
        label: finding.detection.label.clone(),
        state: finding.state().as_str().to_owned(),
    };
    let fact = if kind == "finding_decided" {
        Fact::FindingDecided(change)
    } else {
        Fact::FindingProposed(change)
    };
    let (seconds, nanos) = finding.updated.seconds_and_nanos();
    let event = Event {
        id: id.clone(),
        tenant: ctx.tenant.to_string(),
        key: finding.name(),
        time: Some(prost_types::Timestamp { seconds, nanos }),
        trace_id: ctx.trace_id.clone().unwrap_or_default(),
        fact: Some(fact),
    };
    EventRecord {
        id,
        tenant: ctx.tenant.to_string(),
        topic: "classification".to_owned(),
        kind: kind.to_owned(),
        key: finding.name(),
        time: finding.updated,
        trace_id: ctx.trace_id.clone(),
        payload: event.encode_to_vec(),
    }
}
