//! One topic: its segments, the writer at its end, and readers that never wait for the writer.

use std::collections::{HashSet, VecDeque};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use datawave_core::digest::sha256;
use datawave_core::{EventRecord, Failure, Reason, Timestamp};
use tokio::sync::watch;

use super::segment::{self, FILE_HEADER, Index, MAX_BODY, Scan};
use super::{LogOptions, codec, corrupt};
use crate::files;

/// A read stops after this many bytes of events, so that a batch has a bounded size.
const READ_BYTES: u64 = 4 * 1024 * 1024;

/// What readers need to know of one file.
struct Segment {
    base: u64,
    /// Offset after the last durable event.
    next: u64,
    /// Durable bytes.
    bytes: u64,
    /// When the newest frame was written; `None` for an empty segment.
    newest: Option<Timestamp>,
    /// `None` until the file has been read and checked as a whole.
    index: Option<Index>,
}

/// The end of the topic.
struct Writer {
    file: File,
    recent: Recent,
    /// Set after a failed sync: what the disk holds is then unknown, so nothing more is acknowledged
    /// until the topic is opened anew and read back.
    broken: bool,
}

/// Ids of the newest events, shortened.
struct Recent {
    window: usize,
    order: VecDeque<[u8; 16]>,
    known: HashSet<[u8; 16]>,
}

impl Recent {
    fn key(id: &str) -> [u8; 16] {
        let mut key = [0; 16];
        key.copy_from_slice(&sha256(id.as_bytes())[..16]);
        key
    }

    fn add(&mut self, key: [u8; 16]) {
        if self.known.insert(key) {
            self.order.push_back(key);
        }
        while self.order.len() > self.window {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }
}

/// One topic in its directory. All methods block on files.
pub(super) struct Topic {
    name: String,
    dir: PathBuf,
    options: LogOptions,
    /// Taken before `segments` where both are needed.
    writer: Mutex<Writer>,
    segments: Mutex<Vec<Segment>>,
    end: watch::Sender<u64>,
}

/// What a read brought.
pub(super) struct Records {
    pub(super) events: Vec<EventRecord>,
    pub(super) next: u64,
    pub(super) skipped: u64,
}

impl Topic {
    /// Opens the topic in `dir`, making it if needed; cuts a torn tail.
    pub(super) fn open(name: &str, dir: &Path, options: LogOptions) -> Result<Self, Failure> {
        let failed = |error: segment::Error| open_failure(name, error);
        files::create_private_dir(dir).map_err(|error| failed(error.into()))?;
        let mut bases = segment_bases(dir).map_err(|error| failed(error.into()))?;
        if bases.is_empty() {
            start_segment(dir, 0).map_err(|error| failed(error.into()))?;
            bases.push(0);
        }
        let mut segments = Vec::with_capacity(bases.len());
        let mut ids: VecDeque<Vec<String>> = VecDeque::new();
        let mut remembered = 0;
        for (index, base) in bases.iter().copied().enumerate().rev() {
            let path = dir.join(segment::file_name(base));
            let following = bases.get(index + 1).copied();
            if following.is_some() && remembered >= options.dedup_window {
                // Older files are checked when they are read.
                let bytes = fs::metadata(&path).map_err(|error| failed(error.into()))?.len();
                let newest = newest_before(dir, following).map_err(failed)?;
                segments.push(Segment {
                    base,
                    next: following.unwrap_or(base),
                    bytes,
                    newest,
                    index: None,
                });
                continue;
            }
            let scan = Scan::run(&path, base, following.is_none()).map_err(failed)?;
            if following.is_some_and(|following| following != scan.next) {
                return Err(corrupt(
                    name,
                    format!("events are missing after offset {}", scan.next),
                ));
            }
            let valid = if following.is_none() {
                cut_tail(&path, base, &scan).map_err(|error| failed(error.into()))?
            } else {
                scan.valid
            };
            remembered += scan.ids.len();
            ids.push_front(scan.ids);
            segments.push(Segment {
                base,
                next: scan.next,
                bytes: valid,
                newest: scan.newest,
                index: Some(scan.index),
            });
        }
        segments.reverse();
        let mut recent = Recent {
            window: options.dedup_window,
            order: VecDeque::new(),
            known: HashSet::new(),
        };
        for id in ids.iter().flatten() {
            recent.add(Recent::key(id));
        }
        let (base, next) = segments.last().map_or((0, 0), |last| (last.base, last.next));
        let file =
            files::open_private(&dir.join(segment::file_name(base))).map_err(|error| failed(error.into()))?;
        Ok(Self {
            name: name.to_owned(),
            dir: dir.to_owned(),
            options,
            writer: Mutex::new(Writer {
                file,
                recent,
                broken: false,
            }),
            segments: Mutex::new(segments),
            end: watch::Sender::new(next),
        })
    }

