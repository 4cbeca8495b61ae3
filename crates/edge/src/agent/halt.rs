//! What can end a running scan from outside, and the task that keeps its lease.

use std::sync::Mutex;
use std::time::Duration;

use datawave_facts::TablePath;
use datawave_rpc::Channel;
use datawave_uplink::{Directive, Lease, LinkError, Uplink};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// Why to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The centre asked for it.
    Cancel,
    /// The lease is somebody else's.
    LeaseLost,
}

/// The state that a scan's lanes and its lease keeper share.
pub(super) struct Shared {
    halt: watch::Sender<Option<Halt>>,
    current: Mutex<Option<TablePath>>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            halt: watch::Sender::new(None),
            current: Mutex::new(None),
        }
    }

    /// Asks the scan to stop; the first reason stands.
    pub(super) fn halt(&self, why: Halt) {
        self.halt.send_if_modified(|now| {
            let first = now.is_none();
            if first {
                *now = Some(why);
            }
            first
        });
    }

    /// Heeds what the centre wants.
    pub(super) fn heed(&self, directive: Directive) {
        if directive == Directive::Cancel {
            self.halt(Halt::Cancel);
        }
    }

    /// Waits until the scan is to stop.
    pub(super) async fn halted(&self) -> Halt {
        let mut receiver = self.halt.subscribe();
        match receiver.wait_for(Option::is_some).await {
            Ok(why) => (*why).unwrap_or(Halt::LeaseLost),
            // The sender lives in `self`, so this does not happen.
            Err(_) => Halt::LeaseLost,
        }
    }

    /// Says which table is being read.
    pub(super) fn reading(&self, table: Option<&TablePath>) {
        if let Ok(mut current) = self.current.lock() {
            *current = table.cloned();
        }
    }

    fn current(&self) -> Option<TablePath> {
        self.current.lock().ok().and_then(|current| current.clone())
    }
}

/// Least pause between renewals, whatever the centre says.
const LEAST_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause: a request to cancel is heard with the next renewal.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Renews the lease for as long as it is awaited. A lease that could not be renewed before it ran out is lost.
pub(super) async fn keep(uplink: &Uplink<Channel>, lease: &Lease, lease_time: Duration, shared: &Shared) {
    let pause = (lease_time / 3).clamp(LEAST_PAUSE, LONGEST_PAUSE);
    let mut held_until = Instant::now() + lease_time;
    loop {
        sleep(pause).await;
        let current = shared.current();
        let asked = Instant::now();
        match uplink.renew(lease, current.as_ref()).await {
            Ok(directive) => {
                held_until = asked + lease_time;
                shared.heed(directive);
            }
            Err(LinkError::LeaseLost(_)) => shared.halt(Halt::LeaseLost),
            Err(LinkError::Away(_) | LinkError::Refused(_)) if Instant::now() >= held_until => {
                shared.halt(Halt::LeaseLost);
            }
            Err(LinkError::Away(_) | LinkError::Refused(_)) => {}
        }
    }
}
