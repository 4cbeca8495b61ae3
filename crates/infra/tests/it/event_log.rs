use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datawave_core::{EventRecord, Failure, ManualClock, Reason, Timestamp};
use datawave_infra::conformance::{
    self,
    event_log::{event, read_all},
};
use datawave_infra::event_log::{Cursor, EventLog, FileEventLog, LogOptions, consume};
use proptest::prelude::*;

const TOPIC: &str = "catalog";

async fn open(dir: &Path, options: LogOptions) -> Result<FileEventLog, Failure> {
    let clock = ManualClock::starting_at(Timestamp::from_micros(1_700_000_000_000_000));
    FileEventLog::open(dir, options, Arc::new(clock)).await
}

/// Files of a few events each.
fn small() -> LogOptions {
    LogOptions {
        segment_bytes: 1_000,
        ..LogOptions::default()
    }
}

fn events(numbers: std::ops::Range<u32>) -> Vec<EventRecord> {
    numbers
        .map(|number| event(TOPIC, format!("evt_{number:04}"), "k"))
        .collect()
}

async fn append_each(log: &FileEventLog, numbers: std::ops::Range<u32>) {
    for record in events(numbers) {
        log.append(TOPIC, vec![record]).await.unwrap();
    }
}

/// Segments of the topic, oldest first.
fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(FileEventLog::topic_path(dir, TOPIC))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "seg"))
        .collect();
    paths.sort();
    paths
}

async fn reopened(dir: &Path) -> Result<Vec<EventRecord>, Failure> {
    let log = open(dir, small()).await?;
    let mut cursor = Cursor::beginning();
    let mut read = Vec::new();
    loop {
        let batch = log.read(TOPIC, &cursor, 100).await?;
        if batch.events.is_empty() {
            return Ok(read);
        }
        read.extend(batch.events);
        cursor = batch.next;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_log_conforms() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), LogOptions::default()).await.unwrap();
    conformance::event_log::all(Arc::new(log)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_log_conforms_with_tiny_files() {
    let dir = tempfile::tempdir().unwrap();
    let options = LogOptions {
        segment_bytes: 1,
        ..LogOptions::default()
    };
    conformance::event_log::all(Arc::new(open(dir.path(), options).await.unwrap())).await;
}

#[tokio::test]
async fn events_cursors_and_known_ids_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    {
        let log = open(dir.path(), small()).await.unwrap();
        append_each(&log, 0..30).await;
        let part = log.read(TOPIC, &Cursor::beginning(), 12).await.unwrap();
        log.commit(TOPIC, "projection", &part.next).await.unwrap();
    }
    assert!(segments(dir.path()).len() > 3);
    let log = open(dir.path(), small()).await.unwrap();
    append_each(&log, 0..31).await;
    let place = log.committed(TOPIC, "projection").await.unwrap();
    assert_eq!(read_all(&log, TOPIC, place).await.0, events(12..31));
}

#[tokio::test]
async fn events_older_than_the_known_window_are_still_read_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let options = LogOptions {
        dedup_window: 3,
        ..small()
    };
    append_each(&open(dir.path(), options).await.unwrap(), 0..30).await;
    let log = open(dir.path(), options).await.unwrap();
    assert_eq!(read_all(&log, TOPIC, Cursor::beginning()).await.0, events(0..30));
    let middle = Cursor::beginning().with_next(0, 7);
    assert_eq!(read_all(&log, TOPIC, middle).await.0, events(7..30));
}

#[tokio::test]
async fn files_are_for_their_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("events");
    let log = open(&root, small()).await.unwrap();
    append_each(&log, 0..10).await;
    log.commit(TOPIC, "c", &Cursor::beginning()).await.unwrap();
    let mut pending = vec![root];
    while let Some(path) = pending.pop() {
        let metadata = fs::metadata(&path).unwrap();
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(
            metadata.permissions().mode() & 0o777,
            expected,
            "{}",
            path.display()
        );
        if metadata.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
}

#[tokio::test]
async fn a_log_that_is_open_elsewhere_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let _first = open(dir.path(), small()).await.unwrap();
    let refused = open(dir.path(), small()).await.err().unwrap();
    assert_eq!(refused.reason(), Reason::DataDirectoryBusy);
}

