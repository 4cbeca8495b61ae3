//! The two ends of a call inside a service: entering a handler, and calling out with its context.

use std::time::{Duration, Instant};

use datawave_core::{CallContext, Failure, Reason};
use datawave_proto::Validate;
use tonic::metadata::{Ascii, MetadataKey, MetadataValue};
use tonic::{Request, Status};

use crate::headers;
use crate::status::status;

/// Opens a request: the context that the stack put there, and the message, which keeps the rules of the contract.
///
/// Fails with INVALID_REQUEST naming every wrong field, and with INTERNAL when the handler runs outside a stack.
pub fn enter<M: Validate>(request: Request<M>) -> Result<(CallContext, M), Status> {
    let (context, message) = open(request)?;
    let mut violations = Vec::new();
    message.violations("", &mut violations);
    let Some(first) = violations.first() else {
        return Ok((context, message));
    };
    let text = match violations.len() {
        1 => format!("{}: {}", first.field, first.description),
        n => format!("{}: {} (and {} more)", first.field, first.description, n - 1),
    };
    let failure = Failure::new(Reason::InvalidRequest, text)
        .with_remedy("correct the named fields and send the request again");
    Err(status(violations.into_iter().fold(failure, |failure, v| {
        failure.with_violation(v.field, v.description)
    })))
}

/// Like [`enter`] for a client stream: the context, and the stream. Its messages are not validated here; call
/// [`Validate::validate`] on each.
pub fn open<M>(request: Request<M>) -> Result<(CallContext, M), Status> {
    let (_, mut extensions, message) = request.into_parts();
    match extensions.remove::<CallContext>() {
        Some(context) => Ok((context, message)),
        None => Err(status(Failure::internal(
            "a handler was called outside the server stack",
        ))),
    }
}

/// Takes the client's idempotency key from a request into its context; empty means none.
///
/// Fails with INVALID_REQUEST when it is not a UUID.
pub fn idempotency_key(context: &mut CallContext, request_id: &str) -> Result<(), Failure> {
    if request_id.is_empty() {
        return Ok(());
    }
    let is_uuid = request_id.len() == 36
        && request_id.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        });
    if !is_uuid {
        return Err(Failure::invalid(
            "request_id",
            "must be a UUID such as 0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3",
        ));
    }
    context.idempotency_key = Some(request_id.to_ascii_lowercase());
    Ok(())
}

/// A request to another service on behalf of `context`: same correlation id, tenant, origin, and what is left of
/// the deadline. The trace context is added by the channel.
pub fn outgoing<M>(context: &CallContext, message: M) -> Request<M> {
    let mut request = Request::new(message);
    let origin = context.actor.origin.as_deref().unwrap_or(&context.actor.subject);
    let metadata = request.metadata_mut();
    for (name, value) in [
        (headers::REQUEST_ID, context.request_id.as_str()),
        (headers::TENANT, context.tenant.as_str()),
        (headers::ORIGIN, origin),
    ] {
        // A subject that cannot be a header is not sent rather than sent wrong.
        if let Ok(value) = value.parse::<MetadataValue<Ascii>>()
            && let Ok(key) = MetadataKey::<Ascii>::from_bytes(name.as_str().as_bytes())
            && !value.is_empty()
        {
            metadata.insert(key, value);
        }
    }
    if let Some(deadline) = context.deadline {
        request.set_timeout(deadline.saturating_duration_since(Instant::now()));
    }
    request
}

/// How long the caller of `context` still waits; `None` when it stated no deadline.
pub fn remaining(context: &CallContext) -> Option<Duration> {
    context
        .deadline
        .map(|deadline| deadline.saturating_duration_since(Instant::now()))
}
