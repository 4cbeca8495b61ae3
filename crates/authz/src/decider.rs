//! The snapshot in force, and the decision.

use std::sync::Arc;

use arc_swap::ArcSwap;
use cedar_policy::{Authorizer, Context, Entities, Entity, Request, RestrictedExpression};
use datawave_core::{Actor, ActorKind, TenantId};

use crate::PUBLIC;
use crate::snapshot::{Snapshot, uid};

/// Names of the rules that stand in code, where a decision reports them instead of a policy.
pub mod rule {
    /// The resource belongs to another tenant than the caller.
    pub const OTHER_TENANT: &str = "rule:other-tenant";
    /// Nobody authenticated the caller, and the permission is not "public".
    pub const ANONYMOUS: &str = "rule:anonymous";
    /// There is no such permission.
    pub const UNKNOWN_PERMISSION: &str = "rule:unknown-permission";
    /// A policy failed while it was evaluated.
    pub const POLICY_ERROR: &str = "rule:policy-error";
    /// No policy allows it.
    pub const NO_POLICY: &str = "rule:no-policy";
}

/// What is acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRef {
    /// Kind: `asset`, `source`, `area`.
    pub kind: String,
    /// Name, `assets/ast_…`.
    pub name: String,
    /// Tenant that owns it.
    pub tenant: TenantId,
    /// A few properties that policies may ask for with `resource.getTag("owner")`.
    pub attributes: Vec<(String, String)>,
}

impl ResourceRef {
    /// A single object without attributes.
    pub fn new(kind: &str, name: &str, tenant: &TenantId) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.to_owned(),
            tenant: tenant.clone(),
            attributes: Vec::new(),
        }
    }

    /// The area of a permission as a whole, for methods that name no single object: what
    /// `catalog.assets.list` acts on is the area `catalog` of the tenant.
    pub fn area_of(permission: &str, tenant: &TenantId) -> Self {
        let area = permission.split('.').next().unwrap_or_default();
        Self::new("area", area, tenant)
    }
}

/// The outcome, with what the audit log says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the call may go on.
    pub allowed: bool,
    /// Names of the policies (their `@id`) or of the [`rule`] that decided; sorted, never empty.
    pub policies: Vec<String>,
    /// Revision of the snapshot that decided.
    pub revision: u64,
}

/// Decides by the snapshot that was published last. Cheap to share: decisions take no lock.
#[derive(Debug)]
pub struct Decider {
    snapshot: ArcSwap<Snapshot>,
}

impl Decider {
    /// Begins with `snapshot`.
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot: ArcSwap::from_pointee(snapshot),
        }
    }

    /// The snapshot in force.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Puts `snapshot` in force for every decision that begins after this returned, unless one of the same
    /// or a later revision is in force already: rights never go back to an older state. Whether it was taken.
    pub fn publish(&self, snapshot: Snapshot) -> bool {
        let revision = snapshot.revision();
        let snapshot = Arc::new(snapshot);
        let before = self.snapshot.rcu(|current| {
            if current.revision() < revision {
                Arc::clone(&snapshot)
            } else {
                Arc::clone(current)
            }
        });
        before.revision() < revision
    }

    /// Whether `actor` of `tenant` has `permission` on `resource`. Never fails: every fault is a deny.
    pub fn decide(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        permission: &str,
        resource: &ResourceRef,
    ) -> Decision {
        let snapshot = self.snapshot.load();
        let (allowed, policies) = match decide(&snapshot, tenant, actor, permission, resource) {
            Ok(policies) => (true, policies),
            Err(policies) => (false, policies),
        };
        Decision {
            allowed,
            policies,
            revision: snapshot.revision(),
        }
    }
}

/// `Ok` with the policies that allow, `Err` with what refuses.
fn decide(
    snapshot: &Snapshot,
    tenant: &TenantId,
    actor: &Actor,
    permission: &str,
    resource: &ResourceRef,
) -> Result<Vec<String>, Vec<String>> {
    let refused = |rule: &str| vec![rule.to_owned()];
    if resource.tenant != *tenant {
        return Err(refused(rule::OTHER_TENANT));
    }
    let Some(action) = snapshot.permissions.get(permission) else {
        return Err(refused(rule::UNKNOWN_PERMISSION));
    };
    if actor.kind == ActorKind::Anonymous && permission != PUBLIC {
        return Err(refused(rule::ANONYMOUS));
    }
    let (request, entities) =
        question(snapshot, tenant, actor, action, resource).ok_or_else(|| refused(rule::POLICY_ERROR))?;
    let response = Authorizer::new().is_authorized(&request, &snapshot.policies, &entities);
    // Cedar leaves out a policy that fails; a `forbid` left out would be an allow. So any failure refuses.
    if response.diagnostics().errors().next().is_some() {
        return Err(refused(rule::POLICY_ERROR));
    }
    let mut policies: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
    policies.sort_unstable();
    match response.decision() {
        cedar_policy::Decision::Allow => Ok(policies),
        cedar_policy::Decision::Deny if policies.is_empty() => Err(refused(rule::NO_POLICY)),
        cedar_policy::Decision::Deny => Err(policies),
    }
}

/// The question in Cedar's terms; `None` when an attribute cannot be expressed.
fn question(
    snapshot: &Snapshot,
    tenant: &TenantId,
    actor: &Actor,
    action: &Entity,
    resource: &ResourceRef,
) -> Option<(Request, Entities)> {
    let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
    let properties = |kind: &str| {
        [
            ("kind".to_owned(), text(kind)),
            ("tenant".to_owned(), text(tenant.as_str())),
        ]
    };
    // Names are unique per tenant only, so the tenant is part of the identity.
    let principal_id = uid(&snapshot.types.subject, &format!("{tenant}/{}", actor.subject));
    let resource_id = uid(
        &snapshot.types.resource,
        &format!("{tenant}/{}/{}", resource.kind, resource.name),
    );
    let principal = Entity::new(
        principal_id.clone(),
        properties(kind_name(actor.kind)).into(),
        actor
            .roles
            .iter()
            .map(|role| uid(&snapshot.types.role, role))
            .collect(),
    )
    .ok()?;
    let object = Entity::new_with_tags(
        resource_id.clone(),
        properties(&resource.kind),
        [],
        resource
            .attributes
            .iter()
            .map(|(key, value)| (key.clone(), text(value))),
    )
    .ok()?;
    let request = Request::new(principal_id, action.uid(), resource_id, Context::empty(), None).ok()?;
    let entities = Entities::from_entities([principal, object, action.clone()], None).ok()?;
    Some((request, entities))
}

fn kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "user",
        ActorKind::Service => "service",
        ActorKind::Edge => "edge",
        ActorKind::Anonymous => "anonymous",
    }
}
