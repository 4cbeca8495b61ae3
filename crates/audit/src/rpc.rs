//! The generated server trait: enter, convert, one call into the app, convert back. The only tonic here.

use std::sync::Arc;

use datawave_proto::datawave::audit::v1 as pb;
use datawave_proto::datawave::audit::v1::audit_service_server::{AuditService, AuditServiceServer};
use datawave_proto::datawave::common::v1::PageResponse;
use datawave_rpc::{AuditedResource, enter, status};
use tonic::{Request, Response, Status};

use crate::app::AuditApp;
use crate::convert;

/// What the server stack mounts.
pub type Routes = tonic::service::Routes;

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
struct AuditRpc {
    app: Arc<AuditApp>,
}

pub(crate) fn routes(app: Arc<AuditApp>) -> Routes {
    Routes::new(AuditServiceServer::new(AuditRpc { app }))
}

/// An answer that says what its audit record is about.
fn about<T>(resource: &str, answer: T) -> Response<T> {
    let mut response = Response::new(answer);
    response
        .extensions_mut()
        .insert(AuditedResource(resource.to_owned()));
    response
}

#[tonic::async_trait]
impl AuditService for AuditRpc {
    async fn append_records(
        &self,
        request: Request<pb::AppendRecordsRequest>,
    ) -> Answer<pb::AppendRecordsResponse> {
        let (ctx, message) = enter(request)?;
        let records = convert::records(message.records).map_err(status)?;
        let next_sequence = self.app.append(&ctx, records).await.map_err(status)?;
        Ok(Response::new(pb::AppendRecordsResponse { next_sequence }))
    }

    async fn list_records(
        &self,
        request: Request<pb::ListRecordsRequest>,
    ) -> Answer<pb::ListRecordsResponse> {
        let (ctx, message) = enter(request)?;
        let filter = convert::filter(&message);
        let (size, token) = message
            .page
            .map(|p| (p.page_size, p.page_token))
            .unwrap_or_default();
        let page = self.app.list(&ctx, &filter, size, &token).await.map_err(status)?;
        let entries: Result<_, _> = page
            .items
            .iter()
            .map(|(index, entry)| convert::pb_entry(*index, entry))
            .collect();
        let answer = pb::ListRecordsResponse {
            entries: entries.map_err(status)?,
            page: Some(PageResponse {
                next_page_token: page.next,
            }),
        };
        Ok(about("audit/records", answer))
    }

    async fn get_checkpoint(
        &self,
        request: Request<pb::GetCheckpointRequest>,
    ) -> Answer<pb::GetCheckpointResponse> {
        enter(request)?;
        let saved = self.app.checkpoint().await.map_err(status)?;
        Ok(Response::new(pb::GetCheckpointResponse {
            checkpoint: saved.to_text(),
            size: convert::signed(saved.checkpoint().size),
        }))
    }

    async fn verify_log(&self, request: Request<pb::VerifyLogRequest>) -> Answer<pb::VerifyLogResponse> {
        let (_, message) = enter(request)?;
        let report = self.app.verify(&message.checkpoint).await.map_err(status)?;
        Ok(about("audit/log", convert::pb_report(report)))
    }
}
