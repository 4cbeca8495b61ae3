//! A thousand random edits of a stored log by somebody who can write every file and every row and holds the
//! signing key: all found with a checkpoint that was saved before, and the first bad entry named.

use std::collections::BTreeMap;
use std::path::Path;

use datawave_audit::log::bundle;
use datawave_audit::log::layout::{Tile, level_zero};
use datawave_audit::log::{Entry, IndexRow, SavedCheckpoint};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::log_fixture::{Place, SERVICES, chained, encoded, entries, record, records, rows};
use crate::log_verify::save;

/// Entries when the checkpoint was saved, and when the edit is made.
const SAVED: u64 = 300;
const SIZE: u64 = 330;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Edit {
    FlipEntry,
    FlipTile,
    FlipCheckpoint,
    FlipRow,
    RewriteEntryAndRow,
    DeleteRow,
    SwapRows,
    RollBack,
    // From here on the history is rewritten whole: chain, entries, tiles, rows, signature.
    ForkRewrite,
    ForkDelete,
    ForkInsert,
    ForkSwap,
    ForkCut,
    ForkReplaceRest,
    AnotherKey,
}

const EDITS: [Edit; 15] = [
    Edit::FlipEntry,
    Edit::FlipTile,
    Edit::FlipCheckpoint,
    Edit::FlipRow,
    Edit::RewriteEntryAndRow,
    Edit::DeleteRow,
    Edit::SwapRows,
    Edit::RollBack,
    Edit::ForkRewrite,
    Edit::ForkDelete,
    Edit::ForkInsert,
    Edit::ForkSwap,
    Edit::ForkCut,
    Edit::ForkReplaceRest,
    Edit::AnotherKey,
];

struct Victim {
    entries: Vec<Entry>,
    place: Place,
    /// The log as it was at some sizes below that of the saved checkpoint.
    backups: Vec<(u64, Place)>,
    saved: SavedCheckpoint,
}

/// What an edit leaves: files and rows, and where the first bad entry is, if an entry is bad.
struct Edited {
    place: Place,
    rows: Vec<IndexRow>,
    first_bad: Option<u64>,
}

impl Victim {
    fn new() -> Self {
        let entries = entries(SIZE);
        let (place, mut backups) = (Place::new(), Vec::new());
        for size in [7, 255, 256, 257, 299, SAVED] {
            let mut log = place.open();
            let from = log.checkpoint().size as usize;
            log.append(&encoded(&entries[from..size as usize])).unwrap();
            drop(log);
            backups.push((size, place.copy()));
        }
        backups.pop();
        let saved = save(&place, SavedCheckpoint::USUAL_MARKS);
        place.open().append(&encoded(&entries[SAVED as usize..])).unwrap();
        Self {
            entries,
            place,
            backups,
            saved,
        }
    }

    fn edited(&self, first_bad: Option<u64>, edit: impl FnOnce(&Path, &mut Vec<IndexRow>)) -> Edited {
        let place = self.place.copy();
        let mut rows = rows(&self.entries);
        edit(&place.log(), &mut rows);
        Edited {
            place,
            rows,
            first_bad,
        }
    }

    /// Another history under the log's own key.
    fn fork(&self, records: &[(String, Vec<u8>)], own_key: bool) -> Edited {
        let history = chained(records);
        let place = Place::new();
        if own_key {
            std::fs::copy(self.place.key(), place.key()).unwrap();
        }
        place.open().append(&encoded(&history)).unwrap();
        let first_bad = self
            .entries
            .iter()
            .zip(&history)
            .position(|(a, b)| a != b)
            .unwrap_or(history.len());
        Edited {
            place,
            rows: rows(&history),
            first_bad: Some(first_bad as u64),
        }
    }

