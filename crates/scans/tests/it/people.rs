use datawave_core::Reason;
use datawave_proto::datawave::common::v1::ColumnStatus;
use datawave_proto::datawave::scans::v1::{
    CancelScanRequest, ListScansRequest, ResumeScanRequest, ScanState, StartScanRequest,
};
use datawave_rpc::failure;

use crate::bench::{SOURCE, benches, error, state};

#[tokio::test]
async fn a_source_has_one_scan_at_a_time_and_the_second_caller_is_told_which() {
    for bench in benches().await {
        let first = bench.start().await.unwrap();
        let refused = bench.start().await.unwrap_err();
        assert_eq!(refused.reason(), Reason::ScanAlreadyRunning);
        assert_eq!(refused.metadata()["resource"], first.name);
    }
}

#[tokio::test]
async fn of_many_callers_at_once_exactly_one_starts_the_scan() {
    for bench in benches().await {
        let tries = futures::future::join_all((0..8).map(|_| bench.start())).await;
        assert_eq!(tries.iter().filter(|t| t.is_ok()).count(), 1);
        let reasons: Vec<_> = tries
            .iter()
            .filter_map(|t| t.as_ref().err().map(|f| f.reason()))
            .collect();
        assert!(
            reasons.iter().all(|r| *r == Reason::ScanAlreadyRunning),
            "{reasons:?}"
        );
    }
}

#[tokio::test]
async fn a_repeated_start_with_the_same_key_answers_the_same_scan() {
    for bench in benches().await {
        let request = StartScanRequest {
            source: SOURCE.into(),
            request_id: "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3".into(),
            ..Default::default()
        };
        let mut steward = bench.people("steward");
        let first = steward
            .start_scan(request.clone())
            .await
            .unwrap()
            .into_inner()
            .scan
            .unwrap();
        let again = steward
            .start_scan(request)
            .await
            .unwrap()
            .into_inner()
            .scan
            .unwrap();
        assert_eq!(first.name, again.name);
    }
}

#[tokio::test]
async fn a_scan_that_no_edge_holds_is_cancelled_at_once() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let request = CancelScanRequest {
            name: scan.name.clone(),
        };
        let cancelled = bench
            .people("steward")
            .cancel_scan(request)
            .await
            .unwrap()
            .into_inner()
            .scan
            .unwrap();
        assert_eq!(state(&cancelled), ScanState::Cancelled);
        assert!(bench.edge("local", "i1").look().await.is_none());
        bench.start().await.expect("the source is free again");
    }
}

#[tokio::test]
async fn a_scan_that_an_edge_holds_is_cancelled_when_the_edge_has_stopped() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.tables("b1", &["t1", "t2"], true).await.unwrap();
        let request = CancelScanRequest {
            name: scan.name.clone(),
        };
        let asked = bench
            .people("steward")
            .cancel_scan(request)
            .await
            .unwrap()
            .into_inner()
            .scan
            .unwrap();
        assert_eq!(state(&asked), ScanState::Reading);
        assert!(
            edge.done("t1", ColumnStatus::Ok, None).await.unwrap(),
            "the edge learns it with the next answer"
        );
        assert!(edge.renew().await.unwrap());
        edge.finish(None).await.unwrap();
        assert_eq!(state(&bench.until_final(&scan.name).await), ScanState::Cancelled);
    }
}

#[tokio::test]
async fn a_cancelled_scan_goes_on_where_it_stopped() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.tables("b1", &["t1", "t2", "t3"], true).await.unwrap();
        edge.done("t1", ColumnStatus::Ok, None).await.unwrap();
        let mut steward = bench.people("steward");
        steward
            .cancel_scan(CancelScanRequest {
                name: scan.name.clone(),
            })
            .await
            .unwrap();
        edge.finish(None).await.unwrap();
        steward
            .resume_scan(ResumeScanRequest {
                name: scan.name.clone(),
            })
            .await
            .unwrap();
        let assignment = edge.lease().await.unwrap();
        assert!(assignment.discovered);
        assert_eq!(edge.pending().await, ["t2", "t3"]);
        edge.done("t2", ColumnStatus::Ok, None).await.unwrap();
        edge.done("t3", ColumnStatus::Ok, None).await.unwrap();
        edge.finish(None).await.unwrap();
        let last = bench.until_final(&scan.name).await;
        assert_eq!(
            (state(&last), last.progress.unwrap().columns_ok),
            (ScanState::Succeeded, 3)
        );
    }
}

