//! The store of a service: one SQL text on SQLite and PostgreSQL, through the native drivers.
//!
//! A service opens its [`Db`] with its migrations and writes plain SQL in its `store.rs`:
//! functions that read take `&mut Session`, functions that write take `&mut Tx`. The crate owns what every
//! service needs beside its tables, in the same transaction as the change: the outbox ([`Tx::emit`]), the
//! hash-chained audit rows ([`Tx::audit`]) and idempotency keys ([`Tx::idempotent`]).
//!
//! # The portable subset
//! - Column types: TEXT, BIGINT (INTEGER on SQLite), DOUBLE PRECISION (REAL), BOOLEAN, BYTEA (BLOB). Times
//!   are BIGINT microseconds, JSON is TEXT.
//! - Placeholders `$1`, `$2`, … each used in order of first appearance; `RETURNING`, `ON CONFLICT`, common
//!   table expressions and window functions are fine; `now()` and `random()` are not: times and ids come from
//!   the caller.
//! - Text is compared and sorted by code point. SQLite does so by itself; PostgreSQL migrations declare every
//!   text column as `TEXT COLLATE "C"` (`testkit::both` refuses others), so that both engines page in one order.
//! - `sum` of a BIGINT is NUMERIC on PostgreSQL: write `CAST(sum(x) AS BIGINT)`.
//! - What truly differs is named in [`dialect`] and written in braces: `... FOR UPDATE` is `{for_update}`.
//!
//! # What no store can hold
//! The character U+0000 in text (PostgreSQL has none) and NaN (SQLite turns it into NULL) are refused on both
//! engines with `INVALID_REQUEST`, before anything is sent.

mod audit;
mod db;
pub mod dialect;
mod error;
mod group;
mod idempotency;
mod migrate;
mod outbox;
pub mod page;
mod pool;
mod query;
pub mod relay;
mod row;
mod session;
mod url;
mod value;

pub use audit::{ChainedRecord, GENESIS, audit_rows};
pub use db::Db;
pub use dialect::Engine;
pub use error::is_unique_violation;
pub use idempotency::Idempotency;
pub use migrate::{Migration, schema_of};
pub use query::{Query, placeholders, sql, sql_owned};
pub use row::Row;
pub use session::{Session, Tx};
pub use url::DbUrl;
pub use value::Value;
