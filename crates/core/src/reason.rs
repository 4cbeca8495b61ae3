//! Reason codes: stable, machine-readable, one page each under `docs/errors/`.
//!
//! Mirrors `datawave.errors.v1.ErrorReason` (a test compares the two): append, never renumber or rename.

use crate::failure::Kind;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal => $kind:ident,)*) => {
        /// Why something failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name on the wire and of the page in the documentation.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The class that this reason belongs to.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
        }
    };
}

reasons! {
    /// A defect or an unexpected fault below.
    Internal = "INTERNAL" => Internal,
    /// A field of the request breaks a rule of the contract.
    InvalidRequest = "INVALID_REQUEST" => InvalidArgument,
    /// No token, or no client certificate.
    CredentialsMissing = "CREDENTIALS_MISSING" => Unauthenticated,
    /// The token is unknown, revoked or expired.
    CredentialsInvalid = "CREDENTIALS_INVALID" => Unauthenticated,
    /// The caller's roles do not permit this.
    PermissionMissing = "PERMISSION_MISSING" => PermissionDenied,
    /// No resource has this name, or the caller may not know it.
    ResourceNotFound = "RESOURCE_NOT_FOUND" => NotFound,
    /// A resource with this name exists.
    ResourceExists = "RESOURCE_EXISTS" => AlreadyExists,
    /// The resource changed since it was read.
    EtagMismatch = "ETAG_MISMATCH" => Aborted,
    /// The idempotency key was used with another request.
    RequestIdReused = "REQUEST_ID_REUSED" => InvalidArgument,
    /// The page token is damaged, foreign, or belongs to another query.
    PageTokenInvalid = "PAGE_TOKEN_INVALID" => InvalidArgument,
    /// The deadline passed.
    DeadlineExceeded = "DEADLINE_EXCEEDED" => DeadlineExceeded,
    /// The server sheds load.
    Overloaded = "OVERLOADED" => ResourceExhausted,
    /// A message, header list or batch is too large.
    TooLarge = "TOO_LARGE" => ResourceExhausted,
    /// A service or store that is needed cannot be reached.
    DependencyUnavailable = "DEPENDENCY_UNAVAILABLE" => Unavailable,
    /// The audit record could not be written, so the answer was withheld.
    AuditUnavailable = "AUDIT_UNAVAILABLE" => Unavailable,
    /// The contract has this method, this process does not serve it.
    MethodUnavailable = "METHOD_UNAVAILABLE" => Unimplemented,
    /// The caller cancelled.
    Cancelled = "CANCELLED" => Cancelled,
    /// The source's URL has a scheme that no connector serves.
    SourceSchemeUnknown = "SOURCE_SCHEME_UNKNOWN" => InvalidArgument,
    /// The source's URL is not well formed.
    SourceUrlInvalid = "SOURCE_URL_INVALID" => InvalidArgument,
    /// No route, name not found, or connection refused.
    SourceUnreachable = "SOURCE_UNREACHABLE" => Unavailable,
    /// TLS with the source failed: certificate, name, or protocol.
    SourceTlsFailed = "SOURCE_TLS_FAILED" => Unavailable,
    /// The source refused user or password.
    SourceLoginRefused = "SOURCE_LOGIN_REFUSED" => FailedPrecondition,
    /// The login lacks a grant on an object.
    SourceGrantMissing = "SOURCE_GRANT_MISSING" => FailedPrecondition,
    /// The source took too long.
    SourceTimeout = "SOURCE_TIMEOUT" => Unavailable,
    /// The source broke its protocol or sent what cannot be read.
    SourceBroken = "SOURCE_BROKEN" => FailedPrecondition,
    /// The database, file or schema does not exist.
    SourceObjectMissing = "SOURCE_OBJECT_MISSING" => FailedPrecondition,
    /// A credential reference could not be resolved.
    SecretUnavailable = "SECRET_UNAVAILABLE" => FailedPrecondition,
    /// Another scan of this source is running.
    ScanAlreadyRunning = "SCAN_ALREADY_RUNNING" => FailedPrecondition,
    /// The state of the scan does not permit this.
    ScanStateInvalid = "SCAN_STATE_INVALID" => FailedPrecondition,
    /// A budget of the scan was used up.
    ScanBudgetExceeded = "SCAN_BUDGET_EXCEEDED" => ResourceExhausted,
    /// The scan's child process died.
    ScanWorkerLost = "SCAN_WORKER_LOST" => Unavailable,
    /// The edge that owns the source is not connected.
    EdgeOffline = "EDGE_OFFLINE" => Unavailable,
    /// The configuration has an unknown key or a wrong value.
    ConfigInvalid = "CONFIG_INVALID" => InvalidArgument,
    /// The data directory was written by a newer version.
    DataDirectoryTooNew = "DATA_DIRECTORY_TOO_NEW" => FailedPrecondition,
    /// Another process holds the data directory.
    DataDirectoryBusy = "DATA_DIRECTORY_BUSY" => FailedPrecondition,
    /// A stored record does not match its digest.
    StoreCorrupt = "STORE_CORRUPT" => DataLoss,
    /// The audit log does not verify.
    AuditTampered = "AUDIT_TAMPERED" => DataLoss,
}

impl Reason {
    /// The reason with this wire name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_parse_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(*reason));
        }
    }
}
