//! The generated server trait for edge nodes, and the conversions of its messages.

use std::sync::Arc;
use std::time::Duration;

use datawave_core::Failure;
use datawave_proto::datawave::catalog::v1::{DiscoveredTable, UpsertAssetsRequest};
use datawave_proto::datawave::classification::v1::SubmitResultsRequest;
use datawave_proto::datawave::common::v1::{ColumnPath, ColumnResult, ColumnStatus, PageResponse};
use datawave_proto::datawave::edge::v1 as pb;
use datawave_proto::datawave::edge::v1::edge_link_service_server::{EdgeLinkService, EdgeLinkServiceServer};
use datawave_rpc::{enter, status};
use prost::Message;
use tonic::{Request, Response, Status};

use super::app::{EncodedTable, LEASE, LinkApp, TableBatch, TablesBatch, table_key};
use crate::scan::convert;
use crate::scan::model::Scan;
use crate::scan::store::ColumnCounts;

/// Tables per page: their columns ride along.
const TABLES_PER_PAGE: i32 = 100;

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
pub(crate) struct LinkRpc {
    app: Arc<LinkApp>,
}

impl LinkRpc {
    pub(crate) fn server(app: Arc<LinkApp>) -> EdgeLinkServiceServer<Self> {
        EdgeLinkServiceServer::new(Self { app })
    }
}

#[tonic::async_trait]
impl EdgeLinkService for LinkRpc {
    async fn lease_scan(&self, request: Request<pb::LeaseScanRequest>) -> Answer<pb::LeaseScanResponse> {
        let (ctx, message) = enter(request)?;
        let wait = message
            .max_wait
            .and_then(|d| Duration::try_from(d).ok())
            .unwrap_or_default();
        let leased = self
            .app
            .lease(&ctx, &message.edge, &message.instance, wait)
            .await
            .map_err(status)?;
        let assignment = leased.map(|(scan, lease)| assignment(&scan, lease.id.unwrap_or_default()));
        Ok(Response::new(pb::LeaseScanResponse { assignment }))
    }

    async fn renew_lease(&self, request: Request<pb::RenewLeaseRequest>) -> Answer<pb::RenewLeaseResponse> {
        let (ctx, message) = enter(request)?;
        let renewed = self
            .app
            .renew(&ctx, &message.scan, &message.lease_id, &message.current_table);
        let cancel = renewed.await.map_err(status)?;
        Ok(Response::new(pb::RenewLeaseResponse { cancel }))
    }

    async fn submit_tables(
        &self,
        request: Request<pb::SubmitTablesRequest>,
    ) -> Answer<pb::SubmitTablesResponse> {
        let (ctx, message) = enter(request)?;
        let scan = self.scan(&ctx, &message.scan).await?;
        let (id, lease) = (message.scan.clone(), message.lease_id.clone());
        let batch = tables_batch(&scan, message).map_err(status)?;
        self.app
            .submit_tables(&ctx, &id, &lease, &batch)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::SubmitTablesResponse {}))
    }

    async fn list_pending_tables(
        &self,
        request: Request<pb::ListPendingTablesRequest>,
    ) -> Answer<pb::ListPendingTablesResponse> {
        let (ctx, message) = enter(request)?;
        let page = message.page.unwrap_or_default();
        let query = datawave_core::digest::sha256_parts(&[b"list_pending_tables", message.scan.as_bytes()]);
        let pages = &self.app.scans.pages;
        let after = pages
            .open(&ctx.tenant, &query, &page.page_token)
            .map_err(status)?;
        let after = after.first().and_then(|p| p.parse().ok()).unwrap_or(-1);
        let size = if page.page_size == 0 {
            TABLES_PER_PAGE
        } else {
            page.page_size.min(TABLES_PER_PAGE)
        } as usize;
        let found = self
            .app
            .pending(&ctx, &message.scan, &message.lease_id, after, size)
            .await
            .map_err(status)?;
        let next_page_token = match found.last() {
            Some((position, _)) if found.len() == size => {
                pages.seal(&ctx.tenant, &query, &[position.to_string()])
            }
            _ => String::new(),
        };
        let tables = found
            .iter()
            .map(|(_, bytes)| DiscoveredTable::decode(bytes.as_slice()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| status(Failure::internal(e)))?;
        Ok(Response::new(pb::ListPendingTablesResponse {
            tables,
            page: Some(PageResponse { next_page_token }),
        }))
    }

    async fn submit_table_result(
        &self,
        request: Request<pb::SubmitTableResultRequest>,
    ) -> Answer<pb::SubmitTableResultResponse> {
        let (ctx, message) = enter(request)?;
        let scan = self.scan(&ctx, &message.scan).await?;
        let (id, lease) = (message.scan.clone(), message.lease_id.clone());
        let batch = table_batch(&scan, message).map_err(status)?;
        let cancel = self
            .app
            .submit_table(&ctx, &id, &lease, &batch)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::SubmitTableResultResponse { cancel }))
    }

    async fn finish_scan(&self, request: Request<pb::FinishScanRequest>) -> Answer<pb::FinishScanResponse> {
        let (ctx, message) = enter(request)?;
        let error = convert::error(message.error);
        self.app
            .finish(&ctx, &message.scan, &message.lease_id, error.as_ref())
            .await
            .map_err(status)?;
        Ok(Response::new(pb::FinishScanResponse {}))
    }
}