    /// Sees every move of the end (offset of the next event).
    pub(super) fn watch_end(&self) -> watch::Receiver<u64> {
        self.end.subscribe()
    }

    /// Appends what is not there yet, one frame at a time, each durable before the next begins.
    pub(super) fn append(&self, events: Vec<EventRecord>, now: Timestamp) -> Result<(), Failure> {
        if let Some(large) = events.iter().find(|event| codec::encoded_len(event) >= MAX_BODY) {
            return Err(Failure::new(
                Reason::TooLarge,
                format!(
                    "event {} is larger than {} MiB",
                    large.id,
                    MAX_BODY / (1024 * 1024)
                ),
            )
            .with_remedy("put the large part in a store of its own and its name into the event"));
        }
        let mut writer = lock(&self.writer);
        if writer.broken {
            return Err(self.unwritable(None));
        }
        let mut seen = HashSet::new();
        let mut fresh: VecDeque<([u8; 16], EventRecord)> = events
            .into_iter()
            .map(|event| (Recent::key(&event.id), event))
            .filter(|(key, _)| !writer.recent.known.contains(key) && seen.insert(*key))
            .collect();
        while !fresh.is_empty() {
            let (mut keys, mut frame_events, mut bytes) = (Vec::new(), Vec::new(), 0);
            while let Some((_, event)) = fresh.front() {
                bytes += codec::encoded_len(event);
                if bytes >= MAX_BODY && !frame_events.is_empty() {
                    break;
                }
                if let Some((key, event)) = fresh.pop_front() {
                    keys.push(key);
                    frame_events.push(event);
                }
            }
            self.write_frame(&mut writer, &frame_events, now)?;
            keys.into_iter().for_each(|key| writer.recent.add(key));
        }
        Ok(())
    }

    fn write_frame(
        &self,
        writer: &mut Writer,
        events: &[EventRecord],
        now: Timestamp,
    ) -> Result<(), Failure> {
        self.rotate_if_full(writer, now)?;
        let (at, first) = lock(&self.segments)
            .last()
            .map_or((FILE_HEADER, 0), |active| (active.bytes, active.next));
        let frame = segment::encode_frame(first, now, events);
        if let Err(error) = writer.file.write_all_at(&frame, at) {
            // A full disk: take back what was written, so that the log goes on once there is space.
            let undone = writer.file.set_len(at).and_then(|()| writer.file.sync_all());
            writer.broken = undone.is_err();
            return Err(self.unwritable(Some(error)));
        }
        if let Err(error) = writer.file.sync_data() {
            writer.broken = true;
            return Err(self.unwritable(Some(error)));
        }
        let next = first + events.len() as u64;
        if let Some(active) = lock(&self.segments).last_mut() {
            active.index.get_or_insert_default().add(first, at);
            active.bytes = at + frame.len() as u64;
            active.next = next;
            active.newest = Some(now);
        }
        self.end.send_replace(next);
        Ok(())
    }

    fn rotate_if_full(&self, writer: &mut Writer, now: Timestamp) -> Result<(), Failure> {
        let next = match lock(&self.segments).last() {
            Some(active) if active.bytes >= self.options.segment_bytes && active.next > active.base => {
                active.next
            }
            _ => return Ok(()),
        };
        writer.file = start_segment(&self.dir, next).map_err(|error| self.unwritable(Some(error)))?;
        lock(&self.segments).push(Segment {
            base: next,
            next,
            bytes: FILE_HEADER,
            newest: None,
            index: Some(Index::default()),
        });
        self.remove_expired(now);
        Ok(())
    }

