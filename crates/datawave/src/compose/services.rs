//! The services of the process: opened, mounted on one stack, connected to one another.
//!
//! Every service calls the others under its own identity and is checked as it would be over the network. They call
//! one another in circles; the mesh resolves that: channels are handed out first and lead somewhere once the stack
//! stands.

use std::sync::Arc;

use async_trait::async_trait;
use datawave_access::{Access, AccessDeps, PolicyAuthorizer};
use datawave_audit::{Audit, AuditDeps};
use datawave_authz::{DEFAULT_POLICIES, Decider, Snapshot};
use datawave_catalog::{Catalog, CatalogDeps};
use datawave_classification::{Classification, ClassificationDeps};
use datawave_core::{Actor, AuditRecord, Clock, EventRecord, Failure, IdSource};
use datawave_db::relay::{self, Sink};
use datawave_db::{Db, DbUrl};
use datawave_edge::{Edge, EdgeDeps};
use datawave_infra::event_log::{EventLog, FileEventLog, LogOptions};
use datawave_infra::search::LocalIndex;
use datawave_infra::secrets::{LocalSecrets, SiteStore};
use datawave_rpc::{AuditSink, Channel, Health, Mesh, Metrics, Route, Stack};
use datawave_scans::{Scans, ScansDeps};
use datawave_sources::{Sources, SourcesDeps};
use secrecy::ExposeSecret as _;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::CHILD_ARGUMENT;
use super::directory::{DataDirectory, private_dir, replace_private, unusable};
use crate::config::{self, Settings};

/// Served by scans at the centre, though its area is the edge's.
const EDGE_LINK: &str = "datawave.edge.v1.EdgeLinkService";

/// What every part is given.
#[derive(Clone)]
pub(crate) struct Common {
    /// Time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Ids.
    pub(crate) ids: Arc<dyn IdSource>,
    /// Counters of the process.
    pub(crate) metrics: Metrics,
    /// Readiness of the process.
    pub(crate) health: Health,
}

/// The running services.
pub(crate) struct Services {
    sources: Sources,
    catalog: Catalog,
    classification: Classification,
    scans: Scans,
    access: Access,
    audit: Audit,
    edge: Edge,
    edge_db: Db,
    events: Arc<FileEventLog>,
    /// Owns the ways between the services: dropped last.
    mesh: Mesh,
    /// All of them behind one set of checks.
    pub(crate) stack: Stack,
    edge_name: String,
}

