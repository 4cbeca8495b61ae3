//! May this caller do this? A pure function of a snapshot of policies; nothing here does I/O.
//!
//! * `policies/permissions.cedarschema`: every permission there is.
//! * `policies/default.cedar`: which role has which permission. **This is where a permission is changed.**
//! * [`Snapshot`]: policies that were checked against the permissions, with a revision.
//! * [`Decider`]: the snapshot in force, and the decision.
//!
//! Deny is what comes out of everything that is not expressly allowed: an unknown permission, a policy that
//! fails while it is evaluated, a resource of another tenant, a caller that nobody authenticated.

mod decider;
mod snapshot;

pub use decider::{Decider, Decision, ResourceRef, rule};
pub use snapshot::{DEFAULT_POLICIES, Snapshot, permissions};

/// Roles that a person can be given.
pub const PEOPLE_ROLES: &[&str] = &["admin", "steward", "viewer"];

/// Roles of our own processes; each belongs to the identity of that name and is never given to a person.
pub const PROCESS_ROLES: &[&str] = &[
    "service_sources",
    "service_scans",
    "service_classification",
    "service_catalog",
    "service_access",
    "service_audit",
    "edge",
];

/// The permission of methods that anybody may call.
pub const PUBLIC: &str = "public";
