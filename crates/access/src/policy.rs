//! The server stack's question, answered by the policies in force.

use std::sync::Arc;

use datawave_authz::{Decider, ResourceRef};
use datawave_core::{Actor, TenantId};
use datawave_proto::Method;
use datawave_rpc::{Authorizer, AuthzDecision};

/// Decides about methods. Before a request is read only the area that it acts on is known; services decide
/// about single objects with the same [`Decider`].
pub struct PolicyAuthorizer {
    policy: Arc<Decider>,
}

impl PolicyAuthorizer {
    /// Decides by what is in force in `policy`.
    pub fn new(policy: Arc<Decider>) -> Self {
        Self { policy }
    }
}

impl Authorizer for PolicyAuthorizer {
    fn decide(&self, tenant: &TenantId, actor: &Actor, method: &Method) -> AuthzDecision {
        let area = ResourceRef::area_of(method.permission, tenant);
        let decision = self.policy.decide(tenant, actor, method.permission, &area);
        AuthzDecision {
            allowed: decision.allowed,
            policies: decision.policies,
            revision: decision.revision,
        }
    }
}
