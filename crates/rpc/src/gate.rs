//! What the stack asks of others: who is this, may they, and where does the record go.

use async_trait::async_trait;
use datawave_core::{Actor, AuditRecord, Failure, TenantId};
use datawave_proto::Method;

use crate::identity::SpiffeId;

/// A caller whose token was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// Tenant that the token belongs to.
    pub tenant: TenantId,
    /// The caller, with the roles bound to it.
    pub actor: Actor,
}

/// Turns bearer tokens into callers.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// The caller behind `bearer` (the token alone, without the scheme).
    ///
    /// Fails with CREDENTIALS_INVALID when the token is unknown, expired or revoked, and with
    /// DEPENDENCY_UNAVAILABLE when that cannot be found out. The message must not repeat the token.
    async fn authenticate(&self, bearer: &str) -> Result<Authenticated, Failure>;
}

/// Outcome of an authorisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthzDecision {
    /// Whether the caller may use the method.
    pub allowed: bool,
    /// Ids of the policies that decided.
    pub policies: Vec<String>,
    /// Revision of the policy snapshot.
    pub revision: u64,
}

/// Decides about methods, from a snapshot in memory; decisions about single objects are the service's.
pub trait Authorizer: Send + Sync + 'static {
    /// Whether `actor` may call `method` in `tenant`. Anything unknown is a no.
    fn decide(&self, tenant: &TenantId, actor: &Actor, method: &Method) -> AuthzDecision;
}

/// Where a service's audit records go.
#[async_trait]
pub trait AuditSink: Send + Sync + 'static {
    /// Makes `record` durable before it returns. Recording the same id twice has no effect.
    async fn record(&self, record: AuditRecord) -> Result<(), Failure>;
}

/// Who is at the other end, as the listener or the in-process channel knows it. Put into the request's
/// extensions by them alone: nothing that arrives on the wire can set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A client of the public listener; who it is, its token says.
    Public {
        /// Whether it connects from this machine.
        loopback: bool,
    },
    /// A verified certificate of the mesh.
    Mesh(SpiffeId),
    /// A part of this process.
    Local(Actor),
}

/// Names what an answer to a sensitive read is about, for its audit record: handlers put it into the extensions
/// of their `tonic::Response`.
///
/// Without it the record names no resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedResource(pub String);
