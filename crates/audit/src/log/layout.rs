//! Where the pieces of a log stand: paths of tiles and entry bundles, relative to the log's directory.

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// Levels of the tree in one tile: a tile holds the lowest, the others follow by hashing.
pub const TILE_HEIGHT: u32 = 8;

/// Path of the signed checkpoint.
pub const CHECKPOINT: &str = "checkpoint";

/// Path of the public key that the checkpoints are signed for.
pub const VERIFIER_KEY: &str = "verifier.key";

/// One tile of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// 0 holds leaf hashes; each hash of level `n + 1` is the root of a full tile of level `n`.
    pub level: u32,
    /// Place in its level, from the left.
    pub index: u64,
    /// Hashes in it, 1 to [`TILE_WIDTH`].
    pub width: u64,
}

impl Tile {
    /// The tile of `level` at `index` as a tree of `size` leaves has it; `None` where that tree has none.
    pub fn in_tree(level: u32, index: u64, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(level * TILE_HEIGHT).unwrap_or(0);
        let before = index.checked_mul(TILE_WIDTH)?;
        let width = hashes.checked_sub(before)?.min(TILE_WIDTH);
        (width > 0).then_some(Self { level, index, width })
    }

    /// `tile/<L>/<N>[.p/<W>]`.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, numbered(self.index, self.width))
    }

    /// `tile/entries/<N>[.p/<W>]`: the entries whose leaf hashes this tile of level 0 holds.
    pub fn entries_path(&self) -> String {
        format!("tile/entries/{}", numbered(self.index, self.width))
    }

    /// The same tile with all its hashes.
    pub fn full(&self) -> Self {
        Self {
            width: TILE_WIDTH,
            ..*self
        }
    }

    /// Whether hashes are still to come.
    pub fn is_partial(&self) -> bool {
        self.width < TILE_WIDTH
    }
}

/// Tiles of level 0 that a tree of `size` leaves has, from the left.
pub fn level_zero(size: u64) -> impl Iterator<Item = Tile> {
    (0..size.div_ceil(TILE_WIDTH)).map(move |index| Tile {
        level: 0,
        index,
        width: (size - index * TILE_WIDTH).min(TILE_WIDTH),
    })
}

/// The index in groups of three digits, all but the last behind an `x`, so that no folder grows beyond a
/// thousand names; `.p/<W>` when partial.
fn numbered(index: u64, width: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path.insert_str(0, &format!("x{:03}/", rest % 1000));
        rest /= 1000;
    }
    if width < TILE_WIDTH {
        path.push_str(&format!(".p/{width}"));
    }
    path
}
