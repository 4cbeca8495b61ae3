use std::collections::BTreeSet;

use datawave_core::{Reason, Verdict};
use datawave_proto::datawave::catalog::v1::{
    ApplyLabelsRequest, AssetKind, AssetLabel, ColumnLabels, LabelOrigin, ListAssetVersionsRequest,
    ListAssetsRequest, UpdateAssetRequest,
};
use datawave_proto::datawave::common::v1::{FindingKind, PageRequest};
use datawave_rpc::failure;

use crate::bench::{Bench, SOURCE, benches, path};

fn update(name: &str, etag: &str, add: &[&str]) -> UpdateAssetRequest {
    UpdateAssetRequest {
        name: name.into(),
        etag: etag.into(),
        add_labels: add.iter().map(|l| (*l).to_owned()).collect(),
        ..Default::default()
    }
}

async fn label(bench: &Bench, batch: &str, column: &str, labels: &[&str]) -> (u32, u32) {
    let labels = labels.iter().map(|label| AssetLabel {
        label: (*label).into(),
        infotype: (*label).into(),
        kind: FindingKind::Is.into(),
        confidence: 0.9,
        finding: "findings/fnd_x".into(),
        ..Default::default()
    });
    let request = ApplyLabelsRequest {
        batch_id: batch.into(),
        source: SOURCE.into(),
        columns: vec![ColumnLabels {
            path: Some(path("customers", column)),
            labels: labels.collect(),
        }],
    };
    let answer = bench
        .service("classification")
        .apply_labels(request)
        .await
        .unwrap()
        .into_inner();
    (answer.changed, answer.unknown)
}

#[tokio::test]
async fn a_discovered_table_brings_everything_above_and_below_it_once() {
    for bench in benches().await {
        // Source, database, schema, table, two columns.
        assert_eq!(
            bench.discover("b1", &[("customers", &["id", "email"])]).await,
            (6, 0)
        );
        assert_eq!(
            bench
                .discover("b1", &[("customers", &["id", "email", "late"])])
                .await,
            (0, 0),
            "a batch applies once"
        );
        assert_eq!(
            bench
                .discover("b2", &[("customers", &["id", "email", "phone"])])
                .await,
            (1, 0)
        );
        let column = bench.column("customers", "email").await;
        assert_eq!(column.qualified_name, "shop.main.customers.email");
        assert_eq!(column.kind(), AssetKind::Column);
        let table = bench.get(&column.parent).await.unwrap();
        assert_eq!(
            (table.kind(), table.table.unwrap().row_estimate),
            (AssetKind::Table, Some(10))
        );
    }
}

#[tokio::test]
async fn a_stale_etag_is_refused_with_the_current_one_and_changes_nothing() {
    for bench in benches().await {
        bench.discover("b1", &[("customers", &["email"])]).await;
        let asset = bench.column("customers", "email").await;
        let mut steward = bench.role("steward");
        let changed = steward
            .update_asset(update(&asset.name, &asset.etag, &["email"]))
            .await
            .unwrap();
        let changed = changed.into_inner().asset.unwrap();
        let refused = failure(
            steward
                .update_asset(update(&asset.name, &asset.etag, &["phone"]))
                .await
                .unwrap_err(),
        );
        assert_eq!(refused.reason(), Reason::EtagMismatch);
        assert_eq!(refused.metadata()["current_etag"], changed.etag);
        assert_eq!(bench.get(&asset.name).await.unwrap(), changed);
    }
}

