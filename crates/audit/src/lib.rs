//! Audit: the tamper-evident log: sequencer, Merkle tiles, signed checkpoints, verification.

pub mod log;
