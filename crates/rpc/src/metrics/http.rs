//! The operator's port: `/metrics`, `/healthz` (the process lives) and `/readyz` (it can serve).
//!
//! Plain HTTP/1 without authentication, so it belongs on loopback or a pod-internal address; it shows counts and
//! names of components, nothing else.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Metrics;
use crate::health::Health;

#[derive(Clone)]
struct Shown {
    metrics: Metrics,
    health: Health,
}

/// Serves the operator's port until `shutdown`. Fails only when the listener does.
pub async fn serve(
    listener: TcpListener,
    metrics: Metrics,
    health: Health,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let app = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(exposition))
        .with_state(Shown { metrics, health });
    axum::serve(listener, app)
        .with_graceful_shutdown(async move { shutdown.cancelled().await })
        .await
}

async fn ready(State(shown): State<Shown>) -> Response {
    match shown.health.waiting_for() {
        waiting if waiting.is_empty() => "ready\n".into_response(),
        waiting => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("waiting for {}\n", waiting.join(", ")),
        )
            .into_response(),
    }
}

async fn exposition(State(shown): State<Shown>) -> Response {
    match shown.metrics.render() {
        Ok(text) => (
            [(
                CONTENT_TYPE,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            )],
            text,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