    /// Removes the oldest files that are beyond the limits; never the one that is written to.
    fn remove_expired(&self, now: Timestamp) {
        let mut segments = lock(&self.segments);
        let mut total: u64 = segments.iter().map(|segment| segment.bytes).sum();
        while segments.len() > 1 {
            let oldest = &segments[0];
            let age_limit = oldest.newest.map(|newest| newest.plus(self.options.retain_age));
            if total <= self.options.retain_bytes && age_limit.is_none_or(|limit| now <= limit) {
                return;
            }
            let path = self.dir.join(segment::file_name(oldest.base));
            if let Err(error) = fs::remove_file(&path) {
                // The file stays and is tried again at the next rotation.
                tracing::warn!(topic = %self.name, %error, "cannot remove an old event log segment");
                return;
            }
            total -= oldest.bytes;
            segments.remove(0);
        }
    }

    /// Up to `limit` events from offset `from` on.
    pub(super) fn read(&self, from: u64, limit: usize) -> Result<Records, Failure> {
        let end = *self.end.borrow();
        if from > end {
            return Err(Failure::invalid(
                "cursor",
                format!(
                    "is after the end of topic {}, which was probably restored from a backup; \
                         begin again without a cursor",
                    self.name
                ),
            ));
        }
        let oldest = lock(&self.segments).first().map_or(0, |segment| segment.base);
        let mut records = Records {
            events: Vec::new(),
            next: from.max(oldest),
            skipped: oldest.saturating_sub(from),
        };
        let mut bytes = 0;
        while records.next < end && records.events.len() < limit && bytes < READ_BYTES {
            match self.read_segment(&mut records, limit, &mut bytes) {
                Ok(()) => {}
                Err(segment::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                    // Retention may have removed the file since; if so, begin at what is oldest now.
                    let oldest = lock(&self.segments).first().map_or(0, |segment| segment.base);
                    if oldest <= records.next {
                        return Err(corrupt(&self.name, "a file is missing").with_source(error));
                    }
                    if !records.events.is_empty() {
                        return Ok(records);
                    }
                    records.skipped += oldest - records.next;
                    records.next = oldest;
                }
                Err(segment::Error::Io(error)) => {
                    return Err(Failure::new(
                        Reason::DependencyUnavailable,
                        format!("the event log of topic {} cannot be read", self.name),
                    )
                    .with_remedy("check the disk and the rights of the data directory")
                    .with_source(error));
                }
                Err(error) => return Err(corrupt(&self.name, error)),
            }
        }
        Ok(records)
    }

    /// Reads on at `records.next` until the end of the segment that holds it.
    fn read_segment(
        &self,
        records: &mut Records,
        limit: usize,
        bytes: &mut u64,
    ) -> Result<(), segment::Error> {
        let (base, next, length, start) = {
            let segments = lock(&self.segments);
            let after = segments.partition_point(|segment| segment.base <= records.next);
            let Some(segment) = after.checked_sub(1).map(|index| &segments[index]) else {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            };
            let start = segment
                .index
                .as_ref()
                .map(|index| index.at_or_before(records.next));
            (segment.base, segment.next, segment.bytes, start)
        };
        let path = self.dir.join(segment::file_name(base));
        let start = match start {
            Some(start) => start,
            None => self.check_segment(&path, base, next, records.next)?,
        };
        let file = File::open(&path)?;
        let mut at = start;
        // Skip frames before the wanted one by their heads alone.
        loop {
            let (head, end) = segment::read_head(&file, at, length)?;
            if head.next() > records.next {
                break;
            }
            at = end;
        }
        while records.next < next && records.events.len() < limit && *bytes < READ_BYTES {
            let frame = segment::read_frame(&file, at, length)?;
            if frame.head.first > records.next {
                return Err(segment::Error::Damaged {
                    what: "records are missing before a record",
                    at,
                });
            }
            let skip = usize::try_from(records.next - frame.head.first).unwrap_or(usize::MAX);
            let room = limit - records.events.len();
            let before = records.events.len();
            records
                .events
                .extend(frame.events.into_iter().skip(skip).take(room));
            records.next += (records.events.len() - before) as u64;
            *bytes += frame.end - at;
            at = frame.end;
        }
        Ok(())
    }

