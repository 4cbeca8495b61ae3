//! Hashing of RFC 6962, section 2.1: leaves and inner nodes are told apart by their first byte, so that
//! no inner node can be passed off as an entry.

use aws_lc_rs::digest::{Context, SHA256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

fn digest(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// Hash of an entry: `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    digest(&[&[0], entry])
}

/// Hash of an inner node: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    digest(&[&[1], left, right])
}

/// Root of the empty tree: the hash of nothing.
pub fn empty_root() -> Hash {
    digest(&[])
}

/// Root over `hashes`, which stand for complete subtrees of equal height. The tree is split at the largest
/// power of two below the number of hashes, as the RFC does; none give the root of the empty tree.
pub fn root_of(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        [left, right] => node_hash(left, right),
        many => {
            let (left, right) = many.split_at(split(many.len() as u64) as usize);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// Largest power of two below `n`; `n` is at least 2.
pub(crate) fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}