#[tokio::test]
async fn a_scan_in_which_nothing_could_be_read_fails_with_the_reason() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.finish(Some(error("SOURCE_LOGIN_REFUSED"))).await.unwrap();
        let last = bench.until_final(&scan.name).await;
        assert_eq!(
            (state(&last), last.error.unwrap().reason.as_str()),
            (ScanState::Failed, "SOURCE_LOGIN_REFUSED")
        );
    }
}

#[tokio::test]
async fn a_failed_table_makes_the_scan_partial_and_is_named() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.tables("b1", &["t1", "t2"], true).await.unwrap();
        edge.done("t1", ColumnStatus::Failed, Some(error("SOURCE_GRANT_MISSING")))
            .await
            .unwrap();
        edge.done("t2", ColumnStatus::Ok, None).await.unwrap();
        edge.finish(None).await.unwrap();
        let last = bench.until_final(&scan.name).await;
        assert_eq!(state(&last), ScanState::Partial);
        assert!(last.error.unwrap().message.starts_with("main.t1: "));
        let progress = last.progress.unwrap();
        assert_eq!(
            (
                progress.tables_failed,
                progress.columns_failed,
                progress.columns_ok
            ),
            (1, 1, 1)
        );
    }
}

#[tokio::test]
async fn a_resume_reads_failed_tables_again_and_only_those() {
    for bench in benches().await {
        let scan = bench.start().await.unwrap();
        let mut edge = bench.edge("local", "i1");
        edge.lease().await.unwrap();
        edge.tables("b1", &["t1", "t2"], true).await.unwrap();
        edge.done("t1", ColumnStatus::Failed, Some(error("SCAN_WORKER_LOST")))
            .await
            .unwrap();
        edge.done("t2", ColumnStatus::Ok, None).await.unwrap();
        edge.finish(None).await.unwrap();
        assert_eq!(state(&bench.until_final(&scan.name).await), ScanState::Partial);
        let request = ResumeScanRequest {
            name: scan.name.clone(),
        };
        bench.people("steward").resume_scan(request).await.unwrap();
        edge.lease().await.unwrap();
        assert_eq!(edge.pending().await, ["t1"]);
        edge.done("t1", ColumnStatus::Ok, None).await.unwrap();
        edge.finish(None).await.unwrap();
        let last = bench.until_final(&scan.name).await;
        let progress = last.progress.clone().unwrap();
        assert_eq!(
            (state(&last), progress.tables_done, progress.tables_failed),
            (ScanState::Succeeded, 2, 0)
        );
        assert_eq!(
            (progress.columns, progress.columns_ok, progress.columns_failed),
            (2, 2, 0)
        );
        let arrived = bench.neighbours.arrived.lock().await.clone();
        assert_eq!(arrived.last().unwrap(), &format!("results/{}/t1/2", scan.name));
    }
}

#[tokio::test]
async fn scans_are_listed_newest_first_and_a_viewer_may_not_start_one() {
    for bench in benches().await {
        let first = bench.start().await.unwrap();
        bench
            .people("steward")
            .cancel_scan(CancelScanRequest {
                name: first.name.clone(),
            })
            .await
            .unwrap();
        let second = bench.start().await.unwrap();
        let mut viewer = bench.people("viewer");
        let listed = viewer
            .list_scans(ListScansRequest::default())
            .await
            .unwrap()
            .into_inner()
            .scans;
        assert_eq!(
            listed.iter().map(|s| &s.name).collect::<Vec<_>>(),
            [&second.name, &first.name]
        );
        let request = StartScanRequest {
            source: SOURCE.into(),
            ..Default::default()
        };
        assert_eq!(
            failure(viewer.start_scan(request).await.unwrap_err()).reason(),
            Reason::PermissionMissing
        );
    }
}