/// A topic with two events and, unless it was torn, a third of about 2 KB. Answers the topic's file with two
/// events and with three.
async fn two_and_three_events(dir: &Path) -> (PathBuf, Vec<u8>, Vec<u8>) {
    append_each(&open(dir, LogOptions::default()).await.unwrap(), 0..2).await;
    let path = segments(dir).pop().unwrap();
    let two = fs::read(&path).unwrap();
    let log = open(dir, LogOptions::default()).await.unwrap();
    log.append(TOPIC, vec![third()]).await.unwrap();
    let three = fs::read(&path).unwrap();
    (path, two, three)
}

fn third() -> EventRecord {
    EventRecord {
        payload: vec![7; 2_000],
        ..event(TOPIC, "evt_third", "k")
    }
}

/// Opens the log with `content` as its file: the first two events are there, and the log goes on.
async fn expect_only_the_third_is_lost(dir: &Path, path: &Path, content: &[u8], how: &str) {
    fs::write(path, content).unwrap();
    let log = open(dir, LogOptions::default())
        .await
        .unwrap_or_else(|failure| panic!("{how}: {failure}"));
    assert_eq!(
        read_all(&log, TOPIC, Cursor::beginning()).await.0,
        events(0..2),
        "{how}"
    );
    log.append(TOPIC, vec![third()]).await.unwrap();
    let all = [events(0..2), vec![third()]].concat();
    assert_eq!(read_all(&log, TOPIC, Cursor::beginning()).await.0, all, "{how}");
}

#[tokio::test]
async fn a_tail_cut_at_any_byte_loses_only_the_unfinished_append() {
    let dir = tempfile::tempdir().unwrap();
    let (path, two, three) = two_and_three_events(dir.path()).await;
    for length in (two.len()..three.len()).step_by(7) {
        expect_only_the_third_is_lost(dir.path(), &path, &three[..length], &format!("{length}")).await;
    }
    for length in 0..16 {
        fs::write(&path, &two[..length]).unwrap();
        let log = open(dir.path(), LogOptions::default()).await.unwrap();
        assert_eq!(read_all(&log, TOPIC, Cursor::beginning()).await.0, []);
    }
}

#[tokio::test]
async fn sectors_that_were_never_written_lose_only_the_unfinished_append() {
    let dir = tempfile::tempdir().unwrap();
    let (path, two, three) = two_and_three_events(dir.path()).await;
    let sectors: Vec<_> = (two.len() / 512..three.len().div_ceil(512))
        .map(|sector| (sector * 512).max(two.len())..((sector + 1) * 512).min(three.len()))
        .collect();
    assert!(sectors.len() > 3);
    // Every choice of sectors that a crash may have left out.
    for choice in 1..1_u32 << sectors.len() {
        let mut torn = three.clone();
        for (number, range) in sectors.iter().enumerate() {
            if choice & (1 << number) != 0 {
                torn[range.clone()].fill(0);
            }
        }
        expect_only_the_third_is_lost(dir.path(), &path, &torn, &format!("{choice:b}")).await;
    }
}

#[tokio::test]
async fn a_changed_byte_anywhere_in_what_was_acknowledged_is_found() {
    let dir = tempfile::tempdir().unwrap();
    append_each(&open(dir.path(), small()).await.unwrap(), 0..20).await;
    assert_eq!(reopened(dir.path()).await.unwrap(), events(0..20));
    let paths = segments(dir.path());
    assert!(paths.len() >= 3);
    for path in [&paths[0], &paths[1], paths.last().unwrap()] {
        let good = fs::read(path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            fs::write(path, &bad).unwrap();
            let failure = reopened(dir.path()).await.unwrap_err();
            // Byte 7 of a file is its version: 0x41 is a newer one.
            let expected = if at == 7 {
                Reason::DataDirectoryTooNew
            } else {
                Reason::StoreCorrupt
            };
            assert_eq!(failure.reason(), expected, "{} byte {at}", path.display());
            assert!(failure.remedy().is_some());
        }
        fs::write(path, &good).unwrap();
    }
}

