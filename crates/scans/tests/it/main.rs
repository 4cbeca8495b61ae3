//! Scans through their contracts, on SQLite and PostgreSQL; the neighbours are stubs of their own contracts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bench;
mod deliveries;
mod leases;
mod people;
mod rpc;
