//! Behaviour of the embedded versions: conformance, and what is particular to files on this machine.

mod cache;
mod event_log;
mod search;
mod secrets;
