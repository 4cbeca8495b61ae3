//! Compares everything with everything: entries with tiles, tiles with each other, the tree with its signed
//! checkpoint, rows of the index with entries, the chains of the services, and all of it with a checkpoint
//! that was saved elsewhere. One pass, a tile at a time, in constant memory.
//!
//! Two trees are kept while they differ, one over the entries and one over the stored leaf hashes: whichever
//! of them has the root that a checkpoint signs is as it was signed, and the other is where the damage is.

use std::path::Path;

use datawave_core::Failure;

use super::chain::Chains;
use super::edge::Edge;
use super::files::{read, unreadable};
use super::layout::{CHECKPOINT, TILE_HEIGHT, TILE_WIDTH, Tile, VERIFIER_KEY, level_zero};
use super::merkle::{Hash, leaf_hash};
use super::note::text_unverified;
use super::saved::Marker;
use super::{
    Checkpoint, Entry, IndexRow, LogReader, Malformed, ProblemKind, Report, SavedCheckpoint, Verifier,
};
use super::{bundle, row_cursor::RowCursor};

/// Rows of the SQL index in the order of their index.
pub type Rows<'a> = dyn Iterator<Item = Result<IndexRow, Failure>> + 'a;

/// Verifies the log in `dir` against the saved checkpoint in the file `saved`. See [`verify`].
///
/// # Errors
/// As [`verify`], and as [`SavedCheckpoint::read`].
pub fn verify_directory(
    dir: &Path,
    rows: Option<&mut Rows<'_>>,
    saved: Option<&Path>,
) -> Result<Report, Failure> {
    let saved = saved.map(SavedCheckpoint::read).transpose()?;
    verify(dir, rows, saved.as_ref())
}

/// Verifies the log in `dir`, the `rows` of its index, and its agreement with `saved`.
///
/// The key that is trusted is the one in `saved`; without it, the one in the directory, which finds damage
/// and clumsy edits, but not somebody who has the directory's signing key: for that, save a checkpoint.
/// The log may grow meanwhile.
///
/// # Errors
/// `AUDIT_UNAVAILABLE` when a file exists and cannot be read, and whatever `rows` fails with. Everything
/// that is wrong with the log itself is in the report.
pub fn verify(
    dir: &Path,
    rows: Option<&mut Rows<'_>>,
    saved: Option<&SavedCheckpoint>,
) -> Result<Report, Failure> {
    let mut report = Report {
        saved_size: saved.map(|s| s.checkpoint().size),
        ..Report::default()
    };
    let claim = Claim::read(dir, saved)?;
    let size = match (&claim.checkpoint, saved) {
        (Some(checkpoint), _) => checkpoint.size,
        (None, Some(saved)) => saved.checkpoint().size,
        (None, None) => 0,
    };
    report.size = size;
    report.origin = claim
        .checkpoint
        .as_ref()
        .map(|c| c.origin.clone())
        .unwrap_or_default();
    let mut pass = Pass {
        reader: LogReader::new(dir, size),
        saved,
        report,
        entries: Edge::default(),
        tiles: None,
        chains: Chains::default(),
        rows: rows.map(RowCursor::new),
        saved_roots: None,
        marker: Marker::new(saved.map_or(1, SavedCheckpoint::span)),
        first_wrong_mark: None,
    };
    pass.note_saved_size();
    for tile in level_zero(size) {
        pass.tile(tile)?;
    }
    pass.finish(claim)
}

/// What the directory says that the log is.
struct Claim {
    checkpoint: Option<Checkpoint>,
    /// What is wrong with the checkpoint or its key, before looking at a single entry.
    faults: Vec<String>,
    /// What is wrong with the saved checkpoint.
    saved_faults: Vec<String>,
}

