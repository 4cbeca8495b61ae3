//! One scan, from its lease to its end.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_infra::secrets::SecretRef;
use datawave_uplink::{Assignment, Lease};
use secrecy::SecretString;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::halt::{self, Halt, Shared};
use super::lanes::Reader;
use super::{Agent, log};
use crate::node::login;
use crate::wire::{Job, JobLimits};
use crate::worker::{Worker, WorkerError};

/// Time for the last word to the centre when the node is told to stop.
const LAST_WORD: Duration = Duration::from_secs(2);

/// Budgets where the centre states none.
const ROWS_PER_TABLE: u32 = 1_000;
const BYTES_PER_TABLE: u64 = 8 << 20;
const BYTES_PER_VALUE: u32 = 4_096;

/// Why a scan ended before all its tables were read.
#[derive(Debug)]
pub(super) enum ScanEnd {
    /// It failed as a whole.
    Failed(Failure),
    /// Somebody else has it now.
    LeaseLost,
    /// The centre was away for too long; the scan goes on when it is back.
    CentreAway(Failure),
}

/// What is needed to open the source, again and again if need be.
pub(super) struct Plan<'a> {
    assignment: &'a Assignment,
    job: Job,
    password: Option<SecretString>,
}

impl<'a> Plan<'a> {
    async fn make(agent: &Agent, assignment: &'a Assignment) -> Result<Self, Failure> {
        let password = match assignment.credential_ref.as_str() {
            "" => None,
            reference => Some(agent.secrets.resolve(&SecretRef::parse(reference)?).await?),
        };
        let budget = &assignment.budget;
        let or = |stated: Duration, default: Duration| if stated.is_zero() { default } else { stated };
        let job = Job {
            url: login::into_url(&assignment.url, &assignment.login),
            password: password.is_some(),
            include: assignment.include.clone(),
            exclude: assignment.exclude.clone(),
            limits: JobLimits {
                connect: agent.config.connect_timeout,
                statement: or(budget.statement_timeout, agent.config.statement_timeout),
                rows_per_table: if budget.rows_per_table == 0 {
                    ROWS_PER_TABLE
                } else {
                    budget.rows_per_table
                },
                bytes_per_table: if budget.bytes_per_table == 0 {
                    BYTES_PER_TABLE
                } else {
                    budget.bytes_per_table
                },
                bytes_per_value: if budget.bytes_per_value == 0 {
                    BYTES_PER_VALUE
                } else {
                    budget.bytes_per_value
                },
            },
            seed: assignment.seed,
        };
        Ok(Self {
            assignment,
            job,
            password,
        })
    }

    pub(super) fn lease(&self) -> &Lease {
        &self.assignment.lease
    }

    pub(super) fn source(&self) -> &str {
        &self.assignment.source
    }

    /// A child that is connected to the source.
    async fn connected(&self, agent: &Agent) -> Result<(Worker, datawave_facts::EngineFact), Failure> {
        let mut worker = agent.launcher.start().await?;
        // The child keeps the deadline of the connection by itself; ours stands behind it, for a child that hangs.
        let deadline = Instant::now() + agent.config.connect_timeout + agent.config.start_timeout;
        let engine = worker
            .open(self.job.clone(), self.password.as_ref(), deadline)
            .await
            .map_err(WorkerError::into_failure)?;
        Ok((worker, engine))
    }

    /// A child that is connected and knows the catalogue, in place of one that was lost.
    pub(super) async fn connected_again(&self, agent: &Agent) -> Result<Worker, Failure> {
        let (mut worker, _) = self.connected(agent).await?;
        let deadline = Instant::now() + agent.config.discovery_timeout;
        worker
            .rediscover(deadline)
            .await
            .map_err(WorkerError::into_failure)?;
        Ok(worker)
    }
}

