//! Classification through its contract, on SQLite and PostgreSQL; the catalog is a stub of its own contract.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bench;
mod findings;
mod rpc;
