//! One change in the catalog on {in-process, mutual TLS} x {SQLite, PostgreSQL}: the same answer, the same
//! refusals, one audit record, one event, one trace.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datawave_catalog::{Catalog, CatalogDeps, MIGRATIONS, Path, asset_id};
use datawave_core::{Actor, AuditRecord, Clock, EventRecord, RandomIds, Reason, SystemClock, Verdict};
use datawave_infra::search::LocalIndex;
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::catalog::v1::{
    Asset, DiscoveredColumn, DiscoveredTable, GetAssetRequest, TableDetails, UpdateAssetRequest,
    UpsertAssetsRequest,
};
use datawave_proto::datawave::common::v1::ColumnPath;
use datawave_rpc::{
    Channel, ClientLimits, DevCa, Remote, SpiffeId, Stack, Telemetry, TelemetryOptions, TlsMaterial, Trust,
    failure,
};
use datawave_testkit::mesh::{TestMesh, as_role, default_policy};
use datawave_testkit::{TestStore, both};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

const SOURCE: &str = "sources/src_00000000000000000000000001";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    InProcess,
    MutualTls,
}

/// What a caller sees of the change; the same on every way and engine.
#[derive(Debug, PartialEq)]
struct Outcome {
    labels: Vec<String>,
    version: i64,
    etag: String,
    stale: (Reason, String),
    denied: Reason,
}

#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<SpanData>>>);

impl Spans {
    /// What was exported, once the server's span is among it: it ends after its answer has left.
    async fn with_the_server(&self) -> Vec<SpanData> {
        loop {
            let spans = self.0.lock().unwrap().clone();
            let below = |s: &SpanData| s.parent_span_id != opentelemetry::SpanId::INVALID;
            if spans.iter().any(|s| s.name.contains("UpdateAsset") && below(s)) {
                return spans;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spans")
    }
}

impl SpanExporter for Spans {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch);
        Ok(())
    }
}

struct Bench {
    catalog: Catalog,
    stack: Stack,
    address: String,
    client: TlsMaterial,
    stop: CancellationToken,
    _store: TestStore,
    _dir: tempfile::TempDir,
}

impl Bench {
    async fn open(store: TestStore) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let policy = default_policy();
        let catalog = Catalog::open(CatalogDeps {
            url: store.url.clone(),
            index: Arc::new(LocalIndex::open(dir.path().join("search")).await.unwrap()),
            policy: Arc::clone(&policy),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            page_key: [7; 32],
        })
        .await
        .unwrap();
        let mesh = TestMesh::new(&policy, Arc::new(SystemClock), Arc::new(RandomIds));
        let stack = mesh.service("catalog", catalog.routes(), catalog.db()).build();
        let ca = DevCa::open(&dir.path().join("tls"), SystemClock.now()).unwrap();
        let material = |service: &str| {
            let id = SpiffeId::service(service).unwrap();
            let leaf = ca
                .issue(&id, &[], SystemClock.now(), Duration::from_secs(3600))
                .unwrap();
            TlsMaterial::new(&leaf, &ca.roots(), SystemClock.now()).unwrap()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let (server, tls, until) = (stack.clone(), material("catalog"), stop.clone());
        tokio::spawn(async move { server.serve_mesh(listener, tls, until).await });
        Self {
            catalog,
            stack,
            address,
            client: material("gateway"),
            stop,
            _store: store,
            _dir: dir,
        }
    }

    fn remote(&self) -> Channel {
        let server = SpiffeId::service("catalog").unwrap();
        let trust = Trust::Mesh {
            material: self.client.clone(),
            server,
        };
        Channel::remote(&Remote {
            address: self.address.clone(),
            trust,
            limits: ClientLimits::default(),
        })
        .unwrap()
    }

    fn client(&self, way: Way, role: &str) -> CatalogServiceClient<Channel> {
        CatalogServiceClient::new(match way {
            Way::InProcess => as_role(&self.stack, role),
            Way::MutualTls => self.remote().with_bearer(&SecretString::from(role)).unwrap(),
        })
    }

    async fn discover(&self) -> String {
        let path = ColumnPath {
            database: "shop".into(),
            schema: "main".into(),
            table: "t".into(),
            column: String::new(),
        };
        let column = DiscoveredColumn {
            column: "email".into(),
            details: Some(Default::default()),
            ..Default::default()
        };
        let table = DiscoveredTable {
            path: Some(path),
            details: Some(TableDetails {
                table_kind: "table".into(),
                ..Default::default()
            }),
            columns: vec![column],
            ..Default::default()
        };
        let request = UpsertAssetsRequest {
            batch_id: "b1".into(),
            source: SOURCE.into(),
            source_name: "shop".into(),
            tables: vec![table],
        };
        let scans = self.stack.local_channel(Actor::service("scans"));
        CatalogServiceClient::new(scans)
            .upsert_assets(request)
            .await
            .unwrap();
        let at = Path {
            database: "shop".into(),
            schema: "main".into(),
            table: "t".into(),
            column: "email".into(),
        };
        format!("assets/{}", asset_id(SOURCE, &at))
    }

