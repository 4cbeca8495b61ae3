//! Changes of assets in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord};
use datawave_proto::datawave::events::v1::{AssetChanged, LabelsChanged, event::Fact};

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
    datawave_rpc::event_record(id, ctx, "catalog", kind, &after.name(), after.updated, fact)
}
