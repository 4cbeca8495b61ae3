//! Log lines: one event, one line, one JSON object - whatever bytes are in it.
//!
//! `{"time","level","target","message", fields…, "request_id", "trace_id", "span_id", "call"}`. Fields of the
//! enclosing spans are merged, the innermost wins; the event's own fields win over all.

use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use datawave_core::Clock;
use opentelemetry::Context as OtelContext;
use opentelemetry::trace::TraceContextExt as _;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Longest text of one field, in bytes; a longer one is cut, so that one event cannot flood the log.
const FIELD_BYTES: usize = 4_096;

pub(super) struct JsonLayer<W> {
    writer: W,
    clock: Arc<dyn Clock>,
}

impl<W> JsonLayer<W> {
    pub(super) fn new(writer: W, clock: Arc<dyn Clock>) -> Self {
        Self { writer, clock }
    }
}

/// Fields of a span, kept with it.
struct SpanFields(Map<String, Value>);

impl<S, W> Layer<S> for JsonLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Map::new();
        attributes.record(&mut Fields(&mut fields));
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<SpanFields>()
        {
            values.record(&mut Fields(&mut fields.0));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Map::new();
        if let Some(scope) = context.event_scope(event) {
            for span in scope.from_root() {
                if let Some(fields) = span.extensions().get::<SpanFields>() {
                    for (key, value) in &fields.0 {
                        // `otel.*` steers the exporter and says nothing more here.
                        if !key.starts_with("otel.") {
                            line.insert(key.clone(), value.clone());
                        }
                    }
                }
            }
        }
        event.record(&mut Fields(&mut line));
        let metadata = event.metadata();
        line.insert("time".to_owned(), self.clock.now().to_rfc3339().into());
        line.insert("level".to_owned(), metadata.level().as_str().into());
        line.insert("target".to_owned(), metadata.target().into());
        let otel = OtelContext::current();
        let span = otel.span();
        if span.span_context().is_valid() {
            line.insert(
                "trace_id".to_owned(),
                span.span_context().trace_id().to_string().into(),
            );
            line.insert(
                "span_id".to_owned(),
                span.span_context().span_id().to_string().into(),
            );
        }
        let mut text = Value::Object(line).to_string();
        text.push('\n');
        // One write per line, so that lines of several threads do not mix. Nobody can be told that the log fails.
        let _ = self.writer.make_writer_for(metadata).write_all(text.as_bytes());
    }
}

struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn text(&mut self, field: &Field, text: &str) {
        let text = match text.len() {
            0..=FIELD_BYTES => text.to_owned(),
            _ => format!("{}…", &text[..text.floor_char_boundary(FIELD_BYTES)]),
        };
        self.put(field, text);
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no NaN and no infinities: `From<f64>` makes them null.
        self.put(field, value);
    }
}
