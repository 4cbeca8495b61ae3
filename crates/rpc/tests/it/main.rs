//! The transport as its users see it: the same stack, called from inside and over both listeners.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod certificates;
mod correlation;
mod gates;
mod operators;
mod outcomes;
mod support;
