//! Behaviour of the store facade, on both engines.

mod audit;
mod idempotency;
mod open;
mod outbox;
mod page;
mod support;
mod values;
mod write;
