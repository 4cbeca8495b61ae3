//! The edge node: reads sources beside the data, and lets nothing out but facts.
//!
//! ```text
//!             EdgeLinkService (centre)                       callers of this site
//!                      ^                                             |
//!                      | facts                                       v
//!   agent  ->  uplink -'              node: credentials, step-by-step test, inspection of text
//!     |                                                              |
//!     v                                                              v
//!   worker ======== orders / frames over pipes ========> child: connectors, detect, declassify -> source
//! ```
//!
//! | folder | what it is |
//! |---|---|
//! | `agent/` | leases scans, drives them, delivers results; a kill at any moment loses nothing |
//! | `node/` | what the node does for callers at its own site |
//! | `worker/` | the parent's end of a child process: start, deadlines, what its death means |
//! | `wire/` | the words on the pipes: a closed list, length-prefixed, size-capped |
//! | `child/` | the child process: the only place where values of a source are |
//!
//! A hostile or broken source can take its child down, by memory, time or a defect in a driver; it cannot take
//! the node down (`SCAN_WORKER_LOST`, `SOURCE_TIMEOUT` for the table at hand, and the scan goes on).

mod agent;
pub mod child;
mod config;
mod convert;
mod node;
mod rpc;
mod site_key;
pub mod wire;
mod worker;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use datawave_core::{Failure, digest};
use datawave_detect::Engine;
use datawave_infra::secrets::{SecretStore, Secrets};
use datawave_rpc::Channel;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use config::EdgeConfig;

/// What the edge node needs from the process around it.
pub struct EdgeDeps {
    /// Limits and names.
    pub config: EdgeConfig,
    /// The node's own directory: its site key. Made with mode 0700 when it is missing.
    pub directory: PathBuf,
    /// What is started as a scan child: the absolute path of an executable that calls [`child::run`] when it is
    /// started with `child_arguments`.
    pub executable: PathBuf,
    /// Arguments that make it a child, such as `scan-child`. No secret, no name of a source.
    pub child_arguments: Vec<OsString>,
    /// Resolves credential references.
    pub secrets: Arc<dyn Secrets>,
    /// Keeps credentials given to this node.
    pub store: Arc<dyn SecretStore>,
    /// Channel to the centre, as `edge:<name>`.
    pub centre: Channel,
}

/// The running edge node.
pub struct Edge {
    agent: Arc<agent::Agent>,
    node: Arc<node::Node>,
}

impl Edge {
    /// Opens the node: its site key is read, or made at the first start.
    ///
    /// Errors: `CONFIG_INVALID` for limits that make no sense, `STORE_CORRUPT` for a damaged site key,
    /// `DEPENDENCY_UNAVAILABLE` when the directory cannot be used.
    pub async fn open(deps: EdgeDeps) -> Result<Self, Failure> {
        deps.config.check()?;
        let site_key = site_key::load_or_create(&deps.directory)?;
        let launcher = worker::Launcher::new(
            deps.executable,
            deps.child_arguments,
            deps.config.child_memory_bytes,
            deps.config.start_timeout,
            site_key,
        )?;
        // Drawn anew at each start: the centre voids the leases of a former life at once.
        let mut instance = [0; 16];
        digest::random_bytes(&mut instance);
        let agent = agent::Agent {
            uplink: datawave_uplink::Uplink::new(deps.centre, datawave_rpc::failure, deps.config.retry),
            launcher: launcher.clone(),
            secrets: Arc::clone(&deps.secrets),
            instance: digest::hex(&instance),
            config: deps.config.clone(),
        };
        let node = node::Node {
            launcher,
            secrets: deps.secrets,
            store: deps.store,
            engine: Arc::new(Engine::new()),
            config: deps.config,
        };
        Ok(Self {
            agent: Arc::new(agent),
            node: Arc::new(node),
        })
    }

    /// The generated servers of this site, which belong to the areas `edge` and `inspect`.
    pub fn routes(&self) -> datawave_rpc::Routes {
        self.add_routes(datawave_rpc::Routes::default())
    }

    /// The same, added to others: at the centre, the area `edge` also has the link that `scans` serves.
    pub fn add_routes(&self, routes: datawave_rpc::Routes) -> datawave_rpc::Routes {
        routes
            .add_service(rpc::NodeRpc::server(Arc::clone(&self.node)))
            .add_service(rpc::InspectRpc::server(Arc::clone(&self.node)))
    }

    /// Leases and carries out scans until `stop`; scans that are running then are handed back to the centre.
    pub fn spawn_jobs(&self, stop: CancellationToken) -> JoinHandle<()> {
        tokio::spawn(agent::run(Arc::clone(&self.agent), stop))
    }
}
