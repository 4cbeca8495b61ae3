//! Appending to the log.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use datawave_core::{Failure, Reason};

use super::edge::Edge;
use super::files::{create_folders, read, unreadable, unwritable, write_durably};
use super::layout::{CHECKPOINT, TILE_HEIGHT, TILE_WIDTH, Tile, VERIFIER_KEY};
use super::merkle::leaf_hash;
use super::reader::damaged;
use super::{Checkpoint, Hash, LogReader, Malformed, Signer, bundle};

/// The one writer of a log. A lock file keeps a second one out, in this process or another.
pub struct Log {
    dir: PathBuf,
    signer: Signer,
    state: State,
    /// A write failed, so disk and memory may differ: reload before the next.
    stale: bool,
    _lock: File,
}

/// What the newest checkpoint on disk covers.
#[derive(Clone)]
struct State {
    edge: Edge,
    /// The entries of the last bundle while it is not full.
    bundle: Vec<u8>,
    note: String,
    checkpoint: Checkpoint,
}

impl Log {
    /// Opens the log in `dir`, making an empty one if there is none. It goes on from the newest checkpoint;
    /// what a crash left behind it is overwritten by the next append.
    ///
    /// # Errors
    /// `DATA_DIRECTORY_BUSY` when another writer has it, `AUDIT_TAMPERED` when the checkpoint is not signed
    /// by `signer` or the newest tiles do not belong to it, `AUDIT_UNAVAILABLE` when files cannot be used.
    pub fn open(dir: &Path, signer: Signer) -> Result<Self, Failure> {
        create_folders(dir).map_err(|error| unwritable(dir, error))?;
        let lock = lock(dir)?;
        let key = format!("{}\n", signer.verifier());
        match read_text(dir, VERIFIER_KEY)? {
            None => write(dir, &[(VERIFIER_KEY.to_owned(), key.into_bytes())])?,
            Some(found) if found == key => {}
            Some(_) => {
                return Err(damaged(
                    VERIFIER_KEY,
                    Malformed("the log belongs to another signing key"),
                ));
            }
        }
        let state = match read_text(dir, CHECKPOINT)? {
            Some(note) => State::load(dir, note, &signer)?,
            None if dir.join("tile").exists() => {
                return Err(damaged(
                    CHECKPOINT,
                    Malformed("there are tiles, but no checkpoint"),
                ));
            }
            None => {
                let state = State::signed(Edge::default(), Vec::new(), &signer);
                write(dir, &[(CHECKPOINT.to_owned(), state.note.clone().into_bytes())])?;
                state
            }
        };
        Ok(Self {
            dir: dir.to_path_buf(),
            signer,
            state,
            stale: false,
            _lock: lock,
        })
    }

    /// Appends `entries` and signs a checkpoint over them; gives the index of the first. They are on disk
    /// when this returns. When it fails, either none or all of them are in the log: [`Self::checkpoint`]
    /// tells, after the next successful call of [`Self::reload`] or `append`.
    ///
    /// The whole batch is held in memory; a few thousand entries make good use of one flush of the disk.
    ///
    /// # Errors
    /// `TOO_LARGE` when an entry is longer than [`bundle::MAX_ENTRY_BYTES`]; otherwise as [`Self::open`].
    pub fn append(&mut self, entries: &[Vec<u8>]) -> Result<u64, Failure> {
        self.reload()?;
        let first = self.state.edge.size();
        if entries.is_empty() {
            return Ok(first);
        }
        let mut edge = self.state.edge.clone();
        let mut bundle = self.state.bundle.clone();
        let mut files = Vec::new();
        let mut completed = Vec::new();
        for entry in entries {
            bundle::push(&mut bundle, entry)
                .map_err(|error| Failure::new(Reason::TooLarge, format!("audit record refused: {error}")))?;
            edge.push(leaf_hash(entry), &mut |tile, hashes| {
                if tile.level == 0 {
                    files.push((tile.entries_path(), std::mem::take(&mut bundle)));
                    completed.push(tile.entries_path());
                }
                files.push((tile.path(), hashes.concat()));
                completed.push(tile.path());
            });
        }
        for (tile, hashes) in edge.partials() {
            if tile.level == 0 {
                files.push((tile.entries_path(), bundle.clone()));
            }
            files.push((tile.path(), hashes.concat()));
        }
        let state = State::signed(edge, bundle, &self.signer);

        self.stale = true;
        write(&self.dir, &files)?;
        write(
            &self.dir,
            &[(CHECKPOINT.to_owned(), state.note.clone().into_bytes())],
        )?;
        self.stale = false;
        self.state = state;
        // Full tiles replace their partial ones, for readers too; what stays behind only takes space.
        for path in completed {
            let _ = std::fs::remove_dir_all(self.dir.join(format!("{path}.p")));
        }
        Ok(first)
    }

