use datawave_proto::datawave::catalog::v1::{AssetKind, SearchAssetsRequest, UpdateAssetRequest};

use crate::bench::{Bench, benches};

async fn find(bench: &Bench, text: &str) -> Vec<String> {
    let request = SearchAssetsRequest {
        text: text.into(),
        kind: AssetKind::Column.into(),
        ..Default::default()
    };
    let answer = bench
        .role("viewer")
        .search_assets(request)
        .await
        .unwrap()
        .into_inner();
    answer
        .hits
        .into_iter()
        .map(|h| h.asset.unwrap().qualified_name)
        .collect()
}

#[tokio::test]
async fn an_exact_name_comes_before_names_that_contain_it() {
    for bench in benches().await {
        bench
            .discover(
                "b1",
                &[("a", &["email_opt_in", "customer_email"]), ("z", &["email"])],
            )
            .await;
        let found = find(&bench, "email").await;
        assert_eq!(found[0], "shop.main.z.email");
        assert_eq!(found.len(), 3);
    }
}

#[tokio::test]
async fn a_change_is_found_by_the_next_search() {
    for bench in benches().await {
        bench.discover("b1", &[("t", &["c"])]).await;
        assert!(find(&bench, "kangaroo").await.is_empty());
        let asset = bench.column("t", "c").await;
        let request = UpdateAssetRequest {
            name: asset.name,
            etag: asset.etag,
            description: Some("holds a kangaroo".into()),
            ..Default::default()
        };
        bench.role("steward").update_asset(request).await.unwrap();
        assert_eq!(find(&bench, "kangaroo").await, ["shop.main.t.c"]);
    }
}

#[tokio::test]
async fn an_index_that_was_lost_is_rebuilt_from_the_store() {
    for bench in benches().await {
        bench.discover("b1", &[("t", &["needle"])]).await;
        assert_eq!(find(&bench, "needle").await.len(), 1);
        let reopened = bench.reopened_with_empty_index().await;
        assert_eq!(find(&reopened, "needle").await, ["shop.main.t.needle"]);
    }
}
