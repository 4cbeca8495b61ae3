//! Behaviour of the store facade, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod idempotency;
mod open;
mod outbox;
mod page;
mod support;
mod values;
mod write;
