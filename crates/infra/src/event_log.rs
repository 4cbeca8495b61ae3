//! The event log: topics of events that are durable, ordered and read by consumers at their own pace.
//!
//! Services write events to the outbox of their database in the transaction of the change; a relay appends
//! them here, and consumers (projections, watches) read from here. Delivery is at least once: a consumer
//! commits its cursor after its work and deduplicates by event id.

mod codec;
mod consumer;
mod cursors;
mod files;
mod segment;
mod topic;

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use datawave_core::{EventRecord, Failure, Reason};

pub use consumer::consume;
pub use files::{FileEventLog, LogOptions};

/// A place in a topic: the next event to read, per partition. Opaque to callers; the text form is for
/// storage and for resume tokens.
///
/// The embedded log has one partition, Kafka several. A partition that the cursor does not name is read
/// from its beginning, so the default cursor is the beginning of the topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(BTreeMap<u32, u64>);

impl Cursor {
    /// The oldest event that is still kept.
    pub fn beginning() -> Self {
        Self::default()
    }

    /// Offset of the next event to read in `partition`.
    pub fn next(&self, partition: u32) -> u64 {
        self.0.get(&partition).copied().unwrap_or(0)
    }

    /// This cursor with another next offset in `partition`. For backends.
    #[must_use]
    pub fn with_next(mut self, partition: u32, offset: u64) -> Self {
        self.0.insert(partition, offset);
        self
    }

    /// Reads the text form. Anything else is `INVALID_REQUEST`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::invalid(
                "cursor",
                "is not a position in an event log; begin again without one",
            )
        };
        if text.len() > 4096 {
            return Err(wrong());
        }
        let mut partitions = BTreeMap::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (partition, offset) = part.split_once(':').ok_or_else(wrong)?;
            let partition = partition.parse().map_err(|_| wrong())?;
            let offset = offset.parse().map_err(|_| wrong())?;
            if partitions.insert(partition, offset).is_some() {
                return Err(wrong());
            }
        }
        Ok(Self(partitions))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (partition, offset)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{partition}:{offset}")?;
        }
        Ok(())
    }
}

/// What one read brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Events in order; of one key, in the order of appending.
    pub events: Vec<EventRecord>,
    /// Where to read on. Commit it once these events are dealt with.
    pub next: Cursor,
    /// How many events between the asked cursor and the first of these were removed by retention.
    /// A projection that sees more than zero has a gap and must be rebuilt from its source.
    pub skipped: u64,
}

/// A durable log of events in topics.
///
/// Topics are made by the first append. Names of topics and consumers are 1 to 128 of `a-z 0-9 _ - .`,
/// beginning with a letter or digit; others are `INVALID_REQUEST`.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Appends `events` in their order, after everything appended before. They are durable when it returns.
    ///
    /// Idempotent by event id within the recent past of the topic (32,768 events or more): an event that is
    /// there already is left out, so a relay may repeat a batch after any failure. On failure some of the
    /// events, always a prefix, may have been appended.
    ///
    /// Errors: `INVALID_REQUEST` when an event belongs to another topic, `TOO_LARGE`,
    /// `DEPENDENCY_UNAVAILABLE` when the log cannot be written.
    async fn append(&self, topic: &str, events: Vec<EventRecord>) -> Result<(), Failure>;

    /// Up to `limit` events from `from` on, possibly fewer; none only when there is nothing there yet.
    /// An unknown topic is empty.
    ///
    /// Errors: `STORE_CORRUPT` when a stored event does not match its digest or is missing.
    async fn read(&self, topic: &str, from: &Cursor, limit: usize) -> Result<Batch, Failure>;

    /// Returns when there is something to read at `from`. May wait for ever; drop it to stop.
    async fn wait(&self, topic: &str, from: &Cursor) -> Result<(), Failure>;

    /// The place after the newest event: reading there brings what is appended from now on.
    async fn end(&self, topic: &str) -> Result<Cursor, Failure>;

    /// Stores where `consumer` reads on, replacing what was stored. Durable when it returns. An earlier
    /// cursor is accepted: that is how a consumer starts over.
    async fn commit(&self, topic: &str, consumer: &str, next: &Cursor) -> Result<(), Failure>;

    /// Where `consumer` reads on; the beginning when it never committed.
    async fn committed(&self, topic: &str, consumer: &str) -> Result<Cursor, Failure>;
}

fn check_name(field: &str, name: &str) -> Result<(), Failure> {
    if crate::files::is_plain_name(name) {
        return Ok(());
    }
    Err(Failure::invalid(
        field,
        "must be 1 to 128 of a-z, 0-9, '_', '-', '.', beginning with a letter or digit",
    ))
}

fn check_topic(topic: &str, events: &[EventRecord]) -> Result<(), Failure> {
    check_name("topic", topic)?;
    match events.iter().find(|event| event.topic != topic) {
        None => Ok(()),
        Some(other) => Err(Failure::invalid(
            "events",
            format!(
                "event {} belongs to topic {}, not to {topic}",
                other.id, other.topic
            ),
        )),
    }
}

fn corrupt(topic: &str, what: impl fmt::Display) -> Failure {
    Failure::new(
        Reason::StoreCorrupt,
        format!("the event log of topic {topic} is damaged: {what}"),
    )
    .with_remedy(
        "stop the process, restore the event log from a backup or move its directory away; \
         projections are then rebuilt from the databases",
    )
}
