//! Test support: PostgreSQL for tests, temporary stores on both engines, predictable
//! ids, services behind the real server stack.
//!
//! ```ignore
//! for store in testkit::both("catalog", MIGRATIONS).await {
//!     let db = &store.db;
//!     // the same test, on SQLite and then on PostgreSQL
//! }
//! ```
//! Everything here panics with a reason when the machine cannot give what a test needs: a test that was
//! skipped in silence proves nothing.

mod ids;
pub mod mesh;
mod postgres;
mod stores;

pub use ids::FixedIds;
pub use postgres::postgres;
pub use stores::{TestStore, both, sqlite_store};
