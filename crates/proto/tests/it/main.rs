//! The generated method table, validators and redaction.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use datawave_proto::datawave::access::v1::ResolveTokenRequest;
use datawave_proto::datawave::catalog::v1::{
    DiscoveredTable, GetAssetRequest, UpdateAssetRequest, UpsertAssetsRequest,
};
use datawave_proto::datawave::common::v1::ColumnPath;
use datawave_proto::datawave::inspect::v1::InspectColumnRequest;
use datawave_proto::{AuditLevel, METHODS, Site, Validate, method};

fn fields<M: Validate>(message: &M) -> Vec<String> {
    message
        .validate()
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|v| v.field)
        .collect()
}

#[test]
fn every_method_is_in_the_table_once() {
    let mut paths: Vec<_> = METHODS.iter().map(|m| m.path).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), METHODS.len());
    let get = method("/datawave.catalog.v1.CatalogService/GetAsset").unwrap();
    assert_eq!(
        (get.permission, get.audit, get.site),
        ("catalog.assets.get", AuditLevel::Denials, Site::Central)
    );
    assert!(method("/datawave.catalog.v1.CatalogService/Nothing").is_none());
}

#[test]
fn names_the_offending_field() {
    assert_eq!(fields(&GetAssetRequest::default()), ["name"]);
    assert_eq!(
        fields(&GetAssetRequest {
            name: "assets/../x".into()
        }),
        ["name"]
    );
    let good = GetAssetRequest {
        name: format!("assets/ast_{}", "0".repeat(26)),
    };
    assert!(good.validate().is_ok());
}

#[test]
fn walks_into_lists_and_optional_fields() {
    let request = UpsertAssetsRequest {
        batch_id: "b".into(),
        source: "sources/src_x".into(),
        tables: vec![DiscoveredTable {
            path: Some(ColumnPath {
                table: "t".repeat(600),
                ..Default::default()
            }),
            ..Default::default()
        }],
        ..Default::default()
    };
    assert_eq!(fields(&request), ["tables[0].path.table", "tables[0].details"]);
    let update = UpdateAssetRequest {
        name: format!("assets/ast_{}", "0".repeat(26)),
        etag: "1".into(),
        description: Some("x".repeat(10_001)),
        add_labels: vec!["email".into(), "Not A Label".into()],
        ..Default::default()
    };
    assert_eq!(fields(&update), ["description", "add_labels[1]"]);
}

#[test]
fn debug_output_hides_secrets_and_raw_text() {
    let token = ResolveTokenRequest {
        secret: "dw_canary".into(),
    };
    assert!(!format!("{token:?}").contains("canary"));
    let column = InspectColumnRequest {
        name: "c".into(),
        values: vec!["canary".into()],
        ..Default::default()
    };
    let shown = format!("{column:?}");
    assert!(!shown.contains("canary") && shown.contains("\"c\""));
}
