//! Changes of sources in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{SourceChanged, event::Fact};

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
    datawave_rpc::event_record(id, ctx, "sources", kind, &source.name(), source.updated, fact)
}
