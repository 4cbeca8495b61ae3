//! Changes of findings in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{FindingChanged, event::Fact};

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
    datawave_rpc::event_record(
        id,
        ctx,
        "classification",
        kind,
        &finding.name(),
        finding.updated,
        fact,
    )
}
