//! What a service needs besides a database, behind traits, with the embedded version of each:
//!
//! | trait | embedded version | promise |
//! |---|---|---|
//! | [`cache::Cache`] | [`cache::MemoryCache`] (moka) | may forget at any time, never mixes tenants |
//! | [`event_log::EventLog`] | [`event_log::FileEventLog`] (append-only files) | durable before it answers, in order, at least once |
//! | [`search::SearchIndex`] | [`search::LocalIndex`] (tantivy) | derived data: may be empty, never wrong about the tenant |
//! | [`secrets::Secrets`] | [`secrets::LocalSecrets`] (environment, files, site store) | never shows a value in an error |
//!
//! A trait exists here only because its backends differ in kind. What every backend must do is written
//! down as tests in `conformance` (feature of that name), which another backend runs as they are.

pub mod cache;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod event_log;
mod files;
pub mod search;
pub mod secrets;
