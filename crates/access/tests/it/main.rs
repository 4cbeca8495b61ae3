//! Access through its contract, behind the server stack, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bindings;
mod bootstrap;
mod policies;
mod rig;
mod tokens;
