//! Readiness of a process: what must be up before it can serve, over gRPC health and the operator's port.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

/// Readiness of the components of a process. Clones share it.
///
/// Over gRPC, each component answers under its own name, and the empty name stands for all of them.
#[derive(Clone)]
pub struct Health {
    components: Arc<RwLock<BTreeMap<String, bool>>>,
    reporter: HealthReporter,
}

impl Health {
    /// A process that has to wait for nothing yet.
    pub fn new() -> Self {
        Self {
            components: Arc::default(),
            reporter: HealthReporter::new(),
        }
    }

    /// Says whether `component` can serve. Calling it again with the same value has no effect.
    pub async fn set(&self, component: &str, ready: bool) {
        let all = {
            // A map of flags is whole after any panic.
            let mut components = self.components.write().unwrap_or_else(PoisonError::into_inner);
            components.insert(component.to_owned(), ready);
            components.values().all(|ready| *ready)
        };
        self.reporter.set_service_status(component, status(ready)).await;
        self.reporter.set_service_status("", status(all)).await;
    }

    /// Components that are not ready, sorted.
    pub fn waiting_for(&self) -> Vec<String> {
        let components = self.components.read().unwrap_or_else(PoisonError::into_inner);
        components
            .iter()
            .filter(|(_, ready)| !**ready)
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub(crate) fn routes(&self) -> Routes {
        Routes::new(HealthServer::new(HealthService::from_health_reporter(
            self.reporter.clone(),
        )))
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("waiting_for", &self.waiting_for())
            .finish()
    }
}

fn status(ready: bool) -> ServingStatus {
    if ready {
        ServingStatus::Serving
    } else {
        ServingStatus::NotServing
    }
}
