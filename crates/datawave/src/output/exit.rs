//! Exit codes: the one place that says which reason ends a command with which code.
//!
//! Documented in docs/cli.md; scripts rely on them.

use datawave_core::{Failure, Kind, Reason};

/// All went well.
pub(crate) const OK: u8 = 0;
/// It failed, for none of the reasons below.
pub(crate) const FAILURE: u8 = 1;
/// The command line, an address or the configuration is wrong.
pub(crate) const USAGE: u8 = 2;
/// It does not exist.
pub(crate) const NOT_FOUND: u8 = 3;
/// The source or the instance refused the login.
pub(crate) const LOGIN: u8 = 4;
/// Not permitted, or a grant is missing.
pub(crate) const DENIED: u8 = 5;
/// The state does not permit it, or changed meanwhile.
pub(crate) const CONFLICT: u8 = 6;
/// Unreachable, too slow, or TLS failed.
pub(crate) const UNREACHABLE: u8 = 7;
/// A label of --fail-on was found.
pub(crate) const FOUND: u8 = 8;
/// Some objects failed.
pub(crate) const PARTIAL: u8 = 9;
/// Interrupted by Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// The exit code of a failure.
pub(crate) fn code(failure: &Failure) -> u8 {
    of_reason(failure.reason()).unwrap_or_else(|| of_kind(failure.kind()))
}

/// Reasons whose code does not follow from their kind.
pub(crate) fn of_reason(reason: Reason) -> Option<u8> {
    match reason {
        Reason::SourceSchemeUnknown | Reason::SourceUrlInvalid | Reason::ConfigInvalid => Some(USAGE),
        Reason::SourceObjectMissing => Some(NOT_FOUND),
        Reason::SourceLoginRefused | Reason::SecretUnavailable => Some(LOGIN),
        Reason::SourceGrantMissing => Some(DENIED),
        Reason::ScanAlreadyRunning | Reason::ScanStateInvalid | Reason::DataDirectoryBusy => Some(CONFLICT),
        Reason::SourceUnreachable | Reason::SourceTlsFailed | Reason::SourceTimeout | Reason::EdgeOffline => {
            Some(UNREACHABLE)
        }
        Reason::ScanWorkerLost | Reason::AuditUnavailable => Some(FAILURE),
        _ => None,
    }
}

fn of_kind(kind: Kind) -> u8 {
    match kind {
        Kind::InvalidArgument => USAGE,
        Kind::NotFound => NOT_FOUND,
        Kind::Unauthenticated => LOGIN,
        Kind::PermissionDenied => DENIED,
        Kind::AlreadyExists | Kind::Aborted => CONFLICT,
        Kind::Unavailable | Kind::DeadlineExceeded => UNREACHABLE,
        Kind::FailedPrecondition
        | Kind::ResourceExhausted
        | Kind::Cancelled
        | Kind::Unimplemented
        | Kind::DataLoss
        | Kind::Internal => FAILURE,
    }
}

/// The code of a reason that came as text, from a scan or a step of a test.
pub(crate) fn of_text(reason: &str) -> u8 {
    Reason::parse(reason).map_or(FAILURE, |r| of_reason(r).unwrap_or_else(|| of_kind(r.kind())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_ends_with_the_documented_code() {
        for (reason, code) in [
            (Reason::SourceLoginRefused, 4),
            (Reason::CredentialsInvalid, 4),
            (Reason::SourceGrantMissing, 5),
            (Reason::PermissionMissing, 5),
            (Reason::SourceUnreachable, 7),
            (Reason::SourceTlsFailed, 7),
            (Reason::SourceTimeout, 7),
            (Reason::ScanAlreadyRunning, 6),
            (Reason::EtagMismatch, 6),
            (Reason::ResourceNotFound, 3),
            (Reason::SourceSchemeUnknown, 2),
            (Reason::Internal, 1),
        ] {
            assert_eq!(of_text(reason.as_str()), code, "{}", reason.as_str());
        }
    }
}
