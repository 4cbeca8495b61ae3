//! Changes of rights in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord, Timestamp};
use datawave_proto::datawave::events::v1::{BindingChanged, TokenChanged, event::Fact};
use datawave_rpc::event_record;

use crate::model::{Binding, Token};

/// What happened to a token.
#[derive(Clone, Copy)]
pub(crate) enum TokenFact {
    Created,
    Revoked,
}

/// What happened to a binding.
#[derive(Clone, Copy)]
pub(crate) enum BindingFact {
    Created,
    Deleted,
}

pub(crate) fn token(
    id: String,
    ctx: &CallContext,
    now: Timestamp,
    fact: TokenFact,
    token: &Token,
) -> EventRecord {
    let changed = TokenChanged {
        token: token.name(),
        subject: token.subject.clone(),
    };
    let (kind, fact) = match fact {
        TokenFact::Created => ("token_created", Fact::TokenCreated(changed)),
        TokenFact::Revoked => ("token_revoked", Fact::TokenRevoked(changed)),
    };
    // All changes of one subject's rights arrive in their order.
    event_record(id, ctx, "access", kind, &token.subject, now, fact)
}

pub(crate) fn binding(
    id: String,
    ctx: &CallContext,
    now: Timestamp,
    fact: BindingFact,
    binding: &Binding,
) -> EventRecord {
    let changed = BindingChanged {
        subject: binding.subject.clone(),
        role: binding.role.clone(),
    };
    let (kind, fact) = match fact {
        BindingFact::Created => ("binding_created", Fact::BindingCreated(changed)),
        BindingFact::Deleted => ("binding_deleted", Fact::BindingDeleted(changed)),
    };
    event_record(id, ctx, "access", kind, &binding.subject, now, fact)
}
