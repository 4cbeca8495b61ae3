//! Logs and traces of a process.
//!
//! Logs are JSON lines on stderr. Spans carry W3C ids always, so that log lines of one call can be found across
//! processes; they are exported (OTLP over gRPC, in batches) when an endpoint is configured.

mod json;
pub(crate) mod propagate;

use std::fmt;
use std::sync::Arc;

use datawave_core::{Clock, Failure, Reason};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter, TracerProviderBuilder};
use tracing::Dispatch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// Libraries below us: their events would describe the export of events.
const SILENT: &str = "h2=off,hyper=off,hyper_util=off,tonic=off,tower=off,opentelemetry=off,opentelemetry_sdk=off,opentelemetry_otlp=off";

/// What a process says about itself, and where to.
#[derive(Clone, Debug)]
pub struct TelemetryOptions {
    /// Name of the process in traces, `datawave-catalog`.
    pub service: String,
    /// Version of the product.
    pub version: String,
    /// Filter in the form of `RUST_LOG`, `info,datawave_scans=debug`.
    pub filter: String,
    /// OTLP endpoint, `http://collector:4317`; without one nothing is exported.
    pub otlp_endpoint: Option<String>,
}

/// Running telemetry; keep it and call [`shutdown`](Self::shutdown) at the end, or the last spans are lost.
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Sets up logs on stderr and, with an endpoint, the export of spans; makes it the default of the process, and
    /// logs the place of panics. Call it once, inside the runtime.
    pub fn start(options: &TelemetryOptions, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let provider = Self::provider(options);
        let provider = match &options.otlp_endpoint {
            Some(endpoint) => provider.with_batch_exporter(otlp(endpoint)?).build(),
            None => provider.build(),
        };
        let (dispatch, telemetry) = Self::assemble(options, clock, std::io::stderr, provider)?;
        tracing::dispatcher::set_global_default(dispatch).map_err(Failure::internal)?;
        // The place only: the text of a slicing panic quotes the string that was sliced, which may be governed data.
        std::panic::set_hook(Box::new(|panic| {
            let at = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(at, "panic");
        }));
        Ok(telemetry)
    }

    /// The same without touching the process: the caller gets the dispatcher, chooses where lines go, and hands in
    /// what takes the spans (exported as they end).
    pub fn assembled<W, E>(
        options: &TelemetryOptions,
        clock: Arc<dyn Clock>,
        writer: W,
        exporter: E,
    ) -> Result<(Dispatch, Self), Failure>
    where
        W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
        E: SpanExporter + 'static,
    {
        let provider = Self::provider(options).with_simple_exporter(exporter).build();
        Self::assemble(options, clock, writer, provider)
    }

    fn provider(options: &TelemetryOptions) -> TracerProviderBuilder {
        SdkTracerProvider::builder().with_resource(
            Resource::builder()
                .with_service_name(options.service.clone())
                .with_attribute(KeyValue::new("service.version", options.version.clone()))
                .build(),
        )
    }

    fn assemble<W>(
        options: &TelemetryOptions,
        clock: Arc<dyn Clock>,
        writer: W,
        provider: SdkTracerProvider,
    ) -> Result<(Dispatch, Self), Failure>
    where
        W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    {
        let filter = EnvFilter::try_new(format!("{},{SILENT}", options.filter)).map_err(|error| {
            Failure::new(Reason::ConfigInvalid, "the log filter is not valid")
                .with_remedy("write it like `info` or `info,datawave_scans=debug`")
                .with_source(error)
        })?;
        let subscriber = tracing_subscriber::registry()
            .with(filter)
            .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("datawave")))
            .with(json::JsonLayer::new(writer, clock));
        Ok((Dispatch::new(subscriber), Self { provider }))
    }

    /// Exports what is left and stops. Waits at most for the exporter's own time-out.
    pub async fn shutdown(self) {
        // Blocks on the exporter, which needs this runtime to go on.
        let done = tokio::task::spawn_blocking(move || self.provider.shutdown()).await;
        if let Ok(Err(error)) = done {
            tracing::warn!(cause = %error, "the last spans were not exported");
        }
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Telemetry")
    }
}

fn otlp(endpoint: &str) -> Result<opentelemetry_otlp::SpanExporter, Failure> {
    opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()
        .map_err(|error| {
            Failure::new(
                Reason::ConfigInvalid,
                "spans cannot be exported to the OTLP endpoint",
            )
            .with_remedy("write it like http://collector:4317, or remove it")
            .with_source(error)
        })
}
