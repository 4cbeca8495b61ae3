//! An edge node with its directory, a centre, and the site's own callers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use datawave_core::{Actor, AuditRecord, Failure, Reason, TenantId};
use datawave_edge::{Edge, EdgeConfig, EdgeDeps};
use datawave_infra::secrets::{LocalSecrets, SiteStore};
use datawave_proto::Method;
use datawave_proto::datawave::edge::v1::edge_link_service_server::EdgeLinkServiceServer;
use datawave_proto::datawave::edge::v1::edge_node_service_client::EdgeNodeServiceClient;
use datawave_proto::datawave::edge::v1::{FinishScanRequest, PutCredentialRequest, ScanAssignment};
use datawave_rpc::{
    AuditSink, Authenticated, Authenticator, Authorizer, AuthzDecision, Channel, Routes, Stack,
};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::centre::{Centre, CentreRpc};

/// The executable that stands in for `datawave scan-child`.
pub(crate) const CHILD: &str = env!("CARGO_BIN_EXE_datawave-edge-child");

pub(crate) struct Rig {
    pub(crate) centre: Arc<Centre>,
    /// Callers at the site.
    pub(crate) site: Channel,
    pub(crate) home: TempDir,
    /// An argument that only the children of this node have.
    pub(crate) mark: String,
    pub(crate) stop: CancellationToken,
    pub(crate) job: JoinHandle<()>,
    _edge: Edge,
}

struct Everybody;

impl Authorizer for Everybody {
    fn decide(&self, _: &TenantId, _: &Actor, _: &Method) -> AuthzDecision {
        AuthzDecision {
            allowed: true,
            policies: Vec::new(),
            revision: 0,
        }
    }
}

#[tonic::async_trait]
impl Authenticator for Everybody {
    async fn authenticate(&self, _: &str) -> Result<Authenticated, Failure> {
        Err(Failure::new(Reason::CredentialsInvalid, "no tokens here"))
    }
}

#[tonic::async_trait]
impl AuditSink for Everybody {
    async fn record(&self, _: AuditRecord) -> Result<(), Failure> {
        Ok(())
    }
}

fn stack(areas: &[&str], routes: &Routes) -> Stack {
    let builder = areas.iter().fold(Stack::builder(), |builder, area| {
        builder.service(area, routes.clone(), Arc::new(Everybody))
    });
    builder
        .authenticator(Arc::new(Everybody))
        .authorizer(Arc::new(Everybody))
        .build()
        .unwrap()
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings other than the tests' own.
    pub(crate) async fn with(change: impl FnOnce(&mut EdgeConfig)) -> Self {
        Self::launching(CHILD, &[], change).await
    }

    /// With something else in place of the scan child.
    pub(crate) async fn launching(
        executable: &str,
        arguments: &[&str],
        change: impl FnOnce(&mut EdgeConfig),
    ) -> Self {
        static RIGS: AtomicU32 = AtomicU32::new(0);
        let centre = Arc::new(Centre::default());
        let routes = Routes::new(EdgeLinkServiceServer::new(CentreRpc(Arc::clone(&centre))));
        let home = tempfile::tempdir().unwrap();
        let store = SiteStore::open(home.path().join("secrets")).unwrap();
        let mark = format!(
            "rig-{}-{}",
            std::process::id(),
            RIGS.fetch_add(1, Ordering::SeqCst)
        );
        let mut config = EdgeConfig {
            scans_in_parallel: 1,
            // The machine that runs tests may be busy with others.
            start_timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(30),
            lease_wait: Duration::from_secs(5),
            ..EdgeConfig::default()
        };
        change(&mut config);
        let edge = Edge::open(EdgeDeps {
            config,
            directory: home.path().join("edge"),
            executable: PathBuf::from(executable),
            child_arguments: arguments
                .iter()
                .copied()
                .chain([mark.as_str()])
                .map(Into::into)
                .collect(),
            secrets: Arc::new(LocalSecrets::new(Arc::new(|_: &str| None), store.clone())),
            store: Arc::new(store),
            centre: stack(&["edge"], &routes).local_channel(Actor::edge("local")),
        })
        .await
        .unwrap();
        let site = stack(&["edge", "inspect"], &edge.routes()).local_channel(Actor::user("ann", &["admin"]));
        let stop = CancellationToken::new();
        let job = edge.spawn_jobs(stop.clone());
        Self {
            centre,
            site,
            home,
            mark,
            stop,
            job,
            _edge: edge,
        }
    }

    /// Queues a scan.
    pub(crate) fn begin(&self, url: &str, change: impl FnOnce(&mut ScanAssignment)) {
        let mut assignment = ScanAssignment {
            scan: "scans/scn_1".into(),
            lease_id: "lse_1".into(),
            lease_time: Some(seconds(30)),
            source: "sources/src_1".into(),
            source_name: "shop".into(),
            url: url.into(),
            seed: 7,
            attempt: 1,
            ..ScanAssignment::default()
        };
        change(&mut assignment);
        self.centre.with(|state| state.waiting.push_back(assignment));
    }

    /// Waits until the edge has finished its part.
    pub(crate) async fn finished(&self) -> FinishScanRequest {
        self.centre
            .until("the end of the scan", |state| state.finished.first().cloned())
            .await
    }

    /// Scans a source from beginning to end.
    pub(crate) async fn scan(&self, url: &str) -> FinishScanRequest {
        self.begin(url, |_| {});
        self.finished().await
    }

    /// Reason code of the scan's failure, or nothing.
    pub(crate) async fn reason(&self) -> String {
        self.finished()
            .await
            .error
            .map(|error| error.reason)
            .unwrap_or_default()
    }

    /// Processes of this node's children.
    pub(crate) fn children(&self) -> Vec<i32> {
        processes(&self.mark)
    }

    /// Waits for a child other than `known`.
    pub(crate) async fn child_other_than(&self, known: &[i32]) -> i32 {
        until("another child", || {
            self.children().into_iter().find(|pid| !known.contains(pid))
        })
        .await
    }
}

pub(crate) fn seconds(seconds: i64) -> prost_types::Duration {
    prost_types::Duration { seconds, nanos: 0 }
}

/// Processes that were started with this argument and are alive.
pub(crate) fn processes(mark: &str) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // A process that has just ended has no files any more; a zombie has no arguments.
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let mut parts = arguments.split(|b| *b == 0);
        let is_child = parts
            .next()
            .is_some_and(|path| Path::new(&*String::from_utf8_lossy(path)) == Path::new(CHILD));
        if is_child && parts.any(|part| part == mark.as_bytes()) {
            found.push(pid);
        }
    }
    found
}

pub(crate) fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

/// Looks again and again: the process table tells nobody when it changes.
pub(crate) async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..12_000 {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("gave up waiting for: {what}");
}

impl Rig {
    /// The site's own service.
    pub(crate) fn node(&self) -> EdgeNodeServiceClient<Channel> {
        EdgeNodeServiceClient::new(self.site.clone())
    }

    /// Stores a credential at the site; returns its reference, empty for no password.
    pub(crate) async fn put_credential(&self, key: &str, secret: &str) -> String {
        if secret.is_empty() {
            return String::new();
        }
        let request = PutCredentialRequest {
            key: key.into(),
            secret: secret.into(),
        };
        self.node()
            .put_credential(request)
            .await
            .unwrap()
            .into_inner()
            .credential_ref
    }
}
