//! The service behind a stack, and callers of it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use datawave_access::{Access, AccessDeps, MIGRATIONS, PolicyAuthorizer};
use datawave_authz::{Decider, Snapshot};
use datawave_core::{Actor, AuditRecord, EventRecord, Failure, ManualClock, Timestamp};
use datawave_db::{Db, Engine, audit_rows, relay};
use datawave_proto::datawave::access::v1 as pb;
use datawave_proto::datawave::access::v1::access_service_client::AccessServiceClient;
use datawave_rpc::{AuditSink, Channel, Stack, failure};
use datawave_testkit::{FixedIds, TestStore, both};
use tokio_util::sync::CancellationToken;

pub(crate) type Client = AccessServiceClient<Channel>;

/// The moment at which every test begins.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

pub(crate) struct Rig {
    pub(crate) access: Access,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) policy: Arc<Decider>,
    /// Secret of the first token.
    pub(crate) admin: String,
    stack: Stack,
    store: TestStore,
}

struct Sink(Db);

#[async_trait]
impl AuditSink for Sink {
    async fn record(&self, record: AuditRecord) -> Result<(), Failure> {
        self.0.record_audit(vec![record]).await
    }
}

/// The service on SQLite and on PostgreSQL, each with the first token made.
pub(crate) async fn rigs() -> Vec<Rig> {
    let mut rigs = Vec::new();
    for store in both("access", MIGRATIONS).await {
        rigs.push(Rig::new(store).await);
    }
    rigs
}

pub(crate) async fn open(
    store: &TestStore,
    clock: Arc<ManualClock>,
    policy: Arc<Decider>,
    seed: u64,
) -> Access {
    let deps = AccessDeps {
        url: store.url.clone(),
        policy,
        clock,
        ids: Arc::new(FixedIds::new(seed)),
        page_key: [7; 32],
    };
    Access::open(deps).await.unwrap()
}

impl Rig {
    async fn new(store: TestStore) -> Self {
        let clock = Arc::new(ManualClock::starting_at(START));
        let policy = Arc::new(Decider::new(Snapshot::default_policies(0).unwrap()));
        let access = open(&store, Arc::clone(&clock), Arc::clone(&policy), 1).await;
        let kept = Mutex::new(String::new());
        let made = access
            .bootstrap_admin(|secret| {
                secret.clone_into(&mut kept.lock().unwrap());
                Ok(())
            })
            .await
            .unwrap();
        assert!(made);
        let stack = Stack::builder()
            .service("access", access.routes(), Arc::new(Sink(access.db().clone())))
            .authenticator(Arc::new(access.authenticator()))
            .authorizer(Arc::new(PolicyAuthorizer::new(Arc::clone(&policy))))
            .build()
            .unwrap();
        Self {
            access,
            clock,
            policy,
            admin: kept.into_inner().unwrap(),
            stack,
            store,
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.store.engine
    }

    /// A client that brings no identity of its own.
    pub(crate) fn client(&self) -> Client {
        AccessServiceClient::new(self.stack.local_channel(Actor::anonymous()))
    }

    /// A client inside the process, as one of our services.
    pub(crate) fn service(&self, name: &str) -> Client {
        AccessServiceClient::new(self.stack.local_channel(Actor::service(name)))
    }

    /// Who the holder of `secret` is.
    pub(crate) async fn who(&self, secret: &str) -> Result<pb::WhoAmIResponse, Failure> {
        answer(self.client().who_am_i(with(secret, pb::WhoAmIRequest {})).await)
    }

    /// Makes a token as the administrator.
    pub(crate) async fn token(&self, subject: &str, roles: &[&str]) -> (pb::Token, String) {
        let made = self.try_token(&self.admin, subject, roles).await.unwrap();
        (made.token.unwrap(), made.secret)
    }

    pub(crate) async fn try_token(
        &self,
        by: &str,
        subject: &str,
        roles: &[&str],
    ) -> Result<pb::CreateTokenResponse, Failure> {
        let request = pb::CreateTokenRequest {
            subject: subject.to_owned(),
            description: "for a test".to_owned(),
            ttl: None,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        answer(self.client().create_token(with(by, request)).await)
    }

    /// The audit log so far.
    pub(crate) async fn audit(&self) -> Vec<AuditRecord> {
        let mut session = self.access.db().read().await.unwrap();
        let rows = audit_rows(&mut session, 1, 10_000).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_slice(&row.record).unwrap())
            .collect()
    }

    /// The first `count` events of the outbox.
    pub(crate) async fn events(&self, count: usize) -> Vec<EventRecord> {
        let stop = CancellationToken::new();
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let sink: relay::Sink<EventRecord> = Arc::new(move |events| {
            events.into_iter().for_each(|event| sender.send(event).unwrap());
            Box::pin(async { Ok(()) })
        });
        let relay = relay::spawn_outbox(self.access.db().clone(), sink, stop.clone());
        let mut events = Vec::new();
        while events.len() < count {
            events.push(receiver.recv().await.unwrap());
        }
        stop.cancel();
        relay.await.unwrap();
        events
    }

    /// Another process on the same store.
    pub(crate) async fn replica(&self) -> (Access, Arc<Decider>) {
        let policy = Arc::new(Decider::new(Snapshot::default_policies(0).unwrap()));
        let access = open(&self.store, Arc::clone(&self.clock), Arc::clone(&policy), 2).await;
        (access, policy)
    }
}

/// A request with a bearer token.
pub(crate) fn with<M>(secret: &str, message: M) -> tonic::Request<M> {
    let mut request = tonic::Request::new(message);
    let value = format!("Bearer {secret}").parse().unwrap();
    request.metadata_mut().insert("authorization", value);
    request
}

/// The message of an answer, or the failure that came over the wire.
pub(crate) fn answer<M>(answer: Result<tonic::Response<M>, tonic::Status>) -> Result<M, Failure> {
    answer.map(tonic::Response::into_inner).map_err(failure)
}
