//! How a child is started.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use datawave_core::{Failure, Reason};
use tokio::process::Command;
use tokio::time::Instant;

use super::spawner::Spawner;
use super::stderr;
use super::talk::Worker;
use crate::site_key::SiteKey;

/// Settings of the child's allocators: few arenas, no address space reserved in advance. The only environment
/// that a child has.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("MALLOC_ARENA_MAX", "2"),
    ("MIMALLOC_ARENA_EAGER_COMMIT", "0"),
    ("MIMALLOC_ARENA_RESERVE", "32768"),
];

/// Starts children of one node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Launcher {
    executable: PathBuf,
    arguments: Vec<OsString>,
    memory_bytes: u64,
    start_timeout: Duration,
    site_key: SiteKey,
    spawner: Spawner,
}

impl Launcher {
    pub(crate) fn new(
        executable: PathBuf,
        arguments: Vec<OsString>,
        memory_bytes: u64,
        start_timeout: Duration,
        site_key: SiteKey,
    ) -> Result<Self, Failure> {
        let spawner = Spawner::start().map_err(|error| cannot_start().with_source(error))?;
        Ok(Self {
            executable,
            arguments,
            memory_bytes,
            start_timeout,
            site_key,
            spawner,
        })
    }

    /// Starts a child and waits for its hello.
    pub(crate) async fn start(&self) -> Result<Worker, Failure> {
        let mut command = Command::new(&self.executable);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(ENVIRONMENT.iter().copied())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in a terminal goes to the whole group of the node; the node itself ends its children.
            .process_group(0)
            .kill_on_drop(true);
        let mut process = self
            .spawner
            .spawn(command)
            .await
            .map_err(|error| cannot_start().with_source(error))?;
        let (Some(orders), Some(frames), Some(errors)) =
            (process.stdin.take(), process.stdout.take(), process.stderr.take())
        else {
            return Err(cannot_start());
        };
        let last_words = stderr::follow(errors);
        let mut worker = Worker::new(
            process,
            orders,
            frames,
            last_words,
            self.memory_bytes,
            self.site_key.clone(),
        );
        worker.begin(Instant::now() + self.start_timeout).await?;
        Ok(worker)
    }
}

fn cannot_start() -> Failure {
    Failure::new(Reason::ScanWorkerLost, "a scan child could not be started").with_remedy(
        "check that the process may start processes and has memory for them; the log has the cause",
    )
}
