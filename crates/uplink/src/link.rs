//! The calls themselves.

use std::future::Future;
use std::time::Duration;

use datawave_core::{Failure, ids};
use datawave_facts::TablePath;
use datawave_proto::datawave::common::v1::PageRequest;
use datawave_proto::datawave::edge::v1::edge_link_service_client::EdgeLinkServiceClient;
use datawave_proto::datawave::edge::v1::{
    FinishScanRequest, LeaseScanRequest, ListPendingTablesRequest, RenewLeaseRequest,
    SubmitTableResultRequest, SubmitTablesRequest,
};
use tokio::time::Instant;
use tonic::client::GrpcService;
use tonic::codegen::{Body, Bytes, StdError};
use tonic::{Request, Response, Status};

use crate::assignment::{Assignment, Lease, PendingPage};
use crate::convert;
use crate::discovery::Discovery;
use crate::error::{LinkError, is_passing};
use crate::result::TableResult;
use crate::retry::RetryPolicy;

/// What a channel to the centre must be able to do; every channel that a generated client can stand on and
/// that can be cloned is one.
pub trait Transport:
    GrpcService<
        tonic::body::Body,
        Error: Into<StdError>,
        Future: Send,
        ResponseBody: Body<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> Transport for T where
    T: GrpcService<
            tonic::body::Body,
            Error: Into<StdError>,
            Future: Send,
            ResponseBody: Body<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// What the centre wants of a running scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directive {
    /// Go on.
    Continue,
    /// Stop reading, end running statements, then [`Uplink::finish`].
    Cancel,
}

impl Directive {
    fn of(cancel: bool) -> Self {
        if cancel { Self::Cancel } else { Self::Continue }
    }
}

/// The edge's side of the link. Cheap to clone.
#[derive(Clone)]
pub struct Uplink<T> {
    client: EdgeLinkServiceClient<T>,
    read_status: fn(Status) -> Failure,
    policy: RetryPolicy,
}

impl<T: Transport> Uplink<T> {
    /// Over `channel`. `read_status` restores the failure that a status of this channel carries.
    pub fn new(channel: T, read_status: fn(Status) -> Failure, policy: RetryPolicy) -> Self {
        Self {
            client: EdgeLinkServiceClient::new(channel),
            read_status,
            policy,
        }
    }

    /// Waits for a scan to carry out, at most `max_wait` (the centre bounds it to 30 s). `None` when there was
    /// none. `instance` is drawn anew at each start of the node: leases of its former life are void at once.
    ///
    /// Tried once: a lease whose answer was lost lapses by itself, and the caller asks in a loop anyway.
    pub async fn lease(
        &self,
        edge: &str,
        instance: &str,
        version: &str,
        max_wait: Duration,
    ) -> Result<Option<Assignment>, Failure> {
        let mut request = Request::new(LeaseScanRequest {
            edge: edge.to_owned(),
            version: version.to_owned(),
            max_wait: Some(convert::duration(max_wait)),
            instance: instance.to_owned(),
        });
        request.set_timeout(max_wait + self.policy.call_timeout);
        let response = self
            .client
            .clone()
            .lease_scan(request)
            .await
            .map_err(self.read_status)?;
        Ok(response.into_inner().assignment.map(convert::assignment))
    }

    /// Keeps the lease alive and says which table is being read. Tried once: the caller renews in a loop.
    pub async fn renew(&self, lease: &Lease, current: Option<&TablePath>) -> Result<Directive, LinkError> {
        let request = RenewLeaseRequest {
            scan: lease.scan.clone(),
            lease_id: lease.id.clone(),
            current_table: current
                .map(|path| convert::cut(&format!("{}.{}", path.schema, path.table), 2_048))
                .unwrap_or_default(),
        };
        let response = self
            .client
            .clone()
            .renew_lease(self.bounded(request))
            .await
            .map_err(|status| LinkError::of((self.read_status)(status)))?;
        Ok(Directive::of(response.into_inner().cancel))
    }

