//! Scans behind the real server stack, with an edge node that the test plays.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::{Actor, Failure, ManualClock, RandomIds, Timestamp};
use datawave_proto::datawave::catalog::v1::{DiscoveredColumn, DiscoveredTable, TableDetails};
use datawave_proto::datawave::common::v1::{ColumnPath, ColumnResult, ColumnStatus};
use datawave_proto::datawave::edge::v1 as edge;
use datawave_proto::datawave::edge::v1::edge_link_service_client::EdgeLinkServiceClient;
use datawave_proto::datawave::scans::v1::scans_service_client::ScansServiceClient;
use datawave_proto::datawave::scans::v1::{
    GetScanRequest, Scan, ScanError, ScanState, StartScanRequest, WatchScanRequest,
};
use datawave_rpc::{Channel, Mesh, Route, Stack, failure};
use datawave_scans::{MIGRATIONS, Scans, ScansDeps};
use datawave_testkit::mesh::{TestMesh, as_role, default_policy};
use datawave_testkit::{TestStore, both};
use tokio_util::sync::CancellationToken;

use crate::rpc::{self, Neighbours};

pub(crate) const SOURCE: &str = "sources/src_00000000000000000000000001";

pub(crate) struct Bench {
    pub(crate) neighbours: Arc<Neighbours>,
    pub(crate) clock: Arc<ManualClock>,
    stack: Stack,
    stop: CancellationToken,
    _mesh: Mesh,
    store: Arc<TestStore>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) async fn benches() -> Vec<Bench> {
    let mut out = Vec::new();
    for store in both("scans", MIGRATIONS).await {
        let clock = Arc::new(ManualClock::starting_at(Timestamp(1_700_000_000_000_000)));
        out.push(Bench::open(Arc::new(store), clock).await);
    }
    out
}

impl Bench {
    async fn open(store: Arc<TestStore>, clock: Arc<ManualClock>) -> Self {
        let (policy, neighbours, mesh) = (default_policy(), Arc::new(Neighbours::default()), Mesh::new());
        let own = mesh.handle(Actor::service("scans"));
        let deps = ScansDeps {
            url: store.url.clone(),
            policy: Arc::clone(&policy),
            clock: clock.clone(),
            ids: Arc::new(RandomIds),
            page_key: [7; 32],
            sources: own.channel("sources"),
            catalog: own.channel("catalog"),
            classification: own.channel("classification"),
        };
        let scans = Scans::open(deps).await.unwrap();
        let stack = TestMesh::new(&policy, clock.clone(), Arc::new(RandomIds))
            .service("scans", scans.routes(), scans.db())
            .service("edge", scans.routes(), scans.db())
            .service("sources", rpc::sources(&neighbours), scans.db())
            .service("catalog", rpc::catalog(&neighbours), scans.db())
            .service("classification", rpc::classification(&neighbours), scans.db())
            .build();
        for service in ["sources", "catalog", "classification"] {
            mesh.set(service, Route::Local(stack.clone()));
        }
        let stop = CancellationToken::new();
        scans.spawn_jobs(stop.clone());
        Self {
            neighbours,
            clock,
            stack,
            stop,
            _mesh: mesh,
            store,
        }
    }

    /// The process died and another one opened the store.
    pub(crate) async fn restarted(self) -> Self {
        self.stop.cancel();
        Self::open(Arc::clone(&self.store), Arc::clone(&self.clock)).await
    }

    pub(crate) fn people(&self, role: &str) -> ScansServiceClient<Channel> {
        ScansServiceClient::new(as_role(&self.stack, role))
    }

    pub(crate) async fn start(&self) -> Result<Scan, Failure> {
        let request = StartScanRequest {
            source: SOURCE.into(),
            ..Default::default()
        };
        let answer = self
            .people("steward")
            .start_scan(request)
            .await
            .map_err(failure)?;
        Ok(answer.into_inner().scan.unwrap())
    }

    pub(crate) async fn get(&self, name: &str) -> Scan {
        let answer = self
            .people("viewer")
            .get_scan(GetScanRequest { name: name.into() })
            .await
            .unwrap();
        answer.into_inner().scan.unwrap()
    }

    /// Waits for the last message of a watch.
    pub(crate) async fn until_final(&self, name: &str) -> Scan {
        let request = WatchScanRequest { name: name.into() };
        let mut stream = self
            .people("viewer")
            .watch_scan(request)
            .await
            .unwrap()
            .into_inner();
        let mut last = None;
        while let Some(message) = stream.message().await.unwrap() {
            last = message.scan;
        }
        last.unwrap()
    }

    pub(crate) fn edge(&self, name: &str, instance: &str) -> Edge {
        let link = EdgeLinkServiceClient::new(self.stack.local_channel(Actor::edge(name)));
        Edge {
            link,
            name: name.into(),
            instance: instance.into(),
            scan: String::new(),
            lease: String::new(),
        }
    }
}

