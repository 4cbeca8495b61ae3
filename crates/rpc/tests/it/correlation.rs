//! Correlation: request ids and trace ids across a call, log lines, exported spans.

use std::io::Write;
use std::sync::{Arc, Mutex};

use datawave_core::SystemClock;
use datawave_proto::datawave::catalog::v1 as catalog;
use datawave_rpc::{Telemetry, TelemetryOptions};
use opentelemetry_sdk::trace::InMemorySpanExporter;
use proptest::prelude::*;
use tonic::{Request, Response};
use tracing::instrument::WithSubscriber as _;
use tracing::{Dispatch, Instrument as _};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Rig, WAYS, ask};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn telemetry() -> (Lines, InMemorySpanExporter, Dispatch, Telemetry) {
    let (lines, exporter) = (Lines::default(), InMemorySpanExporter::default());
    let options = TelemetryOptions {
        service: "datawave-test".to_owned(),
        version: "1".to_owned(),
        filter: "debug".to_owned(),
        otlp_endpoint: None,
    };
    let (dispatch, telemetry) =
        Telemetry::assembled(&options, Arc::new(SystemClock), lines.clone(), exporter.clone()).unwrap();
    (lines, exporter, dispatch, telemetry)
}

/// Over the network the server's tasks run outside the dispatcher of the test, so there the trace is checked by what
/// the handler saw of it, and the link of the spans on the way inside the process.
#[tokio::test]
async fn a_trace_goes_through_the_call_and_the_spans_are_linked() {
    // With one dispatcher alone, tracing asks the thread that happens to come by first whether a span is wanted, and
    // other tests' threads want none. With two it asks the dispatchers.
    let _second = Dispatch::new(tracing_subscriber::registry());
    let (lines, exporter, dispatch, telemetry) = telemetry();
    async {
        let rig = Rig::new().await;
        for way in WAYS {
            let span = tracing::info_span!("caller");
            let response: Response<catalog::ListAssetsResponse> = rig
                .client(way)
                .list_assets(ask(""))
                .instrument(span.clone())
                .await
                .unwrap();
            drop(span);
            let seen = response.get_ref().assets[0].comment.clone();
            let spans = exporter.get_finished_spans().unwrap();
            let caller = spans.iter().rev().find(|s| s.name == "caller").unwrap();
            assert_eq!(seen, caller.span_context.trace_id().to_string(), "{way:?}");
        }
        rig.client(WAYS[0]).list_assets(ask("fail")).await.unwrap_err();
    }
    .with_subscriber(dispatch)
    .await;
    // The in-memory exporter forgets everything when it is shut down.
    let spans = exporter.get_finished_spans().unwrap();
    telemetry.shutdown().await;
    let caller = spans.iter().find(|s| s.name == "caller").unwrap();
    let call = spans
        .iter()
        .find(|s| s.parent_span_id == caller.span_context.span_id())
        .unwrap();
    assert_eq!(call.name, "datawave.catalog.v1.CatalogService/ListAssets");
    let text = lines.text();
    let line = text
        .lines()
        .find(|l| l.contains("secret_table"))
        .expect("the private cause is in the log");
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["reason"], "ETAG_MISMATCH");
    assert!(line["request_id"].as_str().unwrap().starts_with("req_"));
    assert_eq!(line["trace_id"].as_str().unwrap().len(), 32);
    assert_eq!(text.matches("secret_table").count(), 1, "logged once");
}

#[tokio::test]
async fn a_request_id_comes_back_with_the_answer_and_a_bad_one_is_replaced() {
    let rig = Rig::new().await;
    for way in WAYS {
        let mut request = Request::new(ask(""));
        request
            .metadata_mut()
            .insert("x-request-id", "mine-12345".parse().unwrap());
        let response = rig.client(way).list_assets(request).await.unwrap();
        assert_eq!(
            response.metadata().get("x-request-id").unwrap(),
            "mine-12345",
            "{way:?}"
        );
        assert_eq!(response.get_ref().assets[0].qualified_name, "mine-12345");
        let mut request = Request::new(ask(""));
        request
            .metadata_mut()
            .insert("x-request-id", "evil\"}{\"x".parse().unwrap());
        let response = rig.client(way).list_assets(request).await.unwrap();
        assert!(
            response.get_ref().assets[0].qualified_name.starts_with("req_"),
            "{way:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn one_event_is_one_line_of_json_whatever_is_in_it(text in any::<String>(), number in any::<f64>()) {
        let (lines, _, dispatch, _telemetry) = telemetry();
        tracing::dispatcher::with_default(&dispatch, || {
            let span = tracing::info_span!("outer", outer = text.as_str());
            let _entered = span.enter();
            tracing::info!(field = text.as_str(), number, "{text}");
        });
        let written = lines.text();
        prop_assert_eq!(written.matches('\n').count(), 1);
        let line: serde_json::Value = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(line["field"].as_str(), Some(text.as_str()));
        prop_assert_eq!(line["outer"].as_str(), Some(text.as_str()));
    }
}

#[test]
fn a_wrong_filter_is_an_error_that_says_how_to_write_it() {
    let options = TelemetryOptions {
        service: "x".to_owned(),
        version: "1".to_owned(),
        filter: "info,=,[".to_owned(),
        otlp_endpoint: None,
    };
    let made = Telemetry::assembled(
        &options,
        Arc::new(SystemClock),
        Lines::default(),
        InMemorySpanExporter::default(),
    );
    let error = made.unwrap_err();
    assert!(error.remedy().unwrap().contains("info"));
}
