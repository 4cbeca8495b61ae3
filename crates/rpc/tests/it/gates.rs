//! Who gets in: authentication, authorisation, audit, and the method table.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use datawave_core::{Actor, CallContext, Failure, Kind, Reason, TenantId, Verdict};
use datawave_proto::datawave::audit::v1::ListRecordsRequest;
use datawave_proto::datawave::audit::v1::audit_service_client::AuditServiceClient;
use datawave_proto::datawave::catalog::v1::SearchAssetsRequest;
use datawave_proto::datawave::catalog::v1::catalog_service_client::CatalogServiceClient;
use datawave_proto::datawave::scans::v1 as scans;
use datawave_rpc::{Mesh, Route, Stack, enter, failure, idempotency_key, outgoing};
use secrecy::SecretString;
use tonic::service::Routes;
use tonic::{Code, Request};

use crate::support::{Rig, Sink, WAYS, Way, ask};

fn search() -> SearchAssetsRequest {
    SearchAssetsRequest {
        text: "orders".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_denial_is_audited_before_it_is_answered() {
    let rig = Rig::new().await;
    for way in WAYS {
        let error = failure(rig.client(way).search_assets(search()).await.unwrap_err());
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::PermissionDenied, Reason::PermissionMissing),
            "{way:?}"
        );
        assert_eq!(error.metadata()["permission"], "catalog.assets.search");
        let record = rig.sink.records.lock().unwrap().pop().unwrap();
        assert_eq!(
            (record.verdict, record.subject.as_str()),
            (Verdict::Deny, Rig::subject(way))
        );
        assert_eq!(record.method, "datawave.catalog.v1.CatalogService/SearchAssets");
        assert_eq!(
            (record.policies, record.policy_revision),
            (vec!["p1".to_owned()], 7)
        );
        assert_eq!(record.request_id, error.metadata()[datawave_rpc::REQUEST_ID]);
    }
}

#[tokio::test]
async fn without_an_audit_record_there_is_no_answer() {
    let rig = Rig::new().await;
    rig.sink.broken.store(true, Ordering::SeqCst);
    for way in WAYS {
        let denied = failure(rig.client(way).search_assets(search()).await.unwrap_err());
        assert_eq!(
            (denied.kind(), denied.reason()),
            (Kind::Unavailable, Reason::AuditUnavailable),
            "{way:?}"
        );
        assert!(!denied.to_string().contains("/secret/path"));
        let mut log = AuditServiceClient::new(rig.channel(way));
        let read = failure(log.list_records(ListRecordsRequest::default()).await.unwrap_err());
        assert_eq!(read.reason(), Reason::AuditUnavailable, "{way:?}");
    }
}

#[tokio::test]
async fn a_sensitive_read_is_recorded_with_its_resource_and_an_ordinary_one_is_not() {
    let rig = Rig::new().await;
    for way in WAYS {
        rig.client(way).list_assets(ask("")).await.unwrap();
        assert!(rig.sink.records.lock().unwrap().is_empty(), "{way:?}");
        let mut log = AuditServiceClient::new(rig.channel(way));
        log.list_records(ListRecordsRequest::default()).await.unwrap();
        let record = rig.sink.records.lock().unwrap().pop().unwrap();
        assert_eq!(
            (record.verdict, record.action.as_str()),
            (Verdict::Allow, "read"),
            "{way:?}"
        );
        assert_eq!(
            (record.service.as_str(), record.resource.as_str()),
            ("audit", "audit/records")
        );
    }
}

#[tokio::test]
async fn a_refusal_by_the_handler_is_recorded_too() {
    let rig = Rig::new().await;
    for way in WAYS {
        let status = rig.client(way).list_assets(ask("refused")).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
        let record = rig.sink.records.lock().unwrap().pop().unwrap();
        assert_eq!(record.verdict, Verdict::Deny, "{way:?}");
    }
}

#[tokio::test]
async fn the_public_listener_says_why_it_does_not_know_a_caller() {
    let rig = Rig::new().await;
    let bare = rig.public_with(&rig.ca.roots());
    let missing = CatalogServiceClient::new(bare.clone())
        .list_assets(ask(""))
        .await
        .unwrap_err();
    assert_eq!(failure(missing).reason(), Reason::CredentialsMissing);
    let wrong = bare.clone().with_bearer(&SecretString::from("stolen")).unwrap();
    let invalid = failure(
        CatalogServiceClient::new(wrong)
            .list_assets(ask(""))
            .await
            .unwrap_err(),
    );
    assert_eq!(invalid.reason(), Reason::CredentialsInvalid);
    assert!(!invalid.to_string().contains("stolen"));
    let mut request = Request::new(ask(""));
    request
        .metadata_mut()
        .insert("authorization", "Basic Z29vZA==".parse().unwrap());
    let scheme = CatalogServiceClient::new(bare)
        .list_assets(request)
        .await
        .unwrap_err();
    assert_eq!(failure(scheme).reason(), Reason::CredentialsInvalid);
}

