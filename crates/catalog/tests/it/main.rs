//! The catalog through its contract, on SQLite and PostgreSQL.

mod asset;
mod bench;
mod search;
mod watch;