impl Services {
    /// Opens every service and mounts them.
    pub(crate) async fn open(
        settings: &Settings,
        directory: &DataDirectory,
        common: &Common,
    ) -> Result<Self, Failure> {
        let layout = directory.layout();
        let page_key = directory.page_key()?;
        let url = |service: &str| match &settings.store {
            Some(address) => DbUrl::parse(address.expose_secret()),
            None => Ok(DbUrl::sqlite(layout.store(service))),
        };
        let Common { clock, ids, .. } = common;
        let policy = Arc::new(Decider::new(Snapshot::compile(DEFAULT_POLICIES, 0)?));
        let mesh = Mesh::new();
        let to = |caller: &str, service: &str| mesh.handle(Actor::service(caller)).channel(service);
        private_dir(&layout.edge()).map_err(|cause| unusable(layout.root(), cause))?;
        let secrets = SiteStore::open(layout.edge().join("credentials"))?;

        let sources = async {
            Sources::open(SourcesDeps {
                url: url("sources")?,
                policy: Arc::clone(&policy),
                clock: Arc::clone(clock),
                ids: Arc::clone(ids),
                page_key,
                default_edge: settings.edge.name.clone(),
            })
            .await
        };
        let catalog = async {
            Catalog::open(CatalogDeps {
                url: url("catalog")?,
                index: Arc::new(LocalIndex::open(layout.search()).await?),
                policy: Arc::clone(&policy),
                clock: Arc::clone(clock),
                ids: Arc::clone(ids),
                page_key,
            })
            .await
        };
        let classification = async {
            Classification::open(ClassificationDeps {
                url: url("classification")?,
                policy: Arc::clone(&policy),
                clock: Arc::clone(clock),
                ids: Arc::clone(ids),
                page_key,
                catalog: to("classification", "catalog"),
            })
            .await
        };
        let scans = async {
            Scans::open(ScansDeps {
                url: url("scans")?,
                policy: Arc::clone(&policy),
                clock: Arc::clone(clock),
                ids: Arc::clone(ids),
                page_key,
                sources: to("scans", "sources"),
                catalog: to("scans", "catalog"),
                classification: to("scans", "classification"),
            })
            .await
        };
        let access = async {
            Access::open(AccessDeps {
                url: url("access")?,
                policy: Arc::clone(&policy),
                clock: Arc::clone(clock),
                ids: Arc::clone(ids),
                page_key,
            })
            .await
        };
        let audit = async {
            Audit::open(AuditDeps {
                url: url("audit")?,
                dir: layout.audit(),
                origin: settings.audit_origin.clone(),
                page_key,
            })
            .await
        };
        let edge = async {
            Edge::open(EdgeDeps {
                config: settings.edge.clone(),
                directory: layout.edge(),
                executable: std::env::current_exe().map_err(Failure::internal)?,
                child_arguments: vec![CHILD_ARGUMENT.into()],
                secrets: Arc::new(LocalSecrets::new(config::environment_lookup(), secrets.clone())),
                store: Arc::new(secrets.clone()),
                centre: mesh.handle(Actor::edge(&settings.edge.name)).channel("scans"),
            })
            .await
        };
        // The edge's own records stay beside it, also when the stores of the centre are elsewhere.
        let edge_url = DbUrl::sqlite(layout.edge().join("records.sqlite"));
        let edge_db = async { Db::open(&edge_url, "edge", &[]).await };
        let events = FileEventLog::open(layout.events(), LogOptions::default(), Arc::clone(clock));
        let (sources, catalog, classification, scans, access, audit, edge, edge_db, events) =
            Box::pin(async {
                tokio::try_join!(
                    sources,
                    catalog,
                    classification,
                    scans,
                    access,
                    audit,
                    edge,
                    edge_db,
                    events
                )
            })
            .await?;

        let token_file = layout.admin_token();
        access
            .bootstrap_admin(|secret| {
                replace_private(&token_file, format!("{secret}\n").as_bytes())
                    .map_err(|cause| unusable(layout.root(), cause))
            })
            .await?;

        let stack = Stack::builder()
            .service("sources", sources.routes(), sink(sources.db()))
            .service("catalog", catalog.routes(), sink(catalog.db()))
            .service(
                "classification",
                classification.routes(),
                sink(classification.db()),
            )
            .service("scans", scans.routes(), sink(scans.db()))
            .service("access", access.routes(), sink(access.db()))
            .service("audit", audit.routes(), sink(audit.db()))
            .service("edge", edge.routes(), sink(&edge_db))
            .service("inspect", edge.routes(), sink(&edge_db))
            .single(EDGE_LINK, "scans", scans.routes(), sink(scans.db()))
            .authenticator(Arc::new(access.authenticator()))
            .authorizer(Arc::new(PolicyAuthorizer::new(policy)))
            .limits(settings.limits.clone())
            .metrics(common.metrics.clone())
            .health(common.health.clone())
            .clock(Arc::clone(clock))
            .ids(Arc::clone(ids))
            .build()?;
        for service in [
            "sources",
            "catalog",
            "classification",
            "scans",
            "access",
            "audit",
            "edge",
        ] {
            mesh.set(service, Route::Local(stack.clone()));
            common.health.set(service, true).await;
        }
        Ok(Self {
            sources,
            catalog,
            classification,
            scans,
            access,
            audit,
            edge,
            edge_db,
            events: Arc::new(events),
            mesh,
            stack,
            edge_name: settings.edge.name.clone(),
        })
    }

