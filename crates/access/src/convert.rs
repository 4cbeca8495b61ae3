//! Between the contract's messages and this crate's own types.

use std::time::Duration;

use datawave_core::Failure;
use datawave_proto::datawave::access::v1 as pb;
use datawave_rpc::pb_time;

use crate::app::TokenWish;
use crate::model::{Binding, Token};

/// Id in a resource name that the contract's pattern has accepted.
pub(crate) fn token_id(name: &str) -> Result<&str, Failure> {
    name.strip_prefix("tokens/")
        .ok_or_else(|| Failure::invalid("name", "must be tokens/tok_…"))
}

pub(crate) fn wish(message: pb::CreateTokenRequest) -> Result<TokenWish, Failure> {
    let life = message
        .ttl
        .map(|ttl| {
            Duration::try_from(ttl)
                .map_err(|_| Failure::invalid("ttl", "must be more than 0 and at most 10 years"))
        })
        .transpose()?;
    Ok(TokenWish {
        subject: message.subject,
        description: message.description,
        life,
        roles: message.roles,
    })
}

pub(crate) fn binding(message: Option<pb::Binding>) -> Result<Binding, Failure> {
    let message = message.ok_or_else(|| Failure::invalid("binding", "is required"))?;
    Ok(Binding {
        subject: message.subject,
        role: message.role,
    })
}

pub(crate) fn pb_binding(binding: &Binding) -> pb::Binding {
    pb::Binding {
        subject: binding.subject.clone(),
        role: binding.role.clone(),
    }
}

pub(crate) fn pb_token(token: &Token) -> pb::Token {
    pb::Token {
        name: token.name(),
        subject: token.subject.clone(),
        description: token.description.clone(),
        create_time: Some(pb_time(token.created)),
        expire_time: token.expires.map(pb_time),
        revoke_time: token.revoked.map(pb_time),
        created_by: token.created_by.clone(),
    }
}