#[tokio::test]
async fn a_lost_cut_or_exchanged_file_in_the_middle_is_found() {
    let dir = tempfile::tempdir().unwrap();
    append_each(&open(dir.path(), small()).await.unwrap(), 0..20).await;
    let paths = segments(dir.path());
    let middle = fs::read(&paths[1]).unwrap();
    fs::remove_file(&paths[1]).unwrap();
    assert_eq!(
        reopened(dir.path()).await.unwrap_err().reason(),
        Reason::StoreCorrupt
    );
    fs::write(&paths[1], &middle[..middle.len() - 1]).unwrap();
    assert_eq!(
        reopened(dir.path()).await.unwrap_err().reason(),
        Reason::StoreCorrupt
    );
    fs::copy(&paths[0], &paths[1]).unwrap();
    assert_eq!(
        reopened(dir.path()).await.unwrap_err().reason(),
        Reason::StoreCorrupt
    );
    fs::write(&paths[1], &middle).unwrap();
    assert_eq!(reopened(dir.path()).await.unwrap(), events(0..20));
}

#[tokio::test]
async fn damage_in_a_file_that_is_not_read_at_start_is_found_when_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let options = LogOptions {
        dedup_window: 1,
        ..small()
    };
    append_each(&open(dir.path(), options).await.unwrap(), 0..20).await;
    let oldest = segments(dir.path()).remove(0);
    let mut bytes = fs::read(&oldest).unwrap();
    bytes[100] ^= 1;
    fs::write(&oldest, bytes).unwrap();
    let log = open(dir.path(), options).await.unwrap();
    let failure = log.read(TOPIC, &Cursor::beginning(), 1).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::StoreCorrupt);
}

#[tokio::test]
async fn a_damaged_cursor_is_reported_and_not_taken_for_the_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), small()).await.unwrap();
    append_each(&log, 0..3).await;
    log.commit(TOPIC, "c", &Cursor::beginning().with_next(0, 2))
        .await
        .unwrap();
    let path = FileEventLog::topic_path(dir.path(), TOPIC).join("consumers/c");
    for content in ["0:", "0:2", "x\n", "0:2\n0:3\n", ""] {
        fs::write(&path, content).unwrap();
        let failure = log.committed(TOPIC, "c").await.unwrap_err();
        assert_eq!(failure.reason(), Reason::StoreCorrupt, "{content:?}");
    }
}

#[tokio::test]
async fn retention_by_size_removes_the_oldest_files_and_says_how_many_events_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    let options = LogOptions {
        retain_bytes: 3_000,
        ..small()
    };
    let log = open(dir.path(), options).await.unwrap();
    append_each(&log, 0..100).await;
    let stored: u64 = segments(dir.path())
        .iter()
        .map(|path| fs::metadata(path).unwrap().len())
        .sum();
    assert!(stored < 3_000 + 2 * 1_500, "{stored}");
    let batch = log.read(TOPIC, &Cursor::beginning(), 1_000).await.unwrap();
    assert!(batch.skipped > 0);
    let first = u32::try_from(batch.skipped).unwrap();
    assert_eq!(batch.events, events(first..100));
    // A consumer that is up to date notices nothing.
    let end = log.end(TOPIC).await.unwrap();
    append_each(&log, 100..101).await;
    let batch = log.read(TOPIC, &end, 10).await.unwrap();
    assert_eq!((batch.skipped, batch.events), (0, events(100..101)));
}

#[tokio::test]
async fn retention_by_age_removes_files_whose_newest_event_is_too_old() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::starting_at(Timestamp::from_micros(1_000_000)));
    let options = LogOptions {
        retain_age: Duration::from_secs(3600),
        ..small()
    };
    let log = FileEventLog::open(dir.path(), options, Arc::clone(&clock) as _)
        .await
        .unwrap();
    append_each(&log, 0..20).await;
    clock.advance(Duration::from_secs(3599));
    append_each(&log, 20..40).await;
    assert_eq!(log.read(TOPIC, &Cursor::beginning(), 1).await.unwrap().skipped, 0);
    clock.advance(Duration::from_secs(2));
    append_each(&log, 40..60).await;
    let batch = log.read(TOPIC, &Cursor::beginning(), 100).await.unwrap();
    assert!((1..=20).contains(&batch.skipped), "{}", batch.skipped);
    let first = u32::try_from(batch.skipped).unwrap();
    assert_eq!(batch.events, events(first..60));
}

