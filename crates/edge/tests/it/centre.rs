//! A centre that hands out scans, keeps what it is sent, and forgets nothing of it.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datawave_core::{Failure, Reason};
use datawave_proto::Validate;
use datawave_proto::datawave::catalog::v1::DiscoveredTable;
use datawave_proto::datawave::common::v1::{ColumnPath, ColumnResult};
use datawave_proto::datawave::edge::v1::edge_link_service_server::EdgeLinkService;
use datawave_proto::datawave::edge::v1::*;
use datawave_rpc::{enter, status};
use prost::Message;
use tokio::sync::watch;
use tonic::{Request, Response, Status};

/// How long a test waits for anything before it gives up; far above what any of it takes.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Default)]
pub(crate) struct State {
    pub(crate) waiting: VecDeque<ScanAssignment>,
    /// Discovered and not done.
    pub(crate) pending: Vec<DiscoveredTable>,
    pub(crate) discovered: bool,
    pub(crate) batches: Vec<SubmitTablesRequest>,
    pub(crate) results: Vec<SubmitTableResultRequest>,
    pub(crate) finished: Vec<FinishScanRequest>,
    pub(crate) leases: Vec<LeaseScanRequest>,
    /// Table that the last renewal named.
    pub(crate) current: String,
    /// Ask the edge to stop.
    pub(crate) cancel: bool,
    /// Only deliveries with this lease are taken; empty takes all.
    pub(crate) lease: String,
    /// Answer so many deliveries with UNAVAILABLE first, after taking them.
    pub(crate) lose_answers: u32,
    /// Every message, as it came in.
    pub(crate) wire: Vec<u8>,
    taken: HashSet<String>,
}

#[derive(Default)]
pub(crate) struct Centre {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Centre {
    /// Changes or reads the state.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let out = act(&mut self.state.lock().unwrap());
        self.changed.send_modify(|n| *n += 1);
        out
    }

    /// Waits until `look` finds what it looks for.
    pub(crate) async fn until<T>(&self, what: &str, look: impl Fn(&State) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&self.state.lock().unwrap()) {
                    return found;
                }
                changes.changed().await.unwrap();
            }
        });
        found
            .await
            .unwrap_or_else(|_| panic!("gave up waiting for: {what}"))
    }

    fn keep<M: Message + Validate + 'static>(&self, request: Request<M>) -> Result<M, Status> {
        let (_, message) = enter(request)?;
        self.with(|state| message.encode_length_delimited(&mut state.wire).unwrap());
        Ok(message)
    }

    /// Keeps a message and checks it and its lease.
    fn take<M: Message + Validate + 'static>(
        &self,
        request: Request<M>,
        lease: impl Fn(&M) -> &str,
    ) -> Result<M, Status> {
        let message = self.keep(request)?;
        let current = self.with(|state| state.lease.clone());
        if !current.is_empty() && lease(&message) != current {
            return Err(status(Failure::new(
                Reason::ScanStateInvalid,
                "not the current lease",
            )));
        }
        Ok(message)
    }

    fn answer<T>(&self, answer: T) -> Result<Response<T>, Status> {
        let lost = self.with(|state| {
            let lost = state.lose_answers > 0;
            state.lose_answers = state.lose_answers.saturating_sub(1);
            lost
        });
        if lost {
            return Err(Status::unavailable("the answer was lost"));
        }
        Ok(Response::new(answer))
    }
}

/// The generated trait is for a type of ours.
#[derive(Clone)]
pub(crate) struct CentreRpc(pub(crate) Arc<Centre>);

#[tonic::async_trait]
impl EdgeLinkService for CentreRpc {
    async fn lease_scan(
        &self,
        request: Request<LeaseScanRequest>,
    ) -> Result<Response<LeaseScanResponse>, Status> {
        let message = self.0.keep(request)?;
        let wait = Duration::try_from(message.max_wait.unwrap_or_default()).unwrap_or_default();
        self.0.with(|state| state.leases.push(message));
        let work = self
            .0
            .until("work", |state| (!state.waiting.is_empty()).then_some(()));
        let _ = tokio::time::timeout(wait, work).await;
        let assignment = self.0.with(|state| {
            let next = state.waiting.pop_front();
            if let Some(next) = &next {
                state.lease.clone_from(&next.lease_id);
            }
            next
        });
        Ok(Response::new(LeaseScanResponse { assignment }))
    }

    async fn renew_lease(
        &self,
        request: Request<RenewLeaseRequest>,
    ) -> Result<Response<RenewLeaseResponse>, Status> {
        let message = self.0.take(request, |m| &m.lease_id)?;
        let cancel = self.0.with(|state| {
            state.current = message.current_table;
            state.cancel
        });
        self.0.answer(RenewLeaseResponse { cancel })
    }

    async fn submit_tables(
        &self,
        request: Request<SubmitTablesRequest>,
    ) -> Result<Response<SubmitTablesResponse>, Status> {
        let message = self.0.take(request, |m| &m.lease_id)?;
        self.0.with(|state| {
            if state.taken.insert(message.batch_id.clone()) {
                state.pending.extend(message.tables.clone());
                state.discovered |= message.last;
                state.batches.push(message);
            }
        });
        self.0.answer(SubmitTablesResponse {})
    }

    async fn list_pending_tables(
        &self,
        request: Request<ListPendingTablesRequest>,
    ) -> Result<Response<ListPendingTablesResponse>, Status> {
        let message = self.0.take(request, |m| &m.lease_id)?;
        let size = message.page.unwrap_or_default().page_size as usize;
        let tables = self
            .0
            .with(|state| state.pending.iter().take(size).cloned().collect());
        Ok(Response::new(ListPendingTablesResponse { tables, page: None }))
    }

    async fn submit_table_result(
        &self,
        request: Request<SubmitTableResultRequest>,
    ) -> Result<Response<SubmitTableResultResponse>, Status> {
        let message = self.0.take(request, |m| &m.lease_id)?;
        let cancel = self.0.with(|state| {
            if state.taken.insert(message.batch_id.clone()) {
                state.pending.retain(|table| table.path != message.table);
                state.results.push(message);
            }
            state.cancel
        });
        self.0.answer(SubmitTableResultResponse { cancel })
    }

    async fn finish_scan(
        &self,
        request: Request<FinishScanRequest>,
    ) -> Result<Response<FinishScanResponse>, Status> {
        let message = self.0.take(request, |m| &m.lease_id)?;
        self.0.with(|state| state.finished.push(message));
        Ok(Response::new(FinishScanResponse {}))
    }
}

impl State {
    /// The result of a table.
    pub(crate) fn result(&self, table: &str) -> &SubmitTableResultRequest {
        let named = |path: &Option<ColumnPath>| path.as_ref().is_some_and(|p| p.table == table);
        let found = self.results.iter().find(|result| named(&result.table));
        found.unwrap_or_else(|| panic!("no result of {table}"))
    }

    /// The result of a column.
    pub(crate) fn column(&self, table: &str, column: &str) -> &ColumnResult {
        let named = |path: &Option<ColumnPath>| path.as_ref().is_some_and(|p| p.column == column);
        let found = self
            .result(table)
            .results
            .iter()
            .find(|result| named(&result.path));
        found.unwrap_or_else(|| panic!("no result of {table}.{column}"))
    }

    /// Reason code of a table's failure, or nothing.
    pub(crate) fn table_reason(&self, table: &str) -> &str {
        self.result(table)
            .error
            .as_ref()
            .map_or("", |error| &error.reason)
    }
}
