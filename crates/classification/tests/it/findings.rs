use std::sync::atomic::Ordering;

use datawave_core::Reason;
use datawave_proto::datawave::classification::v1::{
    DecideFindingRequest, FindingState, ListColumnResultsRequest, ReviewDecision,
};
use datawave_proto::datawave::common::v1::{Advice, ColumnStatus};
use datawave_rpc::failure;

use crate::bench::{benches, column};

#[tokio::test]
async fn certain_findings_label_at_once_and_doubtful_ones_wait_for_a_person() {
    for bench in benches().await {
        let results = vec![
            column("a", &[("email", Advice::Yes)]),
            column("b", &[("phone", Advice::Review)]),
            column("c", &[]),
        ];
        assert_eq!(bench.submit("scans/scn_1", "b1", results).await.unwrap(), (2, 0));
        assert_eq!(
            (bench.labels("a").await, bench.labels("b").await),
            (vec!["email".to_owned()], vec![])
        );
        let waiting = bench
            .findings()
            .await
            .into_iter()
            .find(|f| f.state() == FindingState::Review)
            .unwrap();
        assert_eq!(
            bench.decide(&waiting.name, ReviewDecision::Accept).await.state(),
            FindingState::Accepted
        );
        assert_eq!(bench.labels("b").await, ["phone"]);
    }
}

#[tokio::test]
async fn a_rejected_finding_gives_no_label_in_any_later_scan() {
    for bench in benches().await {
        bench
            .submit("scans/scn_1", "b1", vec![column("a", &[("email", Advice::Yes)])])
            .await
            .unwrap();
        let finding = bench.findings().await.remove(0);
        bench.decide(&finding.name, ReviewDecision::Reject).await;
        assert!(bench.labels("a").await.is_empty());
        bench
            .submit("scans/scn_2", "b2", vec![column("a", &[("email", Advice::Yes)])])
            .await
            .unwrap();
        assert!(bench.labels("a").await.is_empty());
        let after = bench.findings().await.remove(0);
        assert_eq!(
            (after.state(), after.scan.as_str()),
            (FindingState::Rejected, "scans/scn_2")
        );
        bench.decide(&finding.name, ReviewDecision::Clear).await;
        assert_eq!(bench.labels("a").await, ["email"]);
    }
}

#[tokio::test]
async fn a_finding_that_is_not_found_again_is_gone_and_takes_its_label_along() {
    for bench in benches().await {
        bench
            .submit("scans/scn_1", "b1", vec![column("a", &[("email", Advice::Yes)])])
            .await
            .unwrap();
        bench
            .submit("scans/scn_2", "b2", vec![column("a", &[("phone", Advice::Yes)])])
            .await
            .unwrap();
        assert_eq!(bench.labels("a").await, ["phone"]);
        let gone = bench
            .findings()
            .await
            .into_iter()
            .find(|f| f.state() == FindingState::Gone)
            .unwrap();
        assert_eq!(gone.detection.unwrap().label, "email");
    }
}

#[tokio::test]
async fn a_column_that_could_not_be_read_keeps_what_is_known_of_it() {
    for bench in benches().await {
        bench
            .submit("scans/scn_1", "b1", vec![column("a", &[("email", Advice::Yes)])])
            .await
            .unwrap();
        let mut failed = column("a", &[]);
        failed.status = ColumnStatus::Failed.into();
        bench.submit("scans/scn_2", "b2", vec![failed]).await.unwrap();
        assert_eq!(bench.findings().await[0].state(), FindingState::Applied);
        assert_eq!(bench.labels("a").await, ["email"]);
    }
}

#[tokio::test]
async fn a_batch_counts_once_and_labels_wait_while_the_catalog_is_away() {
    for bench in benches().await {
        bench.catalog.away.store(true, Ordering::SeqCst);
        let results = vec![column("a", &[("email", Advice::Yes)])];
        let away = bench
            .submit("scans/scn_1", "b1", results.clone())
            .await
            .unwrap_err();
        assert_eq!(away.reason(), Reason::DependencyUnavailable);
        bench.catalog.away.store(false, Ordering::SeqCst);
        assert_eq!(bench.submit("scans/scn_1", "b1", results).await.unwrap(), (1, 0));
        assert_eq!(bench.labels("a").await, ["email"]);
        assert_eq!(bench.findings().await.len(), 1);
    }
}

#[tokio::test]
async fn every_column_visited_is_listed_found_or_not_in_the_order_of_the_table() {
    for bench in benches().await {
        let mut second = column("b", &[]);
        second.ordinal = 2;
        bench
            .submit(
                "scans/scn_1",
                "b1",
                vec![second, column("a", &[("email", Advice::Yes)])],
            )
            .await
            .unwrap();
        let mut viewer = bench.role("viewer");
        let listed = viewer
            .list_column_results(ListColumnResultsRequest::default())
            .await
            .unwrap()
            .into_inner()
            .results;
        assert_eq!(
            listed
                .iter()
                .map(|r| r.path.as_ref().unwrap().column.as_str())
                .collect::<Vec<_>>(),
            ["a", "b"]
        );
        let request = ListColumnResultsRequest {
            with_findings_only: true,
            ..Default::default()
        };
        assert_eq!(
            viewer
                .list_column_results(request)
                .await
                .unwrap()
                .into_inner()
                .results
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn a_viewer_may_look_and_not_decide() {
    for bench in benches().await {
        bench
            .submit("scans/scn_1", "b1", vec![column("a", &[("email", Advice::Yes)])])
            .await
            .unwrap();
        let name = bench.findings().await.remove(0).name;
        let request = DecideFindingRequest {
            name,
            decision: ReviewDecision::Reject.into(),
            ..Default::default()
        };
        let refused = failure(bench.role("viewer").decide_finding(request).await.unwrap_err());
        assert_eq!(refused.reason(), Reason::PermissionMissing);
        assert_eq!(bench.labels("a").await, ["email"]);
    }
}
