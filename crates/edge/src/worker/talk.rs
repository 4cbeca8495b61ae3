//! Orders to a child and what comes back.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_facts::{CostFact, EngineFact, Fact, TableFact, TablePath, VerdictFact};
use secrecy::{ExposeSecret, SecretString};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::stderr::LastWords;
use crate::site_key::SiteKey;
use crate::wire::{self, Frame, FrameReader, Job, Order, PROTOCOL, StepReport};

/// Most verdicts that one table can have; no engine has tables this wide.
const VERDICTS: usize = 40_000;

/// How long a dead child's remains are waited for.
const REMAINS: Duration = Duration::from_secs(2);

/// A running child. Dropping it kills the process.
pub(crate) struct Worker {
    process: Child,
    orders: ChildStdin,
    frames: FrameReader<ChildStdout>,
    last_words: JoinHandle<LastWords>,
    memory_bytes: u64,
    site_key: SiteKey,
    engine_version: String,
}

/// How an order ended other than well.
#[derive(Debug)]
pub(crate) enum WorkerError {
    /// The child is dead, or not to be trusted any more: drop it and start another.
    Lost(Failure),
    /// The order failed; the child can go on.
    Failed(Failure),
}

impl WorkerError {
    /// The failure behind it.
    pub(crate) fn into_failure(self) -> Failure {
        match self {
            Self::Lost(failure) | Self::Failed(failure) => failure,
        }
    }
}

/// What was read of a table.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Verdicts by column.
    pub(crate) verdicts: HashMap<String, VerdictFact>,
    /// What it cost.
    pub(crate) cost: CostFact,
    /// Set when the table as a whole failed; the verdicts then say the same per column.
    pub(crate) failure: Option<Failure>,
}

/// The tables of a catalogue as they come in.
pub(crate) struct Tables<'a> {
    worker: &'a mut Worker,
    deadline: Instant,
    cost: CostFact,
}

impl Tables<'_> {
    /// The next table; `None` after the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<TableFact>, WorkerError> {
        loop {
            match self.worker.answer(self.deadline).await? {
                Some(Frame::Fact {
                    fact: Fact::Table(table),
                }) => return Ok(Some(table)),
                Some(Frame::Fact {
                    fact: Fact::Cost(cost),
                }) => self.cost = cost,
                Some(_) => return Err(WorkerError::Lost(broken_rules())),
                None => return Ok(None),
            }
        }
    }

    /// What it cost the source; known after the last table.
    pub(crate) fn cost(&self) -> CostFact {
        self.cost
    }
}

impl Worker {
    pub(super) fn new(
        process: Child,
        orders: ChildStdin,
        frames: ChildStdout,
        last_words: JoinHandle<LastWords>,
        memory_bytes: u64,
        site_key: SiteKey,
    ) -> Self {
        Self {
            process,
            orders,
            frames: FrameReader::new(frames),
            last_words,
            memory_bytes,
            site_key,
            engine_version: String::new(),
        }
    }

    /// Lets the child confine itself.
    pub(super) async fn begin(&mut self, deadline: Instant) -> Result<(), Failure> {
        let order = Order::Begin {
            memory_bytes: self.memory_bytes,
        };
        self.send(&order, &[], deadline)
            .await
            .map_err(WorkerError::into_failure)?;
        match self.next(deadline).await.map_err(WorkerError::into_failure)? {
            Frame::Hello {
                protocol: PROTOCOL,
                engine_version,
            } => {
                self.engine_version = engine_version;
                Ok(())
            }
            _ => Err(broken_rules()),
        }
    }

    /// Version of engine and catalogue of detection.
    pub(crate) fn engine_version(&self) -> &str {
        &self.engine_version
    }

    /// Connects to a source.
    pub(crate) async fn open(
        &mut self,
        job: Job,
        password: Option<&SecretString>,
        deadline: Instant,
    ) -> Result<EngineFact, WorkerError> {
        let site_key = self.site_key.clone();
        let mut secrets: Vec<&[u8]> = vec![&**site_key];
        secrets.extend(password.map(|p| p.expose_secret().as_bytes()));
        self.send(&Order::Open { job }, &secrets, deadline).await?;
        let mut engine = None;
        while let Some(frame) = self.answer(deadline).await? {
            match frame {
                Frame::Fact {
                    fact: Fact::Engine(fact),
                } => engine = Some(fact),
                _ => return Err(WorkerError::Lost(broken_rules())),
            }
        }
        engine.ok_or_else(|| WorkerError::Lost(broken_rules()))
    }

    /// Reads the catalogue without reporting it, so that tables can be read.
    pub(crate) async fn rediscover(&mut self, deadline: Instant) -> Result<(), WorkerError> {
        self.send(&Order::Discover { report: false }, &[], deadline)
            .await?;
        while let Some(frame) = self.answer(deadline).await? {
            if !matches!(frame, Frame::Fact { fact: Fact::Cost(_) }) {
                return Err(WorkerError::Lost(broken_rules()));
            }
        }
        Ok(())
    }

