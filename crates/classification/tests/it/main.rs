//! Classification through its contract, on SQLite and PostgreSQL; the catalog is a stub of its own contract.

mod bench;
mod findings;
mod rpc;
