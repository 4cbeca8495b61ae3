//! Decisions through the public interface: the table of roles, the rules in code, and invariants.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod decisions;
mod invariants;
mod snapshots;
mod table;

use datawave_authz::{Decider, Decision, ResourceRef, Snapshot};
use datawave_core::{Actor, ActorKind, TenantId};

fn decider() -> Decider {
    Decider::new(Snapshot::default_policies(1).unwrap())
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn decide(decider: &Decider, actor: &Actor, permission: &str) -> Decision {
    let tenant = tenant("acme");
    decider.decide(
        &tenant,
        actor,
        permission,
        &ResourceRef::area_of(permission, &tenant),
    )
}

/// An actor of the kind that carries `role`.
fn actor_with(role: &str) -> Actor {
    match role.strip_prefix("service_") {
        Some(service) => Actor::service(service),
        None if role == "edge" => Actor::edge("local"),
        None => Actor::user("ann", &[role]),
    }
}

fn kinds() -> [ActorKind; 4] {
    [
        ActorKind::User,
        ActorKind::Service,
        ActorKind::Edge,
        ActorKind::Anonymous,
    ]
}