    /// Begins the delivery of discovered tables.
    pub fn discovery<'a>(&'a self, lease: &'a Lease) -> Discovery<'a, T> {
        Discovery::new(self, lease)
    }

    pub(crate) async fn submit_tables(&self, request: SubmitTablesRequest) -> Result<(), LinkError> {
        self.repeat(request, |mut client, request| async move {
            client.submit_tables(request).await
        })
        .await?;
        Ok(())
    }

    /// Tables that are not done yet, from the beginning or from the page after `token`.
    pub async fn pending(
        &self,
        lease: &Lease,
        page_size: u16,
        token: &str,
    ) -> Result<PendingPage, LinkError> {
        let request = ListPendingTablesRequest {
            scan: lease.scan.clone(),
            lease_id: lease.id.clone(),
            page: Some(PageRequest {
                page_size: i32::from(page_size),
                page_token: token.to_owned(),
            }),
        };
        let response = self
            .repeat(request, |mut client, request| async move {
                client.list_pending_tables(request).await
            })
            .await?;
        Ok(PendingPage {
            tables: response.tables.into_iter().map(convert::pending_table).collect(),
            next: response.page.unwrap_or_default().next_page_token,
        })
    }

    /// Delivers the outcome of one table, which also marks it done. The same table of the same scan is taken
    /// once, whoever delivers it.
    pub async fn submit_result(
        &self,
        lease: &Lease,
        result: &TableResult<'_>,
    ) -> Result<Directive, LinkError> {
        let path = &result.table.path;
        let mut request = SubmitTableResultRequest {
            batch_id: ids::derived("res", &[&lease.scan, &path.database, &path.schema, &path.table]),
            scan: lease.scan.clone(),
            lease_id: lease.id.clone(),
            table: Some(convert::path(path, "")),
            results: result
                .columns
                .iter()
                .map(|report| convert::column_result(result.source, result.table.row_estimate, report))
                .collect(),
            error: result.failure.map(convert::error),
            cost: Some(convert::cost(result.cost)),
        };
        convert::fit(&mut request);
        let response = self
            .repeat(request, |mut client, request| async move {
                client.submit_table_result(request).await
            })
            .await?;
        Ok(Directive::of(response.cancel))
    }

    /// Ends the edge's part of the scan; `failure` when the scan as a whole failed.
    pub async fn finish(&self, lease: &Lease, failure: Option<&Failure>) -> Result<(), LinkError> {
        let request = FinishScanRequest {
            scan: lease.scan.clone(),
            lease_id: lease.id.clone(),
            error: failure.map(convert::error),
        };
        self.repeat(request, |mut client, request| async move {
            client.finish_scan(request).await
        })
        .await?;
        Ok(())
    }

    fn bounded<M>(&self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        request.set_timeout(self.policy.call_timeout);
        request
    }

    /// Makes an idempotent call, again and again while the centre is away.
    async fn repeat<M, R, F>(
        &self,
        message: M,
        call: impl Fn(EdgeLinkServiceClient<T>, Request<M>) -> F + Send + Sync,
    ) -> Result<R, LinkError>
    where
        M: Clone + Send + Sync,
        R: Send,
        F: Future<Output = Result<Response<R>, Status>> + Send,
    {
        let last = Instant::now() + self.policy.give_up_after;
        let mut attempt = 0;
        loop {
            let failure = match call(self.client.clone(), self.bounded(message.clone())).await {
                Ok(response) => return Ok(response.into_inner()),
                Err(status) => (self.read_status)(status),
            };
            let next = Instant::now() + self.policy.pause(attempt, failure.retry_after());
            if !is_passing(&failure) || next > last {
                return Err(LinkError::of(failure));
            }
            tokio::time::sleep_until(next).await;
            attempt += 1;
        }
    }
}
