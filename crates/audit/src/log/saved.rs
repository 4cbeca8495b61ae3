//! A checkpoint to be kept elsewhere: with it, whoever holds the log's directory and its key cannot rewrite
//! what the checkpoint covers without being found out.
//!
//! The file holds the public key to trust, marks that help to name the first bad entry, and the signed
//! checkpoint as any C2SP tool reads it:
//!
//! ```text
//! datawave.audit.checkpoint/v1
//! key datawave/audit/0f… +1234abcd+AQ…
//! span 1
//! marks 0 <base64>
//!
//! datawave/audit/0f…
//! 300
//! <root>
//!
//! — datawave/audit/0f… <signature>
//! ```
//! A mark stands for `span` entries, a power of two. A bare signed checkpoint is accepted too: it proves the
//! same, but names the place less exactly.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use datawave_core::{Failure, Reason};

use super::entry::decimal;
use super::files::{read, unreadable};
use super::layout::{CHECKPOINT, TILE_HEIGHT, Tile, VERIFIER_KEY};
use super::merkle::{node_hash, root_of};
use super::note::text_unverified;
use super::reader::damaged;
use super::{Checkpoint, Hash, LogReader, Malformed, Verifier};

const FORM: &str = "datawave.audit.checkpoint/v1";
/// A mark is the beginning of a hash. Detection rests on the root; marks only say where to look, and eight
/// bytes are enough for that.
const MARK_BYTES: usize = 8;
/// Marks per line.
const MARKS_PER_LINE: usize = 256;
const MAX_FILE_BYTES: usize = 1 << 30;
const MAX_NOTE_BYTES: usize = 64 * 1024;
/// Height of the highest subtree that a mark may stand for.
const MAX_HEIGHT: u32 = 63;

pub(crate) type Mark = [u8; MARK_BYTES];

/// A checkpoint that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCheckpoint {
    key: Option<Verifier>,
    note: String,
    checkpoint: Checkpoint,
    /// Entries per mark.
    span: u64,
    marks: Vec<Mark>,
}

impl SavedCheckpoint {
    /// Marks that a checkpoint usually gets: up to so many entries the first bad one is named exactly. Their
    /// text is 700 KiB long.
    pub const USUAL_MARKS: u64 = 1 << 16;

    /// Takes the checkpoint `note` of the log that `reader` reads, signed by `key`, with at most `max_marks`
    /// marks (0: none). The fewer marks, the more entries each stands for.
    ///
    /// # Errors
    /// `AUDIT_TAMPERED` when the note is not by `key`, not of the reader's size, or tiles are damaged.
    pub fn take(reader: &LogReader, note: &str, key: &Verifier, max_marks: u64) -> Result<Self, Failure> {
        let wrong = |why| damaged("its checkpoint", why);
        let text = key
            .open(note)
            .map_err(|_| wrong(Malformed("not signed by the log's key")))?;
        let checkpoint = Checkpoint::parse(text).map_err(wrong)?;
        if checkpoint.size != reader.size() {
            return Err(wrong(Malformed("not of the size that was asked for")));
        }
        let height = (0..MAX_HEIGHT)
            .find(|height| checkpoint.size >> height <= max_marks)
            .unwrap_or(MAX_HEIGHT);
        let mut marks = Vec::new();
        // A mark is the hash of a subtree: those of one tile follow from its hashes.
        let (level, inside) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        for index in 0.. {
            let Some(tile) = Tile::in_tree(level, index, checkpoint.size) else {
                break;
            };
            let hashes = reader.tile(tile)?.map_err(|error| damaged(&tile.path(), error))?;
            marks.extend(hashes.chunks_exact(1 << inside).map(|part| mark(&root_of(part))));
        }
        Ok(Self {
            key: Some(key.clone()),
            note: note.to_owned(),
            checkpoint,
            span: 1 << height,
            marks,
        })
    }

