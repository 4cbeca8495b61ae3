//! The embedded event log: a directory per topic.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use datawave_core::{Clock, EventRecord, Failure, Reason};

use super::topic::{Records, Topic};
use super::{Batch, Cursor, EventLog, check_name, check_topic, cursors};
use crate::files;

/// Sizes and ages.
#[derive(Clone, Copy, Debug)]
pub struct LogOptions {
    /// A file that reached this size is closed and a new one begun.
    pub segment_bytes: u64,
    /// A topic keeps about this many bytes; the oldest files go first, whether or not they were read.
    pub retain_bytes: u64,
    /// Files whose newest event is older than this are removed.
    pub retain_age: Duration,
    /// How many of the newest events of a topic are recognised when they are appended again.
    pub dedup_window: usize,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 8 * 1024 * 1024,
            retain_bytes: 512 * 1024 * 1024,
            retain_age: Duration::from_secs(30 * 24 * 3600),
            dedup_window: 32_768,
        }
    }
}

/// The event log in a directory. One process at a time; clones share it.
#[derive(Clone)]
pub struct FileEventLog {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    options: LogOptions,
    clock: Arc<dyn Clock>,
    topics: Mutex<HashMap<String, Arc<Topic>>>,
    /// Held as long as the log is open; the kernel gives it back when the process dies.
    _lock: File,
}

impl FileEventLog {
    /// Opens the log in `dir` (made with mode 0700) with all its topics. The unfinished record that a crash
    /// may have left at the end of a topic is cut; it was never acknowledged.
    ///
    /// Errors: `STORE_CORRUPT` when anything else does not match its digest, `DATA_DIRECTORY_BUSY` when
    /// another process has it open, `DATA_DIRECTORY_TOO_NEW`.
    pub async fn open(
        dir: impl Into<PathBuf>,
        options: LogOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let dir = dir.into();
        blocking(move || Self::open_blocking(dir, options, clock)).await
    }

    fn open_blocking(dir: PathBuf, options: LogOptions, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let unusable = |error: std::io::Error| {
            Failure::new(Reason::DependencyUnavailable, "the event log cannot be opened")
                .with_remedy(format!(
                    "make {} a directory that the user of this process may read and write",
                    dir.display()
                ))
                .with_source(error)
        };
        files::create_private_dir(&dir).map_err(unusable)?;
        let lock = files::open_private(&dir.join("lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new(
                    Reason::DataDirectoryBusy,
                    "another process has the event log open",
                )
                .with_remedy("stop the other process, or use another data directory"));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let mut topics = HashMap::new();
        for entry in fs::read_dir(&dir).map_err(unusable)? {
            let entry = entry.map_err(unusable)?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| files::is_plain_name(name)) else {
                continue;
            };
            if entry.file_type().map_err(unusable)?.is_dir() {
                let topic = Topic::open(name, &entry.path(), options)?;
                topics.insert(name.to_owned(), Arc::new(topic));
            }
        }
        Ok(Self {
            inner: Arc::new(Inner {
                dir,
                options,
                clock,
                topics: Mutex::new(topics),
                _lock: lock,
            }),
        })
    }
}

impl Inner {
    fn topic_dir(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The topic, made if needed. Blocks on files.
    fn topic(&self, name: &str) -> Result<Arc<Topic>, Failure> {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(topic) = topics.get(name) {
            return Ok(Arc::clone(topic));
        }
        let topic = Arc::new(Topic::open(name, &self.topic_dir(name), self.options)?);
        // The name of the topic's directory must survive a crash like the events in it.
        files::sync_dir(&self.dir).map_err(Failure::internal)?;
        topics.insert(name.to_owned(), Arc::clone(&topic));
        Ok(topic)
    }
}

#[async_trait]
impl EventLog for FileEventLog {
    async fn append(&self, topic: &str, events: Vec<EventRecord>) -> Result<(), Failure> {
        check_topic(topic, &events)?;
        if events.is_empty() {
            return Ok(());
        }
        let (inner, name) = (Arc::clone(&self.inner), topic.to_owned());
        blocking(move || inner.topic(&name)?.append(events, inner.clock.now())).await
    }

    async fn read(&self, topic: &str, from: &Cursor, limit: usize) -> Result<Batch, Failure> {
        check_name("topic", topic)?;
        let (inner, name, from) = (Arc::clone(&self.inner), topic.to_owned(), from.clone());
        blocking(move || {
            let Records {
                events,
                next,
                skipped,
            } = inner.topic(&name)?.read(from.next(0), limit)?;
            Ok(Batch {
                events,
                next: from.with_next(0, next),
                skipped,
            })
        })
        .await
    }

    async fn wait(&self, topic: &str, from: &Cursor) -> Result<(), Failure> {
        check_name("topic", topic)?;
        let (inner, name) = (Arc::clone(&self.inner), topic.to_owned());
        let topic = blocking(move || inner.topic(&name)).await?;
        let from = from.next(0);
        topic
            .watch_end()
            .wait_for(|end| *end > from)
            .await
            .map(drop)
            .map_err(Failure::internal)
    }

    async fn end(&self, topic: &str) -> Result<Cursor, Failure> {
        check_name("topic", topic)?;
        let (inner, name) = (Arc::clone(&self.inner), topic.to_owned());
        let topic = blocking(move || inner.topic(&name)).await?;
        let end = *topic.watch_end().borrow();
        Ok(Cursor::beginning().with_next(0, end))
    }

    async fn commit(&self, topic: &str, consumer: &str, next: &Cursor) -> Result<(), Failure> {
        check_name("topic", topic)?;
        check_name("consumer", consumer)?;
        let (inner, next) = (Arc::clone(&self.inner), next.clone());
        let (topic, consumer) = (topic.to_owned(), consumer.to_owned());
        blocking(move || {
            inner.topic(&topic)?;
            cursors::store(&topic, &inner.topic_dir(&topic), &consumer, &next)
        })
        .await
    }

    async fn committed(&self, topic: &str, consumer: &str) -> Result<Cursor, Failure> {
        check_name("topic", topic)?;
        check_name("consumer", consumer)?;
        let (inner, topic, consumer) = (Arc::clone(&self.inner), topic.to_owned(), consumer.to_owned());
        blocking(move || cursors::load(&topic, &inner.topic_dir(&topic), &consumer)).await
    }
}

/// Runs file work off the async threads. It runs to its end even when the caller goes away.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(Failure::internal(stopped)))
}

/// Where the files of `topic` are, for tools and tests.
impl FileEventLog {
    /// Directory of a topic under the directory of the log.
    pub fn topic_path(dir: &Path, topic: &str) -> PathBuf {
        dir.join(topic)
    }
}
