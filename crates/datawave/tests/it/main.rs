//! The binary from outside: what scripts rely on, and what people run into.

mod bad_input;
mod instance;
mod interrupted;
mod rig;
mod scans;
mod server;
