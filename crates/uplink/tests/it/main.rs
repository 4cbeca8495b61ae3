//! Behaviour of the link, against the generated server in this process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod deliveries;
mod repeats;
mod server;
