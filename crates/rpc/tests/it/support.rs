//! A stack around stub services, and channels to it over every way there is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use datawave_core::{Actor, AuditRecord, Clock as _, Failure, Reason, SystemClock, TenantId, Timestamp};
use datawave_proto::Method;
use datawave_proto::datawave::audit::v1 as audit;
use datawave_proto::datawave::audit::v1::audit_service_server::{AuditService, AuditServiceServer};
use datawave_proto::datawave::catalog::v1 as catalog;
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::catalog::v1::catalog_service_server::{CatalogService, CatalogServiceServer};
use datawave_rpc::{
    AuditSink, AuditedResource, Authenticated, Authenticator, Authorizer, AuthzDecision, Batch, Changes,
    Channel, ClientLimits, DevCa, Leaf, Limits, Metrics, Remote, Roots, SpiffeId, Stack, TlsMaterial, Trust,
    WatchOptions, WatchStream, enter, status, watch,
};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// How a call gets to the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Local,
    Mesh,
    Public,
}

pub(crate) const WAYS: [Way; 3] = [Way::Local, Way::Mesh, Way::Public];

/// Records, or refuses to.
#[derive(Default)]
pub(crate) struct Sink {
    pub records: Mutex<Vec<AuditRecord>>,
    pub broken: AtomicBool,
}

#[async_trait]
impl AuditSink for Sink {
    async fn record(&self, record: AuditRecord) -> Result<(), Failure> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(Failure::internal("disk full at /secret/path"));
        }
        self.records.lock().unwrap().push(record);
        Ok(())
    }
}

struct Tokens;

#[async_trait]
impl Authenticator for Tokens {
    async fn authenticate(&self, bearer: &str) -> Result<Authenticated, Failure> {
        match bearer {
            "good" => Ok(Authenticated {
                tenant: TenantId::default_tenant(),
                actor: Actor::user("ann", &["reader"]),
            }),
            _ => Err(Failure::new(Reason::CredentialsInvalid, "the token is not valid")),
        }
    }
}

/// Everybody may do everything but search.
struct Decide;

impl Authorizer for Decide {
    fn decide(&self, _: &TenantId, _: &Actor, method: &Method) -> AuthzDecision {
        AuthzDecision {
            allowed: method.name != "SearchAssets",
            policies: vec!["p1".to_owned()],
            revision: 7,
        }
    }
}

/// The prefix of `ListAssets` chooses what the stub does.
pub(crate) struct Stub {
    /// `hold` waits for a permit.
    pub gate: Arc<Semaphore>,
    pub stop: CancellationToken,
}

#[async_trait]
impl CatalogService for Stub {
    async fn list_assets(
        &self,
        request: Request<catalog::ListAssetsRequest>,
    ) -> Result<Response<catalog::ListAssetsResponse>, Status> {
        let (context, message) = enter(request)?;
        let asset = match message.prefix.as_str() {
            "forever" => std::future::pending().await,
            "hold" => {
                self.gate.acquire().await.unwrap().forget();
                catalog::Asset::default()
            }
            "panic" => panic!("a defect"),
            "big" => catalog::Asset {
                comment: "x".repeat(200_000),
                ..Default::default()
            },
            "refused" => {
                return Err(status(Failure::new(Reason::PermissionMissing, "not this asset")));
            }
            "fail" => {
                return Err(status(
                    Failure::new(Reason::EtagMismatch, "the asset changed")
                        .with_remedy("read it again")
                        .with_metadata("etag", "v7")
                        .with_violation("asset.etag", "is stale")
                        .with_retry_after(Duration::from_millis(1_500))
                        .with_source(std::io::Error::other("row 12 of secret_table")),
                ));
            }
            "foreign" => return Err(Status::internal("SELECT * FROM secret_table")),
            _ => catalog::Asset {
                name: context.actor.subject,
                qualified_name: context.request_id,
                comment: context.trace_id.unwrap_or_default(),
                owner: context.actor.origin.unwrap_or_default(),
                source: context.tenant.to_string(),
                ..Default::default()
            },
        };
        Ok(Response::new(catalog::ListAssetsResponse {
            assets: vec![asset],
            ..Default::default()
        }))
    }

