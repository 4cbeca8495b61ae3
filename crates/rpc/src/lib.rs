//! Transport: channels, server stack, identities and TLS, errors on the wire, health, metrics, tracing.
//!
//! * Servers: [`Stack`] mounts the services of a process behind one set of checks and serves them to parts of the
//!   process ([`Stack::local_channel`]), to the mesh and to the public.
//! * Handlers: [`enter`] at the beginning, [`status`] at the end, [`watch`] for streams.
//! * Clients: every generated client stands on a [`Channel`]; services get theirs from a [`MeshHandle`], and
//!   [`outgoing`] carries the context of a call along.
//! * Processes: [`DevCa`] and [`TlsMaterial`] say who they are, [`Telemetry`], [`Metrics`] and [`Health`] how they do.

mod channel;
mod enter;
mod event;
mod gate;
mod headers;
mod health;
mod identity;
mod limits;
mod metrics;
mod stack;
mod status;
mod telemetry;
mod watch;

pub use channel::{Channel, ChannelError, Mesh, MeshHandle, Remote, Route, Trust};
pub use enter::{enter, idempotency_key, open, outgoing, remaining};
pub use event::{event_record, pb_time};
pub use gate::{AuditSink, AuditedResource, Authenticated, Authenticator, Authorizer, AuthzDecision};
pub use health::Health;
pub use identity::{
    BadIdentity, DevCa, LEAF_LIFE, Leaf, Roots, SpiffeId, TlsConfigs, TlsMaterial, spawn_renewal,
};
pub use limits::{ClientLimits, Limits};
pub use metrics::{BuildInfo, CounterMetric, GaugeMetric, Metrics, serve as serve_operator_port};
pub use stack::{Stack, StackBuilder};
pub use status::{REQUEST_ID, failure, status};
pub use telemetry::{Telemetry, TelemetryOptions};
/// The generated servers of a service, ready for [`StackBuilder::service`].
pub use tonic::service::Routes;
pub use watch::{Batch, Changes, WatchOptions, WatchStream, watch};