impl Claim {
    fn read(dir: &Path, saved: Option<&SavedCheckpoint>) -> Result<Self, Failure> {
        let mut claim = Self {
            checkpoint: None,
            faults: Vec::new(),
            saved_faults: Vec::new(),
        };
        let own_key = match small_text(dir, VERIFIER_KEY)?.map(|text| Verifier::parse(&text)) {
            Ok(Ok(key)) => Some(key),
            Ok(Err(why)) | Err(why) => {
                claim.faults.push(format!("{VERIFIER_KEY}: {why}"));
                None
            }
        };
        let saved_key = saved.and_then(SavedCheckpoint::key);
        if let (Some(own), Some(saved)) = (&own_key, saved_key)
            && own != saved
        {
            claim.faults.push(format!(
                "the directory names the key {own}, the saved checkpoint names {saved}"
            ));
        }
        let trusted = saved_key.or(own_key.as_ref());
        if let (Some(saved), Some(key)) = (saved, trusted)
            && let Err(why) = key.open(saved.note())
        {
            claim.saved_faults.push(format!("the saved checkpoint is {why}"));
        }
        match small_text(dir, CHECKPOINT)? {
            Err(why) => claim.faults.push(format!("{CHECKPOINT}: {why}")),
            Ok(note) => claim.judge(&note, trusted),
        }
        if let (Some(own), Some(saved)) = (&claim.checkpoint, saved)
            && own.origin != saved.checkpoint().origin
        {
            let saved = &saved.checkpoint().origin;
            claim.saved_faults.push(format!(
                "the log is {}, the saved checkpoint is of {saved}",
                own.origin
            ));
        }
        Ok(claim)
    }

    fn judge(&mut self, note: &str, trusted: Option<&Verifier>) {
        let text = match text_unverified(note) {
            Ok(text) => text,
            Err(why) => return self.faults.push(format!("{CHECKPOINT}: {why}")),
        };
        if let Some(Err(why)) = trusted.map(|key| key.open(note)) {
            self.faults.push(format!("the log's checkpoint is {why}"));
        }
        match Checkpoint::parse(text) {
            Ok(checkpoint) => self.checkpoint = Some(checkpoint),
            Err(why) => self.faults.push(format!("{CHECKPOINT}: {why}")),
        }
    }
}

struct Pass<'a, 'r> {
    reader: LogReader,
    saved: Option<&'a SavedCheckpoint>,
    report: Report,
    /// The tree over the entries.
    entries: Edge,
    /// The tree over the stored leaf hashes, since the first that is not the hash of its entry.
    tiles: Option<Edge>,
    chains: Chains,
    rows: Option<RowCursor<'a, 'r>>,
    /// Roots of both trees at the size of the saved checkpoint.
    saved_roots: Option<(Hash, Hash)>,
    marker: Marker,
    /// Entries under the first mark of the saved checkpoint that is not theirs.
    first_wrong_mark: Option<(u64, u64)>,
}

impl Pass<'_, '_> {
    /// Verifies the entries under one tile of level 0.
    fn tile(&mut self, tile: Tile) -> Result<(), Failure> {
        let first = tile.index * TILE_WIDTH;
        let last = first + tile.width - 1;
        let hashes = match self.reader.tile(tile)? {
            Ok(hashes) => Some(hashes),
            Err(why) => {
                self.report
                    .add(ProblemKind::Tile, first, last, format!("{}: {why}", tile.path()));
                None
            }
        };
        let bundle = self.reader.bundle(tile)?;
        let mut found = bundle.as_deref().map(bundle::entries).map_err(Clone::clone);
        let mut completed = Completed::default();
        for (place, index) in (first..=last).enumerate() {
            let entry = match &mut found {
                Ok(entries) => entries
                    .next()
                    .unwrap_or(Err(Malformed("the bundle has too few entries"))),
                Err(why) => Err(why.clone()),
            };
            let stored = hashes.as_ref().map(|hashes| hashes[place]);
            let leaf = match &entry {
                Ok(entry) => Some(leaf_hash(entry)),
                Err(why) => {
                    // After one that cannot be read no other of the bundle can: said once.
                    if found.is_ok() || index == first {
                        let what = format!("{}: {why}", tile.entries_path());
                        self.report.add(ProblemKind::Entry, index, index, what);
                    }
                    found = Err(why.clone());
                    None
                }
            };
            let differs = leaf.zip(stored).is_some_and(|(leaf, stored)| leaf != stored);
            if differs {
                let what = format!(
                    "entry {index} does not have the hash that {} holds for it",
                    tile.path()
                );
                self.report.add(ProblemKind::Entry, index, index, what);
            }
            self.content(index, entry.ok(), differs)?;
            self.leaf(index, leaf, stored, &mut completed);
        }
        if let Ok(mut entries) = found
            && entries.next().is_some()
        {
            let what = format!("{}: more than {} entries", tile.entries_path(), tile.width);
            self.report.add(ProblemKind::Entry, last, last, what);
        }
        self.completed(completed)
    }