/// An edge node in the hands of the test.
pub(crate) struct Edge {
    link: EdgeLinkServiceClient<Channel>,
    name: String,
    instance: String,
    pub(crate) scan: String,
    pub(crate) lease: String,
}

impl Edge {
    /// Gives a name that is not its own.
    pub(crate) fn pretend(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    /// Leases work that is there.
    pub(crate) async fn lease(&mut self) -> Option<edge::ScanAssignment> {
        self.lease_for(Duration::from_secs(30)).await.unwrap()
    }

    /// Looks for work once, without waiting.
    pub(crate) async fn look(&mut self) -> Option<edge::ScanAssignment> {
        self.lease_for(Duration::ZERO).await.unwrap()
    }

    pub(crate) async fn lease_for(
        &mut self,
        wait: Duration,
    ) -> Result<Option<edge::ScanAssignment>, Failure> {
        let request = edge::LeaseScanRequest {
            edge: self.name.clone(),
            instance: self.instance.clone(),
            max_wait: Some(wait.try_into().unwrap()),
            ..Default::default()
        };
        let assignment = self
            .link
            .lease_scan(request)
            .await
            .map_err(failure)?
            .into_inner()
            .assignment;
        if let Some(assignment) = &assignment {
            self.scan.clone_from(&assignment.scan);
            self.lease.clone_from(&assignment.lease_id);
        }
        Ok(assignment)
    }

    pub(crate) async fn renew(&mut self) -> Result<bool, Failure> {
        let request = edge::RenewLeaseRequest {
            scan: self.scan.clone(),
            lease_id: self.lease.clone(),
            current_table: "t1".into(),
        };
        Ok(self
            .link
            .renew_lease(request)
            .await
            .map_err(failure)?
            .into_inner()
            .cancel)
    }

    pub(crate) async fn tables(&mut self, batch: &str, names: &[&str], last: bool) -> Result<(), Failure> {
        let request = edge::SubmitTablesRequest {
            batch_id: batch.into(),
            scan: self.scan.clone(),
            lease_id: self.lease.clone(),
            tables: names.iter().map(|name| table(name)).collect(),
            last,
            source_engine: "sqlite 3.51.3".into(),
            engine_version: "detect-1".into(),
            ..Default::default()
        };
        self.link
            .submit_tables(request)
            .await
            .map(|_| ())
            .map_err(failure)
    }

    pub(crate) async fn pending(&mut self) -> Vec<String> {
        let request = edge::ListPendingTablesRequest {
            scan: self.scan.clone(),
            lease_id: self.lease.clone(),
            page: None,
        };
        let answer = self.link.list_pending_tables(request).await.unwrap().into_inner();
        answer.tables.into_iter().map(|t| t.path.unwrap().table).collect()
    }

    pub(crate) async fn done(
        &mut self,
        name: &str,
        status: ColumnStatus,
        error: Option<ScanError>,
    ) -> Result<bool, Failure> {
        let path = ColumnPath {
            column: "c".into(),
            ..table(name).path.unwrap()
        };
        let result = ColumnResult {
            path: Some(path),
            status: status.into(),
            ordinal: 1,
            ..Default::default()
        };
        let request = edge::SubmitTableResultRequest {
            batch_id: format!("{}/{name}", self.scan),
            scan: self.scan.clone(),
            lease_id: self.lease.clone(),
            table: table(name).path,
            results: vec![result],
            error,
            ..Default::default()
        };
        Ok(self
            .link
            .submit_table_result(request)
            .await
            .map_err(failure)?
            .into_inner()
            .cancel)
    }

    pub(crate) async fn finish(&mut self, error: Option<ScanError>) -> Result<(), Failure> {
        let request = edge::FinishScanRequest {
            scan: self.scan.clone(),
            lease_id: self.lease.clone(),
            error,
        };
        self.link.finish_scan(request).await.map(|_| ()).map_err(failure)
    }
}

pub(crate) fn table(name: &str) -> DiscoveredTable {
    let path = ColumnPath {
        database: "shop".into(),
        schema: "main".into(),
        table: name.into(),
        column: String::new(),
    };
    let column = DiscoveredColumn {
        column: "c".into(),
        details: Some(Default::default()),
        ..Default::default()
    };
    DiscoveredTable {
        path: Some(path),
        details: Some(TableDetails {
            table_kind: "table".into(),
            ..Default::default()
        }),
        columns: vec![column],
        ..Default::default()
    }
}

pub(crate) fn error(reason: &str) -> ScanError {
    ScanError {
        reason: reason.into(),
        message: "it did not work".into(),
        remedy: "do something".into(),
    }
}

pub(crate) fn state(scan: &Scan) -> ScanState {
    scan.state()
}
