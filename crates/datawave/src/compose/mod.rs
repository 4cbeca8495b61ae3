//! The all-in-one process: everything in one, with the data in one directory.
//!
//! `datawave up` serves it until it is told to stop; a command that finds nobody serving its data directory carries
//! one inside itself. Both are an [`Instance`].

mod directory;
mod endpoint;
mod services;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use datawave_core::{Clock, Failure, RandomIds, Reason, SystemClock};
use datawave_rpc::{
    BuildInfo, Channel, DevCa, Health, LEAF_LIFE, Metrics, SpiffeId, Telemetry, TelemetryOptions,
    TlsMaterial, serve_operator_port, spawn_renewal,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) use directory::{DataDirectory, Layout, VERSION, replace_private};
pub(crate) use endpoint::Endpoint;

use crate::config::Settings;
use services::{Common, Jobs, Services, Stops};

/// What makes this binary a scan child.
pub(crate) const CHILD_ARGUMENT: &str = "scan-child";

/// Time for each group of jobs to end.
const JOB_GRACE: Duration = Duration::from_secs(6);

/// Who an instance is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It serves until it is told to stop: `datawave up`.
    Server,
    /// It lives as long as the command that carries it, and its clients.
    Carried,
}

/// A running all-in-one process.
pub(crate) struct Instance {
    directory: DataDirectory,
    services: Services,
    metrics: Metrics,
    endpoint: Endpoint,
    telemetry: Telemetry,
    jobs: Jobs,
    stops: Stops,
    listeners: Vec<JoinHandle<()>>,
    stop_listening: CancellationToken,
}

impl Instance {
    /// Starts everything in a directory that this process holds, and publishes where it listens.
    pub(crate) async fn start(
        settings: &Settings,
        directory: DataDirectory,
        role: Role,
    ) -> Result<Self, Failure> {
        // Before the logs begin to flow: a mistake in an address is to be a plain error.
        let (grpc, metrics_port) = match role {
            Role::Server => (
                bind(settings.listen).await?,
                Some(bind(settings.metrics_address()).await?),
            ),
            Role::Carried => (bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?, None),
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let telemetry = Telemetry::start(&telemetry_options(settings, role), Arc::clone(&clock))?;
        let common = Common {
            clock: Arc::clone(&clock),
            ids: Arc::new(RandomIds),
            metrics: Metrics::new(&BuildInfo {
                version: VERSION.to_owned(),
                commit: String::new(),
            }),
            health: Health::new(),
        };
        if let Some(version) = directory.upgraded_from() {
            tracing::info!(from = version, to = VERSION, "the data directory was upgraded");
        }
        Endpoint::withdraw(directory.layout());
        let services = Box::pin(Services::open(settings, &directory, &common)).await?;
        let stop_listening = CancellationToken::new();
        let tls = identity(settings, &directory, &clock, &stop_listening)?;

        let endpoint = Endpoint {
            grpc: format!("https://{}", address_of(&grpc)?),
            metrics: metrics_port
                .as_ref()
                .map(address_of)
                .transpose()?
                .map(|a| format!("http://{a}")),
            ca_file: directory.layout().roots(),
            token_file: directory.layout().admin_token(),
            pid: std::process::id(),
            version: VERSION.to_owned(),
        };
        let stops = Stops::default();
        let jobs = services.spawn(&stops);
        let mut listeners = Vec::new();
        {
            let (stack, stop) = (services.stack.clone(), stop_listening.clone());
            listeners.push(tokio::spawn(
                async move { stack.serve_public(grpc, tls, stop).await },
            ));
        }
        if let Some(listener) = metrics_port {
            let (metrics, health, stop) = (
                common.metrics.clone(),
                common.health.clone(),
                stop_listening.clone(),
            );
            listeners.push(tokio::spawn(async move {
                if let Err(cause) = serve_operator_port(listener, metrics, health, stop).await {
                    tracing::error!(%cause, "the metrics port ended");
                }
            }));
        }
        endpoint.publish(directory.layout())?;
        Ok(Self {
            directory,
            services,
            metrics: common.metrics,
            endpoint,
            telemetry,
            jobs,
            stops,
            listeners,
            stop_listening,
        })
    }

    /// Where it listens.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The version that the data directory was upgraded from.
    pub(crate) fn upgraded_from(&self) -> Option<&str> {
        self.directory.upgraded_from()
    }

    /// A channel within the process, for a caller with a token.
    pub(crate) fn client_channel(&self) -> Channel {
        self.services.client_channel()
    }

    /// Connections of other processes that are open now.
    pub(crate) fn clients(&self) -> i64 {
        self.metrics.open_connections("public")
    }

    /// Ends in order: no new callers, open calls end, jobs end, stores close, spans are exported.
    pub(crate) async fn stop(self) {
        Endpoint::withdraw(self.directory.layout());
        // Work ends while open calls drain: a watch of a scan ends with its scan.
        self.stop_listening.cancel();
        let drained = futures::future::join_all(self.listeners);
        let ((), _) = tokio::join!(self.jobs.end(&self.stops), drained);
        self.services.close().await;
        self.telemetry.shutdown().await;
        // The directory is free from here on.
        drop(self.directory);
    }
}

fn telemetry_options(settings: &Settings, role: Role) -> TelemetryOptions {
    let quiet = match role {
        Role::Server => "info",
        // The command itself says what went wrong; here only what nobody else would tell.
        Role::Carried => "error",
    };
    TelemetryOptions {
        service: "datawave".to_owned(),
        version: VERSION.to_owned(),
        filter: settings.log.clone().unwrap_or_else(|| quiet.to_owned()),
        otlp_endpoint: settings.otlp.clone(),
    }
}

/// The certificate of the public listener, by the installation's own authority, renewed in time.
fn identity(
    settings: &Settings,
    directory: &DataDirectory,
    clock: &Arc<dyn Clock>,
    stop: &CancellationToken,
) -> Result<TlsMaterial, Failure> {
    let authority = DevCa::open(&directory.layout().tls(), clock.now())?;
    let name = SpiffeId::service("datawave").map_err(Failure::internal)?;
    let mut hosts = settings.hosts.clone();
    let ip = settings.listen.ip();
    if !ip.is_unspecified() && !ip.is_loopback() {
        hosts.push(ip.to_string());
    }
    let issue = move |now| Ok((authority.issue(&name, &hosts, now, LEAF_LIFE)?, authority.roots()));
    let (leaf, roots) = issue(clock.now())?;
    let material = TlsMaterial::new(&leaf, &roots, clock.now())?;
    spawn_renewal(material.clone(), Arc::clone(clock), stop.clone(), issue);
    Ok(material)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|cause| {
        let why = match cause.kind() {
            std::io::ErrorKind::AddrInUse => "another process has it",
            std::io::ErrorKind::PermissionDenied => "this user may not open that port",
            std::io::ErrorKind::AddrNotAvailable => "this machine does not have that address",
            _ => "the system refused it",
        };
        Failure::new(
            Reason::ConfigInvalid,
            format!("cannot listen on {address}: {why}"),
        )
        .with_remedy("give another address with --listen or --metrics; port 0 takes a free one")
        .with_source(cause)
    })
}

fn address_of(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(Failure::internal)
}
