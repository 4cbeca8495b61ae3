//! One file of a topic: a header, then frames. A frame is one append: what one `fsync` made durable.
//!
//! ```text
//! file   "DWEVLOG" version(1)  base offset(8)                                             16 bytes
//! frame  0x5A body length(4) count(4) first offset(8) written(8) body digest(8) head digest(8)  41 bytes
//! body   the events, then 0xA5
//! ```
//! Integers are little-endian, digests the first 8 bytes of SHA-256, `written` is microseconds.
//!
//! Because a frame is acknowledged before the next one is begun, a crash can only damage the last frame of
//! the last file. How a torn frame is told from a damaged one is in [`Scan::run`].

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use datawave_core::digest::sha256_parts;
use datawave_core::{EventRecord, Timestamp};

use super::codec;

const MAGIC: &[u8; 7] = b"DWEVLOG";
const VERSION: u8 = 1;
/// Bytes before the first frame.
pub(super) const FILE_HEADER: u64 = 16;
const FRAME_HEADER: usize = 41;
/// First byte of every frame and last byte of every body. Not zero, so that neither end of a frame that was
/// written looks unwritten.
const START: u8 = 0x5A;
const END: u8 = 0xA5;
/// The largest body of a frame.
pub(super) const MAX_BODY: usize = 8 * 1024 * 1024;
/// Disks write whole sectors; a sector that was never written reads as zeros.
const SECTOR: usize = 512;

/// Why a segment cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{what} at byte {at}")]
    Damaged { what: &'static str, at: u64 },
    #[error("written by a newer version ({0})")]
    TooNew(u8),
}

/// Name of the segment whose first event has offset `base`; names sort like offsets.
pub(super) fn file_name(base: u64) -> String {
    format!("{base:020}.seg")
}

/// Base offset of a segment by its path; `None` for other files.
pub(super) fn base_of(path: &Path) -> Option<u64> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".seg")?;
    (stem.len() == 20).then(|| stem.parse().ok()).flatten()
}

/// The first bytes of a segment.
pub(super) fn file_header(base: u64) -> [u8; FILE_HEADER as usize] {
    let mut header = [0; FILE_HEADER as usize];
    header[..7].copy_from_slice(MAGIC);
    header[7] = VERSION;
    header[8..].copy_from_slice(&base.to_le_bytes());
    header
}

/// Head of a frame, checked against its digest.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrameHead {
    body_length: u32,
    /// Number of events.
    pub(super) count: u32,
    /// Offset of the first event.
    pub(super) first: u64,
    /// When it was appended.
    pub(super) written: Timestamp,
    body_digest: [u8; 8],
}

impl FrameHead {
    /// Offset after the last event.
    pub(super) fn next(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count))
    }

    fn length(&self) -> u64 {
        FRAME_HEADER as u64 + u64::from(self.body_length)
    }

    fn decode(bytes: &[u8; FRAME_HEADER]) -> Option<Self> {
        let (head, digest) = bytes.split_last_chunk::<8>()?;
        if short_digest(b"head", head) != *digest {
            return None;
        }
        let (start, rest) = head.split_first()?;
        if *start != START {
            return None;
        }
        let (body_length, rest) = rest.split_first_chunk::<4>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let (first, rest) = rest.split_first_chunk::<8>()?;
        let (written, rest) = rest.split_first_chunk::<8>()?;
        let (body_digest, _) = rest.split_first_chunk::<8>()?;
        Some(Self {
            body_length: u32::from_le_bytes(*body_length),
            count: u32::from_le_bytes(*count),
            first: u64::from_le_bytes(*first),
            written: Timestamp::from_micros(i64::from_le_bytes(*written)),
            body_digest: *body_digest,
        })
    }
}

fn short_digest(what: &[u8], bytes: &[u8]) -> [u8; 8] {
    let full = sha256_parts(&[b"datawave event log 1", what, bytes]);
    let mut short = [0; 8];
    short.copy_from_slice(&full[..8]);
    short
}