#[tokio::test]
async fn tenant_and_origin_are_believed_from_services_only() {
    let rig = Rig::new().await;
    let mut context = CallContext::background(TenantId::parse("acme").unwrap(), "scans", "job");
    context.actor.origin = Some("user:bob".to_owned());
    context.request_id = "req-of-the-test".to_owned();
    for way in WAYS {
        let response = rig
            .client(way)
            .list_assets(outgoing(&context, ask("")))
            .await
            .unwrap();
        let seen = &response.get_ref().assets[0];
        assert_eq!(seen.name, Rig::subject(way));
        assert_eq!(seen.qualified_name, "req-of-the-test", "{way:?}");
        let believed = way != Way::Public;
        assert_eq!(seen.source, if believed { "acme" } else { "default" }, "{way:?}");
        assert_eq!(seen.owner, if believed { "user:bob" } else { "" }, "{way:?}");
    }
}

#[tokio::test]
async fn whoever_brings_a_token_acts_as_its_owner() {
    let rig = Rig::new().await;
    for way in [Way::Local, Way::Mesh] {
        let channel = rig.channel(way).with_bearer(&SecretString::from("good")).unwrap();
        let response = CatalogServiceClient::new(channel)
            .list_assets(ask(""))
            .await
            .unwrap();
        assert_eq!(response.get_ref().assets[0].name, "user:ann", "{way:?}");
    }
}

#[tokio::test]
async fn methods_that_nobody_serves_are_unimplemented() {
    let rig = Rig::new().await;
    for way in WAYS {
        let mut foreign = scans::scans_service_client::ScansServiceClient::new(rig.channel(way));
        let error = failure(
            foreign
                .get_scan(scans::GetScanRequest::default())
                .await
                .unwrap_err(),
        );
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Unimplemented, Reason::MethodUnavailable),
            "{way:?}"
        );
        let mut raw = tonic::client::Grpc::new(rig.channel(way));
        raw.ready().await.unwrap();
        let path = http::uri::PathAndQuery::from_static("/datawave.catalog.v1.CatalogService/DropEverything");
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        let status = raw.unary(Request::new(()), path, codec).await.unwrap_err();
        assert_eq!(failure(status).reason(), Reason::MethodUnavailable, "{way:?}");
    }
}

#[tokio::test]
async fn a_stack_refuses_what_the_method_table_does_not_know() {
    let sink = Arc::new(Sink::default());
    let error = Stack::builder()
        .service("nonsense", Routes::default(), sink)
        .build()
        .unwrap_err();
    assert_eq!(error.reason(), Reason::MethodUnavailable);
}

#[tokio::test]
async fn a_mesh_handle_finds_services_that_are_mounted_later_and_dies_with_the_mesh() {
    let rig = Rig::new().await;
    let mesh = Mesh::new();
    let mut client = CatalogServiceClient::new(mesh.handle(Actor::service("scans")).channel("catalog"));
    let early = failure(client.list_assets(ask("")).await.unwrap_err());
    assert_eq!(early.reason(), Reason::DependencyUnavailable);
    mesh.set("catalog", Route::Local(rig.stack.clone()));
    let answer = client.list_assets(ask("")).await.unwrap();
    assert_eq!(answer.get_ref().assets[0].name, "service:scans");
    mesh.set("catalog", Route::Remote(rig.channel(Way::Public)));
    let answer = client.list_assets(ask("")).await.unwrap();
    assert_eq!(answer.get_ref().assets[0].name, "user:ann", "the route's token");
    drop(mesh);
    let late = failure(client.list_assets(ask("")).await.unwrap_err());
    assert_eq!(late.kind(), Kind::Unavailable);
}

#[tokio::test]
async fn a_handler_outside_the_stack_gets_no_context() {
    let error = enter(Request::new(ask(""))).unwrap_err();
    assert_eq!(error.code(), Code::Internal);
}

#[test]
fn an_idempotency_key_is_a_uuid_or_absent() -> Result<(), Failure> {
    let mut context = CallContext::background(TenantId::default_tenant(), "scans", "job");
    idempotency_key(&mut context, "")?;
    assert_eq!(context.idempotency_key, None);
    idempotency_key(&mut context, "0192F0C1-2d3e-7a4b-8c5d-6e7f8091a2b3")?;
    assert_eq!(
        context.idempotency_key.as_deref(),
        Some("0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3")
    );
    for bad in [
        "x",
        "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2bg",
        "0192f0c12d3e7a4b8c5d6e7f8091a2b3",
    ] {
        assert_eq!(
            idempotency_key(&mut context, bad).unwrap_err().violations()[0].field,
            "request_id"
        );
    }
    Ok(())
}
