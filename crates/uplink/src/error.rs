//! How a delivery can end other than well.

use datawave_core::{Failure, Kind, Reason};

/// A call to the centre that did not succeed, by what the edge should do about it.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The lease is not ours any more, or the scan is gone: drop the work, somebody else has it or nobody
    /// wants it. What was delivered before stands.
    #[error("{0}")]
    LeaseLost(Failure),
    /// The centre was away for longer than we were willing to repeat the call. The work itself is fine.
    #[error("{0}")]
    Away(Failure),
    /// The centre refused the call, and would refuse it again.
    #[error("{0}")]
    Refused(Failure),
}

impl LinkError {
    /// Sorts a failure of a call about a lease.
    pub(crate) fn of(failure: Failure) -> Self {
        match failure.reason() {
            Reason::ScanStateInvalid | Reason::ResourceNotFound => Self::LeaseLost(failure),
            _ if is_passing(&failure) => Self::Away(failure),
            _ => Self::Refused(failure),
        }
    }

    /// The failure behind it.
    pub fn failure(&self) -> &Failure {
        match self {
            Self::LeaseLost(failure) | Self::Away(failure) | Self::Refused(failure) => failure,
        }
    }

    /// The failure behind it.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::LeaseLost(failure) | Self::Away(failure) | Self::Refused(failure) => failure,
        }
    }
}

/// Whether the same call may succeed later.
pub(crate) fn is_passing(failure: &Failure) -> bool {
    matches!(
        failure.kind(),
        Kind::Unavailable | Kind::DeadlineExceeded | Kind::Aborted
    ) || failure.reason() == Reason::Overloaded
}