#[tokio::test]
async fn an_event_that_is_too_large_is_refused_and_a_large_batch_is_split() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), LogOptions::default()).await.unwrap();
    let sized = |id: &str, bytes| EventRecord {
        payload: vec![1; bytes],
        ..event(TOPIC, id, "k")
    };
    let refused = log.append(TOPIC, vec![sized("a", 9 << 20)]).await.unwrap_err();
    assert_eq!(refused.reason(), Reason::TooLarge);
    let large = vec![sized("b", 5 << 20), sized("c", 5 << 20), sized("d", 10)];
    log.append(TOPIC, large.clone()).await.unwrap();
    assert_eq!(read_all(&log, TOPIC, Cursor::beginning()).await.0, large);
}

#[tokio::test]
async fn a_cursor_beyond_the_end_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), small()).await.unwrap();
    append_each(&log, 0..3).await;
    let beyond = Cursor::beginning().with_next(0, 4);
    let refused = log.read(TOPIC, &beyond, 1).await.unwrap_err();
    assert_eq!(refused.reason(), Reason::InvalidRequest);
}

#[tokio::test]
async fn a_consumer_gets_a_failed_batch_again_and_goes_on_where_it_committed() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), small()).await.unwrap();
    append_each(&log, 0..7).await;
    let deliveries = Arc::new(Mutex::new(Vec::new()));
    for _start in 0..2 {
        let (done, mut finished) = tokio::sync::mpsc::unbounded_channel();
        let failures = Mutex::new(2);
        let handle = |batch: datawave_infra::event_log::Batch| {
            let fails = {
                let mut left = failures.lock().unwrap();
                let fails = *left > 0;
                *left = i32::max(*left - 1, 0);
                fails
            };
            let (deliveries, done) = (Arc::clone(&deliveries), done.clone());
            async move {
                if fails {
                    return Err(Failure::new(Reason::DependencyUnavailable, "away"));
                }
                let last = batch.events.last().map(|event| event.id.clone());
                deliveries.lock().unwrap().extend(batch.events);
                done.send(last).unwrap();
                Ok(())
            }
        };
        tokio::select! {
            () = consume(&log, TOPIC, "projection", 3, handle) => unreachable!(),
            () = async {
                while let Some(last) = finished.recv().await {
                    let end = log.end(TOPIC).await.unwrap().next(0);
                    if last == Some(format!("evt_{:04}", end - 1)) { break; }
                }
                // The commit comes after the handler: wait for its effect.
                while log.committed(TOPIC, "projection").await.unwrap() != log.end(TOPIC).await.unwrap() {
                    tokio::task::yield_now().await;
                }
            } => {}
        }
        append_each(&log, 7..9).await;
    }
    assert_eq!(*deliveries.lock().unwrap(), events(0..9));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Against a plain list: whatever is appended, in whatever pieces, with restarts and repetitions.
    #[test]
    fn the_log_is_a_list_without_repetitions(
        batches in proptest::collection::vec((proptest::collection::vec(0_u32..40, 0..6), any::<bool>()), 1..20),
        segment_bytes in 1_u64..3_000,
        from in 0_u64..40,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let options = LogOptions { segment_bytes, ..LogOptions::default() };
            let mut log = open(dir.path(), options).await.unwrap();
            let mut model: Vec<EventRecord> = Vec::new();
            for (numbers, restart) in batches {
                let batch: Vec<_> = numbers.iter().flat_map(|number| events(*number..*number + 1)).collect();
                log.append(TOPIC, batch.clone()).await.unwrap();
                for record in batch {
                    if !model.contains(&record) {
                        model.push(record);
                    }
                }
                if restart {
                    drop(log);
                    log = open(dir.path(), options).await.unwrap();
                }
            }
            let from = from.min(model.len() as u64);
            let place = Cursor::beginning().with_next(0, from);
            let (read, end) = read_all(&log, TOPIC, place).await;
            assert_eq!(read, model[usize::try_from(from).unwrap()..]);
            assert_eq!(end.next(0), model.len() as u64);
        });
    }
}
