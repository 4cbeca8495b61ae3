//! The calls that scans make: to sources for what to scan, to catalog and classification with what came of it.

use datawave_core::{CallContext, Failure};
use datawave_proto::datawave::catalog::v1::UpsertAssetsRequest;
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::classification::v1::SubmitResultsRequest;
use datawave_proto::datawave::classification::v1::classification_service_client::ClassificationServiceClient;
use datawave_proto::datawave::sources::v1::sources_service_client::SourcesServiceClient;
use datawave_proto::datawave::sources::v1::{GetSourceRequest, Source};
use datawave_rpc::{Channel, failure, outgoing};
use prost::Message;

/// The registry of sources.
pub(crate) struct SourcesClient(pub(crate) Channel);

impl SourcesClient {
    pub(crate) async fn get(&self, ctx: &CallContext, name: &str) -> Result<Source, Failure> {
        let request = outgoing(
            ctx,
            GetSourceRequest {
                name: name.to_owned(),
            },
        );
        let answer = SourcesServiceClient::new(self.0.clone())
            .get_source(request)
            .await
            .map_err(failure)?;
        answer
            .into_inner()
            .source
            .ok_or_else(|| Failure::internal("sources answered without a source"))
    }
}

/// Who gets results. Payloads are the requests themselves, encoded when they were queued.
pub(crate) struct Receivers {
    pub(crate) catalog: Channel,
    pub(crate) classification: Channel,
}

impl Receivers {
    pub(crate) async fn upsert_assets(&self, ctx: &CallContext, payload: &[u8]) -> Result<(), Failure> {
        let message = UpsertAssetsRequest::decode(payload).map_err(Failure::internal)?;
        let mut client = CatalogServiceClient::new(self.catalog.clone());
        client
            .upsert_assets(outgoing(ctx, message))
            .await
            .map_err(failure)?;
        Ok(())
    }

    pub(crate) async fn submit_results(&self, ctx: &CallContext, payload: &[u8]) -> Result<(), Failure> {
        let message = SubmitResultsRequest::decode(payload).map_err(Failure::internal)?;
        let mut client = ClassificationServiceClient::new(self.classification.clone());
        client
            .submit_results(outgoing(ctx, message))
            .await
            .map_err(failure)?;
        Ok(())
    }
}