    async fn audit(&self) -> Vec<AuditRecord> {
        let mut session = self.catalog.db().read().await.unwrap();
        let rows = datawave_db::audit_rows(&mut session, 1, 10_000).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_slice(&row.record).unwrap())
            .collect()
    }

    /// Every event of the store, as the relay delivers them.
    async fn events(&self) -> Vec<EventRecord> {
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let sink = Arc::new(move |events: Vec<EventRecord>| {
            for event in events {
                let _ = sender.send(event);
            }
            Box::pin(async { Ok(()) }) as futures::future::BoxFuture<'static, _>
        });
        let relay = datawave_db::relay::spawn_outbox(self.catalog.db().clone(), sink, stop.clone());
        let mut out = Vec::new();
        // The change of the test is the last event.
        while out
            .last()
            .is_none_or(|e: &EventRecord| e.kind != "labels_changed")
        {
            out.push(receiver.recv().await.unwrap());
        }
        stop.cancel();
        relay.await.unwrap();
        while let Ok(event) = receiver.try_recv() {
            out.push(event);
        }
        out
    }
}

async fn get(client: &mut CatalogServiceClient<Channel>, name: &str) -> Asset {
    client
        .get_asset(GetAssetRequest { name: name.into() })
        .await
        .unwrap()
        .into_inner()
        .asset
        .unwrap()
}

fn add(name: &str, etag: &str, label: &str) -> UpdateAssetRequest {
    UpdateAssetRequest {
        name: name.into(),
        etag: etag.into(),
        add_labels: vec![label.into()],
        ..Default::default()
    }
}

/// The change and the refusals around it, and what they left behind.
async fn change(bench: &Bench, way: Way, spans: &Spans) -> Outcome {
    let name = bench.discover().await;
    let (mut steward, mut viewer) = (bench.client(way, "steward"), bench.client(way, "viewer"));
    let before = get(&mut steward, &name).await;
    let audited = bench.audit().await.len();
    spans.0.lock().unwrap().clear();

    let root = tracing::info_span!("change");
    let changed = steward
        .update_asset(add(&name, &before.etag, "email"))
        .instrument(root)
        .await
        .unwrap();
    let changed = changed.into_inner().asset.unwrap();
    let one_trace = tokio::time::timeout(Duration::from_secs(60), spans.with_the_server());
    let one_trace = one_trace.await.expect("a span of the server below the caller's");

    let stale = failure(
        steward
            .update_asset(add(&name, &before.etag, "phone"))
            .await
            .unwrap_err(),
    );
    let denied = failure(
        viewer
            .update_asset(add(&name, &changed.etag, "phone"))
            .await
            .unwrap_err(),
    );

    let mut records = bench.audit().await.split_off(audited);
    assert_eq!(
        records.len(),
        2,
        "the change and the refusal; a stale etag changes nothing: {records:?}"
    );
    let refusal = records.pop().unwrap();
    assert_eq!(
        (refusal.verdict, refusal.subject.as_str()),
        (Verdict::Deny, "user:viewer")
    );
    let record = records.pop().unwrap();
    assert_eq!(
        (record.verdict, record.resource.as_str()),
        (Verdict::Allow, name.as_str())
    );

    let traces: std::collections::BTreeSet<_> = one_trace
        .iter()
        .map(|s| s.span_context.trace_id().to_string())
        .collect();
    assert_eq!(traces.len(), 1, "{one_trace:?}");
    assert_eq!(record.trace_id, traces.first().cloned());
    let events: Vec<_> = bench
        .events()
        .await
        .into_iter()
        .filter(|e| e.kind == "labels_changed")
        .collect();
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].key.as_str(), &events[0].trace_id),
        (name.as_str(), &record.trace_id)
    );

    Outcome {
        labels: changed.labels.iter().map(|l| l.label.clone()).collect(),
        version: changed.version,
        etag: changed.etag,
        stale: (stale.reason(), stale.metadata()["current_etag"].clone()),
        denied: denied.reason(),
    }
}

#[tokio::test]
async fn a_change_is_the_same_on_every_channel_and_store() {
    let spans = Spans::default();
    let options = TelemetryOptions {
        service: "test".into(),
        version: "0".into(),
        filter: "info".into(),
        otlp_endpoint: None,
    };
    // With one dispatcher alone, tracing asks the thread that happens to come by first whether a span is wanted,
    // and other tests' threads want none. With two it asks the dispatchers.
    let _second =
        Telemetry::assembled(&options, Arc::new(SystemClock), std::io::sink, Spans::default()).unwrap();
    let (dispatch, telemetry) =
        Telemetry::assembled(&options, Arc::new(SystemClock), std::io::sink, spans.clone()).unwrap();
    let guard = tracing::dispatcher::set_default(&dispatch);
    let mut outcomes = Vec::new();
    for way in [Way::InProcess, Way::MutualTls] {
        for store in both("catalog", MIGRATIONS).await {
            let engine = store.engine;
            let bench = Bench::open(store).await;
            outcomes.push((way, engine, change(&bench, way, &spans).await));
            bench.stop.cancel();
        }
    }
    drop(guard);
    telemetry.shutdown().await;
    let expected = Outcome {
        labels: vec!["email".into()],
        version: 2,
        etag: "v2".into(),
        stale: (Reason::EtagMismatch, "v2".into()),
        denied: Reason::PermissionMissing,
    };
    assert_eq!(outcomes.len(), 4);
    for (way, engine, outcome) in outcomes {
        assert_eq!(outcome, expected, "{way:?} on {engine:?}");
    }
}
