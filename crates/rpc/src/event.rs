//! What services share on the way into the contracts: times, and the envelope of events.

use datawave_core::{CallContext, EventRecord, Timestamp};
use datawave_proto::datawave::events::v1::{Event, event::Fact};
use prost::Message as _;

/// A time as the contracts write it.
pub fn pb_time(time: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = time.seconds_and_nanos();
    prost_types::Timestamp { seconds, nanos }
}

/// The outbox record of one past fact: `kind` of `topic`, about `key` (the resource's name; events of one key arrive
/// in commit order), with tenant and trace of the call that caused it.
pub fn event_record(
    id: String,
    context: &CallContext,
    topic: &str,
    kind: &str,
    key: &str,
    time: Timestamp,
    fact: Fact,
) -> EventRecord {
    let event = Event {
        id: id.clone(),
        tenant: context.tenant.to_string(),
        key: key.to_owned(),
        time: Some(pb_time(time)),
        trace_id: context.trace_id.clone().unwrap_or_default(),
        fact: Some(fact),
    };
    EventRecord {
        id,
        tenant: event.tenant.clone(),
        topic: topic.to_owned(),
        kind: kind.to_owned(),
        key: key.to_owned(),
        time,
        trace_id: context.trace_id.clone(),
        payload: event.encode_to_vec(),
    }
}
