//! `RawCell`: one value read from a governed source.
//!
//! It may be named by `connectors` (its only maker), `detect` and `edge`, by nobody else: a test over the
//! workspace's dependency graph and compile-fail cases hold that. It has no `Debug`, `Display`,
//! `Serialize`, `Clone` or conversion into owned text, and its memory is wiped when it is dropped.
//! The only way from here to the outside is `detect::declassify`, into the closed list of `facts`.

use zeroize::Zeroize;

/// Type of the value as the engine delivered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawKind {
    /// Character data.
    Text,
    /// A whole number, in decimal digits.
    Integer,
    /// A fraction, in the engine's text form.
    Float,
    /// `true` or `false`.
    Boolean,
    /// Octets that are not text.
    Binary,
    /// Date, time or both, in ISO 8601 form.
    Temporal,
    /// A JSON document.
    Json,
}

/// A value read from a source, held as bytes. Text is UTF-8 where the engine promised it, but callers must
/// expect any octets.
pub struct RawCell {
    kind: RawKind,
    bytes: Box<[u8]>,
    full_length: u64,
}

impl RawCell {
    /// Takes over a value that was delivered whole.
    pub fn new(kind: RawKind, bytes: Vec<u8>) -> Self {
        let full_length = bytes.len() as u64;
        Self {
            kind,
            bytes: bytes.into_boxed_slice(),
            full_length,
        }
    }

    /// Takes over the beginning of a value that the source truncated; `full_length` is its whole length in
    /// bytes, or in characters where the engine counts characters.
    pub fn truncated(kind: RawKind, bytes: Vec<u8>, full_length: u64) -> Self {
        Self {
            kind,
            bytes: bytes.into_boxed_slice(),
            full_length,
        }
    }

    /// Type as delivered.
    pub fn kind(&self) -> RawKind {
        self.kind
    }

    /// Whole length at the source, as given by the connector.
    pub fn full_length(&self) -> u64 {
        self.full_length
    }

    /// Whether the source holds more than was read.
    pub fn is_truncated(&self) -> bool {
        self.full_length > self.bytes.len() as u64
    }

    /// Lends the octets for examination. The borrow cannot outlive the cell.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Lends the value as text; `None` when the octets are not UTF-8.
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

impl Drop for RawCell {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}