    /// Starts what runs beside the calls. Stopped in three steps: what makes new work, what hands work on, what
    /// keeps the record of it.
    pub(crate) fn spawn(&self, stop: &Stops) -> Jobs {
        let work = vec![self.edge.spawn_jobs(stop.work.clone())];
        let hand_on = vec![
            self.scans.spawn_jobs(stop.hand_on.clone()),
            self.classification.spawn_jobs(stop.hand_on.clone()),
            self.catalog.spawn_jobs(stop.hand_on.clone()),
        ];
        let mut record = Vec::new();
        for (db, actor) in self.stores() {
            let audit = self.mesh.handle(actor).channel("audit");
            record.push(relay::spawn_outbox(
                db.clone(),
                event_sink(Arc::clone(&self.events)),
                stop.record.clone(),
            ));
            record.push(relay::spawn_audit(
                db.clone(),
                datawave_audit::relay_sink(db.clone(), audit),
                stop.record.clone(),
            ));
        }
        let seal = self.audit.spawn_jobs(stop.seal.clone());
        Jobs {
            work,
            hand_on,
            record,
            seal: vec![seal],
        }
    }

    /// A channel within the process that presents a token, as a client of the public listener does.
    pub(crate) fn client_channel(&self) -> Channel {
        self.stack.local_channel(Actor::anonymous())
    }

    /// Closes the stores.
    pub(crate) async fn close(&self) {
        for (db, _) in self.stores() {
            db.close().await;
        }
    }

    /// Every store, and who hands its audit rows over.
    fn stores(&self) -> Vec<(&Db, Actor)> {
        let services = [
            self.sources.db(),
            self.catalog.db(),
            self.classification.db(),
            self.scans.db(),
            self.access.db(),
            self.audit.db(),
        ];
        let mut all: Vec<(&Db, Actor)> = services
            .into_iter()
            .map(|db| (db, Actor::service(db.service())))
            .collect();
        all.push((&self.edge_db, Actor::edge(&self.edge_name)));
        all
    }
}

/// When which jobs end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stops {
    work: CancellationToken,
    hand_on: CancellationToken,
    record: CancellationToken,
    seal: CancellationToken,
}

/// Running jobs.
pub(crate) struct Jobs {
    work: Vec<JoinHandle<()>>,
    hand_on: Vec<JoinHandle<()>>,
    record: Vec<JoinHandle<()>>,
    seal: Vec<JoinHandle<()>>,
}

impl Jobs {
    /// Ends them in their order. A job that does not end in time is left behind: everything is taken up at the
    /// next start.
    pub(crate) async fn end(self, stops: &Stops) {
        let steps = [
            (&stops.work, self.work, "work"),
            (&stops.hand_on, self.hand_on, "hand-on"),
            (&stops.record, self.record, "records"),
            (&stops.seal, self.seal, "seal"),
        ];
        for (stop, jobs, name) in steps {
            stop.cancel();
            let ended = tokio::time::timeout(super::JOB_GRACE, futures::future::join_all(jobs));
            if ended.await.is_err() {
                tracing::warn!(
                    step = name,
                    "jobs did not end in time; the next start goes on with them"
                );
            }
        }
    }
}

/// A store takes the audit records of the calls to its service.
fn sink(db: &Db) -> Arc<dyn AuditSink> {
    Arc::new(StoreSink(db.clone()))
}

struct StoreSink(Db);

#[async_trait]
impl AuditSink for StoreSink {
    async fn record(&self, record: AuditRecord) -> Result<(), Failure> {
        self.0.record_audit(vec![record]).await
    }
}

/// Events go to the topic that each names; those of one topic in their order.
fn event_sink(log: Arc<FileEventLog>) -> Sink<EventRecord> {
    Arc::new(move |events| {
        let log = Arc::clone(&log);
        Box::pin(async move {
            let mut events = events.into_iter().peekable();
            while let Some(first) = events.next() {
                let topic = first.topic.clone();
                let mut run = vec![first];
                while let Some(next) = events.next_if(|event| event.topic == topic) {
                    run.push(next);
                }
                log.append(&topic, run).await?;
            }
            Ok(())
        })
    })
}
