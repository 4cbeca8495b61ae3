//! The step-by-step test of a source, run in a child like a scan, so that a hostile server cannot hurt the node.

use std::sync::Arc;

use datawave_connectors::SourceUrl;
use datawave_core::{Failure, Reason};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Node, login};
use crate::wire::{Job, JobLimits, StepReport, StepStatus};
use crate::worker::{Worker, WorkerError};

/// Steps as they end.
pub(crate) type Steps = mpsc::Receiver<StepReport>;

/// The steps in order.
const STEPS: [&str; 6] = ["reach", "tls", "login", "grants", "list", "sample"];

/// What is read in a test: a few rows of one table.
const ROWS: u32 = 5;
const BYTES: u64 = 1 << 20;
const VALUE_BYTES: u32 = 4_096;

/// A source to test.
pub(crate) struct Probe {
    pub(crate) url: String,
    pub(crate) credential_ref: String,
    pub(crate) login: String,
    /// Password for this test alone; empty to use the reference.
    pub(crate) secret: String,
}

impl Node {
    /// Tests a source. All six steps come, in order, those included that were not tried; when the receiver is
    /// dropped, the child is killed.
    ///
    /// Errors, before the first step: an address that no connector can read, a credential that cannot be resolved.
    pub(crate) async fn test_source(self: Arc<Self>, probe: Probe) -> Result<Steps, Failure> {
        let url = login::into_url(&probe.url, &probe.login);
        SourceUrl::parse(&url)?;
        let password = self.password(probe.secret, &probe.credential_ref).await?;
        let worker = self.launcher.start().await?;
        let job = Job {
            url,
            password: password.is_some(),
            include: Vec::new(),
            exclude: Vec::new(),
            limits: JobLimits {
                connect: self.config.connect_timeout,
                statement: self.config.statement_timeout,
                rows_per_table: ROWS,
                bytes_per_table: BYTES,
                bytes_per_value: VALUE_BYTES,
            },
            seed: 0,
        };
        let deadline = Instant::now() + self.config.test_timeout;
        let (send, receive) = mpsc::channel(STEPS.len());
        tokio::spawn(async move {
            // Whoever asked has gone: dropping the worker ends the child and its connection.
            tokio::select! {
                () = run(worker, job, password, deadline, &send) => {}
                () = send.closed() => {}
            }
        });
        Ok(receive)
    }
}

async fn run(
    mut worker: Worker,
    job: Job,
    password: Option<SecretString>,
    deadline: Instant,
    send: &mpsc::Sender<StepReport>,
) {
    let mut told = 0;
    let ended = async {
        worker.test(job, password.as_ref(), deadline).await?;
        while let Some(step) = worker.step(deadline).await? {
            told += 1;
            if send.send(step).await.is_err() {
                break;
            }
        }
        Ok::<_, WorkerError>(())
    }
    .await;
    let Err(error) = ended else { return };
    // The step at hand is the one that took the child down; what comes after it was not tried.
    let failure = error.into_failure();
    for (index, name) in STEPS.iter().enumerate().skip(told) {
        let step = if index == told {
            failed(name, &failure)
        } else {
            skipped(name)
        };
        if send.send(step).await.is_err() {
            return;
        }
    }
}

fn failed(name: &str, failure: &Failure) -> StepReport {
    if failure.reason() == Reason::ScanWorkerLost {
        tracing::warn!(
            step = name,
            cause = failure.source_chain(),
            "a test lost its child: {failure}"
        );
    }
    StepReport {
        name: name.to_owned(),
        status: StepStatus::Failed,
        reason: failure.reason().as_str().to_owned(),
        message: failure.message().to_owned(),
        remedy: failure.remedy().unwrap_or_default().to_owned(),
    }
}

fn skipped(name: &str) -> StepReport {
    StepReport {
        name: name.to_owned(),
        status: StepStatus::Skipped,
        reason: String::new(),
        message: "an earlier step failed".to_owned(),
        remedy: String::new(),
    }
}
