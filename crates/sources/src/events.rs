//! Changes of sources in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{Event, SourceChanged, event::Fact};
use prost::Message;

use crate::source::model::Source;

/// `kind` is `source_created`, `source_updated` or `source_deleted`.
pub(crate) fn changed(id: String, ctx: &CallContext, kind: &str, source: &Source) -> EventRecord {
    let change = SourceChanged {
        source: source.name(),
        display_name: source.display_name.clone(),
    };
    let fact = match kind {
        "source_created" => Fact::SourceCreated(change),
        "source_deleted" => Fact::SourceDeleted(change),
        _ => Fact::SourceUpdated(change),
    };
    let (seconds, nanos) = source.updated.seconds_and_nanos();
    let event = Event {
        id: id.clone(),
        tenant: ctx.tenant.to_string(),
        key: source.name(),
        time: Some(prost_types::Timestamp { seconds, nanos }),
        trace_id: ctx.trace_id.clone().unwrap_or_default(),
        fact: Some(fact),
    };
    EventRecord {
        id,
        tenant: ctx.tenant.to_string(),
        topic: "sources".to_owned(),
        kind: kind.to_owned(),
        key: source.name(),
        time: source.updated,
        trace_id: ctx.trace_id.clone(),
        payload: event.encode_to_vec(),
    }
}
