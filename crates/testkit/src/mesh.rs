//! Services in one process, with the real server stack, the default policies and tokens that are role names.

use std::sync::Arc;

use async_trait::async_trait;
use datawave_authz::{Decider, ResourceRef, Snapshot};
use datawave_core::{Actor, AuditRecord, Clock, Failure, IdSource, Reason, TenantId};
use datawave_db::Db;
use datawave_proto::Method;
use datawave_rpc::{
    AuditSink, Authenticated, Authenticator, Authorizer, AuthzDecision, Channel, Routes, Stack, StackBuilder,
};

/// The default policies, as every service gets them.
pub fn default_policy() -> Arc<Decider> {
    Arc::new(Decider::new(
        Snapshot::default_policies(1).expect("the default policies"),
    ))
}

/// A server stack under construction.
pub struct TestMesh {
    builder: StackBuilder,
}

impl TestMesh {
    /// Begins with the tokens `admin`, `steward` and `viewer`, each of a user of that name and role.
    pub fn new(policy: &Arc<Decider>, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        let builder = Stack::builder()
            .authenticator(Arc::new(RoleTokens))
            .authorizer(Arc::new(Policies(Arc::clone(policy))))
            .clock(clock)
            .ids(ids);
        Self { builder }
    }

    /// Mounts a service whose denials and sensitive reads go to its own store.
    #[must_use]
    pub fn service(mut self, area: &str, routes: Routes, db: &Db) -> Self {
        self.builder = self
            .builder
            .service(area, routes, Arc::new(StoreSink(db.clone())));
        self
    }

    /// The stack.
    pub fn build(self) -> Stack {
        self.builder.build().expect("a complete stack")
    }
}

/// A channel within the process, as a person with this role.
pub fn as_role(stack: &Stack, role: &str) -> Channel {
    stack.local_channel(Actor::user(role, &[role]))
}

/// A channel within the process, as one of the services.
pub fn as_service(stack: &Stack, service: &str) -> Channel {
    stack.local_channel(Actor::service(service))
}

struct RoleTokens;

#[async_trait]
impl Authenticator for RoleTokens {
    async fn authenticate(&self, bearer: &str) -> Result<Authenticated, Failure> {
        match bearer {
            "admin" | "steward" | "viewer" => Ok(Authenticated {
                tenant: TenantId::default_tenant(),
                actor: Actor::user(bearer, &[bearer]),
            }),
            _ => Err(Failure::new(Reason::CredentialsInvalid, "the token is not known")),
        }
    }
}

struct Policies(Arc<Decider>);

impl Authorizer for Policies {
    fn decide(&self, tenant: &TenantId, actor: &Actor, method: &Method) -> AuthzDecision {
        let area = ResourceRef::area_of(method.permission, tenant);
        let decision = self.0.decide(tenant, actor, method.permission, &area);
        AuthzDecision {
            allowed: decision.allowed,
            policies: decision.policies,
            revision: decision.revision,
        }
    }
}

struct StoreSink(Db);

#[async_trait]
impl AuditSink for StoreSink {
    async fn record(&self, record: AuditRecord) -> Result<(), Failure> {
        self.0.record_audit(vec![record]).await
    }
}
