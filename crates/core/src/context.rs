//! Who calls, for which tenant, until when: the first argument of every use case.

use std::fmt;
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// The tenant that owns a row, a cache key, a topic. It is a required argument of every store call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(String);

impl TenantId {
    /// The one tenant of a fresh installation.
    pub fn default_tenant() -> Self {
        Self("default".to_owned())
    }

    /// Accepts 1 to 63 characters of `a-z`, `0-9` and `-`, beginning with a letter.
    pub fn parse(text: &str) -> Option<Self> {
        let ok = (1..=63).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && text.starts_with(|c: char| c.is_ascii_lowercase());
        ok.then(|| Self(text.to_owned()))
    }

    /// The tenant's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of caller an [`Actor`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person or a script with a token.
    User,
    /// One of our services, by its SPIFFE identity or its in-process channel.
    Service,
    /// An edge node.
    Edge,
    /// Nobody has been authenticated.
    Anonymous,
}

/// An authenticated caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Stable name: `user:admin`, `service:scans`, `edge:local`.
    pub subject: String,
    /// Kind of caller.
    pub kind: ActorKind,
    /// Role names bound to the subject in this tenant, as authentication found them.
    pub roles: Vec<String>,
    /// The subject on whose behalf a service acts. Recorded in the audit log, never a source of rights.
    pub origin: Option<String>,
}

impl Actor {
    /// A service of ours; its one role has its own name (`service:scans` has role `service_scans`).
    pub fn service(name: &str) -> Self {
        Self {
            subject: format!("service:{name}"),
            kind: ActorKind::Service,
            roles: vec![format!("service_{name}")],
            origin: None,
        }
    }

    /// An edge node.
    pub fn edge(name: &str) -> Self {
        Self {
            subject: format!("edge:{name}"),
            kind: ActorKind::Edge,
            roles: vec!["edge".to_owned()],
            origin: None,
        }
    }

    /// A person or script.
    pub fn user(name: &str, roles: &[&str]) -> Self {
        Self {
            subject: format!("user:{name}"),
            kind: ActorKind::User,
            roles: roles.iter().map(|r| (*r).to_owned()).collect(),
            origin: None,
        }
    }

    /// Nobody.
    pub fn anonymous() -> Self {
        Self {
            subject: "anonymous".to_owned(),
            kind: ActorKind::Anonymous,
            roles: Vec::new(),
            origin: None,
        }
    }
}

/// Everything a use case may know about the call that it serves.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// Tenant of the caller; all data touched belongs to it.
    pub tenant: TenantId,
    /// The caller.
    pub actor: Actor,
    /// Full method name, `datawave.catalog.v1.CatalogService/GetAsset`, or the name of a background job.
    pub method: String,
    /// Permission of the method, from the method table; empty for background jobs.
    pub permission: String,
    /// Ids of the policies that allowed the call, for the audit record.
    pub policies: Vec<String>,
    /// Revision of the policy snapshot that decided.
    pub policy_revision: u64,
    /// Correlation id that errors, logs and audit records share.
    pub request_id: String,
    /// W3C trace id (32 hex digits) when the call is traced.
    pub trace_id: Option<String>,
    /// Client-supplied idempotency key (`request_id` field of the request), already validated as a UUID.
    pub idempotency_key: Option<String>,
    /// When the caller stops waiting.
    pub deadline: Option<Instant>,
}

impl CallContext {
    /// Context of work that a service does on its own account, such as a relay or a projection.
    pub fn background(tenant: TenantId, service: &str, job: &str) -> Self {
        Self {
            tenant,
            actor: Actor::service(service),
            method: job.to_owned(),
            permission: String::new(),
            policies: Vec::new(),
            policy_revision: 0,
            request_id: String::new(),
            trace_id: None,
            idempotency_key: None,
            deadline: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenant_names_are_dns_labels() {
        assert!(TenantId::parse("acme-1").is_some());
        for bad in ["", "1acme", "Acme", "a b", "ä", &"a".repeat(64)] {
            assert!(TenantId::parse(bad).is_none(), "{bad}");
        }
    }
}
