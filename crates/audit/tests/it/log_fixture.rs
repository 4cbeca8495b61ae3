//! Logs with plausible contents, on a directory of their own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use datawave_audit::log::{
    Entry, Hash, IndexRow, Log, Report, SavedCheckpoint, load_or_create_signer, verify,
};
use datawave_core::{AuditRecord, Timestamp, Verdict};
use tempfile::TempDir;

pub(crate) const SERVICES: [&str; 3] = ["catalog", "scans", "classification"];

/// The record number `n` of the test; `twist` makes another record of the same number.
pub(crate) fn record(n: u64, service: &str, twist: &str) -> AuditRecord {
    AuditRecord {
        id: format!("aud_{n:026}"),
        time: Timestamp::from_micros(1_795_000_000_000_000 + n as i64 * 1_000),
        tenant: "default".to_owned(),
        service: service.to_owned(),
        subject: format!("user:u{}{twist}", n % 7),
        origin: None,
        method: format!("datawave.{service}.v1.Service/Act"),
        permission: format!("{service}.things.act"),
        verdict: if n.is_multiple_of(5) {
            Verdict::Deny
        } else {
            Verdict::Allow
        },
        resource: format!("things/thi_{}", n % 11),
        action: "updated".to_owned(),
        policies: vec!["steward".to_owned()],
        policy_revision: 3,
        request_id: format!("req_{n}"),
        trace_id: None,
        details: BTreeMap::new(),
    }
}

/// Links `records` (service and bytes) into the chains of their services.
pub(crate) fn chained(records: &[(String, Vec<u8>)]) -> Vec<Entry> {
    let mut ends: BTreeMap<String, (u64, Hash)> = BTreeMap::new();
    let link = |(service, record): &(String, Vec<u8>)| {
        let (sequence, previous) = ends.get(service).copied().unwrap_or_default();
        let entry = Entry {
            service: service.clone(),
            sequence: sequence + 1,
            previous,
            record: record.clone(),
        };
        ends.insert(service.clone(), (entry.sequence, entry.hash()));
        entry
    };
    records.iter().map(link).collect()
}

pub(crate) fn records(count: u64) -> Vec<(String, Vec<u8>)> {
    (0..count)
        .map(|n| {
            let service = SERVICES[(n * n % 3) as usize];
            (service.to_owned(), record(n, service, "").canonical_bytes())
        })
        .collect()
}

pub(crate) fn entries(count: u64) -> Vec<Entry> {
    chained(&records(count))
}

pub(crate) fn encoded(entries: &[Entry]) -> Vec<Vec<u8>> {
    entries.iter().map(|entry| entry.encode().unwrap()).collect()
}

pub(crate) fn rows(entries: &[Entry]) -> Vec<IndexRow> {
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| IndexRow::of(index as u64, entry).unwrap())
        .collect()
}

/// A folder with a log and its key.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        // Tests flush thousands of files; memory does that faster than a disk.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        Self {
            folder: folder.unwrap(),
        }
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("signer.key")
    }

    pub(crate) fn open(&self) -> Log {
        Log::open(
            &self.log(),
            load_or_create_signer(&self.key(), Some("audit.test")).unwrap(),
        )
        .unwrap()
    }

    /// A log with `entries`, written in batches of `batch`.
    pub(crate) fn with(entries: &[Entry], batch: usize) -> Self {
        let place = Self::new();
        let mut log = place.open();
        for batch in encoded(entries).chunks(batch) {
            log.append(batch).unwrap();
        }
        place
    }

    /// A second folder with the same files, key included.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        copy_folder(self.folder.path(), copy.folder.path());
        copy
    }

    pub(crate) fn verify(&self, rows: Option<&[IndexRow]>, saved: Option<&SavedCheckpoint>) -> Report {
        let mut rows = rows.map(|rows| rows.iter().cloned().map(Ok));
        verify(&self.log(), rows.as_mut().map(|rows| rows as _), saved).unwrap()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), &to).unwrap();
        }
    }
}
