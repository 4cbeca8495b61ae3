//! Classification behind the real server stack.

use std::sync::Arc;

use datawave_classification::{Classification, ClassificationDeps, MIGRATIONS};
use datawave_core::{Actor, Failure, RandomIds, SystemClock};
use datawave_proto::datawave::classification::v1::classification_service_client::ClassificationServiceClient;
use datawave_proto::datawave::classification::v1::{
    DecideFindingRequest, Finding, ListFindingsRequest, ReviewDecision, SubmitResultsRequest,
};
use datawave_proto::datawave::common::v1::{
    Advice, ColumnPath, ColumnResult, ColumnStatus, Detection, FindingKind,
};
use datawave_rpc::{Channel, Mesh, Route, Stack, failure};
use datawave_testkit::mesh::{TestMesh, as_role, as_service, default_policy};
use datawave_testkit::{TestStore, both};

use crate::rpc::{self, Catalog};

pub(crate) const SOURCE: &str = "sources/src_00000000000000000000000001";

pub(crate) struct Bench {
    pub(crate) catalog: Arc<Catalog>,
    stack: Stack,
    _mesh: Mesh,
    _store: TestStore,
}

pub(crate) async fn benches() -> Vec<Bench> {
    let mut out = Vec::new();
    for store in both("classification", MIGRATIONS).await {
        let (policy, catalog, mesh) = (default_policy(), Arc::new(Catalog::default()), Mesh::new());
        let deps = ClassificationDeps {
            url: store.url.clone(),
            policy: Arc::clone(&policy),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            page_key: [7; 32],
            catalog: mesh.handle(Actor::service("classification")).channel("catalog"),
        };
        let classification = Classification::open(deps).await.unwrap();
        let stack = TestMesh::new(&policy, Arc::new(SystemClock), Arc::new(RandomIds))
            .service("classification", classification.routes(), classification.db())
            .service("catalog", rpc::routes(&catalog), classification.db())
            .build();
        mesh.set("catalog", Route::Local(stack.clone()));
        out.push(Bench {
            catalog,
            stack,
            _mesh: mesh,
            _store: store,
        });
    }
    out
}

/// A column with (infotype = label, advice).
pub(crate) fn column(name: &str, found: &[(&str, Advice)]) -> ColumnResult {
    let path = ColumnPath {
        database: "shop".into(),
        schema: "main".into(),
        table: "t".into(),
        column: name.into(),
    };
    let detections = found.iter().map(|(label, advice)| Detection {
        label: (*label).into(),
        infotype: (*label).into(),
        kind: FindingKind::Is.into(),
        advice: (*advice).into(),
        confidence: 0.9,
        ..Default::default()
    });
    ColumnResult {
        source: SOURCE.into(),
        path: Some(path),
        status: ColumnStatus::Ok.into(),
        detections: detections.collect(),
        ordinal: 1,
        ..Default::default()
    }
}

impl Bench {
    pub(crate) fn role(&self, role: &str) -> ClassificationServiceClient<Channel> {
        ClassificationServiceClient::new(as_role(&self.stack, role))
    }

    pub(crate) async fn submit(
        &self,
        scan: &str,
        batch: &str,
        results: Vec<ColumnResult>,
    ) -> Result<(u32, u32), Failure> {
        let request = SubmitResultsRequest {
            batch_id: batch.into(),
            source: SOURCE.into(),
            source_name: "shop".into(),
            scan: scan.into(),
            results,
        };
        let mut scans = ClassificationServiceClient::new(as_service(&self.stack, "scans"));
        let answer = scans.submit_results(request).await.map_err(failure)?.into_inner();
        Ok((answer.created, answer.changed))
    }

    pub(crate) async fn findings(&self) -> Vec<Finding> {
        let answer = self
            .role("viewer")
            .list_findings(ListFindingsRequest::default())
            .await
            .unwrap();
        answer.into_inner().findings
    }

    pub(crate) async fn decide(&self, name: &str, decision: ReviewDecision) -> Finding {
        let request = DecideFindingRequest {
            name: name.into(),
            decision: decision.into(),
            ..Default::default()
        };
        self.role("steward")
            .decide_finding(request)
            .await
            .unwrap()
            .into_inner()
            .finding
            .unwrap()
    }

    pub(crate) async fn labels(&self, column: &str) -> Vec<String> {
        self.catalog
            .labels
            .lock()
            .await
            .get(column)
            .cloned()
            .unwrap_or_default()
    }
}
