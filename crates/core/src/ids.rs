//! Resource ids: a kind prefix and 26 characters of lower-case base32 (Crockford), sortable by time.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::digest::sha256_parts;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Source of new ids; passed in, so that tests can make them predictable.
pub trait IdSource: Send + Sync + 'static {
    /// A fresh 128-bit value. Sortable by time when made by [`RandomIds`] (UUIDv7).
    fn next(&self) -> u128;

    /// A fresh id with `prefix`, such as `scn_01j…`.
    fn id(&self, prefix: &str) -> String {
        encode(prefix, self.next())
    }
}

/// UUIDv7: 48 bits of milliseconds, then random bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the source that others are told to take"
    )]
    fn next(&self) -> u128 {
        Uuid::now_v7().as_u128()
    }
}

/// Id derived from what it names: the same parts give the same id at any site and time.
///
/// Assets are named so: an edge that is offline can name a column before the centre has seen it.
pub fn derived(prefix: &str, parts: &[&str]) -> String {
    let bytes: Vec<&[u8]> = parts.iter().map(|p| p.as_bytes()).collect();
    let digest = sha256_parts(&bytes);
    let mut head = [0; 16];
    head.copy_from_slice(&digest[..16]);
    encode(prefix, u128::from_be_bytes(head))
}

fn encode(prefix: &str, value: u128) -> String {
    let mut out = String::with_capacity(prefix.len() + 27);
    let _ = write!(out, "{prefix}_");
    for place in (0..26).rev() {
        out.push(ALPHABET[((value >> (place * 5)) & 31) as usize] as char);
    }
    out
}

/// Whether `text` is an id with this prefix.
pub fn is_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|rest| rest.len() == 26 && rest.bytes().all(|b| ALPHABET.contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_carry_their_kind() {
        let early = encode("src", 1);
        let late = encode("src", 1 << 100);
        assert!(early < late);
        assert!(is_id("src", &early) && !is_id("ast", &early));
    }

    #[test]
    fn derived_ids_are_stable() {
        assert_eq!(derived("ast", &["a", "b"]), derived("ast", &["a", "b"]));
        assert_ne!(derived("ast", &["a", "b"]), derived("ast", &["ab", ""]));
        assert!(is_id("ast", &derived("ast", &["x"])));
    }
}