    /// Verifies what an entry says: its record, its link in the chain, its row. The link of one that differs
    /// from its hash would only blame its neighbours.
    fn content(&mut self, index: u64, bytes: Option<&[u8]>, differs: bool) -> Result<(), Failure> {
        let expected = match bytes.map(Entry::decode) {
            None => {
                self.chains.lose();
                None
            }
            Some(Ok(entry)) => {
                if differs {
                    self.chains.lose();
                } else {
                    self.chains.follow(index, &entry, &mut self.report);
                }
                let row = IndexRow::of(index, &entry);
                if let Err(why) = &row {
                    self.report
                        .add(ProblemKind::Entry, index, index, format!("entry {index}: {why}"));
                }
                row.ok()
            }
            Some(Err(why)) => {
                self.chains.lose();
                self.report
                    .add(ProblemKind::Entry, index, index, format!("entry {index}: {why}"));
                None
            }
        };
        match &mut self.rows {
            Some(rows) => rows.compare(index, expected.as_ref(), &mut self.report),
            None => Ok(()),
        }
    }

    /// Adds one leaf to the trees. Where one side is missing, the other stands in for it.
    fn leaf(&mut self, index: u64, entry: Option<Hash>, stored: Option<Hash>, completed: &mut Completed) {
        let from_entry = entry.or(stored).unwrap_or_default();
        let from_tile = stored.or(entry).unwrap_or_default();
        if from_entry != from_tile && self.tiles.is_none() {
            self.tiles = Some(self.entries.clone());
        }
        self.entries.push(from_entry, &mut |tile, hashes| {
            completed.entries.push((tile, hashes.to_vec()))
        });
        if let Some(tiles) = &mut self.tiles {
            tiles.push(from_tile, &mut |tile, hashes| {
                completed.tiles.push((tile, hashes.to_vec()))
            });
        }
        if let Some(saved) = self.saved
            && let Some((at, mark)) = self.marker.push(&from_entry)
            && let Some(saved_mark) = usize::try_from(at).ok().and_then(|at| saved.marks().get(at))
            && *saved_mark != mark
            && self.first_wrong_mark.is_none()
        {
            self.first_wrong_mark = Some((index + 1 - saved.span(), index));
        }
        self.note_saved_size();
    }

    fn note_saved_size(&mut self) {
        if self
            .saved
            .is_some_and(|saved| saved.checkpoint().size == self.entries.size())
        {
            self.saved_roots = Some(self.roots());
        }
    }

    fn roots(&self) -> (Hash, Hash) {
        let entries = self.entries.root();
        (entries, self.tiles.as_ref().map_or(entries, Edge::root))
    }

    /// Compares the tiles above that have become full.
    fn completed(&mut self, completed: Completed) -> Result<(), Failure> {
        for (at, (tile, hashes)) in completed
            .entries
            .iter()
            .enumerate()
            .filter(|(_, (tile, _))| tile.level > 0)
        {
            self.compare_tile(
                *tile,
                hashes,
                completed.tiles.get(at).map(|(_, hashes)| hashes.as_slice()),
            )?;
        }
        Ok(())
    }

    /// Compares the stored `tile` with what follows from the entries, or from the stored leaf hashes.
    fn compare_tile(&mut self, tile: Tile, entries: &[Hash], tiles: Option<&[Hash]>) -> Result<(), Failure> {
        let below = |hash: u64| hash << (tile.level * TILE_HEIGHT);
        let first = tile.index * TILE_WIDTH;
        match self.reader.tile(tile)? {
            Err(why) => {
                let what = format!("{}: {why}", tile.path());
                self.report.add(
                    ProblemKind::Tile,
                    below(first),
                    below(first + tile.width) - 1,
                    what,
                );
            }
            Ok(stored) if stored == entries || Some(stored.as_slice()) == tiles => {}
            Ok(stored) => {
                let at = stored.iter().zip(entries).position(|(a, b)| a != b).unwrap_or(0) as u64;
                let what = format!("{}: hash {at} does not follow from the tiles below", tile.path());
                self.report.add(
                    ProblemKind::Tile,
                    below(first + at),
                    below(first + at + 1) - 1,
                    what,
                );
            }
        }
        Ok(())
    }