    /// After a failed write: takes up what is on disk. Does nothing otherwise.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn reload(&mut self) -> Result<(), Failure> {
        if self.stale {
            let note = read_text(&self.dir, CHECKPOINT)?
                .ok_or_else(|| damaged(CHECKPOINT, Malformed("the checkpoint has gone")))?;
            self.state = State::load(&self.dir, note, &self.signer)?;
            self.stale = false;
        }
        Ok(())
    }

    /// The newest checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.state.checkpoint
    }

    /// The newest checkpoint, signed.
    pub fn note(&self) -> &str {
        &self.state.note
    }

    /// The key that the checkpoints are signed with.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Directory of the log.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Reads the log as it is now.
    pub fn reader(&self) -> LogReader {
        LogReader::new(&self.dir, self.state.checkpoint.size)
    }
}

impl State {
    fn signed(edge: Edge, bundle: Vec<u8>, signer: &Signer) -> Self {
        let checkpoint = Checkpoint {
            origin: signer.verifier().name().to_owned(),
            size: edge.size(),
            root: edge.root(),
        };
        let note = signer.sign(&checkpoint.to_text());
        Self {
            edge,
            bundle,
            note,
            checkpoint,
        }
    }

    fn load(dir: &Path, note: String, signer: &Signer) -> Result<Self, Failure> {
        let text = signer
            .verifier()
            .open(&note)
            .map_err(|error| not_ours(error.to_string()))?;
        let checkpoint = Checkpoint::parse(text).map_err(|error| not_ours(error.to_string()))?;
        if checkpoint.origin != signer.verifier().name() {
            return Err(not_ours("it is of another log".to_owned()));
        }
        let reader = LogReader::new(dir, checkpoint.size);
        let mut levels: Vec<Vec<Hash>> = Vec::new();
        for level in 0..u64::BITS / TILE_HEIGHT {
            let hashes = checkpoint.size >> (level * TILE_HEIGHT);
            let tile = Tile::in_tree(level, hashes / TILE_WIDTH, checkpoint.size);
            levels.push(match tile {
                Some(tile) => reader.tile(tile)?.map_err(|error| damaged(&tile.path(), error))?,
                None => Vec::new(),
            });
        }
        let newest = levels.first().cloned().unwrap_or_default();
        let edge = Edge::from_partials(checkpoint.size, levels)
            .ok_or_else(|| damaged(CHECKPOINT, Malformed("the newest tiles do not have its size")))?;
        if edge.root() != checkpoint.root {
            return Err(damaged(
                CHECKPOINT,
                Malformed("the newest tiles do not have its root"),
            ));
        }
        let bundle = match Tile::in_tree(0, checkpoint.size / TILE_WIDTH, checkpoint.size) {
            Some(tile) => reader
                .bundle(tile)?
                .map_err(|error| damaged(&tile.entries_path(), error))?,
            None => Vec::new(),
        };
        let leaves: Result<Vec<Hash>, Malformed> = bundle::entries(&bundle)
            .map(|entry| entry.map(leaf_hash))
            .collect();
        if leaves != Ok(newest) {
            return Err(damaged(
                &format!("entry {}", checkpoint.size - checkpoint.size % TILE_WIDTH),
                Malformed("the newest entries do not have their hashes"),
            ));
        }
        Ok(Self {
            edge,
            bundle,
            note,
            checkpoint,
        })
    }
}

fn not_ours(why: String) -> Failure {
    Failure::new(
        Reason::AuditTampered,
        format!("the audit log's checkpoint is not ours: {why}"),
    )
    .with_remedy(
        "run `datawave audit verify` with a checkpoint that was saved elsewhere, then restore a backup",
    )
}

fn lock(dir: &Path) -> Result<File, Failure> {
    let path = dir.join(".lock");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| unwritable(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::new(
            Reason::DataDirectoryBusy,
            "another process writes this audit log",
        )
        .with_remedy("stop the other process, or use its endpoint")),
        Err(TryLockError::Error(error)) => Err(unwritable(&path, error)),
    }
}

fn write(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    write_durably(dir, files).map_err(|error| unwritable(dir, error))
}

fn read_text(dir: &Path, name: &str) -> Result<Option<String>, Failure> {
    const MAX_TEXT_BYTES: usize = 64 * 1024;
    let path = dir.join(name);
    match read(&path, MAX_TEXT_BYTES).map_err(|error| unreadable(&path, error))? {
        None => Ok(None),
        Some(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| damaged(name, Malformed("not text"))),
    }
}
