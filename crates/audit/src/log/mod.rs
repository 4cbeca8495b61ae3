//! The tamper-evident log: a SHA-256 Merkle tree (RFC 6962) kept as files in the layout of
//! [C2SP tlog-tiles](https://c2sp.org/tlog-tiles), with checkpoints signed as
//! [C2SP signed notes](https://c2sp.org/signed-note), so that tools of others can check it too.
//!
//! ```text
//! log/
//!   checkpoint              origin, size, root, signature: what the log claims to be
//!   verifier.key            public key of the signature, for people and tools
//!   tile/entries/000.p/17   the entries themselves, 256 to a file
//!   tile/0/000.p/17         their leaf hashes
//!   tile/1/000.p/1          hashes of full tiles of the level below, and so on
//! ```
//!
//! Everything here is synchronous and knows neither SQL nor RPC; times and keys come from outside.
//! [`Log`] writes, [`LogReader`] reads and proves, [`verify`] compares everything with everything.

pub mod bundle;
mod chain;
pub mod checkpoint;
pub mod edge;
pub mod entry;
mod files;
pub mod layout;
pub mod merkle;
pub mod note;
pub mod proof;
mod reader;
mod report;
mod row;
mod row_cursor;
mod saved;
mod signer_file;
mod verify;
mod writer;

pub use checkpoint::Checkpoint;
pub use entry::Entry;
pub use merkle::Hash;
pub use note::{Signer, Verifier};
pub use reader::LogReader;
pub use report::{Problem, ProblemKind, Report};
pub use row::{Columns, IndexRow};
pub use saved::SavedCheckpoint;
pub use signer_file::load_or_create_signer;
pub use verify::{Rows, verify, verify_directory};
pub use writer::Log;

/// Bytes that do not have the form that they should have; the text says which part and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub &'static str);
