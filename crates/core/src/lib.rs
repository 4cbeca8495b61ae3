//! Words that every crate shares: ids, call context, clock, error vocabulary, digests.
//!
//! Admission rule: three users, or it stays where it is. Nothing here does I/O, and nothing here knows
//! the contracts (`proto`).

pub mod audit;
pub mod clock;
pub mod context;
pub mod digest;
pub mod event;
pub mod failure;
pub mod ids;
pub mod reason;

pub use audit::{AuditRecord, Verdict};
pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use context::{Actor, ActorKind, CallContext, TenantId};
pub use event::EventRecord;
pub use failure::{Failure, FieldViolation, Kind};
pub use ids::{IdSource, RandomIds};
pub use reason::Reason;

/// Result of everything that can end in a [`Failure`].
pub type Result<T, E = Failure> = std::result::Result<T, E>;
