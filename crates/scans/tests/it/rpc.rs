//! Stubs of the services that scans call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::catalog::v1 as pb_catalog;
use datawave_proto::datawave::catalog::v1::catalog_service_server::{CatalogService, CatalogServiceServer};
use datawave_proto::datawave::classification::v1 as pb_class;
use datawave_proto::datawave::classification::v1::classification_service_server::{
    ClassificationService, ClassificationServiceServer,
};
use datawave_proto::datawave::sources::v1 as pb_sources;
use datawave_proto::datawave::sources::v1::sources_service_server::{SourcesService, SourcesServiceServer};
use datawave_rpc::{Routes, status};
use tokio::sync::Mutex;
use tonic::{Request, Response, Status};

type Answer<T> = Result<Response<T>, Status>;
type Nothing<T> = tokio_stream::Empty<Result<T, Status>>;

fn not_served() -> Status {
    status(Failure::new(
        Reason::MethodUnavailable,
        "the stub does not serve this",
    ))
}

/// What arrived at the neighbours, and whether they answer.
#[derive(Default)]
pub(crate) struct Neighbours {
    pub(crate) away: AtomicBool,
    pub(crate) arrived: Mutex<Vec<String>>,
}

impl Neighbours {
    async fn take(&self, what: String) -> Result<(), Status> {
        if self.away.load(Ordering::SeqCst) {
            return Err(status(Failure::new(Reason::DependencyUnavailable, "away")));
        }
        self.arrived.lock().await.push(what);
        Ok(())
    }
}

#[derive(Clone)]
struct Stub(Arc<Neighbours>);

pub(crate) fn sources(neighbours: &Arc<Neighbours>) -> Routes {
    Routes::new(SourcesServiceServer::new(Stub(Arc::clone(neighbours))))
}

pub(crate) fn catalog(neighbours: &Arc<Neighbours>) -> Routes {
    Routes::new(CatalogServiceServer::new(Stub(Arc::clone(neighbours))))
}

pub(crate) fn classification(neighbours: &Arc<Neighbours>) -> Routes {
    Routes::new(ClassificationServiceServer::new(Stub(Arc::clone(neighbours))))
}

#[tonic::async_trait]
impl SourcesService for Stub {
    async fn create_source(
        &self,
        _: Request<pb_sources::CreateSourceRequest>,
    ) -> Answer<pb_sources::CreateSourceResponse> {
        Err(not_served())
    }
    async fn get_source(
        &self,
        request: Request<pb_sources::GetSourceRequest>,
    ) -> Answer<pb_sources::GetSourceResponse> {
        let source = pb_sources::Source {
            name: request.into_inner().name,
            display_name: "shop".into(),
            engine: "sqlite".into(),
            url: "sqlite:/srv/shop.db".into(),
            edge: "local".into(),
            exclude: vec!["audit_*".into()],
            ..Default::default()
        };
        Ok(Response::new(pb_sources::GetSourceResponse {
            source: Some(source),
        }))
    }
    async fn list_sources(
        &self,
        _: Request<pb_sources::ListSourcesRequest>,
    ) -> Answer<pb_sources::ListSourcesResponse> {
        Err(not_served())
    }
    async fn update_source(
        &self,
        _: Request<pb_sources::UpdateSourceRequest>,
    ) -> Answer<pb_sources::UpdateSourceResponse> {
        Err(not_served())
    }
    async fn delete_source(
        &self,
        _: Request<pb_sources::DeleteSourceRequest>,
    ) -> Answer<pb_sources::DeleteSourceResponse> {
        Err(not_served())
    }
}

#[tonic::async_trait]
impl CatalogService for Stub {
    async fn get_asset(
        &self,
        _: Request<pb_catalog::GetAssetRequest>,
    ) -> Answer<pb_catalog::GetAssetResponse> {
        Err(not_served())
    }
    async fn list_assets(
        &self,
        _: Request<pb_catalog::ListAssetsRequest>,
    ) -> Answer<pb_catalog::ListAssetsResponse> {
        Err(not_served())
    }
    async fn search_assets(
        &self,
        _: Request<pb_catalog::SearchAssetsRequest>,
    ) -> Answer<pb_catalog::SearchAssetsResponse> {
        Err(not_served())
    }
    async fn list_asset_versions(
        &self,
        _: Request<pb_catalog::ListAssetVersionsRequest>,
    ) -> Answer<pb_catalog::ListAssetVersionsResponse> {
        Err(not_served())
    }
    async fn update_asset(
        &self,
        _: Request<pb_catalog::UpdateAssetRequest>,
    ) -> Answer<pb_catalog::UpdateAssetResponse> {
        Err(not_served())
    }
    type WatchAssetsStream = Nothing<pb_catalog::WatchAssetsResponse>;
    async fn watch_assets(
        &self,
        _: Request<pb_catalog::WatchAssetsRequest>,
    ) -> Answer<Self::WatchAssetsStream> {
        Err(not_served())
    }
    async fn upsert_assets(
        &self,
        request: Request<pb_catalog::UpsertAssetsRequest>,
    ) -> Answer<pb_catalog::UpsertAssetsResponse> {
        self.0.take(request.into_inner().batch_id).await?;
        Ok(Response::new(pb_catalog::UpsertAssetsResponse::default()))
    }
    async fn apply_labels(
        &self,
        _: Request<pb_catalog::ApplyLabelsRequest>,
    ) -> Answer<pb_catalog::ApplyLabelsResponse> {
        Err(not_served())
    }
}

#[tonic::async_trait]
impl ClassificationService for Stub {
    async fn list_column_results(
        &self,
        _: Request<pb_class::ListColumnResultsRequest>,
    ) -> Answer<pb_class::ListColumnResultsResponse> {
        Err(not_served())
    }
    async fn list_findings(
        &self,
        _: Request<pb_class::ListFindingsRequest>,
    ) -> Answer<pb_class::ListFindingsResponse> {
        Err(not_served())
    }
    async fn get_finding(
        &self,
        _: Request<pb_class::GetFindingRequest>,
    ) -> Answer<pb_class::GetFindingResponse> {
        Err(not_served())
    }
    async fn decide_finding(
        &self,
        _: Request<pb_class::DecideFindingRequest>,
    ) -> Answer<pb_class::DecideFindingResponse> {
        Err(not_served())
    }
    async fn submit_results(
        &self,
        request: Request<pb_class::SubmitResultsRequest>,
    ) -> Answer<pb_class::SubmitResultsResponse> {
        let message = request.into_inner();
        assert!(
            message.results.iter().all(|r| r.source == message.source),
            "each result names its source"
        );
        self.0.take(message.batch_id).await?;
        Ok(Response::new(pb_class::SubmitResultsResponse::default()))
    }
}