/// Carries a scan out and tells the centre how it ended.
pub(super) async fn carry_out(agent: &Agent, assignment: &Assignment, stop: &CancellationToken) {
    let lease = &assignment.lease;
    tracing::info!(scan = lease.scan, attempt = assignment.attempt, "scan begun");
    let begun = Instant::now();
    let shared = Shared::new();
    let ended = tokio::select! {
        ended = bounded(agent, assignment, &shared) => ended,
        halt = shared.halted() => match halt {
            Halt::Cancel => Err(ScanEnd::Failed(cancelled())),
            Halt::LeaseLost => Err(ScanEnd::LeaseLost),
        },
        () = halt::keep(&agent.uplink, lease, assignment.lease_time, &shared) => Err(ScanEnd::LeaseLost),
        () = stop.cancelled() => {
            // Without an error, a scan with tables left goes back to the queue at the centre.
            if timeout(LAST_WORD, agent.uplink.finish(lease, None)).await.is_err() {
                tracing::warn!(scan = lease.scan, "the centre could not be told that the node stops");
            }
            return;
        }
    };
    let told = match &ended {
        Ok(()) => agent.uplink.finish(lease, None).await,
        Err(ScanEnd::Failed(failure)) => {
            log(failure, "the scan ended");
            agent.uplink.finish(lease, Some(failure)).await
        }
        Err(ScanEnd::LeaseLost) => {
            tracing::warn!(scan = lease.scan, "the lease was lost; the scan was dropped");
            return;
        }
        Err(ScanEnd::CentreAway(failure)) => {
            log(failure, "the centre was away for too long; the scan was dropped");
            return;
        }
    };
    if let Err(error) = told {
        log(error.failure(), "the centre could not be told how the scan ended");
    }
    tracing::info!(
        scan = lease.scan,
        ok = ended.is_ok(),
        seconds = begun.elapsed().as_secs_f64(),
        "scan ended"
    );
}

async fn bounded(agent: &Agent, assignment: &Assignment, shared: &Shared) -> Result<(), ScanEnd> {
    let stated = assignment.budget.total_timeout;
    let limit = if stated.is_zero() {
        agent.config.scan_timeout
    } else {
        stated
    };
    match timeout(limit, work(agent, assignment, shared)).await {
        Ok(ended) => ended,
        Err(_) => Err(ScanEnd::Failed(
            Failure::new(
                Reason::ScanBudgetExceeded,
                "the scan used up the time that it had as a whole",
            )
            .with_remedy("resume it: it goes on with the tables that are left; or give it more time"),
        )),
    }
}

async fn work(agent: &Agent, assignment: &Assignment, shared: &Shared) -> Result<(), ScanEnd> {
    let plan = Plan::make(agent, assignment).await.map_err(ScanEnd::Failed)?;
    let (mut worker, engine) = plan.connected(agent).await.map_err(ScanEnd::Failed)?;
    let deadline = Instant::now() + agent.config.discovery_timeout;
    if assignment.discovered {
        worker
            .rediscover(deadline)
            .await
            .map_err(|error| ScanEnd::Failed(error.into_failure()))?;
    } else {
        discover(agent, &plan, &mut worker, &engine, deadline).await?;
    }
    let reader = Reader {
        agent,
        plan: &plan,
        shared,
        engine_version: worker.engine_version().to_owned(),
        losses: AtomicU32::new(0),
    };
    reader.read_all(worker).await
}

async fn discover(
    agent: &Agent,
    plan: &Plan<'_>,
    worker: &mut Worker,
    engine: &datawave_facts::EngineFact,
    deadline: Instant,
) -> Result<(), ScanEnd> {
    let mut delivery = agent.uplink.discovery(plan.lease());
    let engine_version = worker.engine_version().to_owned();
    let mut tables = worker.discover(deadline).await.map_err(lost)?;
    while let Some(table) = tables.next().await.map_err(lost)? {
        delivery.add(&table).await?;
    }
    let cost = tables.cost();
    delivery.finish(engine, &engine_version, cost).await?;
    Ok(())
}

fn lost(error: WorkerError) -> ScanEnd {
    ScanEnd::Failed(error.into_failure())
}

fn cancelled() -> Failure {
    Failure::new(Reason::Cancelled, "the scan was cancelled")
        .with_remedy("resume it to read the tables that are left")
}