    /// Begins to read the catalogue; the tables come from what is returned.
    pub(crate) async fn discover(&mut self, deadline: Instant) -> Result<Tables<'_>, WorkerError> {
        self.send(&Order::Discover { report: true }, &[], deadline)
            .await?;
        Ok(Tables {
            worker: self,
            deadline,
            cost: CostFact::default(),
        })
    }

    /// Reads and judges one table. A table that failed is a reading with a failure; an error means that the
    /// child is lost.
    pub(crate) async fn read(&mut self, path: &TablePath, deadline: Instant) -> Result<Reading, WorkerError> {
        self.send(&Order::Read { path: path.clone() }, &[], deadline)
            .await?;
        let mut reading = Reading::default();
        loop {
            match self.answer(deadline).await {
                Ok(Some(Frame::Fact {
                    fact: Fact::Verdict(verdict),
                })) if verdict.path == *path && reading.verdicts.len() < VERDICTS => {
                    reading.verdicts.insert(verdict.column.clone(), verdict);
                }
                Ok(Some(Frame::Fact {
                    fact: Fact::Cost(cost),
                })) => reading.cost = cost,
                Ok(Some(_)) => return Err(WorkerError::Lost(broken_rules())),
                Ok(None) => return Ok(reading),
                Err(WorkerError::Failed(failure)) => {
                    reading.failure = Some(failure);
                    return Ok(reading);
                }
                Err(other) => return Err(other),
            }
        }
    }

    /// Begins a step-by-step test; its steps come from [`Self::step`].
    pub(crate) async fn test(
        &mut self,
        job: Job,
        password: Option<&SecretString>,
        deadline: Instant,
    ) -> Result<(), WorkerError> {
        let secret: Vec<&[u8]> = password
            .map(|p| p.expose_secret().as_bytes())
            .into_iter()
            .collect();
        self.send(&Order::Test { job }, &secret, deadline).await
    }

    /// The next step; `None` after the last one.
    pub(crate) async fn step(&mut self, deadline: Instant) -> Result<Option<StepReport>, WorkerError> {
        match self.answer(deadline).await? {
            Some(Frame::Step { step }) => Ok(Some(step)),
            Some(_) => Err(WorkerError::Lost(broken_rules())),
            None => Ok(None),
        }
    }

    async fn send(&mut self, order: &Order, secrets: &[&[u8]], deadline: Instant) -> Result<(), WorkerError> {
        let sent = timeout_at(deadline, async {
            wire::write_order(&mut self.orders, order).await?;
            for secret in secrets {
                wire::write_octets(&mut self.orders, secret).await?;
            }
            Ok::<_, io::Error>(())
        })
        .await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(WorkerError::Lost(self.post_mortem().await)),
            Err(_) => Err(WorkerError::Lost(too_slow())),
        }
    }

    /// The next frame of the order at hand; `None` when it has ended well.
    async fn answer(&mut self, deadline: Instant) -> Result<Option<Frame>, WorkerError> {
        match self.next(deadline).await? {
            Frame::Done { trouble: None } => Ok(None),
            Frame::Done {
                trouble: Some(trouble),
            } => Err(WorkerError::Failed(trouble.into())),
            frame => Ok(Some(frame)),
        }
    }

    async fn next(&mut self, deadline: Instant) -> Result<Frame, WorkerError> {
        match timeout_at(deadline, self.frames.next()).await {
            Ok(Ok(Some(frame))) => Ok(frame),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                Err(WorkerError::Lost(broken_rules().with_source(error)))
            }
            Ok(_) => Err(WorkerError::Lost(self.post_mortem().await)),
            Err(_) => Err(WorkerError::Lost(too_slow())),
        }
    }

    /// What a dead child died of, as far as it can be known.
    async fn post_mortem(&mut self) -> Failure {
        // It has closed its pipes, so it is dead or as good as.
        let _ = self.process.start_kill();
        let status = timeout(REMAINS, self.process.wait())
            .await
            .ok()
            .and_then(Result::ok);
        let words = match timeout(REMAINS, &mut self.last_words).await {
            Ok(Ok(words)) => words,
            _ => LastWords::default(),
        };
        let failure = if words.out_of_memory {
            Failure::new(
                Reason::ScanWorkerLost,
                format!(
                    "the scan's child process ran out of its memory limit of {} MiB",
                    self.memory_bytes >> 20
                ),
            )
            .with_remedy("leave out the table with an exclude pattern, or raise edge.child_memory_bytes")
        } else {
            Failure::new(Reason::ScanWorkerLost, "the scan's child process died").with_remedy(
                "resume the scan; if it dies again on the same table, leave that out with an exclude pattern",
            )
        };
        let place = words
            .panic_at
            .map(|place| format!(", panicked at {place}"))
            .unwrap_or_default();
        let status = status.map_or_else(|| "not known".to_owned(), |status| status.to_string());
        failure.with_source(io::Error::other(format!("status of the child: {status}{place}")))
    }
}

fn too_slow() -> Failure {
    Failure::new(
        Reason::SourceTimeout,
        "the source did not answer in the time that it had",
    )
    .with_remedy("try again when the source is less busy, or leave the table out with an exclude pattern")
}

/// The child said something that does not answer its order: whatever it is, it is no child of ours any more.
fn broken_rules() -> Failure {
    Failure::new(
        Reason::ScanWorkerLost,
        "the scan's child process sent what no child sends",
    )
    .with_remedy("resume the scan; if it happens again, report it with the log line of the scan")
}
