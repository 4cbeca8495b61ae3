//! Failures on the wire: the one place where a `tonic::Status` is made or read.
//!
//! A failure becomes a status with `google.rpc.ErrorInfo` (reason, domain, metadata), `BadRequest` for wrong
//! fields and `RetryInfo`; the way back restores the same failure. The private cause never travels: it is
//! logged here, once, under the request id of the current span.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use datawave_core::{Failure, Kind, Reason};
use http::HeaderMap;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::limits::{DETAIL_CHARS, DETAIL_ITEMS, MESSAGE_CHARS};

/// Domain of an error before the stack has put its area in front.
const DOMAIN: &str = "datawave";
/// Metadata key of the advice to the caller.
const REMEDY: &str = "remedy";
/// Metadata key of the correlation id.
pub const REQUEST_ID: &str = "request_id";

/// Turns a failure into a status, and logs its private cause.
///
/// Used at the end of every handler: `result.map_err(rpc::status)`.
pub fn status(failure: Failure) -> Status {
    log(&failure);
    encode(&failure, DOMAIN, "")
}

/// Restores the failure that a status carries.
///
/// A status without our details (a proxy's, tonic's own) becomes a failure with a text of ours; the status is
/// kept as the private cause. An unknown reason, from a newer peer, is kept as metadata `reason`.
pub fn failure(status: Status) -> Failure {
    let details = status.get_error_details();
    let Some(info) = details.error_info() else {
        return foreign(status);
    };
    let kind = kind_of(status.code());
    let reason = Reason::parse(&info.reason);
    let mut failure =
        Failure::new(reason.unwrap_or_else(|| reason_of(kind)), status.message()).with_kind(kind);
    if reason.is_none() {
        failure = failure.with_metadata("reason", &info.reason);
    }
    let sorted: BTreeMap<&String, &String> = info.metadata.iter().collect();
    for (key, value) in sorted {
        failure = match key.as_str() {
            REMEDY => failure.with_remedy(value),
            _ => failure.with_metadata(key, value),
        };
    }
    for violation in details.bad_request().map_or(&[][..], |b| &b.field_violations) {
        failure = failure.with_violation(&violation.field, &violation.description);
    }
    if let Some(delay) = details.retry_info().and_then(|r| r.retry_delay) {
        failure = failure.with_retry_after(delay);
    }
    failure
}

/// Completes an error on its way out of a service: domain of the area, correlation id, and our details where a
/// library made the status. Returns the code; headers without an error stay as they are.
pub(crate) fn complete(headers: &mut HeaderMap, area: &str, request_id: &str) -> Code {
    let Some(status) = Status::from_header_map(headers) else {
        return Code::Ok;
    };
    if status.code() == Code::Ok {
        return Code::Ok;
    }
    let failure = failure(status);
    // A foreign status has not been logged yet: its text is the private cause.
    if !failure.source_chain().is_empty() {
        log(&failure);
    }
    write(&failure, area, request_id, headers)
}

/// Writes a failure into the headers (or trailers) of an answer.
pub(crate) fn write(failure: &Failure, area: &str, request_id: &str, headers: &mut HeaderMap) -> Code {
    let domain = if area.is_empty() {
        DOMAIN.to_owned()
    } else {
        format!("{area}.{DOMAIN}")
    };
    let status = encode(failure, &domain, request_id);
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        headers.remove(name);
    }
    // Fails only for a message that cannot be a header value, and `encode` lets none through.
    if status.add_header(headers).is_err() {
        headers.insert("grpc-status", http::HeaderValue::from_static("13"));
    }
    status.code()
}

/// A whole answer that consists of a failure.
pub(crate) fn answer(failure: &Failure, area: &str, request_id: &str) -> http::Response<tonic::body::Body> {
    let mut response = http::Response::new(tonic::body::Body::empty());
    let headers = response.headers_mut();
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/grpc"),
    );
    write(failure, area, request_id, headers);
    response
}

/// A status without logging, for failures of the client side that the caller handles.
pub(crate) fn encode(failure: &Failure, domain: &str, request_id: &str) -> Status {
    let mut metadata: HashMap<String, String> = failure
        .metadata()
        .iter()
        .take(DETAIL_ITEMS)
        .map(|(k, v)| (cut(k, DETAIL_CHARS), cut(v, DETAIL_CHARS)))
        .collect();
    if let Some(remedy) = failure.remedy() {
        metadata.insert(REMEDY.to_owned(), cut(remedy, DETAIL_CHARS));
    }
    let mut details = ErrorDetails::new();
    if !request_id.is_empty() {
        metadata.insert(REQUEST_ID.to_owned(), request_id.to_owned());
        details.set_request_info(request_id, "");
    }
    let reason = metadata
        .remove("reason")
        .unwrap_or_else(|| failure.reason().as_str().to_owned());
    details.set_error_info(reason, domain, metadata);
    for violation in failure.violations().iter().take(DETAIL_ITEMS) {
        details.add_bad_request_violation(
            cut(&violation.field, DETAIL_CHARS),
            cut(&violation.description, DETAIL_CHARS),
        );
    }
    if let Some(after) = failure.retry_after() {
        details.set_retry_info(Some(after.min(Duration::from_secs(86_400))));
    }
    Status::with_error_details(
        code_of(failure.kind()),
        cut(failure.message(), MESSAGE_CHARS),
        details,
    )
}

fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A status that none of ours made.
fn foreign(status: Status) -> Failure {
    let text = status.message();
    let known = match status.code() {
        // The texts of tonic and prost, which have no codes of their own for these.
        Code::Internal if text.starts_with("failed to decode Protobuf message") => Some(Failure::new(
            Reason::InvalidRequest,
            "the message is not a valid encoding of the method's request",
        )),
        Code::Internal if text.starts_with("Missing request message") => Some(Failure::new(
            Reason::InvalidRequest,
            "the call carries no request message",
        )),
        Code::Unimplemented if text.starts_with("Content is compressed") => Some(
            Failure::new(Reason::InvalidRequest, "compressed messages are not accepted")
                .with_remedy("send without grpc-encoding"),
        ),
        Code::OutOfRange if text.contains("message length too large") => Some(too_large()),
        Code::Cancelled if text.contains("Timeout expired") => Some(deadline_exceeded()),
        _ => None,
    };
    let kind = kind_of(status.code());
    known
        .unwrap_or_else(|| Failure::new(reason_of(kind), text_of(kind)).with_kind(kind))
        .with_source(status)
}

pub(crate) fn too_large() -> Failure {
    Failure::new(Reason::TooLarge, "the message is larger than the server accepts")
        .with_remedy("send fewer items in one call, or ask for a smaller page")
}

pub(crate) fn deadline_exceeded() -> Failure {
    Failure::new(
        Reason::DeadlineExceeded,
        "the call did not finish before its deadline",
    )
    .with_remedy("try again with a longer deadline or a smaller request")
}

fn text_of(kind: Kind) -> &'static str {
    match kind {
        Kind::InvalidArgument => "the request is not valid",
        Kind::Unauthenticated => "the caller is not authenticated",
        Kind::PermissionDenied => "the caller may not do this",
        Kind::NotFound => "not found",
        Kind::AlreadyExists => "it exists already",
        Kind::Aborted => "the state changed in the meantime",
        Kind::FailedPrecondition => "the state does not permit this",
        Kind::ResourceExhausted => "a limit was reached",
        Kind::Unavailable => "the service cannot be reached",
        Kind::DeadlineExceeded => "the call did not finish before its deadline",
        Kind::Cancelled => "the call was cancelled",
        Kind::Unimplemented => "the server does not serve this method",
        Kind::DataLoss => "stored data is damaged",
        Kind::Internal => "internal error; the log of the service has the cause under this request id",
    }
}

fn reason_of(kind: Kind) -> Reason {
    match kind {
        Kind::InvalidArgument => Reason::InvalidRequest,
        Kind::Unauthenticated => Reason::CredentialsInvalid,
        Kind::PermissionDenied => Reason::PermissionMissing,
        Kind::NotFound => Reason::ResourceNotFound,
        Kind::AlreadyExists => Reason::ResourceExists,
        Kind::Aborted => Reason::EtagMismatch,
        Kind::ResourceExhausted => Reason::Overloaded,
        Kind::Unavailable => Reason::DependencyUnavailable,
        Kind::DeadlineExceeded => Reason::DeadlineExceeded,
        Kind::Cancelled => Reason::Cancelled,
        Kind::Unimplemented => Reason::MethodUnavailable,
        Kind::DataLoss => Reason::StoreCorrupt,
        // No reason says only "the state does not permit this": every one of ours names its state.
        Kind::FailedPrecondition | Kind::Internal => Reason::Internal,
    }
}

fn code_of(kind: Kind) -> Code {
    match kind {
        Kind::InvalidArgument => Code::InvalidArgument,
        Kind::Unauthenticated => Code::Unauthenticated,
        Kind::PermissionDenied => Code::PermissionDenied,
        Kind::NotFound => Code::NotFound,
        Kind::AlreadyExists => Code::AlreadyExists,
        Kind::Aborted => Code::Aborted,
        Kind::FailedPrecondition => Code::FailedPrecondition,
        Kind::ResourceExhausted => Code::ResourceExhausted,
        Kind::Unavailable => Code::Unavailable,
        Kind::DeadlineExceeded => Code::DeadlineExceeded,
        Kind::Cancelled => Code::Cancelled,
        Kind::Unimplemented => Code::Unimplemented,
        Kind::DataLoss => Code::DataLoss,
        Kind::Internal => Code::Internal,
    }
}

fn kind_of(code: Code) -> Kind {
    match code {
        Code::InvalidArgument | Code::OutOfRange => Kind::InvalidArgument,
        Code::Unauthenticated => Kind::Unauthenticated,
        Code::PermissionDenied => Kind::PermissionDenied,
        Code::NotFound => Kind::NotFound,
        Code::AlreadyExists => Kind::AlreadyExists,
        Code::Aborted => Kind::Aborted,
        Code::FailedPrecondition => Kind::FailedPrecondition,
        Code::ResourceExhausted => Kind::ResourceExhausted,
        Code::Unavailable => Kind::Unavailable,
        Code::DeadlineExceeded => Kind::DeadlineExceeded,
        Code::Cancelled => Kind::Cancelled,
        Code::Unimplemented => Kind::Unimplemented,
        Code::DataLoss => Kind::DataLoss,
        Code::Ok | Code::Unknown | Code::Internal => Kind::Internal,
    }
}

/// The private cause, once: defects and damage as errors, what is missing around us as warnings.
pub(crate) fn log(failure: &Failure) {
    let (reason, message, cause) = (
        failure.reason().as_str(),
        failure.message(),
        failure.source_chain(),
    );
    match failure.kind() {
        Kind::Internal | Kind::DataLoss => tracing::error!(reason, cause, "{message}"),
        Kind::Unavailable | Kind::ResourceExhausted => tracing::warn!(reason, cause, "{message}"),
        _ if !cause.is_empty() => tracing::warn!(reason, cause, "{message}"),
        _ => tracing::debug!(reason, "{message}"),
    }
}
