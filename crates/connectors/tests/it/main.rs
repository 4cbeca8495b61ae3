//! Behaviour of the connectors through their public interface, on real SQLite files and a real PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

mod addresses;
mod bad_input;
mod filters;
mod names;
mod postgres_catalogue;
mod postgres_courtesy;
mod postgres_sampling;
mod postgres_types;
mod sqlite_catalogue;
mod sqlite_sampling;
mod sqlite_values;
mod step_by_step;
mod support;
