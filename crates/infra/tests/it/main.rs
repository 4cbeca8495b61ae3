//! Behaviour of the embedded versions: conformance, and what is particular to files on this machine.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cache;
mod event_log;
mod search;
mod secrets;
