//! Changes of scans in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{ScanChanged, event::Fact};

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
    datawave_rpc::event_record(id, ctx, "scans", kind, &scan.name(), scan.updated, fact)
}
