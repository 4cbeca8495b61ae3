//! Behaviour of the edge node: real child processes, real SQLite files, a real PostgreSQL, and a centre that
//! stands in for `scans`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod canary;
mod centre;
mod children;
mod compile_fail;
mod egress;
mod failures;
mod interruptions;
mod node;
mod rig;
mod scans;
mod sources;
mod wire;
