//! The generated server trait. The only tonic here.

use std::sync::Arc;

use datawave_proto::datawave::common::v1::PageResponse;
use datawave_proto::datawave::sources::v1 as pb;
use datawave_proto::datawave::sources::v1::sources_service_server::{SourcesService, SourcesServiceServer};
use datawave_rpc::{enter, idempotency_key, status};
use tonic::{Request, Response, Status};

use crate::convert;
use crate::source::app::SourceApp;

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
pub(crate) struct SourcesRpc {
    app: Arc<SourceApp>,
}

impl SourcesRpc {
    pub(crate) fn server(app: Arc<SourceApp>) -> SourcesServiceServer<Self> {
        SourcesServiceServer::new(Self { app })
    }
}

#[tonic::async_trait]
impl SourcesService for SourcesRpc {
    async fn create_source(
        &self,
        request: Request<pb::CreateSourceRequest>,
    ) -> Answer<pb::CreateSourceResponse> {
        let (mut ctx, message) = enter(request)?;
        idempotency_key(&mut ctx, &message.request_id).map_err(status)?;
        let (source, created) = self
            .app
            .create(&ctx, &convert::new_source(message))
            .await
            .map_err(status)?;
        Ok(Response::new(pb::CreateSourceResponse {
            source: Some(convert::pb_source(&source)),
            created,
        }))
    }

    async fn get_source(&self, request: Request<pb::GetSourceRequest>) -> Answer<pb::GetSourceResponse> {
        let (ctx, message) = enter(request)?;
        let source = self.app.get(&ctx, &message.name).await.map_err(status)?;
        Ok(Response::new(pb::GetSourceResponse {
            source: Some(convert::pb_source(&source)),
        }))
    }

    async fn list_sources(
        &self,
        request: Request<pb::ListSourcesRequest>,
    ) -> Answer<pb::ListSourcesResponse> {
        let (ctx, message) = enter(request)?;
        let page = message.page.unwrap_or_default();
        let (sources, next_page_token) = self
            .app
            .list(&ctx, page.page_size, &page.page_token)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::ListSourcesResponse {
            sources: sources.iter().map(convert::pb_source).collect(),
            page: Some(PageResponse { next_page_token }),
        }))
    }

    async fn update_source(
        &self,
        request: Request<pb::UpdateSourceRequest>,
    ) -> Answer<pb::UpdateSourceResponse> {
        let (ctx, message) = enter(request)?;
        let change = convert::change(message).map_err(status)?;
        let source = self.app.update(&ctx, &change).await.map_err(status)?;
        Ok(Response::new(pb::UpdateSourceResponse {
            source: Some(convert::pb_source(&source)),
        }))
    }

    async fn delete_source(
        &self,
        request: Request<pb::DeleteSourceRequest>,
    ) -> Answer<pb::DeleteSourceResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::source_id(&message.name).map_err(status)?;
        self.app.delete(&ctx, id, &message.etag).await.map_err(status)?;
        Ok(Response::new(pb::DeleteSourceResponse {}))
    }
}
