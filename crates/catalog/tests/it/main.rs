//! The catalog through its contract, on SQLite and PostgreSQL.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod asset;
mod bench;
mod search;
mod watch;