#[tokio::test]
async fn one_change_makes_one_version_one_audit_record_and_one_event() {
    for bench in benches().await {
        bench.discover("b1", &[("customers", &["email"])]).await;
        let before = bench.audit().await.len();
        let asset = bench.column("customers", "email").await;
        bench
            .role("steward")
            .update_asset(update(&asset.name, &asset.etag, &["email"]))
            .await
            .unwrap();
        let audit = bench.audit().await;
        assert_eq!(audit.len(), before + 1);
        let record = audit.last().unwrap();
        assert_eq!(
            (record.subject.as_str(), record.resource.as_str()),
            ("user:steward", asset.name.as_str())
        );
        assert_eq!(record.details["labels_added"], "email");
        let request = ListAssetVersionsRequest {
            name: asset.name.clone(),
            page: None,
        };
        let versions = bench
            .role("viewer")
            .list_asset_versions(request)
            .await
            .unwrap()
            .into_inner()
            .versions;
        assert_eq!(versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(versions[0].changed_by, "user:steward");
    }
}

#[tokio::test]
async fn a_viewer_may_not_change_and_the_refusal_is_audited() {
    for bench in benches().await {
        bench.discover("b1", &[("customers", &["email"])]).await;
        let asset = bench.column("customers", "email").await;
        let refused = bench
            .role("viewer")
            .update_asset(update(&asset.name, &asset.etag, &["email"]))
            .await;
        assert_eq!(failure(refused.unwrap_err()).reason(), Reason::PermissionMissing);
        let record = bench.audit().await.pop().unwrap();
        assert_eq!(
            (record.verdict, record.subject.as_str()),
            (Verdict::Deny, "user:viewer")
        );
        assert_eq!(record.permission, "catalog.assets.update");
        assert_eq!(bench.get(&asset.name).await.unwrap(), asset);
    }
}

#[tokio::test]
async fn people_may_not_catalogue_and_services_may_not_edit() {
    for bench in benches().await {
        let mut admin = bench.role("admin");
        let refused = admin.upsert_assets(datawave_proto::datawave::catalog::v1::UpsertAssetsRequest {
            batch_id: "b".into(),
            source: SOURCE.into(),
            ..Default::default()
        });
        assert_eq!(
            failure(refused.await.unwrap_err()).reason(),
            Reason::PermissionMissing
        );
        bench.discover("b1", &[("customers", &["email"])]).await;
        let asset = bench.column("customers", "email").await;
        let refused = bench
            .service("scans")
            .update_asset(update(&asset.name, &asset.etag, &["email"]))
            .await;
        assert_eq!(failure(refused.unwrap_err()).reason(), Reason::PermissionMissing);
    }
}

#[tokio::test]
async fn labels_of_findings_follow_the_findings_and_leave_those_of_people_alone() {
    for bench in benches().await {
        bench.discover("b1", &[("customers", &["email"])]).await;
        assert_eq!(label(&bench, "l1", "email", &["email"]).await, (1, 0));
        assert_eq!(
            label(&bench, "l1", "email", &[]).await,
            (0, 0),
            "a batch applies once"
        );
        let asset = bench.column("customers", "email").await;
        bench
            .role("steward")
            .update_asset(update(&asset.name, &asset.etag, &["health"]))
            .await
            .unwrap();
        assert_eq!(label(&bench, "l2", "email", &["username"]).await, (1, 0));
        let labels: Vec<_> = bench
            .column("customers", "email")
            .await
            .labels
            .into_iter()
            .map(|l| (l.label.clone(), l.origin()))
            .collect();
        assert_eq!(
            labels,
            [
                ("health".to_owned(), LabelOrigin::Person),
                ("username".to_owned(), LabelOrigin::Finding)
            ]
        );
        assert_eq!(label(&bench, "l3", "not_there", &["email"]).await, (0, 1));
    }
}

#[tokio::test]
async fn a_label_taken_away_by_hand_stays_away() {
    for bench in benches().await {
        bench.discover("b1", &[("customers", &["email"])]).await;
        label(&bench, "l1", "email", &["email"]).await;
        let asset = bench.column("customers", "email").await;
        let request = UpdateAssetRequest {
            name: asset.name,
            etag: asset.etag,
            remove_labels: vec!["email".into()],
            ..Default::default()
        };
        bench.role("steward").update_asset(request).await.unwrap();
        label(&bench, "l2", "email", &["email"]).await;
        assert!(bench.column("customers", "email").await.labels.is_empty());
    }
}

#[tokio::test]
async fn pages_show_each_asset_once_while_others_write() {
    for bench in benches().await {
        let columns: Vec<String> = (0..30).map(|i| format!("c{i:03}")).collect();
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        bench.discover("b1", &[("big", &names)]).await;
        let (mut seen, mut token, mut round) = (Vec::new(), String::new(), 0);
        loop {
            let page = Some(PageRequest {
                page_size: 7,
                page_token: token.clone(),
            });
            let request = ListAssetsRequest {
                page,
                kind: AssetKind::Column.into(),
                ..Default::default()
            };
            let answer = bench
                .role("viewer")
                .list_assets(request)
                .await
                .unwrap()
                .into_inner();
            seen.extend(answer.assets.into_iter().map(|a| a.qualified_name));
            token = answer.page.unwrap().next_page_token;
            if token.is_empty() {
                break;
            }
            round += 1;
            let late = format!("a_{round}");
            bench
                .discover(&format!("late{round}"), &[(late.as_str(), &["x"])])
                .await;
        }
        let unique: BTreeSet<_> = seen.iter().collect();
        assert_eq!(unique.len(), seen.len());
        assert_eq!(seen.iter().filter(|n| n.contains(".big.")).count(), 30);
    }
}

#[tokio::test]
async fn a_page_token_of_another_list_is_refused() {
    for bench in benches().await {
        bench.discover("b1", &[("t", &["a", "b", "c"])]).await;
        let page = Some(PageRequest {
            page_size: 2,
            page_token: String::new(),
        });
        let mut viewer = bench.role("viewer");
        let first = viewer
            .list_assets(ListAssetsRequest {
                page,
                ..Default::default()
            })
            .await
            .unwrap()
            .into_inner();
        let page = Some(PageRequest {
            page_size: 2,
            page_token: first.page.unwrap().next_page_token,
        });
        let other = ListAssetsRequest {
            page,
            label: "email".into(),
            ..Default::default()
        };
        let refused = failure(viewer.list_assets(other).await.unwrap_err());
        assert_eq!(refused.reason(), Reason::PageTokenInvalid);
    }
}

#[tokio::test]
async fn lists_filter_by_label_prefix_and_parent() {
    for bench in benches().await {
        bench
            .discover("b1", &[("customers", &["email", "name"]), ("orders", &["id"])])
            .await;
        label(&bench, "l1", "email", &["email"]).await;
        let mut viewer = bench.role("viewer");
        let mut names = async |request| {
            let answer = viewer.list_assets(request).await.unwrap().into_inner();
            answer
                .assets
                .into_iter()
                .map(|a| a.qualified_name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(ListAssetsRequest {
                label: "email".into(),
                ..Default::default()
            })
            .await,
            ["shop.main.customers.email"]
        );
        let prefix = ListAssetsRequest {
            prefix: "shop.main.o".into(),
            ..Default::default()
        };
        assert_eq!(names(prefix).await, ["shop.main.orders", "shop.main.orders.id"]);
        let parent = bench.column("customers", "email").await.parent;
        let children = ListAssetsRequest {
            parent,
            ..Default::default()
        };
        assert_eq!(
            names(children).await,
            ["shop.main.customers.email", "shop.main.customers.name"]
        );
    }
}

#[tokio::test]
async fn names_of_every_kind_are_kept() {
    for bench in benches().await {
        let names = [
            "with \"quotes\"",
            "with space",
            "emoji 🦀",
            "'; DROP TABLE assets; --",
            "a.b",
            "ünïcode",
            "%",
            "\\",
        ];
        bench.discover("b1", &[("wild", &names)]).await;
        for name in names {
            let asset = bench.column("wild", name).await;
            assert_eq!(asset.path.unwrap().column, name);
        }
    }
}
