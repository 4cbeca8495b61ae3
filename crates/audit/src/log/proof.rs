//! Proofs of RFC 6962, section 2.1: that an entry is in the tree, and that one tree is the beginning of
//! another. Checking follows the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use super::merkle::{Hash, node_hash, split};

/// Gives the hash of the complete subtree at (`height`, `index`): leaves have height 0.
pub type Nodes<'a, E> = dyn FnMut(u32, u64) -> Result<Hash, E> + 'a;

/// The audit path of leaf `index` in the tree of `size` leaves, from the leaf up. `None` when the tree has
/// no such leaf.
pub fn inclusion<E>(index: u64, size: u64, nodes: &mut Nodes<'_, E>) -> Result<Option<Vec<Hash>>, E> {
    if index >= size {
        return Ok(None);
    }
    let (mut low, mut high) = (0, size);
    let mut siblings = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            siblings.push((middle, high));
            high = middle;
        } else {
            siblings.push((low, middle));
            low = middle;
        }
    }
    let path: Result<_, E> = siblings
        .iter()
        .rev()
        .map(|&(low, high)| range(low, high, nodes))
        .collect();
    path.map(Some)
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves. `None` unless
/// `old <= new`; empty when there is nothing to prove (`old` is 0 or `new`).
pub fn consistency<E>(old: u64, new: u64, nodes: &mut Nodes<'_, E>) -> Result<Option<Vec<Hash>>, E> {
    if old > new {
        return Ok(None);
    }
    if old == 0 || old == new {
        return Ok(Some(Vec::new()));
    }
    let (mut low, mut high) = (0, new);
    let mut pieces = Vec::new();
    while high != old {
        let middle = low + split(high - low);
        if old <= middle {
            pieces.push((middle, high));
            high = middle;
        } else {
            pieces.push((low, middle));
            low = middle;
        }
    }
    // The whole old tree needs no hash of its own: the checker has its root.
    if low > 0 {
        pieces.push((low, high));
    }
    let proof: Result<_, E> = pieces
        .iter()
        .rev()
        .map(|&(low, high)| range(low, high, nodes))
        .collect();
    proof.map(Some)
}

/// Root over the leaves from `low` up to `high`, where `low` is a multiple of a power of two that is not
/// below the length, as every subtree of the RFC begins.
fn range<E>(low: u64, high: u64, nodes: &mut Nodes<'_, E>) -> Result<Hash, E> {
    let mut end = high;
    let mut root: Option<Hash> = None;
    while end > low {
        let height = (end - low).trailing_zeros();
        let subtree = nodes(height, (end >> height) - 1)?;
        root = Some(root.map_or(subtree, |right| node_hash(&subtree, &right)));
        end -= 1 << height;
    }
    Ok(root.unwrap_or_else(super::merkle::empty_root))
}

/// Whether `path` shows that `leaf` is entry `index` of the tree of `size` leaves with this `root`.
pub fn proves_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the tree (`old`, `old_root`) is the beginning of (`new`, `new_root`).
pub fn proves_consistency(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == super::merkle::empty_root();
    }
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    // A complete old tree is a node of the new one: its root opens the proof unsaid.
    let (first, rest) = if node == 0 {
        (*old_root, proof)
    } else {
        match proof.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return false,
        }
    };
    let (mut from_old, mut from_new) = (first, first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(hash, &from_old);
            from_new = node_hash(hash, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == *old_root && from_new == *new_root
}
