//! The binary from outside: what scripts rely on, and what people run into.

mod bad_input;
mod egress;
mod instance;
mod interrupted;
mod killed;
mod process;
mod rig;
mod scans;
mod server;
