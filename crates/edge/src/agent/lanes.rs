//! Reading tables: each lane has a child of its own and takes the next table that is left.

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use datawave_core::{Failure, Reason};
use datawave_facts::TablePath;
use datawave_uplink::{LinkError, PendingTable};
use tokio::time::Instant;

use super::halt::Shared;
use super::scan::{Plan, ScanEnd};
use super::{Agent, log, report};
use crate::worker::{Reading, Worker, WorkerError};

/// How often a table is tried when the child dies on it: once more, because the death may have had another cause.
const TRIES: u32 = 2;

/// Tables asked for at one time.
const PAGE: u16 = 50;

/// A scan in its reading phase.
pub(super) struct Reader<'a> {
    pub(super) agent: &'a Agent,
    pub(super) plan: &'a Plan<'a>,
    pub(super) shared: &'a Shared,
    /// Version of engine and catalogue of detection, for what no child could judge.
    pub(super) engine_version: String,
    pub(super) losses: AtomicU32,
}

impl Reader<'_> {
    /// Reads every pending table. `first` is the child that has read the catalogue.
    pub(super) async fn read_all(&self, first: Worker) -> Result<(), ScanEnd> {
        let mut lanes: Vec<Option<Worker>> = vec![Some(first)];
        lanes.resize_with(self.agent.config.tables_in_parallel, || None);
        let mut delivered = HashSet::new();
        loop {
            let page = self.agent.uplink.pending(self.plan.lease(), PAGE, "").await?;
            if page.tables.is_empty() {
                return Ok(());
            }
            if page.tables.iter().any(|table| delivered.contains(&table.path)) {
                // The centre took a result and still wants the table: going on would never end.
                return Err(ScanEnd::Failed(Failure::internal(std::io::Error::other(
                    "a table is pending after its result was taken",
                ))));
            }
            delivered.extend(page.tables.iter().map(|table| table.path.clone()));
            let queue = Mutex::new(VecDeque::from(page.tables));
            futures::future::try_join_all(lanes.iter_mut().map(|lane| self.drain(lane, &queue))).await?;
        }
    }

    async fn drain(
        &self,
        lane: &mut Option<Worker>,
        queue: &Mutex<VecDeque<PendingTable>>,
    ) -> Result<(), ScanEnd> {
        loop {
            // A lock is poisoned by a panic of its holder only, and the holder only pops.
            let next = queue.lock().ok().and_then(|mut queue| queue.pop_front());
            let Some(table) = next else { return Ok(()) };
            self.shared.reading(Some(&table.path));
            let mut reading = self.read(lane, &table.path).await?;
            let failure = reading.failure.take();
            if let Some(failure) = &failure {
                log(failure, "a table could not be read");
            }
            let result = report::of_reading(
                self.plan.source(),
                &table,
                reading,
                &self.engine_version,
                failure.as_ref(),
            );
            let directive = self
                .agent
                .uplink
                .submit_result(self.plan.lease(), &result)
                .await?;
            self.shared.heed(directive);
        }
    }

    /// Reads one table, with another child should the first one die. The failure of a table is part of its
    /// reading; an error ends the scan.
    async fn read(&self, lane: &mut Option<Worker>, path: &TablePath) -> Result<Reading, ScanEnd> {
        let mut tries = 0;
        loop {
            tries += 1;
            let failure = match self.attempt(lane, path).await? {
                Ok(reading) => return Ok(reading),
                Err(lost) => lost,
            };
            let losses = self.losses.fetch_add(1, Ordering::Relaxed) + 1;
            if losses > self.agent.config.child_losses {
                return Err(ScanEnd::Failed(too_many(losses)));
            }
            if failure.reason() != Reason::ScanWorkerLost || tries >= TRIES {
                return Ok(Reading {
                    failure: Some(failure),
                    ..Reading::default()
                });
            }
            log(&failure, "a scan child died; its table is tried once more");
        }
    }

    /// One try. The inner error is that of a child that was lost, while it read or before it could.
    async fn attempt(
        &self,
        lane: &mut Option<Worker>,
        path: &TablePath,
    ) -> Result<Result<Reading, Failure>, ScanEnd> {
        let mut worker = match lane.take() {
            Some(worker) => worker,
            None => match self.plan.connected_again(self.agent).await {
                Ok(worker) => worker,
                Err(failure) if failure.reason() == Reason::ScanWorkerLost => return Ok(Err(failure)),
                // The source itself does not want us any more.
                Err(failure) => return Err(ScanEnd::Failed(failure)),
            },
        };
        let deadline = Instant::now() + self.agent.config.table_timeout;
        match worker.read(path, deadline).await {
            Ok(reading) => {
                *lane = Some(worker);
                Ok(Ok(reading))
            }
            // The worker is dropped, and with it the child and its connection.
            Err(WorkerError::Lost(failure)) => Ok(Err(failure)),
            Err(WorkerError::Failed(failure)) => Err(ScanEnd::Failed(failure)),
        }
    }
}

fn too_many(losses: u32) -> Failure {
    Failure::new(
        Reason::ScanWorkerLost,
        format!("the scan's child process died {losses} times"),
    )
    .with_remedy(
        "see in the log which tables it died on and leave them out with exclude patterns, or raise \
         edge.child_memory_bytes; then resume the scan",
    )
}

impl From<LinkError> for ScanEnd {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::LeaseLost(_) => Self::LeaseLost,
            LinkError::Away(failure) => Self::CentreAway(failure),
            LinkError::Refused(failure) => Self::Failed(failure),
        }
    }
}
