//! The audit record: one line of the tamper-evident log, in a canonical form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::context::{Actor, CallContext};

/// What was decided about the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Permitted.
    Allow,
    /// Refused.
    Deny,
}

/// One audited act. Holds names, ids and codes; never a value of governed data and never a secret.
///
/// Its canonical form is JSON with the fields in this order and maps sorted by key: that is what is hashed,
/// so the order of fields is part of the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Unique id, `aud_…`; appending a record twice has no effect.
    pub id: String,
    /// When it was decided.
    pub time: Timestamp,
    /// Tenant.
    pub tenant: String,
    /// Service that wrote the record.
    pub service: String,
    /// Who acted.
    pub subject: String,
    /// On whose behalf, when a service acted for someone.
    pub origin: Option<String>,
    /// Full method name.
    pub method: String,
    /// Permission that was asked for.
    pub permission: String,
    /// Allowed or denied.
    pub verdict: Verdict,
    /// What was touched, `assets/ast_…`; empty when the call names nothing.
    pub resource: String,
    /// What was done in one past-tense word: `created`, `updated`, `read`, `refused`.
    pub action: String,
    /// Policies that decided, and the revision of the snapshot they came from.
    pub policies: Vec<String>,
    /// Revision of the policy snapshot.
    pub policy_revision: u64,
    /// Correlation id.
    pub request_id: String,
    /// Trace id, when traced.
    pub trace_id: Option<String>,
    /// Changed fields and codes, for people; identifiers only.
    pub details: BTreeMap<String, String>,
}

impl AuditRecord {
    /// An allowed act of `context` on `resource`.
    pub fn allowed(
        id: String,
        time: Timestamp,
        service: &str,
        context: &CallContext,
        action: &str,
        resource: &str,
    ) -> Self {
        let Actor { subject, origin, .. } = context.actor.clone();
        Self {
            id,
            time,
            tenant: context.tenant.to_string(),
            service: service.to_owned(),
            subject,
            origin,
            method: context.method.clone(),
            permission: context.permission.clone(),
            verdict: Verdict::Allow,
            resource: resource.to_owned(),
            action: action.to_owned(),
            policies: context.policies.clone(),
            policy_revision: context.policy_revision,
            request_id: context.request_id.clone(),
            trace_id: context.trace_id.clone(),
            details: BTreeMap::new(),
        }
    }

    /// A refused act.
    pub fn denied(id: String, time: Timestamp, service: &str, context: &CallContext, resource: &str) -> Self {
        Self {
            verdict: Verdict::Deny,
            ..Self::allowed(id, time, service, context, "refused", resource)
        }
    }

    /// Adds a detail.
    #[must_use]
    pub fn with_detail(mut self, key: &str, value: impl Into<String>) -> Self {
        self.details.insert(key.to_owned(), value.into());
        self
    }

    /// The bytes that are hashed and stored.
    #[expect(
        clippy::expect_used,
        reason = "strings, numbers and string maps always serialise"
    )]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("audit records are plain data")
    }
}
