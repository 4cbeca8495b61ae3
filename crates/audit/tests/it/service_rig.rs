//! The service behind a stack, and callers of it.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use datawave_audit::log::Entry;
use datawave_audit::{Audit, AuditDeps, MIGRATIONS, log_dir};
use datawave_core::{Actor, AuditRecord, Failure, Reason, TenantId};
use datawave_db::{Db, DbUrl};
use datawave_proto::Method;
use datawave_proto::datawave::audit::v1 as pb;
use datawave_proto::datawave::audit::v1::audit_service_client::AuditServiceClient;
use datawave_rpc::{
    AuditSink, Authenticated, Authenticator, Authorizer, AuthzDecision, Channel, Stack, failure,
};
use datawave_testkit::{TestStore, both};
use tempfile::TempDir;

use crate::log_fixture::{chained, record};

pub(crate) type Client = AuditServiceClient<Channel>;

/// A running service. What is dropped first is what a crash takes: the process, not its files.
pub(crate) struct Rig {
    pub(crate) audit: Audit,
    pub(crate) stack: Stack,
    pub(crate) home: Home,
}

/// What outlives a process.
pub(crate) struct Home {
    pub(crate) store: TestStore,
    folder: TempDir,
}

pub(crate) struct Sink(pub(crate) Db);

#[async_trait]
impl AuditSink for Sink {
    async fn record(&self, record: AuditRecord) -> Result<(), Failure> {
        self.0.record_audit(vec![record]).await
    }
}

/// Lets everybody in but `user:mallory`; tokens it knows none.
struct Gate;

impl Authorizer for Gate {
    fn decide(&self, _: &TenantId, actor: &Actor, _: &Method) -> AuthzDecision {
        AuthzDecision {
            allowed: actor.subject != "user:mallory",
            policies: Vec::new(),
            revision: 1,
        }
    }
}

#[async_trait]
impl Authenticator for Gate {
    async fn authenticate(&self, _: &str) -> Result<Authenticated, Failure> {
        Err(Failure::new(Reason::CredentialsInvalid, "no tokens here"))
    }
}

impl Home {
    fn new(store: TestStore) -> Self {
        Self {
            store,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn url(&self) -> &DbUrl {
        &self.store.url
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("audit")
    }

    pub(crate) fn log(&self) -> PathBuf {
        log_dir(&self.dir())
    }

    /// Runs one statement on the store, as somebody would who has its file.
    pub(crate) async fn meddle(&self, statement: &'static str) {
        self.store
            .db
            .write(|tx| Box::pin(async move { datawave_db::sql(statement).execute(tx).await }))
            .await
            .unwrap();
    }

    pub(crate) async fn try_start(&self) -> Result<Audit, Failure> {
        Audit::open(AuditDeps {
            url: self.url().clone(),
            dir: self.dir(),
            origin: Some("audit.test".to_owned()),
            page_key: [9; 32],
        })
        .await
    }

    pub(crate) async fn start(self) -> Rig {
        let audit = self.try_start().await.unwrap();
        let stack = Stack::builder()
            .service("audit", audit.routes(), Arc::new(Sink(audit.db().clone())))
            .authenticator(Arc::new(Gate))
            .authorizer(Arc::new(Gate))
            .build()
            .unwrap();
        Rig {
            audit,
            stack,
            home: self,
        }
    }
}

/// The service on SQLite and on PostgreSQL.
pub(crate) async fn rigs() -> Vec<Rig> {
    let mut rigs = Vec::new();
    for store in both("audit", MIGRATIONS).await {
        rigs.push(Home::new(store).start().await);
    }
    rigs
}

impl Rig {
    /// Ends the process without a word, and starts the next one.
    pub(crate) async fn restart(self) -> Self {
        self.end().start().await
    }

    pub(crate) fn end(self) -> Home {
        self.home
    }

    pub(crate) fn channel(&self, actor: Actor) -> Channel {
        self.stack.local_channel(actor)
    }

    pub(crate) fn client(&self, actor: Actor) -> Client {
        AuditServiceClient::new(self.channel(actor))
    }

    pub(crate) fn admin(&self) -> Client {
        self.client(Actor::user("admin", &["admin"]))
    }

    /// Delivers `records` as the service named so; gives the sequence expected next.
    pub(crate) async fn deliver(&self, service: &str, records: &[Entry]) -> Result<i64, Failure> {
        let records = records.iter().map(pb_record).collect();
        let request = pb::AppendRecordsRequest { records };
        let answer = self.client(Actor::service(service)).append_records(request).await;
        Ok(answer.map_err(failure)?.into_inner().next_sequence)
    }

    pub(crate) async fn list(&self, request: pb::ListRecordsRequest) -> pb::ListRecordsResponse {
        self.admin().list_records(request).await.unwrap().into_inner()
    }

    pub(crate) async fn checkpoint(&self) -> pb::GetCheckpointResponse {
        self.admin()
            .get_checkpoint(pb::GetCheckpointRequest {})
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn verify(&self, checkpoint: &str) -> pb::VerifyLogResponse {
        let request = pb::VerifyLogRequest {
            checkpoint: checkpoint.to_owned(),
        };
        self.admin().verify_log(request).await.unwrap().into_inner()
    }
}

pub(crate) fn pb_record(entry: &Entry) -> pb::ChainedRecord {
    pb::ChainedRecord {
        service: entry.service.clone(),
        sequence: entry.sequence as i64,
        record: entry.record.clone(),
        previous: entry.previous.to_vec(),
        hash: entry.hash().to_vec(),
    }
}

/// The first `count` records of a service.
pub(crate) fn chain(service: &str, count: u64) -> Vec<Entry> {
    let record = |n| (service.to_owned(), record(n, service, "").canonical_bytes());
    chained(&(0..count).map(record).collect::<Vec<_>>())
}
