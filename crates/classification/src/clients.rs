//! The one call that classification makes: labels, to the catalog.

use datawave_core::{CallContext, Failure};
use datawave_proto::datawave::catalog::v1::ApplyLabelsRequest;
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_rpc::{Channel, failure, outgoing};
use prost::Message;

/// The catalog.
pub(crate) struct CatalogClient(pub(crate) Channel);

impl CatalogClient {
    /// `payload` is the request, encoded when it was queued.
    pub(crate) async fn apply_labels(&self, ctx: &CallContext, payload: &[u8]) -> Result<(), Failure> {
        let message = ApplyLabelsRequest::decode(payload).map_err(Failure::internal)?;
        CatalogServiceClient::new(self.0.clone())
            .apply_labels(outgoing(ctx, message))
            .await
            .map_err(failure)?;
        Ok(())
    }
}
