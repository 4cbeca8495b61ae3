//! What one entry of the log holds: an audit record and its place in the chain of the service that wrote it.
//!
//! The form is a line of text and the record's canonical bytes:
//! `datawave.audit/v1 <service> <sequence> <previous hash in hex>\n{"id":"aud_…",…}`.

use datawave_core::AuditRecord;
use datawave_core::digest::{hex, sha256_parts, unhex};

use super::bundle::MAX_ENTRY_BYTES;
use super::{Hash, Malformed};

const FORM: &str = "datawave.audit/v1";

/// Bytes that a record may have so that its entry always fits: the head takes at most 256.
pub const MAX_RECORD_BYTES: usize = MAX_ENTRY_BYTES - 256;

/// Longest name of a service.
pub const MAX_SERVICE_BYTES: usize = 63;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Service whose chain this belongs to: `a-z`, `0-9`, `-` and `_`.
    pub service: String,
    /// Place in that chain, from 1 without a gap.
    pub sequence: u64,
    /// Hash of the record before it in the chain; zeros for the first.
    pub previous: Hash,
    /// Canonical bytes of the record ([`AuditRecord::canonical_bytes`]).
    pub record: Vec<u8>,
}

impl Entry {
    /// Hash of this link of the chain: what the next one names as `previous`.
    pub fn hash(&self) -> Hash {
        sha256_parts(&[&self.previous, &self.record])
    }

    /// The record. Fields that a newer version added are passed over: the hashes vouch for them.
    pub fn audit_record(&self) -> Result<AuditRecord, Malformed> {
        serde_json::from_slice(&self.record).map_err(|_| Malformed("not an audit record"))
    }

    /// The bytes that the tree hashes.
    ///
    /// # Errors
    /// When the service's name is none, the sequence is 0, or the record is longer than
    /// [`MAX_RECORD_BYTES`].
    pub fn encode(&self) -> Result<Vec<u8>, Malformed> {
        if !is_service(&self.service) {
            return Err(Malformed("not a name of a service"));
        }
        if self.sequence == 0 {
            return Err(Malformed("chains count from 1"));
        }
        if self.record.len() > MAX_RECORD_BYTES {
            return Err(Malformed("the record is longer than 65279 bytes"));
        }
        let head = format!(
            "{FORM} {} {} {}\n",
            self.service,
            self.sequence,
            hex(&self.previous)
        );
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.record);
        Ok(bytes)
    }

    /// The inverse of [`Self::encode`]; accepts nothing that `encode` would not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let head = bytes
            .iter()
            .position(|b| *b == b'\n')
            .ok_or(Malformed("no head line"))?;
        let (head, record) = (&bytes[..head], &bytes[head + 1..]);
        let head = std::str::from_utf8(head).map_err(|_| Malformed("the head line is not text"))?;
        let mut words = head.split(' ');
        let (form, service, sequence, previous, end) = (
            words.next(),
            words.next(),
            words.next(),
            words.next(),
            words.next(),
        );
        if form != Some(FORM) || end.is_some() {
            return Err(Malformed(
                "the head line is not `datawave.audit/v1 SERVICE SEQUENCE PREVIOUS`",
            ));
        }
        let service = service
            .filter(|s| is_service(s))
            .ok_or(Malformed("not a name of a service"))?;
        let sequence = sequence
            .and_then(decimal)
            .filter(|n| *n > 0)
            .ok_or(Malformed("not a sequence number"))?;
        let previous = previous
            .and_then(unhex)
            .and_then(|bytes| Hash::try_from(bytes).ok())
            .ok_or(Malformed("not a hash in hexadecimal"))?;
        if record.len() > MAX_RECORD_BYTES {
            return Err(Malformed("the record is longer than 65279 bytes"));
        }
        Ok(Self {
            service: service.to_owned(),
            sequence,
            previous,
            record: record.to_vec(),
        })
    }
}

/// Whether `text` may name a service.
pub fn is_service(text: &str) -> bool {
    (1..=MAX_SERVICE_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// A decimal number as it is printed: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