    async fn get_asset(
        &self,
        request: Request<catalog::GetAssetRequest>,
    ) -> Result<Response<catalog::GetAssetResponse>, Status> {
        enter(request)?;
        Ok(Response::new(catalog::GetAssetResponse::default()))
    }

    async fn search_assets(
        &self,
        _: Request<catalog::SearchAssetsRequest>,
    ) -> Result<Response<catalog::SearchAssetsResponse>, Status> {
        panic!("nobody may get here")
    }

    async fn list_asset_versions(
        &self,
        request: Request<catalog::ListAssetVersionsRequest>,
    ) -> Result<Response<catalog::ListAssetVersionsResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }

    async fn update_asset(
        &self,
        request: Request<catalog::UpdateAssetRequest>,
    ) -> Result<Response<catalog::UpdateAssetResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }

    type WatchAssetsStream = WatchStream<catalog::WatchAssetsResponse>;

    async fn watch_assets(
        &self,
        request: Request<catalog::WatchAssetsRequest>,
    ) -> Result<Response<Self::WatchAssetsStream>, Status> {
        let (context, message) = enter(request)?;
        let options = WatchOptions {
            heartbeat: Duration::from_millis(20),
            stop: self.stop.clone(),
        };
        let changes = Count {
            endless: message.source == "endless",
        };
        Ok(Response::new(watch(
            &context,
            changes,
            message.resume_token,
            options,
        )))
    }

    async fn upsert_assets(
        &self,
        request: Request<catalog::UpsertAssetsRequest>,
    ) -> Result<Response<catalog::UpsertAssetsResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }

    async fn apply_labels(
        &self,
        request: Request<catalog::ApplyLabelsRequest>,
    ) -> Result<Response<catalog::ApplyLabelsResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }
}

/// Changes `1`, `2`, `3`; then the end, or silence.
struct Count {
    endless: bool,
}

#[async_trait]
impl Changes for Count {
    type Message = catalog::WatchAssetsResponse;

    async fn after(&mut self, token: &str) -> Result<Batch<Self::Message>, Failure> {
        let seen: u32 = token.parse().unwrap_or(0);
        let messages = (seen + 1..=3)
            .map(|n| {
                let message = catalog::WatchAssetsResponse {
                    asset: Some(catalog::Asset::default()),
                    resume_token: n.to_string(),
                };
                (message, n.to_string())
            })
            .collect();
        Ok(Batch {
            messages,
            finished: !self.endless,
        })
    }

    async fn changed(&mut self) {
        std::future::pending().await
    }

    fn heartbeat(&self, token: &str) -> Self::Message {
        catalog::WatchAssetsResponse {
            asset: None,
            resume_token: token.to_owned(),
        }
    }
}

struct Log;

#[async_trait]
impl AuditService for Log {
    async fn append_records(
        &self,
        request: Request<audit::AppendRecordsRequest>,
    ) -> Result<Response<audit::AppendRecordsResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }

    async fn list_records(
        &self,
        request: Request<audit::ListRecordsRequest>,
    ) -> Result<Response<audit::ListRecordsResponse>, Status> {
        enter(request)?;
        let mut response = Response::new(audit::ListRecordsResponse::default());
        response
            .extensions_mut()
            .insert(AuditedResource("audit/records".to_owned()));
        Ok(response)
    }

    async fn get_checkpoint(
        &self,
        request: Request<audit::GetCheckpointRequest>,
    ) -> Result<Response<audit::GetCheckpointResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }

    async fn verify_log(
        &self,
        request: Request<audit::VerifyLogRequest>,
    ) -> Result<Response<audit::VerifyLogResponse>, Status> {
        enter(request)?;
        Ok(Response::new(Default::default()))
    }
}

/// A running stack with both listeners.
pub(crate) struct Rig {
    pub stack: Stack,
    pub sink: Arc<Sink>,
    pub metrics: Metrics,
    pub gate: Arc<Semaphore>,
    pub stop: CancellationToken,
    pub ca: DevCa,
    pub server_tls: TlsMaterial,
    pub client_tls: TlsMaterial,
    pub mesh: std::net::SocketAddr,
    pub public: std::net::SocketAddr,
    _dir: tempfile::TempDir,
}

pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

