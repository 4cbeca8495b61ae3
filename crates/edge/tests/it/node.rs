//! What the node does for callers at its own site.

use datawave_proto::datawave::edge::v1::{
    DeleteCredentialRequest, PutCredentialRequest, StepStatus, TestSourceRequest, TestSourceResponse,
};
use datawave_proto::datawave::inspect::v1::inspect_service_client::InspectServiceClient;
use datawave_proto::datawave::inspect::v1::{InspectColumnRequest, InspectTextRequest};
use datawave_rpc::failure;

use crate::rig::{Rig, until};
use crate::sources;

async fn steps(rig: &Rig, request: TestSourceRequest) -> Vec<TestSourceResponse> {
    let mut stream = rig.node().test_source(request).await.unwrap().into_inner();
    let mut steps = Vec::new();
    while let Some(step) = stream.message().await.unwrap() {
        steps.push(step);
    }
    steps
}

fn outcomes(steps: &[TestSourceResponse]) -> Vec<(&str, StepStatus)> {
    steps
        .iter()
        .map(|step| (step.step.as_str(), step.status()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_kept_at_the_site_replaced_and_removed() {
    let rig = Rig::new().await;
    let reference = rig.put_credential("src_1", "first").await;
    assert_eq!(reference, "site:src_1");
    assert_eq!(rig.put_credential("src_1", "second").await, reference);
    let kept = std::fs::read(rig.home.path().join("secrets/src_1")).unwrap();
    assert_eq!(kept, b"second");
    for _ in 0..2 {
        let request = DeleteCredentialRequest { key: "src_1".into() };
        rig.node().delete_credential(request).await.unwrap();
    }
    assert!(!rig.home.path().join("secrets/src_1").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_key_that_leaves_the_store_is_refused() {
    let rig = Rig::new().await;
    let request = PutCredentialRequest {
        key: "../outside".into(),
        secret: "x".into(),
    };
    let refused = failure(rig.node().put_credential(request).await.unwrap_err());
    assert_eq!(refused.reason().as_str(), "INVALID_REQUEST");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_a_file_goes_step_by_step() {
    let rig = Rig::new().await;
    let url = sources::sqlite(
        rig.home.path(),
        "a.db",
        "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x');",
    )
    .await;
    let steps = steps(
        &rig,
        TestSourceRequest {
            url,
            ..Default::default()
        },
    )
    .await;
    let expected = [
        ("reach", StepStatus::Ok),
        ("tls", StepStatus::Skipped),
        ("login", StepStatus::Ok),
        ("grants", StepStatus::Ok),
        ("list", StepStatus::Ok),
        ("sample", StepStatus::Ok),
    ];
    assert_eq!(outcomes(&steps), expected);
    until("no child is left", || rig.children().is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_step_says_why_and_the_rest_is_skipped() {
    let rig = Rig::new().await;
    let url = format!("sqlite:{}", rig.home.path().join("missing.db").display());
    let steps = steps(
        &rig,
        TestSourceRequest {
            url,
            ..Default::default()
        },
    )
    .await;
    assert_eq!(steps.len(), 6);
    assert_eq!(steps[0].status(), StepStatus::Failed);
    assert_eq!(steps[0].reason, "SOURCE_OBJECT_MISSING");
    assert!(!steps[0].message.is_empty() && !steps[0].remedy.is_empty());
    assert!(steps[1..].iter().all(|step| step.status() == StepStatus::Skipped));
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_grants_come_as_statements_to_run() {
    let role = format!("edge_tester_{}", std::process::id());
    let Some(source) = sources::postgres(&format!(
        "DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN PASSWORD 'tester'; CREATE TABLE closed (a text);"
    ))
    .await
    else {
        return;
    };
    let rig = Rig::new().await;
    let request = TestSourceRequest {
        url: source.url,
        login: role.clone(),
        secret: "tester".into(),
        credential_ref: String::new(),
    };
    let steps = steps(&rig, request).await;
    let grants = steps.iter().find(|step| step.step == "grants").unwrap();
    assert_eq!(grants.status(), StepStatus::Failed);
    assert!(
        grants.remedy.contains("GRANT SELECT") && grants.remedy.contains(&role),
        "{}",
        grants.remedy
    );
    assert!(!steps.iter().any(|step| format!("{step:?}").contains("'tester'")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_serves_is_refused_before_anything_is_started() {
    let rig = Rig::new().await;
    let request = TestSourceRequest {
        url: "oracle://db.example/x".into(),
        ..Default::default()
    };
    let refused = failure(rig.node().test_source(request).await.unwrap_err());
    assert_eq!(refused.reason().as_str(), "SOURCE_SCHEME_UNKNOWN");
    assert!(rig.children().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_ends_the_test_and_its_child() {
    // A server that never answers keeps the test at its first steps.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rig = Rig::new().await;
    let request = TestSourceRequest {
        url: format!("postgres://ann@{}/x", listener.local_addr().unwrap()),
        ..Default::default()
    };
    let stream = rig.node().test_source(request).await.unwrap();
    rig.child_other_than(&[]).await;
    drop(stream);
    until("no child is left", || rig.children().is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_inspected_in_code_points_and_octets() {
    let rig = Rig::new().await;
    let text = "grüße an ann.smith@mail.example.com!";
    let request = InspectTextRequest { text: text.into() };
    let found = InspectServiceClient::new(rig.site.clone())
        .inspect_text(request)
        .await
        .unwrap()
        .into_inner();
    let span = found
        .spans
        .iter()
        .find(|span| span.label == "email")
        .expect("the address");
    assert_eq!(
        &text[span.start_byte as usize..span.end_byte as usize],
        "ann.smith@mail.example.com"
    );
    assert_eq!(
        span.start + 2,
        span.start_byte,
        "two letters of two octets stand before it"
    );
    assert!(!found.engine_version.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_a_caller_brings_is_judged() {
    let rig = Rig::new().await;
    let request = InspectColumnRequest {
        name: "contact".into(),
        declared_type: "text".into(),
        values: (0..50).map(|n| format!("p{n}@mail.example.com")).collect(),
        table: "people".into(),
    };
    let found = InspectServiceClient::new(rig.site.clone())
        .inspect_column(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(found.detections[0].label, "email");
    assert!((found.detections[0].prevalence - 1.0).abs() < 1e-9);
}
