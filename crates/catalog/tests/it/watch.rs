use datawave_proto::datawave::catalog::v1::{UpdateAssetRequest, WatchAssetsRequest};

use crate::bench::{Bench, benches};

async fn describe(bench: &Bench, column: &str, text: &str) {
    let asset = bench.column("t", column).await;
    let request = UpdateAssetRequest {
        name: asset.name,
        etag: asset.etag,
        description: Some(text.into()),
        ..Default::default()
    };
    bench.role("steward").update_asset(request).await.unwrap();
}

#[tokio::test]
async fn a_watcher_that_was_cut_off_misses_nothing_and_sees_commit_order() {
    for bench in benches().await {
        bench.discover("b1", &[("t", &["a", "b"])]).await;
        let mut stream = bench
            .role("viewer")
            .watch_assets(WatchAssetsRequest::default())
            .await
            .unwrap()
            .into_inner();
        let position = stream.message().await.unwrap().unwrap();
        assert!(
            position.asset.is_none(),
            "the first message is the position alone"
        );
        describe(&bench, "b", "first").await;
        let first = stream.message().await.unwrap().unwrap();
        assert_eq!(first.asset.unwrap().description, "first");
        drop(stream);
        describe(&bench, "a", "second").await;
        describe(&bench, "b", "third").await;
        let request = WatchAssetsRequest {
            resume_token: first.resume_token,
            source: String::new(),
        };
        let mut stream = bench
            .role("viewer")
            .watch_assets(request)
            .await
            .unwrap()
            .into_inner();
        let mut seen = Vec::new();
        while seen.len() < 2 {
            seen.extend(
                stream
                    .message()
                    .await
                    .unwrap()
                    .unwrap()
                    .asset
                    .map(|a| a.description),
            );
        }
        assert_eq!(seen, ["second", "third"]);
    }
}