    fn edit(&self, edit: Edit, rng: &mut TestRng) -> Edited {
        let mut below = |n: u64| rng.random_range(0..n);
        let mut history = records(SIZE);
        let at = below(SAVED);
        let (row, bit) = (below(SIZE) as usize, 1u8 << below(8));
        let service = SERVICES[below(3) as usize];
        match edit {
            Edit::FlipEntry => {
                let tile = level_zero(SIZE).nth(below(2) as usize).unwrap();
                let bytes = std::fs::read(self.place.log().join(tile.entries_path())).unwrap();
                let offset = below(bytes.len() as u64) as usize;
                let mut end = 0;
                let inside = bundle::entries(&bytes).position(|entry| {
                    end += entry.unwrap().len() + 2;
                    offset < end
                });
                let index = tile.index * 256 + inside.unwrap() as u64;
                self.edited(Some(index), |log, _| {
                    flip(&log.join(tile.entries_path()), offset, bit)
                })
            }
            Edit::FlipTile => {
                let tiles =
                    [(0, 0), (0, 1), (1, 0)].map(|(level, index)| Tile::in_tree(level, index, SIZE).unwrap());
                let tile = tiles[below(3) as usize];
                let offset = below(tile.width * 32);
                let index = if tile.level == 0 {
                    tile.index * 256 + offset / 32
                } else {
                    0
                };
                self.edited(Some(index), |log, _| {
                    flip(&log.join(tile.path()), offset as usize, bit)
                })
            }
            Edit::FlipCheckpoint => self.edited(None, |log, _| {
                let path = log.join("checkpoint");
                let length = std::fs::metadata(&path).unwrap().len();
                flip(&path, below(length) as usize, bit);
            }),
            Edit::FlipRow => self.edited(Some(row as u64), |_, rows| {
                let part = below(4);
                let row = &mut rows[row];
                let bytes = match part {
                    0 => &mut row.record,
                    1 => &mut row.hash,
                    2 => &mut row.previous,
                    _ => return row.columns.time ^= i64::from(bit),
                };
                let offset = below(bytes.len() as u64) as usize;
                bytes[offset] ^= bit;
            }),
            Edit::RewriteEntryAndRow => self.edited(Some(at), |log, rows| {
                let mut entries = self.entries.clone();
                let service = entries[at as usize].service.clone();
                entries[at as usize].record = record(at, &service, "x").canonical_bytes();
                rows[at as usize] = IndexRow::of(at, &entries[at as usize]).unwrap();
                let tile = Tile::in_tree(0, at / 256, SIZE).unwrap();
                let first = tile.index as usize * 256;
                let mut bytes = Vec::new();
                for entry in encoded(&entries[first..first + tile.width as usize]) {
                    bundle::push(&mut bytes, &entry).unwrap();
                }
                std::fs::write(log.join(tile.entries_path()), bytes).unwrap();
            }),
            Edit::DeleteRow => self.edited(Some(row as u64), |_, rows| drop(rows.remove(row))),
            Edit::SwapRows => {
                let row = row % (SIZE as usize - 1);
                self.edited(Some(row as u64), |_, rows| {
                    rows.swap(row, row + 1);
                    (rows[row].index, rows[row + 1].index) = (row as i64, row as i64 + 1);
                })
            }
            Edit::RollBack => {
                let (size, backup) = &self.backups[below(5) as usize];
                let rows = rows(&self.entries[..*size as usize]);
                Edited {
                    place: backup.copy(),
                    rows,
                    first_bad: Some(*size),
                }
            }
            Edit::ForkRewrite => {
                let service = history[at as usize].0.clone();
                history[at as usize].1 = record(at, &service, "x").canonical_bytes();
                self.fork(&history, true)
            }
            Edit::ForkDelete => {
                history.remove(at as usize);
                self.fork(&history, true)
            }
            Edit::ForkInsert => {
                history.insert(
                    at as usize,
                    (service.to_owned(), record(9_999, service, "").canonical_bytes()),
                );
                self.fork(&history, true)
            }
            Edit::ForkSwap => {
                let at = at.min(SAVED - 2) as usize;
                history.swap(at, at + 1);
                self.fork(&history, true)
            }
            Edit::ForkCut => self.fork(&history[..at as usize], true),
            Edit::ForkReplaceRest => {
                for (n, record_) in history.iter_mut().enumerate().skip(at as usize) {
                    *record_ = (
                        service.to_owned(),
                        record(n as u64, service, "y").canonical_bytes(),
                    );
                }
                self.fork(&history, true)
            }
            Edit::AnotherKey => Edited {
                first_bad: None,
                ..self.fork(&history, false)
            },
        }
    }
}

fn flip(path: &Path, at: usize, bit: u8) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= bit;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_thousand_random_edits_are_all_found_and_placed() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]),
    );
    let victim = Victim::new();
    let clean = victim
        .place
        .verify(Some(&rows(&victim.entries)), Some(&victim.saved));
    assert!(clean.ok(), "{clean:?}");
    let mut counts: BTreeMap<Edit, (u32, u32)> = BTreeMap::new();
    for nth in 0..1_000 {
        let edit = EDITS[nth % EDITS.len()];
        let edited = victim.edit(edit, runner.rng());
        let report = edited.place.verify(Some(&edited.rows), Some(&victim.saved));
        let (found, placed) = counts.entry(edit).or_default();
        *found += u32::from(!report.ok());
        match (edited.first_bad, report.first_bad) {
            // A flipped upper hash says no more than which tile.
            (Some(expected), Some((first, last))) if edit == Edit::FlipTile => {
                assert!(
                    (first..=last).contains(&expected),
                    "{nth} {edit:?} {expected} {report:?}"
                );
            }
            (Some(expected), Some(range)) => {
                assert_eq!(range, (expected, expected), "{nth} {edit:?} {report:?}");
            }
            _ => continue,
        }
        *placed += 1;
    }
    let found: u32 = counts.values().map(|(found, _)| found).sum();
    for (edit, (found, placed)) in &counts {
        println!("{edit:?}: {found} found, {placed} placed");
    }
    println!("{found} of 1000 random edits found");
    assert_eq!(found, 1_000);
}
