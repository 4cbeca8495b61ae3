//! One binary for all cross-service tests: linking is the dear part.

mod channels;
mod contracts;
mod docs;
mod layers;
mod places;
mod reasons;
mod repo;
