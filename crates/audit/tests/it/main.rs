//! Behaviour of the audit crate through its public interface.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod log_edits;
mod log_fixture;
mod log_notes;
mod log_oracle;
mod log_tree;
mod log_verify;
mod log_writer;
mod service;
mod service_lives;
mod service_rig;
