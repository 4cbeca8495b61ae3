//! What every implementation of a trait of this crate must do. Each function panics when it does not.
//!
//! Use: make a fresh, empty backend in a test and hand it to the function. The functions of one module may
//! share a backend: each uses names of its own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "these are tests that other crates run; a panic is how they report"
)]

pub mod cache;
pub mod event_log;
pub mod search;
pub mod secrets;