    fn finish(mut self, claim: Claim) -> Result<Report, Failure> {
        let entries = std::mem::take(&mut self.entries);
        let tiles = self.tiles.take();
        let partial = |edge: &Edge| edge.partials().map(|(t, h)| (t, h.to_vec())).collect::<Vec<_>>();
        let of_tiles = tiles.as_ref().map(partial);
        for (tile, hashes) in partial(&entries).into_iter().filter(|(tile, _)| tile.level > 0) {
            let twin = of_tiles.iter().flatten().find(|(twin, _)| *twin == tile);
            self.compare_tile(tile, &hashes, twin.map(|(_, hashes)| hashes.as_slice()))?;
        }
        (self.entries, self.tiles) = (entries, tiles);

        self.report.root = Some(self.entries.root());
        let vouched = self.compare_saved();
        let size = self.report.size;
        // Entries that nothing vouches for: those behind the saved checkpoint, or all.
        let (first, last) = if vouched < size {
            (vouched, size - 1)
        } else {
            (size, size)
        };
        if let Some(checkpoint) = &claim.checkpoint {
            let (of_entries, of_tiles) = self.roots();
            if checkpoint.root != of_entries && checkpoint.root != of_tiles {
                let what = "the log's checkpoint signs a root that neither entries nor tiles have".to_owned();
                self.report.add(ProblemKind::Checkpoint, first, last, what);
            }
        }
        for fault in claim.faults {
            self.report.add(ProblemKind::Checkpoint, first, last, fault);
        }
        for fault in claim.saved_faults {
            self.report
                .add(ProblemKind::Saved, 0, size.saturating_sub(1), fault);
        }
        if let Some(rows) = self.rows.take() {
            rows.finish(size, &mut self.chains, &mut self.report)?;
        }
        self.report
            .problems
            .sort_by_key(|problem| (problem.index, problem.last));
        Ok(self.report)
    }

    /// Compares with the saved checkpoint; gives the number of entries that it vouches for.
    fn compare_saved(&mut self) -> u64 {
        let Some(saved) = self.saved else { return 0 };
        let (size, covered) = (self.report.size, saved.checkpoint().size);
        let wrong_mark = |report: &mut Report, (first, last)| {
            let what = if first == last {
                format!("entry {first} is not the one that the saved checkpoint covers")
            } else {
                format!("among entries {first} to {last} is one that the saved checkpoint does not cover")
            };
            report.add(ProblemKind::Saved, first, last, what);
        };
        let Some((of_entries, of_tiles)) = self.saved_roots else {
            let what = format!("the log ends after {size} entries, the saved checkpoint covers {covered}");
            self.report.add(ProblemKind::Saved, size, size, what);
            if let Some(range) = self.first_wrong_mark {
                wrong_mark(&mut self.report, range);
            }
            return 0;
        };
        let root = saved.checkpoint().root;
        if root == of_entries {
            return covered;
        }
        // Entries that differ from intact tiles have been named one by one.
        if root != of_tiles {
            let unmarked = saved.marks().len() as u64 * saved.span();
            let last = covered.saturating_sub(1);
            let behind_marks = (unmarked.min(last), last);
            let range = self.first_wrong_mark.unwrap_or(behind_marks);
            wrong_mark(&mut self.report, range);
        }
        0
    }
}

/// Tiles that became full while one tile of level 0 was read, in both trees.
#[derive(Default)]
struct Completed {
    entries: Vec<(Tile, Vec<Hash>)>,
    tiles: Vec<(Tile, Vec<Hash>)>,
}

fn small_text(dir: &Path, name: &str) -> Result<Result<String, Malformed>, Failure> {
    const MAX_TEXT_BYTES: usize = 64 * 1024;
    let path = dir.join(name);
    let bytes = read(&path, MAX_TEXT_BYTES).map_err(|error| unreadable(&path, error))?;
    Ok(match bytes {
        None => Err(Malformed("the file is missing")),
        Some(bytes) => String::from_utf8(bytes).map_err(|_| Malformed("not text")),
    })
}
