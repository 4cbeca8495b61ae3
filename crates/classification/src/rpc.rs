//! The generated server trait. The only tonic here.

use std::sync::Arc;

use datawave_proto::datawave::classification::v1 as pb;
use datawave_proto::datawave::classification::v1::classification_service_server::{
    ClassificationService, ClassificationServiceServer,
};
use datawave_proto::datawave::common::v1::PageResponse;
use datawave_rpc::{enter, status};
use tonic::{Request, Response, Status};

use crate::convert;
use crate::finding::app::FindingApp;

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
pub(crate) struct ClassificationRpc {
    app: Arc<FindingApp>,
}

impl ClassificationRpc {
    pub(crate) fn server(app: Arc<FindingApp>) -> ClassificationServiceServer<Self> {
        ClassificationServiceServer::new(Self { app })
    }
}

#[tonic::async_trait]
impl ClassificationService for ClassificationRpc {
    async fn list_column_results(
        &self,
        request: Request<pb::ListColumnResultsRequest>,
    ) -> Answer<pb::ListColumnResultsResponse> {
        let (ctx, message) = enter(request)?;
        let filter = convert::result_filter(&message);
        let page = message.page.unwrap_or_default();
        let listed = self.app.results(&ctx, &filter, page.page_size, &page.page_token);
        let (documents, next_page_token) = listed.await.map_err(status)?;
        let results = convert::pb_results(&documents).map_err(status)?;
        Ok(Response::new(pb::ListColumnResultsResponse {
            results,
            page: Some(PageResponse { next_page_token }),
        }))
    }

    async fn list_findings(
        &self,
        request: Request<pb::ListFindingsRequest>,
    ) -> Answer<pb::ListFindingsResponse> {
        let (ctx, message) = enter(request)?;
        let filter = convert::finding_filter(&message);
        let page = message.page.unwrap_or_default();
        let listed = self.app.list(&ctx, &filter, page.page_size, &page.page_token);
        let (findings, next_page_token) = listed.await.map_err(status)?;
        Ok(Response::new(pb::ListFindingsResponse {
            findings: findings.iter().map(convert::pb_finding).collect(),
            page: Some(PageResponse { next_page_token }),
        }))
    }

    async fn get_finding(&self, request: Request<pb::GetFindingRequest>) -> Answer<pb::GetFindingResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::finding_id(&message.name).map_err(status)?;
        let finding = self.app.get(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::GetFindingResponse {
            finding: Some(convert::pb_finding(&finding)),
        }))
    }

    async fn decide_finding(
        &self,
        request: Request<pb::DecideFindingRequest>,
    ) -> Answer<pb::DecideFindingResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::finding_id(&message.name).map_err(status)?;
        let decision = convert::decision(message.decision).map_err(status)?;
        let decided = self.app.decide(&ctx, id, decision, &message.note, &message.etag);
        let finding = decided.await.map_err(status)?;
        Ok(Response::new(pb::DecideFindingResponse {
            finding: Some(convert::pb_finding(&finding)),
        }))
    }

    async fn submit_results(
        &self,
        request: Request<pb::SubmitResultsRequest>,
    ) -> Answer<pb::SubmitResultsResponse> {
        let (ctx, message) = enter(request)?;
        let submission = convert::submission(message).map_err(status)?;
        let (created, changed) = self.app.submit(&ctx, &submission).await.map_err(status)?;
        Ok(Response::new(pb::SubmitResultsResponse { created, changed }))
    }
}
