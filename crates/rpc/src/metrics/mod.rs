//! Counters of the transport, without globals: a [`Metrics`] is handed to whoever counts.
//!
//! Every label comes from a closed list (the method table, status codes, reasons of refusal), so the number of
//! series is bounded whatever callers send.

mod http;

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};
use tonic::Code;

pub use self::http::serve;

/// What this process is, for the series `datawave_build_info`.
#[derive(Clone, Debug)]
pub struct BuildInfo {
    /// Version of the product.
    pub version: String,
    /// Commit it was built from; empty when unknown.
    pub commit: String,
}

/// Registry of a process. Clones share it.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Mutex<Registry>,
    requests: Family<OutcomeLabels, Counter>,
    seconds: Family<MethodLabels, Histogram, fn() -> Histogram>,
    in_flight: Family<MethodLabels, Gauge>,
    connections: Family<ListenerLabels, Gauge>,
    refused: Family<RefusalLabels, Counter>,
}

/// A method of the table, or `unknown`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct MethodLabels {
    pub(crate) service: &'static str,
    pub(crate) method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    service: &'static str,
    method: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerLabels {
    listener: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    listener: &'static str,
    reason: &'static str,
}

/// 1 ms to 30 s: an in-process call takes tens of microseconds, a scan request seconds.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0,
];

impl Metrics {
    /// A registry with the series of the transport.
    pub fn new(build: &BuildInfo) -> Self {
        let mut registry = Registry::with_prefix("datawave");
        let requests = Family::default();
        let seconds: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let in_flight = Family::default();
        let connections = Family::default();
        let refused = Family::default();
        registry.register(
            "build",
            "Version and commit of this process",
            Info::new(vec![
                ("version", build.version.clone()),
                ("commit", build.commit.clone()),
            ]),
        );
        registry.register(
            "rpc_requests",
            "Calls that ended, by method and status code",
            Family::clone(&requests),
        );
        registry.register(
            "rpc_request_seconds",
            "Time from the first byte of a call to the last of its answer",
            Family::clone(&seconds),
        );
        registry.register(
            "rpc_requests_in_flight",
            "Calls being served",
            Family::clone(&in_flight),
        );
        registry.register(
            "rpc_connections",
            "Open connections, by listener",
            Family::clone(&connections),
        );
        registry.register(
            "rpc_connections_refused",
            "Connections that were refused, by listener and reason",
            Family::clone(&refused),
        );
        Self(Arc::new(Inner {
            registry: Mutex::new(registry),
            requests,
            seconds,
            in_flight,
            connections,
            refused,
        }))
    }

    /// Adds a series of another part of the process; `datawave_` is put in front of `name`.
    pub fn register(&self, name: &str, help: &str, metric: impl Metric) {
        self.lock().register(name, help, metric);
    }

    /// All series in the OpenMetrics text format.
    pub fn render(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.lock())?;
        Ok(text)
    }

    /// How many calls of a method ended with this code.
    pub fn requests(&self, service: &'static str, method: &'static str, code: Code) -> u64 {
        let labels = OutcomeLabels {
            service,
            method,
            code: code_name(code),
        };
        self.0.requests.get(&labels).map_or(0, |c| c.get())
    }

    /// How many calls of a method are being served.
    pub fn in_flight(&self, service: &'static str, method: &'static str) -> i64 {
        let labels = MethodLabels { service, method };
        self.0.in_flight.get(&labels).map_or(0, |g| g.get())
    }

    /// How many connections a listener (`public` or `mesh`) refused for this reason.
    pub fn refused(&self, listener: &'static str, reason: &'static str) -> u64 {
        let labels = RefusalLabels { listener, reason };
        self.0.refused.get(&labels).map_or(0, |c| c.get())
    }

    /// How many connections of a listener (`public` or `mesh`) are open.
    pub fn open_connections(&self, listener: &'static str) -> i64 {
        self.connections(listener).get()
    }

    pub(crate) fn call_started(&self, labels: &MethodLabels) {
        self.0.in_flight.get_or_create(labels).inc();
    }

    pub(crate) fn call_ended(&self, labels: &MethodLabels, code: Code, took: Duration) {
        self.0.in_flight.get_or_create(labels).dec();
        self.0.seconds.get_or_create(labels).observe(took.as_secs_f64());
        let outcome = OutcomeLabels {
            service: labels.service,
            method: labels.method,
            code: code_name(code),
        };
        self.0.requests.get_or_create(&outcome).inc();
    }

    pub(crate) fn connection_refused(&self, listener: &'static str, reason: &'static str) {
        self.0
            .refused
            .get_or_create(&RefusalLabels { listener, reason })
            .inc();
    }

    pub(crate) fn connections(&self, listener: &'static str) -> Gauge {
        self.0
            .connections
            .get_or_create_owned(&ListenerLabels { listener })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Registry> {
        // Registering only appends: a panic in between leaves a usable registry.
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// A gauge for other crates, of the type that [`Metrics::register`] takes.
pub type GaugeMetric = Gauge<i64, AtomicI64>;
/// A counter for other crates, of the type that [`Metrics::register`] takes.
pub type CounterMetric = Counter<u64, AtomicU64>;

fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
