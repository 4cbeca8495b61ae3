//! The node's loop: lease a scan, carry it out, deliver, finish. Nothing is kept on disk: what is done is known
//! at the centre, table by table, so a node that is killed goes on with the tables that are left.

mod halt;
mod lanes;
mod report;
mod scan;

use std::sync::Arc;
use std::time::Duration;

use datawave_core::Failure;
use datawave_infra::secrets::Secrets;
use datawave_rpc::Channel;
use datawave_uplink::Uplink;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::config::EdgeConfig;
use crate::worker::Launcher;

/// Pause after a request for work that failed; doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// An answer without work that comes quicker than this did not wait: then we do.
const PROMPT: Duration = Duration::from_millis(100);

/// What carries scans out.
pub(crate) struct Agent {
    pub(crate) uplink: Uplink<Channel>,
    pub(crate) launcher: Launcher,
    pub(crate) secrets: Arc<dyn Secrets>,
    /// This life of the node.
    pub(crate) instance: String,
    pub(crate) config: EdgeConfig,
}

/// Carries scans out until `stop`.
pub(crate) async fn run(agent: Arc<Agent>, stop: CancellationToken) {
    let slots = (0..agent.config.scans_in_parallel).map(|_| slot(&agent, &stop));
    futures::future::join_all(slots).await;
}

async fn slot(agent: &Agent, stop: &CancellationToken) {
    let mut pause = FIRST_PAUSE;
    while !stop.is_cancelled() {
        let asked = Instant::now();
        let config = &agent.config;
        let lease = agent.uplink.lease(
            &config.name,
            &agent.instance,
            env!("CARGO_PKG_VERSION"),
            config.lease_wait,
        );
        let leased = tokio::select! {
            leased = lease => leased,
            () = stop.cancelled() => return,
        };
        let wait = match leased {
            Ok(Some(assignment)) => {
                pause = FIRST_PAUSE;
                scan::carry_out(agent, &assignment, stop).await;
                continue;
            }
            Ok(None) => {
                pause = FIRST_PAUSE;
                if asked.elapsed() > PROMPT {
                    Duration::ZERO
                } else {
                    PROMPT * 2
                }
            }
            Err(failure) => {
                log(&failure, "no work can be fetched from the centre");
                let now = pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
                now
            }
        };
        tokio::select! {
            () = sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// One line for the log; the private cause belongs there.
fn log(failure: &Failure, what: &str) {
    tracing::warn!(
        reason = failure.reason().as_str(),
        cause = failure.source_chain(),
        "{what}: {failure}"
    );
}
