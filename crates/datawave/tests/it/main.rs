//! The binary from outside: what scripts rely on, and what people run into.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod egress;
mod instance;
mod interrupted;
mod killed;
mod process;
mod rig;
mod scans;
mod server;
