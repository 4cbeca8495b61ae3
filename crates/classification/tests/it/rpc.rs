//! A catalog that remembers which labels it was given.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::catalog::v1 as pb;
use datawave_proto::datawave::catalog::v1::catalog_service_server::{CatalogService, CatalogServiceServer};
use datawave_rpc::{Routes, status};
use tokio::sync::Mutex;
use tonic::{Request, Response, Status};

type Answer<T> = Result<Response<T>, Status>;

fn not_served() -> Status {
    status(Failure::new(
        Reason::MethodUnavailable,
        "the stub does not serve this",
    ))
}

#[derive(Default)]
pub(crate) struct Catalog {
    pub(crate) away: AtomicBool,
    /// Labels in effect by column, as the last batch for the column left them.
    pub(crate) labels: Mutex<BTreeMap<String, Vec<String>>>,
}

#[derive(Clone)]
struct Stub(Arc<Catalog>);

pub(crate) fn routes(catalog: &Arc<Catalog>) -> Routes {
    Routes::new(CatalogServiceServer::new(Stub(Arc::clone(catalog))))
}

#[tonic::async_trait]
impl CatalogService for Stub {
    async fn get_asset(&self, _: Request<pb::GetAssetRequest>) -> Answer<pb::GetAssetResponse> {
        Err(not_served())
    }
    async fn list_assets(&self, _: Request<pb::ListAssetsRequest>) -> Answer<pb::ListAssetsResponse> {
        Err(not_served())
    }
    async fn search_assets(&self, _: Request<pb::SearchAssetsRequest>) -> Answer<pb::SearchAssetsResponse> {
        Err(not_served())
    }
    async fn list_asset_versions(
        &self,
        _: Request<pb::ListAssetVersionsRequest>,
    ) -> Answer<pb::ListAssetVersionsResponse> {
        Err(not_served())
    }
    async fn update_asset(&self, _: Request<pb::UpdateAssetRequest>) -> Answer<pb::UpdateAssetResponse> {
        Err(not_served())
    }
    type WatchAssetsStream = tokio_stream::Empty<Result<pb::WatchAssetsResponse, Status>>;
    async fn watch_assets(&self, _: Request<pb::WatchAssetsRequest>) -> Answer<Self::WatchAssetsStream> {
        Err(not_served())
    }
    async fn upsert_assets(&self, _: Request<pb::UpsertAssetsRequest>) -> Answer<pb::UpsertAssetsResponse> {
        Err(not_served())
    }
    async fn apply_labels(
        &self,
        request: Request<pb::ApplyLabelsRequest>,
    ) -> Answer<pb::ApplyLabelsResponse> {
        if self.0.away.load(Ordering::SeqCst) {
            return Err(status(Failure::new(Reason::DependencyUnavailable, "away")));
        }
        let mut labels = self.0.labels.lock().await;
        for column in request.into_inner().columns {
            let names = column.labels.into_iter().map(|l| l.label).collect();
            labels.insert(column.path.unwrap().column, names);
        }
        Ok(Response::new(pb::ApplyLabelsResponse::default()))
    }
}