pub(crate) fn new_ca() -> (tempfile::TempDir, DevCa) {
    let dir = tempfile::tempdir().unwrap();
    let ca = DevCa::open(&dir.path().join("pki"), now()).unwrap();
    (dir, ca)
}

pub(crate) fn leaf(ca: &DevCa, service: &str) -> Leaf {
    ca.issue(
        &SpiffeId::service(service).unwrap(),
        &[],
        now(),
        Duration::from_secs(3_600),
    )
    .unwrap()
}

pub(crate) fn material(ca: &DevCa, service: &str) -> TlsMaterial {
    TlsMaterial::new(&leaf(ca, service), &ca.roots(), now()).unwrap()
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let (dir, ca) = new_ca();
        let (sink, gate) = (Arc::new(Sink::default()), Arc::new(Semaphore::new(0)));
        let stop = CancellationToken::new();
        let metrics = Metrics::new(&datawave_rpc::BuildInfo {
            version: "1.2.3".to_owned(),
            commit: "abc".to_owned(),
        });
        let stub = Stub {
            gate: Arc::clone(&gate),
            stop: stop.clone(),
        };
        let stack = Stack::builder()
            .service(
                "catalog",
                Routes::new(CatalogServiceServer::new(stub)),
                Arc::clone(&sink) as _,
            )
            .service(
                "audit",
                Routes::new(AuditServiceServer::new(Log)),
                Arc::clone(&sink) as _,
            )
            .authenticator(Arc::new(Tokens))
            .authorizer(Arc::new(Decide))
            .limits(limits)
            .metrics(metrics.clone())
            .build()
            .unwrap();
        let (server_tls, client_tls) = (material(&ca, "catalog"), material(&ca, "scans"));
        let (mesh, public) = (listener().await, listener().await);
        let (mesh_at, public_at) = (mesh.local_addr().unwrap(), public.local_addr().unwrap());
        let (a, b) = (stack.clone(), stack.clone());
        let (tls_a, tls_b) = (server_tls.clone(), server_tls.clone());
        let (stop_a, stop_b) = (stop.clone(), stop.clone());
        tokio::spawn(async move { a.serve_mesh(mesh, tls_a, stop_a).await });
        tokio::spawn(async move { b.serve_public(public, tls_b, stop_b).await });
        Self {
            stack,
            sink,
            metrics,
            gate,
            stop,
            ca,
            server_tls,
            client_tls,
            mesh: mesh_at,
            public: public_at,
            _dir: dir,
        }
    }

    pub(crate) fn channel(&self, way: Way) -> Channel {
        match way {
            Way::Local => self.stack.local_channel(Actor::service("scans")),
            Way::Mesh => self.mesh_as(self.client_tls.clone()),
            Way::Public => self
                .public_with(&self.ca.roots())
                .with_bearer(&SecretString::from("good"))
                .unwrap(),
        }
    }

    pub(crate) fn client(&self, way: Way) -> CatalogServiceClient<Channel> {
        CatalogServiceClient::new(self.channel(way))
    }

    pub(crate) fn mesh_as(&self, material: TlsMaterial) -> Channel {
        Channel::remote(&Remote {
            address: format!("https://{}", self.mesh),
            trust: Trust::Mesh {
                material,
                server: SpiffeId::service("catalog").unwrap(),
            },
            limits: ClientLimits::default(),
        })
        .unwrap()
    }

    /// Without a token.
    pub(crate) fn public_with(&self, roots: &Roots) -> Channel {
        Channel::remote(&Remote {
            address: format!("https://{}", self.public),
            trust: Trust::Public(roots.clone()),
            limits: ClientLimits::default(),
        })
        .unwrap()
    }

    /// Subject that the stack sees on this way.
    pub(crate) fn subject(way: Way) -> &'static str {
        match way {
            Way::Local | Way::Mesh => "service:scans",
            Way::Public => "user:ann",
        }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// A request that makes the stub do `what`.
pub(crate) fn ask(what: &str) -> catalog::ListAssetsRequest {
    catalog::ListAssetsRequest {
        prefix: what.to_owned(),
        ..Default::default()
    }
}

/// Waits until `what` holds; the test runner's own limit is the only clock.
pub(crate) async fn until(mut what: impl FnMut() -> bool) {
    while !what() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
