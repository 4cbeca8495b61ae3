//! Behaviour of the audit crate through its public interface.

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
