//! Changes of scans in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{Event, ScanChanged, event::Fact};
use prost::Message;

use crate::scan::model::Scan;

/// `kind` is `scan_started`, `scan_finished`, `scan_cancelled` or `scan_resumed`.
pub(crate) fn changed(id: String, ctx: &CallContext, kind: &str, scan: &Scan) -> EventRecord {
    let change = ScanChanged {
        scan: scan.name(),
        source: scan.source.clone(),
        state: scan.state.as_str().to_owned(),
    };
    let fact = match kind {
        "scan_started" => Fact::ScanStarted(change),
        "scan_cancelled" => Fact::ScanCancelled(change),
        "scan_resumed" => Fact::ScanResumed(change),
        _ => Fact::ScanFinished(change),
    };
    let (seconds, nanos) = scan.updated.seconds_and_nanos();
    let event = Event {
        id: id.clone(),
        tenant: ctx.tenant.to_string(),
        key: scan.name(),
        time: Some(prost_types::Timestamp { seconds, nanos }),
        trace_id: ctx.trace_id.clone().unwrap_or_default(),
        fact: Some(fact),
    };
    EventRecord {
        id,
        tenant: ctx.tenant.to_string(),
        topic: "scans".to_owned(),
        kind: kind.to_owned(),
        key: scan.name(),
        time: scan.updated,
        trace_id: ctx.trace_id.clone(),
        payload: event.encode_to_vec(),
    }
}
