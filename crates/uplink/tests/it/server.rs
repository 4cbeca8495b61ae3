//! A centre that answers from a script and keeps what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_facts::TablePath;
use datawave_proto::Validate;
use datawave_proto::datawave::edge::v1::edge_link_service_server::{EdgeLinkService, EdgeLinkServiceServer};
use datawave_proto::datawave::edge::v1::*;
use datawave_uplink::{Lease, RetryPolicy, Uplink};
use tonic::{Code, Request, Response, Status};

#[derive(Default)]
pub(crate) struct Script {
    /// Answers of the next calls; then everything succeeds.
    pub(crate) refusals: VecDeque<Code>,
    pub(crate) calls: u32,
    pub(crate) tables: Vec<SubmitTablesRequest>,
    pub(crate) results: Vec<SubmitTableResultRequest>,
    pub(crate) assignment: Option<ScanAssignment>,
    pub(crate) pending: ListPendingTablesResponse,
    pub(crate) cancel: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Server(pub(crate) Arc<Mutex<Script>>);

impl Server {
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Script) -> T) -> T {
        act(&mut self.0.lock().unwrap())
    }

    fn take<M: Validate>(&self, request: Request<M>) -> Result<M, Status> {
        let message = request.into_inner();
        message
            .validate()
            .map_err(|wrong| Status::invalid_argument(format!("{wrong:?}")))?;
        self.with(|script| {
            script.calls += 1;
            match script.refusals.pop_front() {
                Some(code) => Err(Status::new(code, "by the script")),
                None => Ok(message),
            }
        })
    }
}

#[tonic::async_trait]
impl EdgeLinkService for Server {
    async fn lease_scan(
        &self,
        request: Request<LeaseScanRequest>,
    ) -> Result<Response<LeaseScanResponse>, Status> {
        self.take(request)?;
        let assignment = self.with(|script| script.assignment.take());
        Ok(Response::new(LeaseScanResponse { assignment }))
    }

    async fn renew_lease(
        &self,
        request: Request<RenewLeaseRequest>,
    ) -> Result<Response<RenewLeaseResponse>, Status> {
        self.take(request)?;
        let cancel = self.with(|script| script.cancel);
        Ok(Response::new(RenewLeaseResponse { cancel }))
    }

    async fn submit_tables(
        &self,
        request: Request<SubmitTablesRequest>,
    ) -> Result<Response<SubmitTablesResponse>, Status> {
        let message = self.take(request)?;
        self.with(|script| script.tables.push(message));
        Ok(Response::new(SubmitTablesResponse {}))
    }

    async fn list_pending_tables(
        &self,
        request: Request<ListPendingTablesRequest>,
    ) -> Result<Response<ListPendingTablesResponse>, Status> {
        self.take(request)?;
        Ok(Response::new(self.with(|script| script.pending.clone())))
    }

    async fn submit_table_result(
        &self,
        request: Request<SubmitTableResultRequest>,
    ) -> Result<Response<SubmitTableResultResponse>, Status> {
        let message = self.take(request)?;
        let cancel = self.with(|script| {
            script.results.push(message);
            script.cancel
        });
        Ok(Response::new(SubmitTableResultResponse { cancel }))
    }

    async fn finish_scan(
        &self,
        request: Request<FinishScanRequest>,
    ) -> Result<Response<FinishScanResponse>, Status> {
        self.take(request)?;
        Ok(Response::new(FinishScanResponse {}))
    }
}

pub(crate) type Link = Uplink<EdgeLinkServiceServer<Server>>;

/// A server, and a link to it.
pub(crate) fn link() -> (Server, Link) {
    let server = Server::default();
    let channel = EdgeLinkServiceServer::new(server.clone());
    (server, Uplink::new(channel, read, policy()))
}

pub(crate) fn policy() -> RetryPolicy {
    RetryPolicy {
        give_up_after: Duration::from_secs(60),
        ..RetryPolicy::default()
    }
}

fn read(status: Status) -> Failure {
    let reason = match status.code() {
        Code::Unavailable => Reason::DependencyUnavailable,
        Code::DeadlineExceeded => Reason::DeadlineExceeded,
        Code::FailedPrecondition => Reason::ScanStateInvalid,
        Code::NotFound => Reason::ResourceNotFound,
        Code::InvalidArgument => Reason::InvalidRequest,
        _ => Reason::Internal,
    };
    Failure::new(reason, status.message())
}

pub(crate) fn lease() -> Lease {
    Lease {
        scan: "scans/scn_1".into(),
        id: "lse_1".into(),
    }
}

pub(crate) fn path(table: &str) -> TablePath {
    TablePath {
        database: "shop".into(),
        schema: "main".into(),
        table: table.into(),
    }
}
