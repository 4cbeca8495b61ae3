//! What operators and tools see: metrics, health, readiness, reflection.

use datawave_rpc::{Health, serve_operator_port};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::{ServerReflectionRequest, server_reflection_response};

use crate::support::{Rig, WAYS, Way, ask, until};

async fn get(address: std::net::SocketAddr, path: &str) -> String {
    let mut tcp = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    tcp.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn calls_are_counted_by_method_and_code_in_a_bounded_set_of_series() {
    let rig = Rig::new().await;
    let service = "datawave.catalog.v1.CatalogService";
    for way in WAYS {
        let mut client = rig.client(way);
        client.list_assets(ask("")).await.unwrap();
        client.list_assets(ask("fail")).await.unwrap_err();
    }
    let mut raw = tonic::client::Grpc::new(rig.channel(Way::Local));
    for n in 0..50 {
        raw.ready().await.unwrap();
        let path = http::uri::PathAndQuery::try_from(format!("/made.up.Service{n}/Method")).unwrap();
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        raw.unary(tonic::Request::new(()), path, codec).await.unwrap_err();
    }
    until(|| rig.metrics.in_flight(service, "ListAssets") == 0).await;
    assert_eq!(rig.metrics.requests(service, "ListAssets", Code::Ok), 3);
    assert_eq!(rig.metrics.requests(service, "ListAssets", Code::Aborted), 3);
    assert_eq!(
        rig.metrics.requests("unknown", "unknown", Code::Unimplemented),
        50
    );
    let text = rig.metrics.render().unwrap();
    assert!(!text.contains("made.up"), "callers cannot make series");
    assert!(text.contains("datawave_rpc_request_seconds_bucket"));
    assert!(text.contains("version=\"1.2.3\""));
}

#[tokio::test]
async fn the_operator_port_shows_life_readiness_and_metrics() {
    let rig = Rig::new().await;
    let health = Health::new();
    health.set("catalog", false).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve_operator_port(
        listener,
        rig.metrics.clone(),
        health.clone(),
        stop.clone(),
    ));
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    let waiting = get(address, "/readyz").await;
    assert!(
        waiting.starts_with("HTTP/1.1 503") && waiting.contains("waiting for catalog"),
        "{waiting}"
    );
    health.set("catalog", true).await;
    assert!(get(address, "/readyz").await.starts_with("HTTP/1.1 200"));
    let metrics = get(address, "/metrics").await;
    assert!(
        metrics.contains("application/openmetrics-text") && metrics.contains("# EOF"),
        "{metrics}"
    );
    stop.cancel();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn health_is_open_on_loopback_and_reflection_wants_a_token() {
    let rig = Rig::new().await;
    let bare = rig.public_with(&rig.ca.roots());
    HealthClient::new(bare.clone())
        .check(HealthCheckRequest::default())
        .await
        .unwrap();
    let list = || {
        futures::stream::iter([ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        }])
    };
    let refused = ServerReflectionClient::new(bare)
        .server_reflection_info(list())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let mut answers = ServerReflectionClient::new(rig.channel(Way::Public))
        .server_reflection_info(list())
        .await
        .unwrap()
        .into_inner();
    let answer = answers
        .message()
        .await
        .unwrap()
        .unwrap()
        .message_response
        .unwrap();
    let server_reflection_response::MessageResponse::ListServicesResponse(services) = answer else {
        panic!("{answer:?}");
    };
    assert!(
        services
            .service
            .iter()
            .any(|s| s.name == "datawave.catalog.v1.CatalogService")
    );
}
