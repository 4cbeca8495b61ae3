//! How anything fails, in words that a caller can act on.
//!
//! A [`Failure`] has two audiences: `message` and `remedy` are for the caller and never hold driver text,
//! secrets or values; `source` is for the log of the process where the failure is handled.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::reason::Reason;

/// Class of failure: the useful subset of the gRPC status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request itself is wrong; the same request can never succeed.
    InvalidArgument,
    /// Nobody was authenticated.
    Unauthenticated,
    /// Authenticated, but not allowed.
    PermissionDenied,
    /// It does not exist, or the caller may not know that it does.
    NotFound,
    /// It exists already.
    AlreadyExists,
    /// The state changed under the caller: read again, then retry (stale etag, lost race).
    Aborted,
    /// The state does not permit this, and waiting will not help.
    FailedPrecondition,
    /// A limit or quota was reached.
    ResourceExhausted,
    /// Try again later: a dependency is away.
    Unavailable,
    /// Time ran out.
    DeadlineExceeded,
    /// The caller went away.
    Cancelled,
    /// This build or backend cannot do that.
    Unimplemented,
    /// Stored data is damaged.
    DataLoss,
    /// A defect of ours.
    Internal,
}

/// One wrong field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// Path of the field, `asset.labels[2].name`.
    pub field: String,
    /// What is wrong and what would be right.
    pub description: String,
}

/// A failed operation. Cheap to make, boxed inside so that `Result` stays small.
#[derive(Debug)]
pub struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    reason: Reason,
    message: String,
    remedy: Option<String>,
    violations: Vec<FieldViolation>,
    metadata: BTreeMap<String, String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A failure for `reason`; its kind follows from the reason.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind: reason.kind(),
            reason,
            message: message.into(),
            remedy: None,
            violations: Vec::new(),
            metadata: BTreeMap::new(),
            retry_after: None,
            source: None,
        }))
    }

    /// A defect or an unexpected fault below: the caller sees a fixed text, the log sees `source`.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(
            Reason::Internal,
            "internal error; the log of the service has the cause under this request id",
        )
        .with_source(source)
    }

    /// The request has a wrong field.
    pub fn invalid(field: impl Into<String>, description: impl Into<String>) -> Self {
        let (field, description) = (field.into(), description.into());
        Self::new(Reason::InvalidRequest, format!("{field}: {description}"))
            .with_violation(field, description)
    }

    /// Adds what the caller should do next.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Adds a wrong field.
    #[must_use]
    pub fn with_violation(mut self, field: impl Into<String>, description: impl Into<String>) -> Self {
        self.0.violations.push(FieldViolation {
            field: field.into(),
            description: description.into(),
        });
        self
    }

    /// Adds a machine-readable detail, such as the current etag.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.metadata.insert(key.into(), value.into());
        self
    }

    /// Says when a retry makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// Attaches the private cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Overrides the kind, where the wire brought another than the reason implies.
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Class of the failure.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Stable machine-readable reason.
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// Text for the caller.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the caller should do next.
    pub fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// Wrong fields.
    pub fn violations(&self) -> &[FieldViolation] {
        &self.0.violations
    }

    /// Machine-readable details.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.0.metadata
    }

    /// When to try again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The private cause, when it is a `T`: for the crate that attached it and must recognise it again.
    pub fn source_as<T: std::error::Error + 'static>(&self) -> Option<&T> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// The private cause and its chain, for the log only.
    pub fn source_chain(&self) -> String {
        let mut out = String::new();
        let mut next: Option<&(dyn std::error::Error + 'static)> = self
            .0
            .source
            .as_deref()
            .map(|e| e as &(dyn std::error::Error + 'static));
        while let Some(error) = next {
            if !out.is_empty() {
                out.push_str(": ");
            }
            out.push_str(&error.to_string());
            next = error.source();
        }
        out
    }
}

/// Shows the public half only.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

/// No `source()`: the private half must not be printed by accident with `{:#}`.
impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_hides_the_private_cause() {
        let failure = Failure::internal(std::io::Error::other(
            "Key (email)=(ann@example.org) already exists",
        ));
        assert!(!failure.to_string().contains("ann@"));
        assert!(std::error::Error::source(&failure).is_none());
        assert!(failure.source_chain().contains("ann@"));
    }
}