    /// Reads a file from before the last start as a whole, once, and keeps its index.
    fn check_segment(&self, path: &Path, base: u64, next: u64, wanted: u64) -> Result<u64, segment::Error> {
        let scan = Scan::run(path, base, false)?;
        if scan.next != next {
            return Err(segment::Error::Damaged {
                what: "the file is cut short",
                at: scan.valid,
            });
        }
        let start = scan.index.at_or_before(wanted);
        if let Some(segment) = lock(&self.segments)
            .iter_mut()
            .find(|segment| segment.base == base)
        {
            segment.index = Some(scan.index);
        }
        Ok(start)
    }

    fn unwritable(&self, cause: Option<io::Error>) -> Failure {
        let failure = Failure::new(
            Reason::DependencyUnavailable,
            format!("the event log of topic {} cannot be written", self.name),
        );
        match cause {
            Some(error) => failure
                .with_remedy("check free space, the disk and the rights of the data directory")
                .with_source(error),
            None => failure.with_remedy(
                "an earlier write could not be made durable: check the disk, then start the process again",
            ),
        }
    }
}

/// A thread that panicked while holding the lock left nothing half done that a reader could see:
/// the state is changed only after the file was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn segment_bases(dir: &Path) -> io::Result<Vec<u64>> {
    let mut bases = Vec::new();
    for entry in fs::read_dir(dir)? {
        bases.extend(segment::base_of(&entry?.path()));
    }
    bases.sort_unstable();
    Ok(bases)
}

/// Makes the file for events from `base` on, durable with its name.
fn start_segment(dir: &Path, base: u64) -> io::Result<File> {
    let file = files::open_private(&dir.join(segment::file_name(base)))?;
    file.write_all_at(&segment::file_header(base), 0)?;
    file.sync_all()?;
    files::sync_dir(dir)?;
    Ok(file)
}

/// Cuts what follows the last whole frame. Returns the length that is left.
fn cut_tail(path: &Path, base: u64, scan: &Scan) -> io::Result<u64> {
    let file = files::open_private(path)?;
    let length = file.metadata()?.len();
    if scan.valid == length {
        return Ok(length);
    }
    tracing::warn!(
        file = %path.display(),
        cut_bytes = length - scan.valid,
        "cut an unfinished record from the end of the event log; it was never acknowledged"
    );
    if scan.valid < FILE_HEADER {
        file.set_len(0)?;
        file.write_all_at(&segment::file_header(base), 0)?;
        file.sync_all()?;
        return Ok(FILE_HEADER);
    }
    file.set_len(scan.valid)?;
    file.sync_all()?;
    Ok(scan.valid)
}

/// An upper bound of the age of a file that is not read at start: when the file after it was begun.
fn newest_before(dir: &Path, following: Option<u64>) -> Result<Option<Timestamp>, segment::Error> {
    let Some(base) = following else {
        return Ok(None);
    };
    let file = File::open(dir.join(segment::file_name(base)))?;
    let length = file.metadata()?.len();
    if length <= FILE_HEADER {
        return Ok(None);
    }
    let (head, _) = segment::read_head(&file, FILE_HEADER, length)?;
    Ok(Some(head.written))
}

fn open_failure(topic: &str, error: segment::Error) -> Failure {
    match error {
        segment::Error::Io(error) => Failure::new(
            Reason::DependencyUnavailable,
            format!("the event log of topic {topic} cannot be opened"),
        )
        .with_remedy("check that the user of this process may read and write the data directory")
        .with_source(error),
        segment::Error::Damaged { .. } => corrupt(topic, error),
        segment::Error::TooNew(_) => Failure::new(
            Reason::DataDirectoryTooNew,
            format!("the event log of topic {topic} was written by a newer version of DataWave"),
        )
        .with_remedy("start the newer version"),
    }
}