/// One append as bytes, ready to be written in one go.
pub(super) fn encode_frame(first: u64, written: Timestamp, events: &[EventRecord]) -> Vec<u8> {
    let mut frame = vec![0; FRAME_HEADER];
    for event in events {
        codec::encode(event, &mut frame);
    }
    frame.push(END);
    let (head, body) = frame.split_at_mut(FRAME_HEADER);
    // Callers keep bodies below MAX_BODY, so neither number is cut.
    head[0] = START;
    head[1..5].copy_from_slice(&u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    head[5..9].copy_from_slice(&u32::try_from(events.len()).unwrap_or(u32::MAX).to_le_bytes());
    head[9..17].copy_from_slice(&first.to_le_bytes());
    head[17..25].copy_from_slice(&written.as_micros().to_le_bytes());
    head[25..33].copy_from_slice(&short_digest(b"body", body));
    let digest = short_digest(b"head", &head[..33]);
    head[33..].copy_from_slice(&digest);
    frame
}

/// A frame that was read and checked.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) head: FrameHead,
    pub(super) events: Vec<EventRecord>,
    /// Where the next frame begins.
    pub(super) end: u64,
}

/// What stands at a place of a file.
enum Found {
    Frame(Frame),
    /// The file ends before the frame does.
    Cut,
    /// The head does not match its digest.
    BadHead,
    /// The body, which ends at `end`, does not match its digest.
    BadBody {
        end: u64,
    },
}

impl Found {
    fn damage(&self, at: u64) -> Error {
        let what = match self {
            Self::Frame(_) | Self::Cut => "a record is cut short",
            Self::BadHead => "the head of a record does not match its digest",
            Self::BadBody { .. } => "a record does not match its digest",
        };
        Error::Damaged { what, at }
    }
}

fn look(file: &File, at: u64, length: u64) -> io::Result<Found> {
    let left = length.saturating_sub(at);
    if left < FRAME_HEADER as u64 {
        return Ok(Found::Cut);
    }
    let mut head = [0; FRAME_HEADER];
    file.read_exact_at(&mut head, at)?;
    let Some(head) = FrameHead::decode(&head) else {
        return Ok(Found::BadHead);
    };
    if head.length() > left {
        return Ok(Found::Cut);
    }
    let mut body = vec![0; head.body_length as usize];
    file.read_exact_at(&mut body, at + FRAME_HEADER as u64)?;
    let end = at + head.length();
    if short_digest(b"body", &body) != head.body_digest {
        return Ok(Found::BadBody { end });
    }
    let mut rest = body.as_slice();
    let events: Option<Vec<_>> = (0..head.count).map(|_| codec::decode(&mut rest)).collect();
    match events {
        Some(events) if rest == [END] => Ok(Found::Frame(Frame { head, events, end })),
        _ => Ok(Found::BadBody { end }),
    }
}

/// Reads the frame at `at` of a file whose durable part is `length` bytes long.
pub(super) fn read_frame(file: &File, at: u64, length: u64) -> Result<Frame, Error> {
    match look(file, at, length)? {
        Found::Frame(frame) => Ok(frame),
        other => Err(other.damage(at)),
    }
}

/// Reads the head of the frame at `at`, without its body.
pub(super) fn read_head(file: &File, at: u64, length: u64) -> Result<(FrameHead, u64), Error> {
    let mut bytes = [0; FRAME_HEADER];
    if length.saturating_sub(at) < FRAME_HEADER as u64 {
        return Err(Error::Damaged {
            what: "a record is cut short",
            at,
        });
    }
    file.read_exact_at(&mut bytes, at)?;
    let head = FrameHead::decode(&bytes).ok_or(Error::Damaged {
        what: "the head of a record does not match its digest",
        at,
    })?;
    Ok((head, at + head.length()))
}

