//! Changes of rights in the words of `datawave.events.v1`.

use datawave_core::{CallContext, EventRecord, Timestamp};
use datawave_proto::datawave::events::v1::{BindingChanged, Event, TokenChanged, event::Fact};
use prost::Message;

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
    envelope(id, ctx, now, kind, &token.subject, fact)
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
    envelope(id, ctx, now, kind, &binding.subject, fact)
}

fn envelope(id: String, ctx: &CallContext, now: Timestamp, kind: &str, key: &str, fact: Fact) -> EventRecord {
    let (seconds, nanos) = now.seconds_and_nanos();
    let event = Event {
        id: id.clone(),
        tenant: ctx.tenant.to_string(),
        key: key.to_owned(),
        time: Some(prost_types::Timestamp { seconds, nanos }),
        trace_id: ctx.trace_id.clone().unwrap_or_default(),
        fact: Some(fact),
    };
    EventRecord {
        id,
        tenant: ctx.tenant.to_string(),
        topic: "access".to_owned(),
        kind: kind.to_owned(),
        key: key.to_owned(),
        time: now,
        trace_id: ctx.trace_id.clone(),
        payload: event.encode_to_vec(),
    }
}