impl LinkRpc {
    /// The scan as it is, for the names that go with its deliveries; the lease is checked in the app.
    async fn scan(&self, ctx: &datawave_core::CallContext, name: &str) -> Result<Scan, Status> {
        let id = convert::scan_id(name).map_err(status)?;
        let mut session = self.app.scans.db.read().await.map_err(status)?;
        let found = crate::scan::store::scan(&mut session, &ctx.tenant, id)
            .await
            .map_err(status)?;
        found.ok_or_else(|| status(crate::scan::app::not_found(id)))
    }
}

fn assignment(scan: &Scan, lease_id: String) -> pb::ScanAssignment {
    pb::ScanAssignment {
        scan: scan.name(),
        lease_id,
        lease_time: Some(convert::duration(LEASE)),
        source: scan.source.clone(),
        source_name: scan.source_name.clone(),
        url: scan.target.url.clone(),
        credential_ref: scan.target.credential_ref.clone(),
        login: scan.target.login.clone(),
        include: scan.target.include.clone(),
        exclude: scan.target.exclude.clone(),
        budget: Some(convert::pb_budget(&scan.budget)),
        seed: scan.seed,
        discovered: scan.discovered,
        attempt: scan.attempts,
    }
}

fn key_of(path: Option<&ColumnPath>, field: &str) -> Result<String, Failure> {
    let path = path
        .filter(|p| !p.table.is_empty())
        .ok_or_else(|| Failure::invalid(field, "must name a table"))?;
    Ok(table_key(&path.database, &path.schema, &path.table))
}

fn tables_batch(scan: &Scan, message: pb::SubmitTablesRequest) -> Result<TablesBatch, Failure> {
    let mut tables = Vec::with_capacity(message.tables.len());
    for (i, table) in message.tables.iter().enumerate() {
        let key = key_of(table.path.as_ref(), &format!("tables[{i}].path"))?;
        tables.push(EncodedTable {
            key,
            bytes: table.encode_to_vec(),
        });
    }
    let assets = UpsertAssetsRequest {
        batch_id: format!("assets/{}", message.batch_id),
        source: scan.source.clone(),
        source_name: scan.source_name.clone(),
        tables: message.tables,
    };
    Ok(TablesBatch {
        id: message.batch_id,
        tables,
        assets: assets.encode_to_vec(),
        last: message.last,
        source_engine: message.source_engine,
        engine_version: message.engine_version,
        cost: convert::cost(message.cost),
    })
}

fn table_batch(scan: &Scan, message: pb::SubmitTableResultRequest) -> Result<TableBatch, Failure> {
    let key = key_of(message.table.as_ref(), "table")?;
    let name = message
        .table
        .as_ref()
        .map(|p| format!("{}.{}", p.schema, p.table))
        .unwrap_or_default();
    let results: Vec<ColumnResult> = message
        .results
        .into_iter()
        .map(|result| ColumnResult {
            source: scan.source.clone(),
            ..result
        })
        .collect();
    let counts = counts(&results);
    let request = SubmitResultsRequest {
        // A table that is read again after a resume is a new result to those who get it.
        batch_id: format!("results/{}/{}", message.batch_id, scan.attempts),
        source: scan.source.clone(),
        source_name: scan.source_name.clone(),
        scan: scan.name(),
        results,
    };
    Ok(TableBatch {
        id: message.batch_id,
        key,
        name,
        counts,
        results: request.encode_to_vec(),
        error: convert::error(message.error),
        cost: convert::cost(message.cost),
    })
}

fn counts(results: &[ColumnResult]) -> ColumnCounts {
    let mut counts = ColumnCounts::default();
    for result in results {
        match result.status() {
            ColumnStatus::Ok => counts.ok += 1,
            ColumnStatus::Skipped => counts.skipped += 1,
            ColumnStatus::Failed | ColumnStatus::Unspecified => counts.failed += 1,
        }
        counts.with_findings += u32::from(!result.detections.is_empty());
    }
    counts
}