/// What a pass over a whole segment found.
pub(super) struct Scan {
    /// Bytes that hold whole frames; what follows is a torn tail.
    pub(super) valid: u64,
    /// Offset after the last event.
    pub(super) next: u64,
    /// When the newest frame was written.
    pub(super) newest: Option<Timestamp>,
    /// Sparse index.
    pub(super) index: Index,
    /// Ids of the events in order.
    pub(super) ids: Vec<String>,
}

impl Scan {
    /// Reads and checks every frame of the segment at `path`.
    ///
    /// With `last`, an unfinished frame at the end is left out (`valid` stops before it). It is unfinished
    /// when the file ends inside it, or when part of it was never written and so reads as zeros, with
    /// nothing after it. Everything else that does not match is damage of something that was acknowledged.
    pub(super) fn run(path: &Path, base: u64, last: bool) -> Result<Self, Error> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut scan = Self {
            valid: FILE_HEADER,
            next: base,
            newest: None,
            index: Index::default(),
            ids: Vec::new(),
        };
        if length < FILE_HEADER {
            // The file was made, its first bytes were not yet durable.
            scan.valid = 0;
            return match last {
                true => Ok(scan),
                false => Err(Error::Damaged {
                    what: "the file is cut short",
                    at: length,
                }),
            };
        }
        let mut header = [0; FILE_HEADER as usize];
        file.read_exact_at(&mut header, 0)?;
        if last && length == FILE_HEADER && header == [0; FILE_HEADER as usize] {
            scan.valid = 0;
            return Ok(scan);
        }
        if header[..7] == MAGIC[..] && header[7] > VERSION {
            return Err(Error::TooNew(header[7]));
        }
        if header != file_header(base) {
            return Err(Error::Damaged {
                what: "the head of the file is not one of ours",
                at: 0,
            });
        }
        while scan.valid < length {
            let at = scan.valid;
            let frame = match look(&file, at, length)? {
                Found::Frame(frame) => frame,
                Found::Cut if last => break,
                Found::BadHead if last && has_hole(&file, at, length)? => break,
                Found::BadBody { end } if last && end == length && has_hole(&file, at, length)? => break,
                other => return Err(other.damage(at)),
            };
            if frame.head.first != scan.next {
                return Err(Error::Damaged {
                    what: "records are missing before a record",
                    at,
                });
            }
            scan.index.add(frame.head.first, at);
            scan.next = frame.head.next();
            scan.newest = Some(frame.head.written);
            scan.valid = frame.end;
            scan.ids.extend(frame.events.into_iter().map(|event| event.id));
        }
        Ok(scan)
    }
}

/// Whether the bytes from `at` to the end contain a sector that was never written. The first sector counts
/// from `at` and the last one up to the end: what is outside is not part of the frame.
fn has_hole(file: &File, at: u64, length: u64) -> io::Result<bool> {
    let mut position = at;
    let mut sector = [0; SECTOR];
    while position < length {
        let end = ((position / SECTOR as u64 + 1) * SECTOR as u64).min(length);
        let part = &mut sector[..usize::try_from(end - position).unwrap_or(SECTOR)];
        file.read_exact_at(part, position)?;
        if part.iter().all(|byte| *byte == 0) {
            return Ok(true);
        }
        position = end;
    }
    Ok(false)
}

/// Where some of the frames of a segment begin: one in every 64 KiB.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(Vec<(u64, u64)>);

impl Index {
    const STEP: u64 = 64 * 1024;

    /// Notes that the frame beginning with event `offset` stands at byte `at`; called in order.
    pub(super) fn add(&mut self, offset: u64, at: u64) {
        if self.0.last().is_none_or(|(_, last)| at - last >= Self::STEP) {
            self.0.push((offset, at));
        }
    }

    /// A byte at which a frame begins that is not after the one holding `offset`.
    pub(super) fn at_or_before(&self, offset: u64) -> u64 {
        let after = self.0.partition_point(|(first, _)| *first <= offset);
        after.checked_sub(1).map_or(FILE_HEADER, |index| self.0[index].1)
    }
}
