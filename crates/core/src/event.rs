//! The event envelope: one past fact of a service, written in the transaction of the change.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// One event. `payload` is a message of `datawave.events.v1`, encoded; consumers deduplicate by `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Unique id, `evt_…`.
    pub id: String,
    /// Tenant.
    pub tenant: String,
    /// Topic, named after the area: `catalog`, `scans`.
    pub topic: String,
    /// Kind, a past fact: `asset_changed`.
    pub kind: String,
    /// Ordering key: events of one key arrive in commit order. Usually the resource's name.
    pub key: String,
    /// When the change was made.
    pub time: Timestamp,
    /// Trace id of the call that caused it.
    pub trace_id: Option<String>,
    /// Encoded `datawave.events.v1.Event`.
    pub payload: Vec<u8>,
}
