//! The generated server trait for people.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::{CallContext, Failure};
use datawave_proto::datawave::common::v1::PageResponse;
use datawave_proto::datawave::scans::v1 as pb;
use datawave_proto::datawave::scans::v1::scans_service_server::{ScansService, ScansServiceServer};
use datawave_rpc::{Changes, WatchOptions, WatchStream, enter, idempotency_key, status, watch};
use tokio::sync::watch::Receiver;
use tonic::{Request, Response, Status};

use super::app::ScanApp;
use super::convert;
use super::model::Scan;

/// How often a watcher looks for changes that another replica committed.
const POLL: Duration = Duration::from_secs(1);

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
pub(crate) struct ScansRpc {
    app: Arc<ScanApp>,
}

impl ScansRpc {
    pub(crate) fn server(app: Arc<ScanApp>) -> ScansServiceServer<Self> {
        ScansServiceServer::new(Self { app })
    }
}

#[tonic::async_trait]
impl ScansService for ScansRpc {
    async fn start_scan(&self, request: Request<pb::StartScanRequest>) -> Answer<pb::StartScanResponse> {
        let (mut ctx, message) = enter(request)?;
        idempotency_key(&mut ctx, &message.request_id).map_err(status)?;
        let new = convert::new_scan(message).map_err(status)?;
        let scan = self.app.start(&ctx, &new).await.map_err(status)?;
        Ok(Response::new(pb::StartScanResponse {
            scan: Some(convert::pb_scan(&scan)),
        }))
    }

    async fn get_scan(&self, request: Request<pb::GetScanRequest>) -> Answer<pb::GetScanResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?;
        let scan = self.app.get(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::GetScanResponse {
            scan: Some(convert::pb_scan(&scan)),
        }))
    }

    async fn list_scans(&self, request: Request<pb::ListScansRequest>) -> Answer<pb::ListScansResponse> {
        let (ctx, message) = enter(request)?;
        let page = message.page.unwrap_or_default();
        let listed = self.app.list(
            &ctx,
            &message.source,
            message.active_only,
            page.page_size,
            &page.page_token,
        );
        let (scans, next_page_token) = listed.await.map_err(status)?;
        Ok(Response::new(pb::ListScansResponse {
            scans: scans.iter().map(convert::pb_scan).collect(),
            page: Some(PageResponse { next_page_token }),
        }))
    }

    async fn cancel_scan(&self, request: Request<pb::CancelScanRequest>) -> Answer<pb::CancelScanResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?;
        let scan = self.app.cancel(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::CancelScanResponse {
            scan: Some(convert::pb_scan(&scan)),
        }))
    }

    async fn resume_scan(&self, request: Request<pb::ResumeScanRequest>) -> Answer<pb::ResumeScanResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?;
        let scan = self.app.resume(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::ResumeScanResponse {
            scan: Some(convert::pb_scan(&scan)),
        }))
    }

    type WatchScanStream = WatchStream<pb::WatchScanResponse>;

    async fn watch_scan(&self, request: Request<pb::WatchScanRequest>) -> Answer<Self::WatchScanStream> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?.to_owned();
        // A watch of nothing is refused before the stream begins.
        self.app.get(&ctx, &id).await.map_err(status)?;
        let (app, commits) = (Arc::clone(&self.app), self.app.commits.subscribe());
        let changes = ScanChanges {
            app,
            commits,
            ctx: ctx.clone(),
            id,
            last: None,
        };
        let options = WatchOptions::until(self.app.stop.clone());
        Ok(Response::new(watch(&ctx, changes, String::new(), options)))
    }
}

/// What one watcher sees: the scan whenever it changed; its final state is the last message.
struct ScanChanges {
    app: Arc<ScanApp>,
    commits: Receiver<u64>,
    ctx: CallContext,
    id: String,
    last: Option<Scan>,
}

#[tonic::async_trait]
impl Changes for ScanChanges {
    type Message = pb::WatchScanResponse;

    async fn after(&mut self, token: &str) -> Result<datawave_rpc::Batch<Self::Message>, Failure> {
        self.commits.mark_unchanged();
        let scan = self.app.get(&self.ctx, &self.id).await?;
        let finished = scan.state.is_final();
        let mut messages = Vec::new();
        if self.last.as_ref() != Some(&scan) {
            messages.push((
                pb::WatchScanResponse {
                    scan: Some(convert::pb_scan(&scan)),
                },
                token.to_owned(),
            ));
            self.last = Some(scan);
        }
        Ok(datawave_rpc::Batch { messages, finished })
    }

    async fn changed(&mut self) {
        let _ = tokio::time::timeout(POLL, self.commits.changed()).await;
    }

    fn heartbeat(&self, _token: &str) -> Self::Message {
        pb::WatchScanResponse {
            scan: self.last.as_ref().map(convert::pb_scan),
        }
    }
}
