//! The server side: one stack around all services of a process, the same for calls from inside and outside.
//!
//! What happens to a call, in this order, is in `call.rs`; listeners are in `listen.rs`; what is done to messages
//! while they pass is in `body.rs`.

mod body;
mod call;
mod frames;
mod listen;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use datawave_core::{Actor, Clock, Failure, IdSource, RandomIds, Reason, SystemClock};
use datawave_proto::Method;
use tokio::sync::Semaphore;
use tonic::service::Routes;

use crate::channel::Channel;
use crate::gate::{AuditSink, Authenticator, Authorizer};
use crate::health::Health;
use crate::limits::Limits;
use crate::metrics::{BuildInfo, MethodLabels, Metrics};

/// All services of a process behind one set of checks. Clones share everything, limits included.
#[derive(Clone)]
pub struct Stack(Arc<Inner>);

struct Inner {
    methods: HashMap<&'static str, Target>,
    health: Routes,
    reflection: Routes,
    authenticator: Arc<dyn Authenticator>,
    authorizer: Arc<dyn Authorizer>,
    limits: Limits,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    metrics: Metrics,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

/// Where a method of the table leads.
struct Target {
    method: &'static Method,
    labels: MethodLabels,
    /// `None`: the contract has it, this process does not serve it.
    area: Option<Arc<Area>>,
}

/// The services of one area, with the audit log that they share.
struct Area {
    name: String,
    routes: Routes,
    sink: Arc<dyn AuditSink>,
}

/// Collects what a [`Stack`] is made of.
pub struct StackBuilder {
    areas: Vec<(String, Routes, Arc<dyn AuditSink>)>,
    singles: Vec<(String, Area)>,
    authenticator: Option<Arc<dyn Authenticator>>,
    authorizer: Option<Arc<dyn Authorizer>>,
    limits: Limits,
    metrics: Option<Metrics>,
    health: Health,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl StackBuilder {
    /// Mounts the services of `area` (`catalog` serves `datawave.catalog.v1.*`). Denials and sensitive reads of its
    /// methods go to `sink`.
    #[must_use]
    pub fn service(mut self, area: &str, routes: Routes, sink: Arc<dyn AuditSink>) -> Self {
        self.areas.push((area.to_owned(), routes, sink));
        self
    }

    /// Mounts one service, by its full name, apart from the rest of its area: `datawave.edge.v1.EdgeLinkService` is
    /// served by scans, at the centre, while the rest of `edge` is served by the edge node. `owner` is who serves it,
    /// and what audit records call the service; `routes` may hold more than this service.
    #[must_use]
    pub fn single(mut self, service: &str, owner: &str, routes: Routes, sink: Arc<dyn AuditSink>) -> Self {
        let area = Area {
            name: owner.to_owned(),
            routes: routes.prepare(),
            sink,
        };
        self.singles.push((service.to_owned(), area));
        self
    }

    /// Who checks bearer tokens. Required.
    #[must_use]
    pub fn authenticator(mut self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.authenticator = Some(authenticator);
        self
    }

    /// Who decides about methods. Required.
    #[must_use]
    pub fn authorizer(mut self, authorizer: Arc<dyn Authorizer>) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// Bounds other than the defaults.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where calls are counted; a registry of its own without it.
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// What gRPC health answers from.
    #[must_use]
    pub fn health(mut self, health: Health) -> Self {
        self.health = health;
        self
    }

    /// Time of audit records; the machine's clock without it.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Ids of requests and audit records; random without it.
    #[must_use]
    pub fn ids(mut self, ids: Arc<dyn IdSource>) -> Self {
        self.ids = ids;
        self
    }

    /// Puts the stack together.
    ///
    /// Fails when authenticator or authorizer is missing, when an area is mounted twice, and when the method table
    /// knows no method of an area: a method without governance cannot be served.
    pub fn build(self) -> Result<Stack, Failure> {
        let missing = |what: &str| Failure::internal(format!("the server stack has no {what}"));
        let mut areas: HashMap<String, Arc<Area>> = HashMap::new();
        for (name, routes, sink) in self.areas {
            if !datawave_proto::METHODS.iter().any(|m| area_of(m.service) == name) {
                return Err(Failure::new(
                    Reason::MethodUnavailable,
                    format!("the contracts have no service of the area `{name}`"),
                )
                .with_remedy("mount the area under the name of its package, datawave.<area>.v1"));
            }
            let area = Arc::new(Area {
                name: name.clone(),
                routes: routes.prepare(),
                sink,
            });
            if areas.insert(name.clone(), area).is_some() {
                return Err(Failure::internal(format!("the area `{name}` is mounted twice")));
            }
        }
        let mut singles: HashMap<String, Arc<Area>> = HashMap::new();
        for (service, area) in self.singles {
            if !datawave_proto::METHODS.iter().any(|m| m.service == service) {
                return Err(Failure::internal(format!(
                    "the contracts have no service `{service}`"
                )));
            }
            if singles.insert(service.clone(), Arc::new(area)).is_some() {
                return Err(Failure::internal(format!(
                    "the service `{service}` is mounted twice"
                )));
            }
        }
        let methods = datawave_proto::METHODS
            .iter()
            .map(|method| {
                let labels = MethodLabels {
                    service: method.service,
                    method: method.name,
                };
                let single = singles.get(method.service);
                let area = single.or_else(|| areas.get(area_of(method.service))).cloned();
                (method.path, Target { method, labels, area })
            })
            .collect();
        Ok(Stack(Arc::new(Inner {
            methods,
            health: self.health.routes().prepare(),
            reflection: reflection()?.prepare(),
            authenticator: self.authenticator.ok_or_else(|| missing("authenticator"))?,
            authorizer: self.authorizer.ok_or_else(|| missing("authorizer"))?,
            calls: Arc::new(Semaphore::new(self.limits.calls_in_flight)),
            streams: Arc::new(Semaphore::new(self.limits.streams_open)),
            limits: self.limits,
            metrics: self.metrics.unwrap_or_else(|| {
                Metrics::new(&BuildInfo {
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    commit: String::new(),
                })
            }),
            clock: self.clock,
            ids: self.ids,
        })))
    }
}

impl Stack {
    /// Starts with defaults: system clock, random ids, [`Limits::default`].
    pub fn builder() -> StackBuilder {
        StackBuilder {
            areas: Vec::new(),
            singles: Vec::new(),
            authenticator: None,
            authorizer: None,
            limits: Limits::default(),
            metrics: None,
            health: Health::new(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        }
    }

    /// A channel that calls this stack within the process, as `peer`. The callee sees `peer` as it would see the
    /// owner of a client certificate, and checks it the same way.
    pub fn local_channel(&self, peer: Actor) -> Channel {
        Channel::local(self.clone(), peer)
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mounted = self.0.methods.values().filter(|t| t.area.is_some()).count();
        write!(f, "Stack({mounted} methods)")
    }
}

/// `catalog` of `datawave.catalog.v1.CatalogService`.
fn area_of(service: &str) -> &str {
    service.split('.').nth(1).unwrap_or_default()
}

/// Server reflection over the contracts, options included.
fn reflection() -> Result<Routes, Failure> {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(datawave_proto::DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let v1 = builder().build_v1().map_err(Failure::internal)?;
    // Older tools, grpcurl among them, ask for the alpha name.
    let alpha = builder().build_v1alpha().map_err(Failure::internal)?;
    Ok(Routes::new(v1).add_service(alpha))
}
