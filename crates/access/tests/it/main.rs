//! Access through its contract, behind the server stack, on both engines.

mod bindings;
mod bootstrap;
mod policies;
mod rig;
mod tokens;
