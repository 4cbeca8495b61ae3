//! The generated server trait for people.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use datawave_core::CallContext;
use datawave_proto::datawave::common::v1::PageResponse;
use datawave_proto::datawave::scans::v1 as pb;
use datawave_proto::datawave::scans::v1::scans_service_server::{ScansService, ScansServiceServer};
use datawave_rpc::{enter, idempotency_key, status};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::app::ScanApp;
use super::convert;

/// A watcher hears from us at least so often.
const HEARTBEAT: Duration = Duration::from_secs(15);
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
        Ok(Response::new(pb::StartScanResponse { scan: Some(convert::pb_scan(&scan)) }))
    }

    async fn get_scan(&self, request: Request<pb::GetScanRequest>) -> Answer<pb::GetScanResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?;
        let scan = self.app.get(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::GetScanResponse { scan: Some(convert::pb_scan(&scan)) }))
    }

    async fn list_scans(&self, request: Request<pb::ListScansRequest>) -> Answer<pb::ListScansResponse> {
        let (ctx, message) = enter(request)?;
        let page = message.page.unwrap_or_default();
        let listed = self.app.list(&ctx, &message.source, message.active_only, page.page_size, &page.page_token);
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
        Ok(Response::new(pb::CancelScanResponse { scan: Some(convert::pb_scan(&scan)) }))
    }

    async fn resume_scan(&self, request: Request<pb::ResumeScanRequest>) -> Answer<pb::ResumeScanResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?;
        let scan = self.app.resume(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::ResumeScanResponse { scan: Some(convert::pb_scan(&scan)) }))
    }

    type WatchScanStream = Pin<Box<dyn Stream<Item = Result<pb::WatchScanResponse, Status>> + Send>>;

    async fn watch_scan(&self, request: Request<pb::WatchScanRequest>) -> Answer<Self::WatchScanStream> {
        let (ctx, message) = enter(request)?;
        let id = convert::scan_id(&message.name).map_err(status)?.to_owned();
        // A watch of nothing is refused before the stream begins.
        self.app.get(&ctx, &id).await.map_err(status)?;
        let (sender, receiver) = mpsc::channel(16);
        tokio::spawn(watch(Arc::clone(&self.app), ctx, id, sender));
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

/// Sends the scan whenever it changed and now and then besides; its final state is the last message.
async fn watch(app: Arc<ScanApp>, ctx: CallContext, id: String, sender: mpsc::Sender<Result<pb::WatchScanResponse, Status>>) {
    let mut commits = app.commits.subscribe();
    let mut last = None;
    let mut quiet = Duration::ZERO;
    loop {
        let scan = match app.get(&ctx, &id).await {
            Ok(scan) => scan,
            Err(failure) => {
                let _ = sender.send(Err(status(failure))).await;
                return;
            }
        };
        let changed = last.as_ref() != Some(&scan);
        if changed || quiet >= HEARTBEAT {
            quiet = Duration::ZERO;
            let message = pb::WatchScanResponse { scan: Some(convert::pb_scan(&scan)) };
            if sender.send(Ok(message)).await.is_err() || scan.state.is_final() {
                return;
            }
        }
        last = Some(scan);
        tokio::select! {
            () = sender.closed() => return,
            woken = commits.changed() => if woken.is_err() { return },
            () = tokio::time::sleep(POLL) => quiet += POLL,
        }
    }
}
