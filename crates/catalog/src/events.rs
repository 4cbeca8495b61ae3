//! Changes of assets in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{AssetChanged, Event, LabelsChanged, event::Fact};
use prost::Message;

use crate::asset::model::{Asset, Difference};

/// One event for one change: created, labels changed, or changed in another way.
pub(crate) fn changed(id: String, ctx: &CallContext, after: &Asset, difference: &Difference) -> EventRecord {
    let labels_only =
        difference.fields == ["labels"] && (!difference.added.is_empty() || !difference.removed.is_empty());
    let (kind, fact) = if labels_only {
        let fact = LabelsChanged {
            asset: after.name(),
            qualified_name: after.qualified_name.clone(),
            added: difference.added.clone(),
            removed: difference.removed.clone(),
            version: after.version,
        };
        ("labels_changed", Fact::LabelsChanged(fact))
    } else {
        let fact = AssetChanged {
            asset: after.name(),
            qualified_name: after.qualified_name.clone(),
            version: after.version,
            fields: difference.fields.iter().map(|f| (*f).to_owned()).collect(),
        };
        if after.version == 1 {
            ("asset_created", Fact::AssetCreated(fact))
        } else {
            ("asset_changed", Fact::AssetChanged(fact))
        }
    };
    let (seconds, nanos) = after.updated.seconds_and_nanos();
    let event = Event {
        id: id.clone(),
        tenant: ctx.tenant.to_string(),
        key: after.name(),
        time: Some(prost_types::Timestamp { seconds, nanos }),
        trace_id: ctx.trace_id.clone().unwrap_or_default(),
        fact: Some(fact),
    };
    EventRecord {
        id,
        tenant: ctx.tenant.to_string(),
        topic: "catalog".to_owned(),
        kind: kind.to_owned(),
        key: after.name(),
        time: after.updated,
        trace_id: ctx.trace_id.clone(),
        payload: event.encode_to_vec(),
    }
}
