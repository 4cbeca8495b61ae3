//! Scans through their contracts, on SQLite and PostgreSQL; the neighbours are stubs of their own contracts.

mod bench;
mod deliveries;
mod leases;
mod people;
mod rpc;
