//! Reading a log as of one size, and proving things about it.

use std::path::{Path, PathBuf};

use datawave_core::{Failure, Reason};

use super::bundle::{self, MAX_ENTRY_BYTES};
use super::files::{read, unreadable};
use super::layout::{TILE_HEIGHT, TILE_WIDTH, Tile};
use super::merkle::root_of;
use super::{Entry, Hash, Malformed, proof};

const HASH_BYTES: usize = 32;
const MAX_TILE_BYTES: usize = TILE_WIDTH as usize * HASH_BYTES;
const MAX_BUNDLE_BYTES: usize = TILE_WIDTH as usize * (MAX_ENTRY_BYTES + 2);

/// A piece of the log as it was found: there and of the right form, or not.
pub(crate) type Piece<T> = Result<T, Malformed>;

/// A log as it was when it had `size` entries. Later appends do not change what this sees.
#[derive(Clone, Debug)]
pub struct LogReader {
    dir: PathBuf,
    size: u64,
}

impl LogReader {
    /// The log in `dir` as of `size` entries. Nothing is read yet.
    pub fn new(dir: &Path, size: u64) -> Self {
        Self {
            dir: dir.to_path_buf(),
            size,
        }
    }

    /// Entries seen by this reader.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Entry `index`, not compared with the tree; `None` beyond the end.
    ///
    /// # Errors
    /// `AUDIT_TAMPERED` when it is not there or not an entry.
    pub fn entry(&self, index: u64) -> Result<Option<Entry>, Failure> {
        if index >= self.size {
            return Ok(None);
        }
        let tile = Tile::in_tree(0, index / TILE_WIDTH, self.size);
        let bytes = match tile {
            Some(tile) => self.bundle(tile)?,
            None => Err(Malformed("no such entry")),
        };
        bytes
            .and_then(|bytes| {
                let at = (index % TILE_WIDTH) as usize;
                bundle::entries(&bytes)
                    .nth(at)
                    .unwrap_or(Err(Malformed("the bundle is too short")))
                    .and_then(Entry::decode)
            })
            .map(Some)
            .map_err(|error| damaged(&format!("entry {index}"), error))
    }

    /// Shows that entry `index` is in the tree: the audit path of RFC 6962, leaf first. `None` beyond the end.
    ///
    /// # Errors
    /// `AUDIT_TAMPERED` when a tile that is needed is missing or damaged.
    pub fn inclusion_proof(&self, index: u64) -> Result<Option<Vec<Hash>>, Failure> {
        proof::inclusion(index, self.size, &mut |height, at| self.node(height, at))
    }

    /// Shows that the log of `old` entries is the beginning of this one. `None` when it was longer.
    ///
    /// # Errors
    /// `AUDIT_TAMPERED` when a tile that is needed is missing or damaged.
    pub fn consistency_proof(&self, old: u64) -> Result<Option<Vec<Hash>>, Failure> {
        proof::consistency(old, self.size, &mut |height, at| self.node(height, at))
    }

    /// Hash of the complete subtree at (`height`, `index`).
    fn node(&self, height: u32, index: u64) -> Result<Hash, Failure> {
        let (level, inside) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let first = index << inside;
        let from = (first % TILE_WIDTH) as usize;
        let hashes = match Tile::in_tree(level, first / TILE_WIDTH, self.size) {
            Some(tile) => self.tile(tile)?,
            None => Err(Malformed("no such tile")),
        };
        hashes
            .and_then(|hashes| {
                let part = hashes
                    .get(from..from + (1 << inside))
                    .ok_or(Malformed("the tile is too short"))?;
                Ok(root_of(part))
            })
            .map_err(|error| damaged(&format!("tile {level}/{}", first / TILE_WIDTH), error))
    }

    /// The hashes of `tile`.
    pub(crate) fn tile(&self, tile: Tile) -> Result<Piece<Vec<Hash>>, Failure> {
        let Some(mut bytes) = self.either(tile, Tile::path, MAX_TILE_BYTES)? else {
            return Ok(Err(Malformed("the tile is missing")));
        };
        let wanted = tile.width as usize * HASH_BYTES;
        if bytes.from_full && bytes.bytes.len() == MAX_TILE_BYTES {
            bytes.bytes.truncate(wanted);
        }
        if bytes.bytes.len() != wanted {
            return Ok(Err(Malformed("the tile has the wrong length")));
        }
        let (hashes, _) = bytes.bytes.as_chunks::<HASH_BYTES>();
        Ok(Ok(hashes.to_vec()))
    }

    /// The bytes of the bundle with the entries of `tile`; it may still hold too few or damaged entries.
    pub(crate) fn bundle(&self, tile: Tile) -> Result<Piece<Vec<u8>>, Failure> {
        let Some(mut found) = self.either(tile, Tile::entries_path, MAX_BUNDLE_BYTES)? else {
            return Ok(Err(Malformed("the entry bundle is missing")));
        };
        if found.bytes.len() > MAX_BUNDLE_BYTES {
            return Ok(Err(Malformed("the entry bundle is too long")));
        }
        if found.from_full {
            let wanted = bundle::entries(&found.bytes)
                .take(tile.width as usize)
                .map_while(Result::ok)
                .map(|entry| entry.len() + 2)
                .sum();
            found.bytes.truncate(wanted);
        }
        Ok(Ok(found.bytes))
    }

    /// The file of `tile`, or the full one that has replaced a partial one since.
    fn either(&self, tile: Tile, path: fn(&Tile) -> String, limit: usize) -> Result<Option<Found>, Failure> {
        let read = |tile: &Tile| {
            let path = self.dir.join(path(tile));
            read(&path, limit).map_err(|error| unreadable(&path, error))
        };
        if let Some(bytes) = read(&tile)? {
            return Ok(Some(Found {
                bytes,
                from_full: false,
            }));
        }
        if !tile.is_partial() {
            return Ok(None);
        }
        Ok(read(&tile.full())?.map(|bytes| Found {
            bytes,
            from_full: true,
        }))
    }
}

struct Found {
    bytes: Vec<u8>,
    from_full: bool,
}

pub(crate) fn damaged(what: &str, error: Malformed) -> Failure {
    Failure::new(
        Reason::AuditTampered,
        format!("the audit log is damaged at {what}: {error}"),
    )
    .with_remedy(
        "run `datawave audit verify` with a checkpoint that was saved elsewhere, then restore a backup",
    )
}