    /// Takes the newest checkpoint of the log in `dir`, under the key that the directory names. For a
    /// directory that nobody else could write to so far.
    ///
    /// # Errors
    /// As [`Self::take`]; `AUDIT_TAMPERED` also when the key or the checkpoint is missing.
    pub fn of_directory(dir: &Path, max_marks: u64) -> Result<Self, Failure> {
        let text = |name: &str| {
            let path = dir.join(name);
            let bytes = read(&path, MAX_NOTE_BYTES).map_err(|error| unreadable(&path, error))?;
            bytes
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| damaged(name, Malformed("the file is missing or not text")))
        };
        let key = Verifier::parse(&text(VERIFIER_KEY)?).map_err(|error| damaged(VERIFIER_KEY, error))?;
        let note = text(CHECKPOINT)?;
        let size = text_unverified(&note)
            .map_err(|_| Malformed("not a signed checkpoint"))
            .and_then(Checkpoint::parse)
            .map_err(|error| damaged(CHECKPOINT, error))?
            .size;
        Self::take(&LogReader::new(dir, size), &note, &key, max_marks)
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let Some(key) = &self.key else {
            return self.note.clone();
        };
        let mut text = format!("{FORM}\nkey {key}\nspan {}\n", self.span);
        for (line, marks) in self.marks.chunks(MARKS_PER_LINE).enumerate() {
            text.push_str(&format!(
                "marks {} {}\n",
                line * MARKS_PER_LINE,
                STANDARD.encode(marks.concat())
            ));
        }
        text.push('\n');
        text.push_str(&self.note);
        text
    }

    /// Reads the text of the file, or a bare signed checkpoint. Signatures are not checked here.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let Some(rest) = text.strip_prefix(FORM) else {
            return Self::around(text, None, 1, Vec::new());
        };
        let rest = rest
            .strip_prefix('\n')
            .ok_or(Malformed("unknown version of a saved checkpoint"))?;
        let (head, note) = rest
            .split_once("\n\n")
            .ok_or(Malformed("the saved checkpoint ends early"))?;
        let (mut key, mut span, mut marks) = (None, None, Vec::new());
        for line in head.split('\n') {
            match line.split_once(' ') {
                Some(("key", text)) if key.is_none() => key = Some(Verifier::parse(text)?),
                Some(("span", text)) if span.is_none() => span = decimal(text),
                Some(("marks", text)) => read_marks(text, &mut marks)?,
                _ => return Err(Malformed("unknown line in a saved checkpoint")),
            }
        }
        let span = span
            .filter(|s| s.is_power_of_two())
            .ok_or(Malformed("the span is a power of two"))?;
        let key = key.ok_or(Malformed("the saved checkpoint names no key"))?;
        Self::around(note, Some(key), span, marks)
    }

    fn around(note: &str, key: Option<Verifier>, span: u64, marks: Vec<Mark>) -> Result<Self, Malformed> {
        let text = text_unverified(note).map_err(|_| Malformed("not a signed checkpoint"))?;
        let checkpoint = Checkpoint::parse(text)?;
        if marks.len() as u64 > checkpoint.size / span {
            return Err(Malformed("more marks than entries"));
        }
        Ok(Self {
            key,
            note: note.to_owned(),
            checkpoint,
            span,
            marks,
        })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `INVALID_REQUEST` when it is not a saved checkpoint, `AUDIT_UNAVAILABLE` when it cannot be read.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = read(path, MAX_FILE_BYTES).map_err(|error| unreadable(path, error))?;
        let wrong = |why: Malformed| {
            Failure::new(
                Reason::InvalidRequest,
                format!("{} is not a saved checkpoint: {why}", path.display()),
            )
            .with_remedy("give a file that `datawave audit checkpoint` wrote")
        };
        let bytes = bytes.ok_or_else(|| wrong(Malformed("there is no such file")))?;
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong(Malformed("not text")))?;
        Self::parse(text).map_err(wrong)
    }

    /// The checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The signed note.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The key to trust; none in a bare checkpoint.
    pub fn key(&self) -> Option<&Verifier> {
        self.key.as_ref()
    }

    pub(crate) fn span(&self) -> u64 {
        self.span
    }

    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

/// Makes the marks of a log from its leaf hashes, in order.
pub(crate) struct Marker {
    span: u64,
    leaves: u64,
    /// Complete subtrees since the last mark, by falling height.
    subtrees: Vec<(u64, Hash)>,
}

impl Marker {
    pub(crate) fn new(span: u64) -> Self {
        Self {
            span,
            leaves: 0,
            subtrees: Vec::new(),
        }
    }

    /// The next mark and its place among the marks, when `leaf` completes it.
    pub(crate) fn push(&mut self, leaf: &Hash) -> Option<(u64, Mark)> {
        self.leaves += 1;
        let mut subtree = (1, *leaf);
        while let Some((_, left)) = self.subtrees.pop_if(|left| left.0 == subtree.0) {
            subtree = (subtree.0 * 2, node_hash(&left, &subtree.1));
        }
        if subtree.0 == self.span {
            return Some((self.leaves / self.span - 1, mark(&subtree.1)));
        }
        self.subtrees.push(subtree);
        None
    }
}

fn mark(hash: &Hash) -> Mark {
    let mut mark = [0; MARK_BYTES];
    mark.copy_from_slice(&hash[..MARK_BYTES]);
    mark
}

fn read_marks(text: &str, marks: &mut Vec<Mark>) -> Result<(), Malformed> {
    let wrong = Malformed("a line of marks is damaged");
    let (first, body) = text.split_once(' ').ok_or_else(|| wrong.clone())?;
    if decimal(first) != Some(marks.len() as u64) {
        return Err(wrong);
    }
    let body = STANDARD.decode(body).map_err(|_| wrong.clone())?;
    let (chunks, []) = body.as_chunks::<MARK_BYTES>() else {
        return Err(wrong);
    };
    marks.extend_from_slice(chunks);
    Ok(())
}
