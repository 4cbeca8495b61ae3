//! The growing right edge of the tree: all that is needed to append a leaf and to know the root.

use super::layout::{TILE_HEIGHT, TILE_WIDTH, Tile};
use super::merkle::{Hash, empty_root, node_hash, root_of};

/// The hashes of the tiles that are not yet full, one list per level; at most 255 hashes each. So a log
/// of any size is appended to, and verified, in a few kilobytes.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    levels: Vec<Vec<Hash>>,
    size: u64,
}

impl Edge {
    /// The edge of a tree of `size` leaves whose partial tiles are `levels`, lowest first. `None` when the
    /// widths do not belong to that size.
    pub fn from_partials(size: u64, levels: Vec<Vec<Hash>>) -> Option<Self> {
        let fits = |level: usize| {
            let hashes = size.checked_shr(level as u32 * TILE_HEIGHT).unwrap_or(0);
            levels.get(level).map_or(0, Vec::len) as u64 == hashes % TILE_WIDTH
        };
        (0..levels.len().max(8))
            .all(fits)
            .then_some(Self { levels, size })
    }

    /// Leaves appended so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; calls `full` for every tile that it completes, lowest level first.
    pub fn push(&mut self, leaf: Hash, full: &mut impl FnMut(Tile, &[Hash])) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::with_capacity(TILE_WIDTH as usize));
            }
            let hashes = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() < TILE_WIDTH as usize {
                break;
            }
            let level_above = (level as u32 + 1) * TILE_HEIGHT;
            let index = self.size.checked_shr(level_above).unwrap_or(0);
            full(
                Tile {
                    level: level as u32,
                    index,
                    width: TILE_WIDTH,
                },
                hashes,
            );
            hash = root_of(hashes);
            hashes.clear();
        }
        self.size += 1;
    }

    /// The tiles that are not full and not empty, lowest level first.
    pub fn partials(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        self.levels.iter().enumerate().filter_map(|(level, hashes)| {
            let level = level as u32;
            let index = self.size.checked_shr((level + 1) * TILE_HEIGHT).unwrap_or(0);
            let tile = Tile {
                level,
                index,
                width: hashes.len() as u64,
            };
            (!hashes.is_empty()).then_some((tile, hashes.as_slice()))
        })
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        // The tree is a row of complete subtrees, one per set bit of its size, the smallest at the right:
        // the bits of byte `n` of the size count the hashes of the partial tile of level `n`.
        let mut root: Option<Hash> = None;
        for hashes in &self.levels {
            let mut end = hashes.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let subtree = root_of(&hashes[end - width..end]);
                root = Some(root.map_or(subtree, |right| node_hash(&subtree, &right)));
                end -= width;
            }
        }
        root.unwrap_or_else(empty_root)
    }
}
