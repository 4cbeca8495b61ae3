//! Behaviour of the link, against the generated server in this process.

mod deliveries;
mod repeats;
mod server;
