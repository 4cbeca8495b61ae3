//! Sends `Fact`s to the centre, and fetches the work that asks for them.
//!
//! ```text
//! lease -> Discovery::add* -> Discovery::finish -> pending -> submit_result* -> finish
//!    \________________________ renew, all the while ________________________/
//! ```
//!
//! What can be sent is what the signatures take: types of `facts`, names that the centre itself gave out, and
//! the public half of a `Failure`. A value of a governed column is none of these, and this crate cannot name
//! the type that holds one: it depends on `facts`, `proto` and `core` only (a test reads cargo's metadata).
//!
//! Every delivery carries a batch id that follows from what it delivers, so it may be repeated at will: the
//! centre takes it once. Calls are repeated by themselves while the centre is away, for as long as
//! [`RetryPolicy`] says.

mod assignment;
mod convert;
mod discovery;
mod error;
mod link;
mod result;
mod retry;

pub use assignment::{Assignment, Budget, Lease, PendingColumn, PendingPage, PendingTable};
pub use convert::detection;
pub use discovery::Discovery;
pub use error::LinkError;
pub use link::{Directive, Transport, Uplink};
pub use result::{ColumnReport, TableResult};
pub use retry::RetryPolicy;
