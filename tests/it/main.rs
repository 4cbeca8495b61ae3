//! One binary for all cross-service tests: linking is the dear part.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod channels;
mod contracts;
mod docs;
mod layers;
mod places;
mod reasons;
mod repo;
